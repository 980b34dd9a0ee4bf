"""Stored traffic through changed rules: which replies would differ."""

import sqlite3
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from bot.domain.data import dataclass
from bot.domain.effects import CallHttp, RunAction
from bot.domain.messages import ChatId, Message
from bot.domain.turns import CallAnswered, TurnSettings
from bot.domain.understanding import Need, Understanding
from bot.language.rulebook import Rulebook
from bot.ports import Understander
from bot.store import calls, inbox
from bot.testing.room import EngineFailed, Room

Answered = Sequence[tuple[CallHttp | RunAction, CallAnswered]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What came in, and what calls were answered."""

    messages: tuple[Message, ...]
    answered: tuple[tuple[CallHttp | RunAction, CallAnswered], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A message to which the changed rules reply otherwise."""

    message: Message
    before: tuple[str, ...]
    after: tuple[str, ...]


def load_traffic(db: sqlite3.Connection, since: datetime | None) -> Traffic:
    """Return the stored traffic from a moment on."""
    return Traffic(
        messages=tuple(message for message, _ in inbox.decided_messages(db, since)),
        answered=tuple(calls.answered_calls(db, since)),
    )


def replay(
    traffic: Traffic,
    before: Rulebook,
    after: Rulebook,
    settings: TurnSettings,
    understander: Understander | None = None,
) -> list[Difference]:
    """Return the messages to which two rulebooks reply differently, in their order.

    Both begin from nothing: nobody is known and no flow is open before the first message.
    """
    shared = None if understander is None else _Remembering(understander)
    old, new = (
        _play(traffic, rulebook, settings, shared) for rulebook in (before, after)
    )  # fmt: skip
    return [
        Difference(message=message, before=one, after=other)
        for message, one, other in zip(traffic.messages, old, new, strict=True)
        if one != other
    ]


def _play(
    traffic: Traffic, rulebook: Rulebook, settings: TurnSettings, models: Understander | None
) -> list[tuple[str, ...]]:
    """Return what is said in a message's chat from that message on until its next."""
    if not traffic.messages:
        return []
    room = Room(
        rulebook, settings, now=traffic.messages[0].sent_at,
        answer=_Answers(traffic.answered).answer, understander=models,
    )  # fmt: skip
    replies: list[list[str]] = []
    latest: dict[ChatId, list[str]] = {}
    seen = 0
    for message in traffic.messages:
        seen = _take(room, seen, latest)
        try:
            room.run_due(message.sent_at)
            seen = _take(room, seen, latest)
            room.now = max(room.now, message.sent_at)
            replies.append([])
            latest[message.chat] = replies[-1]
            room.write(replace(message, sent_at=room.now))
        except EngineFailed as failure:
            latest[message.chat].append(f"({failure})")
    _take(room, seen, latest)
    room.database.close()
    return [tuple(said) for said in replies]


def _take(room: Room, seen: int, latest: dict[ChatId, list[str]]) -> int:
    for said in room.said[seen:]:
        latest.get(said.chat, []).append(said.text)
    return len(room.said)


class _Answers:
    """Answers calls as they were answered then: the same request in turn, the last for good."""

    def __init__(self, answered: Answered) -> None:
        self._known: dict[str, list[CallAnswered]] = {}
        for call, answer in answered:
            self._known.setdefault(_request(call), []).append(answer)

    def answer(self, call: CallHttp | RunAction) -> CallAnswered:
        """Return what came then; a call that was never made fails."""
        known = self._known.get(_request(call), [])
        if not known:
            return CallAnswered(key=call.key, status=0, body=None, error="never called then")
        return replace(known[0] if len(known) == 1 else known.pop(0), key=call.key)


def _request(call: CallHttp | RunAction) -> str:
    return call.name if isinstance(call, RunAction) else f"{call.method} {call.url}"


class _Remembering:
    """Asks the models once a text."""

    def __init__(self, models: Understander) -> None:
        self._models = models
        self._known: dict[tuple[str, frozenset[Need], str | None], Understanding] = {}

    async def understand(
        self, text: str, needs: AbstractSet[Need], hint: str | None = None
    ) -> Understanding:
        """Read one text."""
        key = text, frozenset(needs), hint
        if key not in self._known:
            self._known[key] = await self._models.understand(text, needs, hint)
        return self._known[key]

    def intents(self) -> dict[str, int]:
        """Return the known intents."""
        return dict(self._models.intents())
