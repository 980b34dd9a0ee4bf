"""What a chat does next: one stored thing at a time, in the order in which it matters."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from bot.domain.campaigns import run_of
from bot.domain.conversation import Conversation
from bot.domain.data import dataclass, replace
from bot.domain.messages import AccountId, ChatId, Message, MessageKind
from bot.domain.turns import (
    CallAnswered,
    CampaignDue,
    Commanded,
    EventRaised,
    HumanReplied,
    MessageArrived,
    TimerFired,
    TurnEvent,
)
from bot.inbound.lanes import Lane
from bot.store import calls, campaigns, events, inbox, timers
from bot.store.times import seconds

COMMAND = "command."
"""What the names of queued commands of a person begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """How messages are taken in.

    Attributes:
        burst: Texts of one person that come within this time make one turn; zero: never.
        max_reply_age: An older message is kept, but not answered.
        loop_guard: Whether a loop of bots is left alone.
    """

    burst: timedelta = timedelta(0)
    max_reply_age: timedelta = timedelta(minutes=15)
    loop_guard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The event that a chat handles next.

    Attributes:
        cause: Key under which everything that follows is stored.
        row: Where the event is stored; a call's is its key.
        attempts: How often work on it began before.
        also: Rows of texts that were joined with this one into one turn.
        is_last: Nothing else lies in the chat.
        is_void: A timer that came later than its author allows: closed, not fired.
    """

    event: TurnEvent
    cause: str
    row: int | str
    attempts: int = 0
    is_void: bool = False
    also: tuple[int, ...] = ()
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What lies in some chats, read at once: who has an answer, timer or event, and which text."""

    answered: frozenset[Lane]
    due: frozenset[Lane]
    queued: frozenset[Lane]
    waiting: Mapping[Lane, inbox.Waiting]


def look(db: sqlite3.Connection, lanes: Iterable[Lane], now: datetime) -> Look:
    """Look into these chats."""
    found: dict[str, set[Lane]] = {"call": set(), "timer": set(), "event": set()}
    waiting: dict[Lane, inbox.Waiting] = {}
    for account, chats in by_account(lanes).items():
        for what, chat in db.execute(_RARE, (json.dumps(chats), account, seconds(now))):
            found[what].add((account, chat))
        for chat, one in inbox.all_next_waiting(db, account, chats).items():
            waiting[account, chat] = one
    return Look(
        frozenset(found["call"]), frozenset(found["timer"]), frozenset(found["event"]), waiting
    )


_RARE = (
    "SELECT 'call', j.value FROM json_each(?1) j CROSS JOIN calls c"
    " ON c.chat = j.value AND c.state = 'answered' AND c.account = ?2"
    " UNION ALL SELECT 'timer', j.value FROM json_each(?1) j CROSS JOIN timers t"
    " ON t.account = ?2 AND t.chat = j.value AND t.due_at <= ?3 AND t.state = 'waiting'"
    " UNION ALL SELECT 'event', j.value FROM json_each(?1) j CROSS JOIN events e"
    " ON e.chat = j.value AND e.state = 'waiting' AND e.account = ?2"
)


def by_account(lanes: Iterable[Lane]) -> dict[AccountId, list[ChatId]]:
    """Return chats by their account."""
    found: dict[AccountId, list[ChatId]] = {}
    for account, chat in lanes:
        found.setdefault(account, []).append(chat)
    return found


def next_event(
    db: sqlite3.Connection, lane: Lane, conversation: Conversation, now: datetime,
    intake: Intake, seen: Look,
) -> Next | timedelta | None:  # fmt: skip
    """Return what the chat does next, None when there is nothing to do now.

    A length of time: a text waits so long for others that may follow it.

    While a step awaits the result of a call, messages and events wait behind it.
    """
    answered = calls.next_answered(db, *lane) if lane in seen.answered else None
    if answered is not None:
        turns = calls.turns_of(db, answered.key)
        return Next(event=answered, cause=answered.key, row=answered.key, attempts=turns)
    due = timers.next_due(db, *lane, now) if lane in seen.due else None
    waiting = seen.waiting.get(lane)
    if waiting is not None and _is_held(conversation, _member(waiting.message)):
        waiting = None
    if due is not None and (waiting is None or due.fired.due <= waiting.message.sent_at):
        cause = f"timer|{lane[0]}|{lane[1]}|{due.fired.key}|{due.fired.due.timestamp():.6f}"
        if run_of(due.fired.key) is not None:
            cause = due.fired.key  # a pause in what a campaign says
        return Next(
            event=due.fired, cause=cause, row=due.row, attempts=due.attempts, is_void=due.too_late
        )
    queued = events.next_waiting(db, *lane) if lane in seen.queued else None
    if queued is not None and not _is_held(conversation, queued.event.author):
        return Next(
            event=_heard(queued), cause=_cause_of(queued), row=queued.row,
            attempts=queued.attempts,
        )  # fmt: skip
    if waiting is not None and due is not None:
        waiting = replace(waiting, is_last=False)
    return None if waiting is None else _texts(db, waiting, now, intake)


