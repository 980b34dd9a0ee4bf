"""Labels on the phone become tags, and tags labels, where the owner wants that."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.errors import BotError, ChatRefused
from bot.domain.labels import LabelChange, Labelled
from bot.domain.messages import AccountId
from bot.domain.turns import EventRaised
from bot.inbound.lanes import Lane
from bot.ports import Labels
from bot.store import contacts, events, labels
from bot.store.database import Database

logger = logging.getLogger("alexia.labels")

GATHER = 0.5  # seconds in which many changes ask for one look
AGAIN = 30.0  # seconds before what failed is tried again
NO_BUSINESS = "is_not_business"


class LabelMode(StrEnum):
    """Which way labels and tags go."""

    OFF = "off"
    FROM_PHONE = "from_phone"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPolicy:
    """What the owner wants. ``only``: the tags that become labels; all when empty."""

    mode: LabelMode
    only: frozenset[str] = frozenset()


class LabelKeeper:
    """Keeps the labels on the phone and the tags here the same.

    What was last agreed is stored, so that it can be told on which side something changed.

    Attributes:
        on_event: Given each chat that has something to do.
        on_told: Given each event for the world outside.
    """

    def __init__(
        self,
        database: Database,
        source: Labels,
        clock: Callable[[], datetime],
        policy: LabelPolicy,
        *,
        account: Callable[[], AccountId | None],
        heard: Callable[[], Collection[str]],
    ) -> None:
        self._database = database
        self._source = source
        self._clock = clock
        self._mode, self._only = policy.mode, policy.only
        self._account = account
        self._heard = heard
        self._woken = asyncio.Event()
        self._is_stale = False
        self._no_business: AccountId | None = None
        self.on_event: Callable[[Lane], None] = _idle
        self.on_told: Callable[[str, dict[str, Any]], None] = _unheard

    def look_at_all(self) -> None:
        """Compare all labels soon: a page became ready."""
        self._is_stale = True
        self._woken.set()

    def wake(self) -> None:
        """Look for tags that changed."""
        if self._mode is LabelMode.BOTH:
            self._woken.set()

    async def take(self, changes: Sequence[LabelChange]) -> None:
        """Hear what the person at the phone did, and what we did ourselves."""
        if self._mode is not LabelMode.OFF:
            await self._apply(changes, heard=self._heard())

    async def run(self) -> None:
        """Compare and carry over, for ever."""
        if self._mode is LabelMode.OFF:
            return
        while True:
            await self._woken.wait()
            await asyncio.sleep(GATHER)
            self._woken.clear()
            try:
                await self._look()
            except ChatRefused as refused:
                self._refuse(refused)
            except BotError as failure:
                logger.info("labels cannot be looked at yet: %s", failure)
                await asyncio.sleep(AGAIN)
                self._woken.set()

    def _refuse(self, refused: ChatRefused) -> None:
        """Tell once that an account has no labels; anything else each time."""
        if refused.code == NO_BUSINESS:
            self._no_business = self._account()
            wanted = self._mode is LabelMode.BOTH
            logger.log(logging.WARNING if wanted else logging.INFO, "%s", refused)
        else:
            logger.warning("labels: %s", refused)

    async def _look(self) -> None:
        account = self._account()
        if account is None or account == self._no_business:
            return
        if self._is_stale:
            await self._compare(account)
            self._is_stale = False
        if self._mode is LabelMode.BOTH:
            await self._carry_over(account)

    async def _compare(self, account: AccountId) -> None:
        """Take in what was done at the phone while we did not listen.

        What is there at the first look was put on long ago: it becomes tags, and nothing hears it.
        """
        there = await self._source.list_labelled()
        known = await self._database.read(lambda db: labels.agreed(db, account))
        seen = await self._database.write(lambda db: labels.was_seen(db, account))
        changes = [
            LabelChange(account=account, chat=one.chat, label=one.label, added=one in there)
            for one in sorted(there ^ known)
        ]
        await self._apply(changes, heard=self._heard() if seen else ())

    async def _carry_over(self, account: AccountId) -> None:
        """Put on the phone what was done here.

        It is noted as agreed before it is asked for: the page tells of our changes too, and they
        must not look like a person's.
        """
        missing, gone = await self._database.read(
            lambda db: labels.differences(db, account, self._only)
        )
        wanted = [*((one, True) for one in missing), *((one, False) for one in gone)]
        for one, on in wanted:
            await self._note(account, one, on=on)
            try:
                await self._source.put(one.chat, one.label, on)
            except BotError:
                await self._note(account, one, on=not on)
                raise

    async def _note(self, account: AccountId, one: Labelled, *, on: bool) -> None:
        await self._database.write(lambda db: labels.note(db, account, one, on))

    async def _apply(self, changes: Sequence[LabelChange], *, heard: Collection[str]) -> None:
        now = self._clock()

        def keep(db: sqlite3.Connection) -> list[LabelChange]:
            return [one for one in changes if _keep(db, one, heard, now)]

        for one in await self._database.write(keep):
            self.on_event((one.account, one.chat))
            name = "tag.added" if one.added else "tag.removed"
            self.on_told(name, {"chatId": one.chat, "tag": one.label, "by": "phone"})


def _keep(
    db: sqlite3.Connection, change: LabelChange, heard: Collection[str], now: datetime
) -> bool:  # fmt: skip
    """Make a label a tag, or a tag no longer; False when that was agreed before."""
    one = Labelled(chat=change.chat, label=change.label)
    if not labels.note(db, change.account, one, change.added):
        return False
    if not change.chat.endswith("@g.us"):
        who = contacts.meet(db, change.chat, "", now)
        contacts.tag(db, who.id, change.label, now, on=change.added)
    name = "label.added" if change.added else "label.removed"
    if name in heard:
        event = EventRaised(name=name, data={"label": change.label})
        events.queue(db, change.account, change.chat, event, now, f"label|{change.chat}")
    return True


def _idle(lane: Lane) -> None:
    """Stand in where nobody handles chats."""


def _unheard(event: str, payload: dict[str, Any]) -> None:
    """Stand in where nobody outside listens."""
