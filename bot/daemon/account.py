"""One account: its parts, and the desks that look after them."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot.config import Config
from bot.console.health import STATES
from bot.daemon.bookshelf import Reloaded
from bot.daemon.campaign_desk import CampaignDesk
from bot.daemon.clock import now
from bot.daemon.crm_desk import CrmDesk
from bot.daemon.group_desk import group_keeper, label_keeper
from bot.daemon.parts import Parts, Shared
from bot.daemon.people_desk import profile_keeper
from bot.daemon.recycling import BrowserRecycler
from bot.daemon.reloads import told_reload
from bot.daemon.standing import Standing
from bot.daemon.visible import Visible
from bot.domain.messages import AccountId
from bot.engine.moving import told_moves
from bot.inbound.lanes import Lane
from bot.inbound.pipeline import Handled
from bot.ports import LinkState
from bot.store import retention
from bot.store.conversations import open_frames
from bot.store.database import Database
from bot.store.erased import erase_for_good
from bot.store.erasing import Erased
from bot.store.people import find_contact
from bot.store.retention import Keep
from bot.telemetry import log_turn

logger = logging.getLogger("alexia.daemon")


class Account(Parts):
    """The parts of one account and its desks. `Life` runs them.

    Attributes:
        recovering: Set each time a page became ready.
        trusted: Clear in safe mode.
    """

    def __init__(
        self, config: Config, database: Database, shared: Shared, visible: Visible
    ) -> None:
        """Wire the parts. ``config`` knows this account only (`Config.alone`)."""
        super().__init__(config, database, shared, visible)
        self.standing, self.recycler = Standing(self), BrowserRecycler(self)
        self.crm = CrmDesk(self)
        self.campaigns = CampaignDesk(self)
        self.groups, self.labels = group_keeper(self), label_keeper(self)
        self.people = profile_keeper(self)
        self.trusted = asyncio.Event()
        self.recovering = asyncio.Event()
        self._listen()

    def _listen(self) -> None:
        """Let each part hear of what concerns it."""
        self.ingest.on_state = self._link_moved
        self.ingest.on_code = self._code_shown
        self.courier.governor.on_restricted = self.standing.tell
        self.ingest.is_guarded = lambda: self.pipeline.book.compiled.is_guarded
        self.pipeline.on_handled = self._handled
        self.pipeline.on_wait = self._wake_later
        self.pipeline.on_decided = self.feed.decided
        self.ingest.heard = lambda: self.pipeline.book.heard
        self.feed.on_posted = self.hooks.wake

    async def open(self, *, last_good: bool) -> Reloaded:
        """Put the rules in force, before anything runs."""
        opened = await self.shelf.open(last_good=last_good)
        self.pipeline.book = self.shelf.book
        return opened

    async def reload(self, *, back: bool = False) -> Reloaded:
        """Load all rule files again; the one path of watcher, signal and command.

        Args:
            back: Put the rulebook of before in force instead.
        """
        reloaded = await (self.shelf.roll_back() if back else self.shelf.reload())
        if reloaded.ok:
            self.pipeline.book = self.shelf.book
            frames = await self.database.read(open_frames)
            moves = told_moves(frames, self.shelf.book.compiled)
            reloaded = replace(reloaded, said="\n".join((reloaded.said, *moves)))
        self.feed.tell(*told_reload(reloaded))
        if reloaded.ok:
            logger.info("rules reloaded: %s", reloaded.said)
        else:
            logger.error("rules not reloaded, %s", reloaded.said)
        for problem in reloaded.problems:
            log = logger.error if problem.severity == "error" else logger.warning
            log("%s", problem)
        return reloaded

    async def tidy(self) -> None:
        """Forget what only conversations that are over needed, and what was kept long enough."""
        await self.shelf.tidy()
        self.pipeline.book = self.shelf.book
        keep = Keep(messages=self.config.retention.messages, traces=self.config.retention.traces)
        more = True
        while more:
            more = await self.database.write(partial(retention.expire, keep=keep, now=now()))

    async def erase(self, who: str) -> Erased | None:
        """Take a person out of database and files; None when nobody known is ``who``."""
        contact = await self.database.read(lambda db: find_contact(db, who))
        if contact is None:
            return None
        erased = await self.database.write(lambda db: erase_for_good(db, contact, now()))
        await asyncio.to_thread(self.files.remove, erased.files)
        await self.database.scrub()
        return erased

    def _link_moved(self, state: LinkState, account: AccountId | None, detail: str) -> None:
        self.link.moved(state, account, detail, now())
        self.counts.note_state(state)
        self.feed.tell("session.status", self._told_state(state, detail))
        if state is LinkState.READY:
            self.recovering.set()
            self.groups.look_at_all()
            self.labels.look_at_all()
            self.people.look_at_all()

    def _told_state(self, state: LinkState, detail: str) -> dict[str, Any]:
        return {"name": self.name, "status": STATES[state], "detail": detail}

    def _code_shown(self, code: str) -> None:
        self.link.shows(code)
        if code:
            logger.info("scan the login code with the phone: `alexia login %s` shows it", self.name)

    def _wake_later(self, lane: Lane, pause: timedelta) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(pause.total_seconds(), self.lanes.wake, lane)

    def _handled(self, handled: Handled) -> None:
        if handled.sends:
            self.courier.wake()
        self.errands.wake()
        self.media.wake()
        self.labels.wake()
        self.people.wake()
        self.counts.note_turn(handled.sends)
        if handled.is_late:
            self.late.note(now())
        log_turn(
            handled.lane[1], handled.event, handled.winner, handled.sends, handled.total
        )  # fmt: skip
