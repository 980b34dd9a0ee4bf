"""An event that cannot be handled is put aside, and named; its chat goes on."""

import logging
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.campaigns import LeftOut, run_of
from bot.domain.conversation import Conversation, Frame
from bot.domain.data import replace
from bot.domain.turns import CallAnswered, HumanReplied, MessageArrived, TimerFired
from bot.engine.schedules import timers_of
from bot.inbound.book import Book
from bot.inbound.lanes import Lane
from bot.inbound.next_event import Next, kind_of
from bot.store import calls, campaign_turns, conversations, events, inbox, timers

logger = logging.getLogger("alexia.turns")


def count_attempts(db: sqlite3.Connection, begun: Sequence[Next]) -> None:
    """Note that work on these events begins; a death meanwhile leaves the count behind."""
    rows: dict[str, list[int | str]] = {"message": [], "timer": [], "call": [], "event": []}
    for one in begun:
        rows[_store_of(one)].append(one.row)
    inbox.count_attempts(db, [int(row) for row in rows["message"]])
    timers.count_attempts(db, [int(row) for row in rows["timer"]])
    calls.count_turns(db, [str(row) for row in rows["call"]])
    events.count_attempts(db, [int(row) for row in rows["event"]])


def put_aside(
    db: sqlite3.Connection, lane: Lane, failed: Next, why: str, now: datetime, book: Book
) -> None:
    """Put an event away as part of a transaction, so that its chat goes on.

    What waited for it goes on without it: a flow that awaited the result or the pause ends, a
    schedule comes round again at its next moment, a campaign's run does without this recipient.
    """
    match failed.event:
        case MessageArrived() | HumanReplied():
            inbox.quarantine(db, int(failed.row), why)
        case TimerFired(kind=kind, key=key, due=due):
            aside = f"{key}@{due.isoformat()}" if kind == timers.SCHEDULE else ""
            timers.quarantine(db, int(failed.row), why, key=aside)
            if aside:
                _come_round(db, lane, key, now, book)
            _end_what_awaits(db, lane, key)
        case CallAnswered(key=key):
            calls.quarantine(db, key, why)
            _end_what_awaits(db, lane, key)
        case _:
            events.quarantine(db, int(failed.row), why)
    if run_of(failed.cause) is not None:
        campaign_turns.give_up(db, failed.cause, LeftOut.FAILED)
    logger.error(
        "%s of …%s is set aside (%s); see `alexia dlq list`",
        kind_of(failed.event), lane[1].partition("@")[0][-4:], why,
    )  # fmt: skip


def _store_of(one: Next) -> str:
    match one.event:
        case MessageArrived() | HumanReplied():
            return "message"
        case TimerFired():
            return "timer"
        case CallAnswered():
            return "call"
        case _:
            return "event"


def _come_round(db: sqlite3.Connection, lane: Lane, key: str, now: datetime, book: Book) -> None:
    """Let a schedule come round again at its next moment."""
    zone = ZoneInfo(book.settings.timezone)
    for timer in timers_of(book.compiled.schedules, now, zone):
        if timer.key == key:
            timers.start(db, *lane, timer)


def _end_what_awaits(db: sqlite3.Connection, lane: Lane, key: str) -> None:
    """End the flow that rests until this comes, with what called it: it would rest for ever."""
    state = conversations.load(db, *lane)
    left = _without(state.frames, key)
    if len(left) < len(state.frames):
        _keep(db, lane, replace(state, frames=left))


def _without(frames: Sequence[Frame], key: str) -> tuple[Frame, ...]:
    gone = set[int]()
    waits = False
    for place, frame in reversed([*enumerate(frames)]):
        waits = waits or frame.awaiting == key
        if waits:
            gone.add(place)
        waits = waits and frame.called
    return tuple(frame for place, frame in enumerate(frames) if place not in gone)


def _keep(db: sqlite3.Connection, lane: Lane, state: Conversation) -> None:
    row = db.execute(
        "SELECT contact_id FROM conversations WHERE account = ? AND chat = ?", lane
    ).fetchone()
    conversations.keep(db, lane[0], int(row["contact_id"]), state)
