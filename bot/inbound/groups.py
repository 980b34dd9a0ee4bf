"""Keeps what is known of groups current, and lets rules hear what happens there."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.errors import BotError
from bot.domain.groups import GroupMoved, Move
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import EventRaised
from bot.domain.values import Value
from bot.inbound.lanes import Lane
from bot.ports import Groups
from bot.store import contacts, events, groups
from bot.store.database import Database

logger = logging.getLogger("alexia.groups")

GATHER = 0.5  # seconds in which many changes of a group ask for one look
AGAIN = 30.0  # seconds before a look that failed is tried again

NAMES: Mapping[Move, tuple[str, str]] = {
    Move.JOINED: ("group.joined", "link"), Move.ADDED: ("group.joined", "added"),
    Move.LEFT: ("group.left", "left"), Move.REMOVED: ("group.left", "removed"),
    Move.PROMOTED: ("group.promoted", ""), Move.DEMOTED: ("group.demoted", ""),
    Move.CHANGED: ("group.changed", ""),
}  # fmt: skip
"""The event that rules hear, and its ``how``."""

TOLD: Mapping[Move, str] = {
    Move.JOINED: "add", Move.ADDED: "add", Move.LEFT: "remove", Move.REMOVED: "remove",
    Move.PROMOTED: "promote", Move.DEMOTED: "demote",
}  # fmt: skip
"""In WAHA's words."""


class GroupKeeper:
    """Stores groups as WhatsApp shows them.

    Attributes:
        heard: Names of the events that some rule listens to.
        on_told: Given each event for the world outside.
    """

    def __init__(
        self,
        database: Database,
        source: Groups,
        clock: Callable[[], datetime],
        *,
        account: Callable[[], AccountId | None],
        on_event: Callable[[Lane], None],
        heard: Callable[[], Collection[str]],
    ) -> None:
        self._database = database
        self._source = source
        self._clock = clock
        self._account = account
        self._on_event = on_event
        self._heard = heard
        self._woken = asyncio.Event()
        self._stale: set[ChatId] = set()
        self._all_stale = False
        self.on_told: Callable[[str, dict[str, Any]], None] = _unheard

    def look_at_all(self) -> None:
        """Look at all groups soon: a page became ready."""
        self._all_stale = True
        self._woken.set()

    def look_at(self, *chats: ChatId) -> None:
        """Look at these groups soon: something is another there."""
        self._stale.update(chats)
        self._woken.set()

    async def take(self, moves: Sequence[GroupMoved]) -> None:
        """Store what happened, and queue it for the rules that listen."""
        now, listening = self._clock(), self._heard()

        def note(db: sqlite3.Connection) -> list[Lane]:
            lanes: list[Lane] = []
            for moved in moves:
                groups.note_move(db, moved, now)
                if NAMES[moved.move][0] in listening:
                    lanes += _queue(db, moved, now)
            return lanes

        for lane in dict.fromkeys(await self._database.write(note)):
            self._on_event(lane)
        for moved in moves:
            for event, payload in told(moved):
                self.on_told(event, payload)
        self.look_at(*(moved.chat for moved in moves))

    async def changed(self, chat: ChatId) -> None:
        """Look at a group that we changed; when that fails it is looked at later."""
        account = self._account()
        try:
            group = await self._source.look_at(chat)
        except BotError as failure:
            logger.info("a changed group cannot be looked at yet: %s", failure)
            self.look_at(chat)
            return
        if account is not None:
            await self._database.write(
                lambda db: groups.keep(db, account, group, self._clock())
            )  # fmt: skip

    async def run(self) -> None:
        """Look at what is stale, for ever."""
        while True:
            await self._woken.wait()
            await asyncio.sleep(GATHER)
            self._woken.clear()
            try:
                await self._look()
            except BotError as failure:
                logger.info("groups cannot be looked at yet: %s", failure)
                await asyncio.sleep(AGAIN)
                self._woken.set()

    async def _look(self) -> None:
        account = self._account()
        if account is None:
            return
        if self._all_stale:
            found = await self._source.list_groups()
            self._all_stale = False
            now = self._clock()
            await self._database.write(lambda db: groups.keep_all(db, account, found, now))
            logger.info("%d groups are known", len(found))
        for chat in tuple(self._stale):
            group = await self._source.look_at(chat)
            self._stale.discard(chat)
            now = self._clock()
            await self._database.write(lambda db: groups.keep(db, account, group, now))  # noqa: B023 - awaited here


def _queue(db: sqlite3.Connection, moved: GroupMoved, now: datetime) -> list[Lane]:
    """Queue one event for each member, once; return the chats that have something to do."""
    name, how = NAMES[moved.move]
    for member in moved.members or ("",):
        data: dict[str, Value] = {
            "member": member, "number": contacts.number_of(member), "by": moved.by, "how": how
        }  # fmt: skip
        cause = f"group|{moved.chat}|{moved.move}|{member}|{moved.at.timestamp():.3f}"
        event = EventRaised(name=name, data=data)
        events.queue_once(db, moved.account, moved.chat, event, now, cause)
    return [(moved.account, moved.chat)]


def told(moved: GroupMoved) -> list[tuple[str, dict[str, Any]]]:
    """Return what programs outside are told, in WAHA's words."""
    group, at = {"id": moved.chat}, int(moved.at.timestamp() * 1000)
    if moved.move is Move.CHANGED:
        return [("group.v2.update", {"group": group, "timestamp": at})]
    members = [{"id": one, "role": _role(moved.move)} for one in moved.members]
    what = TOLD[moved.move]
    found: list[tuple[str, dict[str, Any]]] = [
        (
            "group.v2.participants",
            {"type": what, "group": group, "participants": members, "timestamp": at},
        )
    ]
    if moved.account in moved.members and what in ("add", "remove"):
        name = "group.v2.join" if what == "add" else "group.v2.leave"
        found.append((name, {"group": group, "timestamp": at}))
    return found


def _role(move: Move) -> str:
    if move in groups.GONE:
        return "left"
    return "admin" if move is Move.PROMOTED else "participant"


def _unheard(event: str, payload: dict[str, Any]) -> None:
    """Stand in where nobody outside listens."""
