"""What a user's Python action is told, and what it may ask for. Users meet it as `bot.sdk`."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from bot.domain.contacts import Contact
from bot.domain.data import dataclass
from bot.domain.leads import Lead
from bot.domain.messages import AccountId, ChatId
from bot.domain.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTurn:
    """The chat for which an action runs, as it stands.

    Attributes:
        key: The same whenever this run is tried again: hand it on as an idempotency key.
        language: In which the bot speaks here.
        now: Aware, UTC.
    """

    key: str
    account: AccountId
    chat: ChatId
    contact: Contact
    lead: Lead | None
    language: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """Say something in this chat. A label of ``buttons`` becomes a line of a numbered menu."""

    text: str
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notify:
    """A text to a team or to one number."""

    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """Put a tag on the contact."""

    name: str


@dataclass(frozen=True, slots=True)
class Untag:
    """Take a tag off the contact."""

    name: str


@dataclass(frozen=True, slots=True)
class SetField:
    """Change a field of the contact; none empties it."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class SetVariable:
    """Change a value that all contacts share (`vars.`)."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class ScoreLead:
    """Create or change the contact's lead. ``points`` are added; "" leaves as it is."""

    points: int = 0
    stage: str = ""
    owner: str = ""
    note: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Emit:
    """Raise an event that rules may hear."""

    event: str
    data: Mapping[str, Value] = field(default_factory=dict)


ActionEffect = Reply | Notify | Tag | Untag | SetField | SetVariable | ScoreLead | Emit
EFFECTS: tuple[type[ActionEffect], ...] = (
    Reply, Notify, Tag, Untag, SetField, SetVariable, ScoreLead, Emit,
)  # fmt: skip
