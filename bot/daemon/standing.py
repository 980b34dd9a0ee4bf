"""How the account stands with WhatsApp: restrictions, warnings, disconnects; noted and told."""

import asyncio
import logging
import sqlite3
from datetime import datetime
from functools import partial
from typing import Any

from bot.daemon.clock import now
from bot.daemon.parts import Parts
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import EventRaised
from bot.ports import LinkState
from bot.store import events, incidents
from bot.store.incidents import Incident

logger = logging.getLogger("alexia.account")

LOOK = 1.0  # seconds between two looks
EVENT = "account.restricted"


class Standing:
    """Watches how the account stands, and keeps the link's picture of it true."""

    def __init__(self, own: Parts) -> None:
        self._own = own
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> None:
        """Look, for ever."""
        self._loop = asyncio.get_running_loop()
        while True:
            await self.look()
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Note what befell the account since the last look."""
        own, link = self._own, self._own.link
        account, governor = link.account, own.courier.governor
        if account is None:
            return
        restriction, warned = await own.database.read(
            lambda db: (
                governor.restriction(db, account),
                incidents.unended(db, account, Incident.WARNING, Incident.WARNING_OVER),
            )
        )
        link.restricted_since = None if restriction is None else restriction.since
        drops, link.drops = link.drops, []
        for at in drops:
            await self._note(account, Incident.DISCONNECT, at)
        if link.state is LinkState.READY:
            await self._look_at_warning(account, noted=bool(warned))

    async def _look_at_warning(self, account: AccountId, *, noted: bool) -> None:
        """Note a banner of WhatsApp Web when it comes and when it goes."""
        link, warning = self._own.link, self._own.session.warning
        link.warning = warning
        if bool(warning) is noted:
            return
        if warning:
            logger.error("WhatsApp warns: %s", warning)
        kind = Incident.WARNING if warning else Incident.WARNING_OVER
        await self._note(account, kind, now(), warning)

    async def _note(
        self, account: AccountId, kind: Incident, at: datetime, detail: str = ""
    ) -> None:
        note = partial(incidents.note, account=account, kind=kind, now=at, detail=detail)
        await self._own.database.write(note)

    def tell(self, db: sqlite3.Connection, account: AccountId, since: datetime | None) -> None:
        """Tell webhooks and rules that the account is restricted, or is so no more.

        To be called in the transaction that notes it. Rules hear it in the account's own chat,
        from where they can notify a team.
        """
        own = self._own
        own.link.restricted_since = since
        told: dict[str, Any] = {
            "restricted": since is not None,
            "since": None if since is None else since.isoformat(),
        }
        log = logger.info if since is None else logger.error
        log("WhatsApp %s new chats", "restricts no more" if since is None else "restricts")
        own.feed.note(db, account, EVENT, told)
        if EVENT in own.pipeline.book.heard:
            lane = account, ChatId(account)
            raised = EventRaised(name=EVENT, data=told)
            events.queue(db, *lane, raised, now(), f"account|{EVENT}")
            if self._loop is not None:
                self._loop.call_soon_threadsafe(own.lanes.wake, lane)