def _member(message: Message) -> str:
    return message.sender if message.is_group and not message.from_me else ""


def _is_held(conversation: Conversation, author: str) -> bool:
    """Tell whether what is open there (of this member of a group) awaits the result of a call."""
    stack = conversation.stack_of(author)
    return bool(stack) and bool(stack[-1].awaiting)


def _heard(queued: events.Queued) -> TurnEvent:
    """Return a queued event; what a person commanded comes back as a command."""
    event = queued.event
    if run_of(queued.cause) is not None:
        return campaigns.due_of(event)
    if not event.name.startswith(COMMAND):
        return event
    mute = event.data.get("mute")
    return Commanded(
        command=event.name.removeprefix(COMMAND), argument=str(event.data.get("argument", "")),
        mute=timedelta(seconds=float(mute)) if isinstance(mute, int | float | Decimal) else None,
    )  # fmt: skip


def _cause_of(queued: events.Queued) -> str:
    """Return a key that grows with each event raised by an event, so that loops can be seen.

    Rows are counted anew after an older copy of the database is put back; moments are not.
    """
    if run_of(queued.cause) is not None:
        return queued.cause
    before = queued.cause if "event|" in queued.cause else ""
    return f"{before}event|{queued.row}|{queued.at:.3f}"


def _texts(
    db: sqlite3.Connection, first: inbox.Waiting, now: datetime, intake: Intake
) -> Next | timedelta:
    """Return a message, with the quick texts behind it; or how long to wait for more of them."""
    run = inbox.run_of_texts(db, first) if intake.burst else []
    if not run:
        return _message(first, now, intake.max_reply_age)
    rest = run[-1][1] + intake.burst - now
    if rest > timedelta(0):
        return rest
    text = "\n".join(one.message.text for one, _ in run)
    joined = replace(first, message=replace(first.message, text=text))
    done = _message(joined, now, intake.max_reply_age)
    return replace(done, also=tuple(one.row for one, _ in run[1:]))


def _message(waiting: inbox.Waiting, now: datetime, max_reply_age: timedelta) -> Next:
    message = waiting.message
    event: TurnEvent = (
        HumanReplied(message=message)
        if message.from_me
        else MessageArrived(message=message, is_late=now - message.sent_at > max_reply_age)
    )
    return Next(
        event=event, cause=str(message.key), row=waiting.row, attempts=waiting.attempts,
        is_last=waiting.is_last,
    )  # fmt: skip


def finish(db: sqlite3.Connection, done: Next, now: datetime) -> None:
    """Close an event for good; part of the transaction that stores what was decided."""
    match done.event, done.row:
        case ((MessageArrived() | HumanReplied()), int() as row):
            inbox.mark_all_decided(db, (row, *done.also), now)
        case TimerFired(), int() as row:
            timers.remove(db, row)
        case CallAnswered(), key:
            calls.finish(db, str(key))
        case ((EventRaised() | Commanded() | CampaignDue()), int() as row):
            events.finish(db, row)
        case _:
            raise AssertionError(done)


def kind_of(event: TurnEvent) -> str:
    """Return the event's name for logs and traces."""
    match event:
        case MessageArrived(message=message):
            return "message" if message.kind is MessageKind.TEXT else f"message.{message.kind}"
        case HumanReplied():
            return "human.reply"
        case TimerFired(kind=kind):
            return f"timer.{kind}"
        case CallAnswered():
            return "call.answered"
        case EventRaised(name=name):
            return f"event.{name}"
        case Commanded(command=command):
            return f"command.{command}"
        case CampaignDue():
            return "campaign.due"
