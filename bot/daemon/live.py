"""Conversations in the middle of a flow that was edited, moved because a person asks for it."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime

from bot.domain.conversation import Frame
from bot.domain.data import dataclass
from bot.domain.turns import EventRaised
from bot.engine.compiled import Version
from bot.engine.moving import moved_frame
from bot.inbound.lanes import Lane
from bot.inbound.next_event import COMMAND
from bot.language.flows import Flow
from bot.language.rulebook import Rulebook
from bot.store import conversations, events


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What is queued for those in one flow."""

    live: int = 0
    moved: int = 0
    restarted: int = 0
    left: int = 0
    lanes: tuple[Lane, ...] = ()


@dataclass(frozen=True, slots=True)
class Moving:
    """Moves those who are in a flow's older versions. ``kept`` finds the version of a frame."""

    rulebook: Rulebook
    kept: Callable[[str], Version | None]
    flow: str

    @property
    def newest(self) -> Flow | None:
        """Return the flow's version in force, None when there is none."""
        return self.rulebook.flows.get(self.flow)

    def queue(self, db: sqlite3.Connection, now: datetime, *, force: bool) -> Moved:
        """Queue the command in each chat; what it comes to is decided there, in turn."""
        newest = self.newest
        assert newest is not None, "only what is there is moved to"
        inside = list(frames_of(db, self.flow))
        old = [(lane, frame) for lane, frame in inside if frame.version != newest.hash]
        safe = [lane for lane, frame in old if self._is_safe(frame, newest)]
        lanes = [lane for lane, _ in old] if force else safe
        name = COMMAND + ("migrate_restart" if force else "migrate")
        event = EventRaised(name=name, data={"argument": self.flow})
        for lane in lanes:
            events.queue(db, *lane, event, now, "command|migrate")
        return Moved(
            live=len(inside), moved=len(safe), restarted=len(lanes) - len(safe),
            left=len(old) - len(lanes), lanes=tuple(lanes),
        )  # fmt: skip

    def _is_safe(self, frame: Frame, newest: Flow) -> bool:
        old = self.kept(frame.version)
        return isinstance(old, Flow) and moved_frame(frame, old, newest) is not None


def frames_of(db: sqlite3.Connection, flow: str) -> Iterator[tuple[Lane, Frame]]:
    """Yield the open frames of a flow, with their chats."""
    for lane, conversation in conversations.open_ones(db):
        yield from ((lane, frame) for frame in conversation.frames if frame.flow == flow)
