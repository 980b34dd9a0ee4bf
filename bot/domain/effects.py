"""What a decision asks for: data, carried out by the commit and the courier."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from bot.domain.bodies import Body
from bot.domain.consents import ConsentEntry
from bot.domain.data import dataclass
from bot.domain.leads import LeadChange
from bot.domain.outgoing import Why
from bot.domain.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A message to the chat of the turn.

    Attributes:
        text: The whole message, the caption of a medium, or what a poll, place or card says in
            words: fit to be sent alone where the body cannot be.
        by: ``rule:<id>``, ``flow:<name>`` or ``guard:<name>``.
        body: What is sent beside or instead of the text; None for a bare text.
        buttons: Labels that stand as a numbered menu at the end of the text.
        quote: Quote the message that is answered.
        mentions: Addresses of people who are mentioned.
        language: The language that the text was chosen in, "" when it has only one.
        is_sensitive: It says something that is shown to nobody but the customer.
    """

    text: str
    why: Why = Why.ANSWER
    by: str = ""
    body: Body | None = None
    buttons: tuple[str, ...] = ()
    quote: bool = False
    mentions: tuple[str, ...] = ()
    language: str = ""
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """An emoji on the message of the turn; "" takes ours back."""

    emoji: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLast:
    """The last text of ours in the chat of the turn becomes another."""

    text: str
    by: str = ""
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteLast:
    """The last message of ours in the chat of the turn is taken back for everyone."""

    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """A text to a team or to one number, outside the chat of the turn."""

    to: str
    text: str
    by: str = ""
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimer:
    """Something happens later in this chat. A timer with the same key is replaced.

    Attributes:
        key: Unique in the chat, such as ``remind:pizza_order``.
        kind: remind, expire, ask_timeout, wait, later, silence, resume_handoff.
        payload: What the engine needs when it fires.
        cancel_on_reply: Gone when the customer writes.
        late: How late it may still fire after a down-time; None for ever.
    """

    key: str
    kind: str
    due: datetime  # UTC
    payload: Mapping[str, Value] = field(default_factory=dict)
    cancel_on_reply: bool = False
    late: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTimer:
    """The timer with this key in this chat is gone, if there was one."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHttp:
    """A request that leaves after the commit; with ``awaited`` its answer goes on with the steps.

    Attributes:
        key: Unique for good; the idempotency key, and the cause of what follows.
        body: Already rendered; None for none.
        is_sensitive: It says something sensitive, or brings it.
    """

    key: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Value = None
    form: Mapping[str, str] | None = None
    timeout: timedelta = timedelta(seconds=5)
    retries: int = 0
    awaited: bool = False
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAction:
    """A user's Python action, run after the commit."""

    key: str
    name: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    awaited: bool = False
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseEvent:
    """An event of our own, for other rules and for the log (`lead.created`, `handoff.started`).

    Attributes:
        sensitive: Names in ``data`` whose values are shown to nobody.
    """

    name: str
    data: Mapping[str, Value] = field(default_factory=dict)
    sensitive: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVariable:
    """A value that all contacts share."""

    name: str
    value: Value
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteConsent:
    """The contact agreed to something or took it back: a line for the ledger."""

    entry: ConsentEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLead:
    """A step changed where the lead stands: a line of its history."""

    change: LeadChange


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginWait:
    """Somebody begins to wait for what `sla` promises. ``due``: when that is missed, UTC."""

    sla: str
    since: datetime
    due: datetime
    team: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissWait:
    """The promise was not kept."""

    sla: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWait:
    """The wait is over.

    Attributes:
        how: answered, or ended.
        by: Who answered: bot, phone, person or the member who has the chat.
        waited: In open time.
    """

    sla: str
    how: str
    waited: timedelta
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOut:
    """The recipient of a campaign gets nothing.

    Attributes:
        again: Nothing is decided yet: the turn comes back later.
    """

    why: str
    again: bool = False


Effect = (
    Send | React | EditLast | DeleteLast | Notify | StartTimer | CancelTimer | CallHttp | RunAction
    | RaiseEvent | SetVariable | NoteConsent | NoteLead | BeginWait | MissWait | EndWait | LeaveOut
)  # fmt: skip
