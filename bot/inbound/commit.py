"""One transaction remembers everything that a turn decided, or nothing of it."""

import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.bodies import Amendment, Edit, Reaction, Revoke
from bot.domain.contacts import Consent
from bot.domain.effects import (
    CallHttp,
    CancelTimer,
    DeleteLast,
    EditLast,
    Notify,
    RaiseEvent,
    React,
    RunAction,
    Send,
    SetVariable,
    StartTimer,
)
from bot.domain.messages import ChatId, MessageId
from bot.domain.outgoing import Why
from bot.domain.turns import Decision, EventRaised, HumanReplied, MessageArrived, Turn
from bot.inbound.lanes import Lane
from bot.store import calls, contacts, conversations, events, leads, outbox, timers, variables

TAKEOVER = "guard:takeover"
"""Who wins when a person wrote from the phone."""

MOST_ECHOES = 5
"""How deep an event may raise an event: a rule that hears what it emits stops here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a commit needs beside the decision.

    Attributes:
        due_at: When a text may leave at the earliest: reading and typing take time.
        numbers: Team or number, as named by a rule, to the chats that are told.
        heard: Names of events that some rule listens to.
    """

    secret: bytes
    rulebook: str
    due_at: Callable[[Why, str, datetime], datetime]
    numbers: Mapping[str, tuple[ChatId, ...]]
    heard: Collection[str]


def commit(db: sqlite3.Connection, lane: Lane, turn: Turn, decision: Decision, desk: Desk) -> int:
    """Store a decision and return the number of sends it reserved.

    Raises:
        Outdated: The conversation moved since the turn began; nothing is kept.
    """
    account, chat = lane
    wrote = isinstance(turn.event, MessageArrived)
    contacts.keep(db, turn.contact, decision.contact, turn.now, wrote=wrote)
    if decision.lead is not None and decision.lead != turn.lead:
        leads.keep(db, decision.lead, turn.now)
    conversations.keep(db, account, decision.contact.id, decision.conversation)
    if wrote:
        timers.cancel_on_reply(db, account, chat)
    _silence(db, lane, turn, decision)
    for effect in decision.effects:
        _remember(db, lane, turn, effect, desk)
    drafts = _drafts(db, lane, turn, decision, desk)
    return outbox.reserve(db, desk.secret, turn.cause, drafts, turn.now, desk.rulebook)


def _silence(db: sqlite3.Connection, lane: Lane, turn: Turn, decision: Decision) -> None:
    """Cancel what must not be said any more: a person answered, or the contact opted out."""
    if isinstance(turn.event, HumanReplied) and decision.trace.winner == TAKEOVER:
        outbox.cancel_pending(db, *lane, "a person answered", turn.now)
    withdrawn = decision.contact.consent is Consent.WITHDRAWN
    if withdrawn and turn.contact.consent is not Consent.WITHDRAWN:
        outbox.cancel_started(db, *lane, "the contact opted out", turn.now)


def _remember(db: sqlite3.Connection, lane: Lane, turn: Turn, effect: object, desk: Desk) -> None:
    match effect:
        case StartTimer():
            timers.start(db, *lane, effect)
        case CancelTimer(key=key):
            timers.cancel(db, *lane, key)
        case CallHttp() | RunAction():
            calls.reserve(db, *lane, effect, turn.now)
        case SetVariable(name=name, value=value):
            variables.keep(db, name, value)
        case RaiseEvent(name=name, data=data) if name in desk.heard:
            if turn.cause.count("event|") < MOST_ECHOES:
                raised = EventRaised(name=name, data=data)
                events.queue(db, *lane, raised, turn.now, _depth(turn.cause))
        case _:
            pass  # sends are reserved together; a reaction or an unheard event leaves no row


def _depth(cause: str) -> str:
    """Return as many marks as events lie between the cause and what began it, and one more."""
    return "event|" * (cause.count("event|"))


def _drafts(
    db: sqlite3.Connection, lane: Lane, turn: Turn, decision: Decision, desk: Desk
) -> list[outbox.Draft]:
    drafts: list[outbox.Draft] = []
    due = turn.now
    for effect in decision.effects:
        match effect:
            case Send(text=text, why=why, by=by, body=body):
                due = max(due, desk.due_at(why, text, due))
                draft = _draft(lane, text, why, by, due, _quoted(turn, effect))
                drafts.append(replace(draft, body=body))
            case Notify(to=to, text=text, by=by):
                drafts.extend(
                    _draft((lane[0], chat), text, Why.NOTIFY, by, turn.now, None)
                    for chat in desk.numbers.get(to) or _number(to)
                )
            case React() | EditLast() | DeleteLast():
                drafts.extend(_amendment(db, lane, turn, effect, due))
            case _:
                pass
    return drafts


def _amendment(
    db: sqlite3.Connection, lane: Lane, turn: Turn, effect: React | EditLast | DeleteLast,
    due: datetime,
) -> list[outbox.Draft]:  # fmt: skip
    """Return the change of another message as a row of the outbox; none when there is no other."""
    target = outbox.last_of_ours(db, *lane)
    body: Amendment
    match effect, turn.event:
        case React(emoji=emoji), MessageArrived(message=message):
            body = Reaction(target=message.id, emoji=emoji)
        case EditLast(text=text), _ if target is not None:
            body = Edit(target=target, text=text)
        case DeleteLast(), _ if target is not None:
            body = Revoke(target=target)
        case _:
            return []
    return [replace(_draft(lane, "", Why.ANSWER, effect.by, due, None), body=body)]


def _number(to: str) -> tuple[ChatId, ...]:
    """Return the chat of a number that is named in place of a team."""
    digits = "".join(letter for letter in to if letter.isdigit())
    plain = to.strip().lstrip("+").replace(" ", "").replace("-", "")
    return (ChatId(f"{digits}@c.us"),) if len(digits) >= 7 and plain == digits else ()


def _draft(
    lane: Lane, text: str, why: Why, by: str, due: datetime, quoted: MessageId | None
) -> outbox.Draft:
    account, chat = lane
    return outbox.Draft(
        account=account, chat=chat, text=text, why=why, by=by, due_at=due, quoted=quoted
    )


def _quoted(turn: Turn, send: Send) -> MessageId | None:
    match turn.event:
        case MessageArrived(message=message) if send.quote:
            return message.id
        case _:
            return None
