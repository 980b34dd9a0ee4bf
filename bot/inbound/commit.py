"""One transaction remembers everything that a turn decided, or nothing of it."""

import sqlite3
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from bot.domain.bodies import Amendment, Edit, Reaction, Revoke
from bot.domain.campaigns import run_of
from bot.domain.contacts import Consent, Contact
from bot.domain.data import dataclass
from bot.domain.effects import (
    BeginWait,
    CallHttp,
    CancelTimer,
    DeleteLast,
    EditLast,
    EndWait,
    MissWait,
    NoteConsent,
    NoteLead,
    Notify,
    RaiseEvent,
    React,
    RunAction,
    Send,
    SetVariable,
    StartTimer,
)
from bot.domain.messages import ChatId, MessageId
from bot.domain.numbers import WRITTEN
from bot.domain.outgoing import Why
from bot.domain.turns import (
    Decision,
    EventRaised,
    HumanReplied,
    MessageArrived,
    Turn,
    author_of,
)
from bot.engine.guards import TAKEN_OVER
from bot.inbound.lanes import Lane
from bot.inbound.next_event import Next, finish
from bot.store import (
    calls,
    campaign_turns,
    concealing,
    consents,
    contacts,
    conversations,
    drafts,
    events,
    inbox,
    lead_history,
    leads,
    outbox,
    timers,
    traces,
    variables,
    waits,
)

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

    rulebook: str
    due_at: Callable[[Why, str, datetime], datetime]
    numbers: Mapping[str, tuple[ChatId, ...]]
    heard: Collection[str]


@dataclass(frozen=True, slots=True)
class Decided:
    """A turn with its decision, on its way into the store.

    Attributes:
        known: The person as stored; the turn's may have a name that is not.
        done: The event that is over by it; None where nothing lies in the store.
    """

    lane: Lane
    turn: Turn
    known: Contact
    done: Next | None
    decision: Decision


class Commit:
    """What many turns leave, written together.

    No two of them are of one chat or one person: each sees the store as it was before all.
    """

    def __init__(self, db: sqlite3.Connection, secret: bytes, now: datetime) -> None:
        self._db = db
        self._secret = secret
        self._now = now
        self._done: list[int] = []
        self._concealed: list[int] = []
        self._heard: list[int] = []
        self._conversations: list[conversations.Next] = []
        self._sends: list[drafts.Row] = []
        self._cancelled: list[timers.Place] = []
        self._started: dict[timers.Place, list[StartTimer]] = {}
        self._traces: list[tuple[traces.TurnRecord, Decision]] = []

    def add(self, one: Decided, desk: Desk) -> int:
        """Take a decision and return the number of sends it reserves."""
        db, lane, turn, decision = self._db, one.lane, one.turn, one.decision
        self._finish(one.done, conceals=decision.conceals)
        self._keep_contact(one)
        if decision.lead is not None and decision.lead != turn.lead:
            leads.keep(db, decision.lead, turn.now)
        self._conversations.append((lane[0], decision.contact.id, decision.conversation))
        _silence(db, lane, turn, decision)
        for effect in decision.effects:
            match effect:
                case StartTimer(key=key):
                    self._started.setdefault((*lane, key), []).append(effect)
                case CancelTimer(key=key):
                    self._cancelled.append((*lane, key))
                    self._started.pop((*lane, key), None)  # also what began a moment ago
                case Send():
                    pass
                case _:
                    _remember(db, lane, turn, effect, desk)
        cause, first, may_speak = turn.cause, 0, True
        if run_of(cause) is not None:
            cause, first = campaign_turns.said_before(db, cause)
            may_speak = _settle(db, turn, decision)  # not where its run was stopped meanwhile
        sends: list[drafts.Draft] = []
        if may_speak:
            sends = _drafts(
                db, lane, turn, decision, desk,
                lambda place: drafts.reserve_id(self._secret, cause, first + place),
            )  # fmt: skip
        self._sends += drafts.rows_of(
            db, self._secret, cause, sends, turn.now, desk.rulebook, first=first
        )
        return len(sends)

    def trace(self, record: traces.TurnRecord, decision: Decision) -> None:
        """Take the trace of a turn."""
        self._traces.append((record, decision))

    def write(self) -> None:
        """Store what was taken.

        Raises:
            Outdated: A conversation moved since its turn began; all must be undone.
        """
        db = self._db
        concealing.conceal(db, self._concealed)
        inbox.mark_all_decided(db, self._done, self._now)
        contacts.note_seen(db, self._heard, self._now)
        conversations.keep_all(db, self._conversations)
        timers.cancel_all(db, self._cancelled)
        timers.start_all(
            db,
            [
                (account, chat, timer)
                for (account, chat, _), started in self._started.items()
                for timer in started
            ],
        )
        drafts.reserve_all(db, self._sends)
        traces.keep_all(db, self._traces)

    def _finish(self, done: Next | None, *, conceals: bool) -> None:
        if done is None:
            return
        if isinstance(done.event, MessageArrived | HumanReplied):
            rows = (int(done.row), *done.also)
            self._done += rows
            self._concealed += rows if conceals else ()
        else:
            finish(self._db, done, self._now)

    def _keep_contact(self, one: Decided) -> None:
        """Store what changed of a person; that it was heard is noted for all at once."""
        after, wrote = one.decision.contact, isinstance(one.turn.event, MessageArrived)
        if after is one.known or after == one.known:
            if wrote:
                self._heard.append(after.id)
            return
        contacts.keep(self._db, one.known, after, self._now, wrote=wrote)


