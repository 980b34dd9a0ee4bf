"""What a decision asks for: data, carried out by the commit and the courier."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.outgoing import Why
from bot.domain.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A text to the chat of the turn."""

    text: str
    why: Why = Why.ANSWER
    by: str = ""  # "rule:<id>", "flow:<name>" or "guard:<name>"
    quote: bool = False  # quote the message that is answered


@dataclass(frozen=True, slots=True, kw_only=True)
class React:
    """An emoji on the message of the turn."""

    emoji: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """A text to a team or to one number, outside the chat of the turn."""

    to: str
    text: str
    by: str = ""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAction:
    """A user's Python action, run after the commit."""

    key: str
    name: str
    arguments: Mapping[str, Value] = field(default_factory=dict)
    awaited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseEvent:
    """An event of our own, for other rules and for the log (`lead.created`, `handoff.started`)."""

    name: str
    data: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVariable:
    """A value that all contacts share."""

    name: str
    value: Value


Effect = (
    Send | React | Notify | StartTimer | CancelTimer | CallHttp | RunAction | RaiseEvent
    | SetVariable
)  # fmt: skip