def _settle(db: sqlite3.Connection, turn: Turn, decision: Decision) -> bool:
    """Note what a campaign's turn came to, or the result of a call that it made.

    False where nothing may be said any more.
    """
    frames = decision.conversation.frames
    waits = any(run_of(frame.awaiting) == run_of(turn.cause) for frame in frames)
    return campaign_turns.settle(
        db, turn.cause, decision.contact.id, decision.effects, waits=waits
    )  # fmt: skip


def _silence(db: sqlite3.Connection, lane: Lane, turn: Turn, decision: Decision) -> None:
    """Cancel what must not be said any more: a person answered, or the contact opted out."""
    if isinstance(turn.event, HumanReplied) and decision.trace.winner == TAKEN_OVER:
        outbox.cancel_pending(db, *lane, "a person answered", turn.now)
    withdrawn = decision.contact.consent is Consent.WITHDRAWN
    if withdrawn and turn.contact.consent is not Consent.WITHDRAWN:
        outbox.cancel_started(db, *lane, "the contact opted out", turn.now)


def _remember(db: sqlite3.Connection, lane: Lane, turn: Turn, effect: object, desk: Desk) -> None:
    match effect:
        case CallHttp() | RunAction():
            calls.reserve(db, *lane, effect, turn.now, author_of(turn.event))
        case SetVariable(name=name, value=value, is_sensitive=sensitive):
            variables.keep(db, name, value, sensitive=sensitive)
        case NoteLead(change=change):
            lead_history.note(db, turn.contact.id, change)
        case BeginWait() | MissWait() | EndWait():
            waits.note(db, lane, turn.contact.id, effect, turn.now)
        case NoteConsent(entry=entry):
            consents.record(db, turn.contact.id, entry)
        case RaiseEvent(name=name, data=data, sensitive=hidden) if name in desk.heard:
            if turn.cause.count("event|") < MOST_ECHOES:
                raised = EventRaised(
                    name=name, data=data, author=author_of(turn.event), sensitive=hidden
                )
                events.queue(db, *lane, raised, turn.now, _depth(turn.cause))
        case _:
            pass  # sends are reserved together; a reaction or an unheard event leaves no row


def _depth(cause: str) -> str:
    """Return as many marks as events lie between the cause and what began it, and one more."""
    return "event|" * (cause.count("event|"))


def _drafts(
    db: sqlite3.Connection, lane: Lane, turn: Turn, decision: Decision, desk: Desk,
    id_of: Callable[[int], MessageId],
) -> list[drafts.Draft]:  # fmt: skip
    """Return what a turn sends, in order; ``id_of`` tells the id of the n-th of it."""
    account, chat = lane
    found: list[drafts.Draft] = []
    due = turn.now
    said: int | None = None  # the place of this turn's last message in the chat
    for effect in decision.effects:
        match effect:
            case Send(text=text, why=why, by=by, body=body, mentions=mentions) as send:
                due = max(due, desk.due_at(why, text, due))
                said = len(found)
                quoted = _quoted(turn, effect)
                found.append(
                    drafts.Draft(
                        account=account, chat=chat, text=text, why=why, by=by, due_at=due,
                        quoted=quoted, body=body, mentions=mentions,
                        is_sensitive=send.is_sensitive,
                    )
                )  # fmt: skip
            case Notify(to=to, text=text, by=by, is_sensitive=sensitive):
                found += [
                    drafts.Draft(
                        account=account, chat=one, text=text, why=Why.NOTIFY, by=by,
                        due_at=turn.now, is_sensitive=sensitive,
                    )
                    for one in desk.numbers.get(to) or _number(to)
                ]  # fmt: skip
            case React() | EditLast() | DeleteLast():
                last = outbox.last_of_ours(db, *lane) if said is None else id_of(said)
                found.extend(_amendment(lane, turn, effect, due, last))
            case _:
                pass
    return found


def _amendment(
    lane: Lane, turn: Turn, effect: React | EditLast | DeleteLast, due: datetime,
    target: MessageId | None,
) -> list[drafts.Draft]:  # fmt: skip
    """Return the change of another message as a row of the outbox; none when there is no other.

    Args:
        target: The last message of ours in the chat, those that this turn says before included.
    """
    body: Amendment
    match effect, turn.event:
        case React(emoji=emoji), MessageArrived(message=message):
            body = Reaction(target=message.sent_id, emoji=emoji)
        case EditLast(text=text), _ if target is not None:
            body = Edit(target=target, text=text)
        case DeleteLast(), _ if target is not None:
            body = Revoke(target=target)
        case _:
            return []
    account, chat = lane
    return [
        drafts.Draft(
            account=account, chat=chat, text="", why=Why.ANSWER, by=effect.by, due_at=due,
            body=body, is_sensitive=isinstance(effect, EditLast) and effect.is_sensitive,
        )
    ]  # fmt: skip


def _number(to: str) -> tuple[ChatId, ...]:
    """Return the chat of a number that is named in place of a team."""
    digits = "".join(letter for letter in to if letter.isdecimal())
    is_number = WRITTEN.fullmatch(to.strip()) and len(digits) >= 7
    return (ChatId(f"{digits}@c.us"),) if is_number else ()


def _quoted(turn: Turn, send: Send) -> MessageId | None:
    match turn.event:
        case MessageArrived(message=message) if send.quote:
            return message.sent_id
        case _:
            return None
