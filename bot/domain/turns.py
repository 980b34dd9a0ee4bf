"""One event in its context, and what was decided about it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from bot.domain.acting import ActionEffect
from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.data import dataclass
from bot.domain.effects import Effect
from bot.domain.leads import Lead
from bot.domain.messages import Message
from bot.domain.spam import SpamRules
from bot.domain.understanding import NOTHING_UNDERSTOOD, Understanding
from bot.domain.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageArrived:
    """The customer wrote. ``is_late``: older than ``max_reply_age``, kept but not answered."""

    message: Message
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanReplied:
    """A person wrote in this chat from the phone, or from another device of the account."""

    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """A timer is due. ``late``: by how much."""

    key: str
    kind: str
    due: datetime
    payload: Mapping[str, Value]
    late: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered:
    """An awaited http call or action has its result. ``error`` is "" when it went well.

    Attributes:
        name: Of an action, "" for an http call.
        effects: What the action asks for.
        author: In a group the member for whom it was made.
        is_sensitive: It was told something sensitive, or brings it.
    """

    key: str
    status: int  # HTTP status, 0 when none came; 200 for an action that returned
    body: Value
    error: str = ""
    name: str = ""
    effects: tuple[ActionEffect, ...] = ()
    author: str = ""
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRaised:
    """A named event for this chat: a webhook, an `emit`, an advert's click.

    Attributes:
        author: In a group the member whose turn raised it.
        sensitive: Names in ``data`` whose values are shown to nobody.
    """

    name: str
    data: Mapping[str, Value]
    author: str = ""
    sensitive: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """A person told the bot something about this chat: resume, handoff, end, start.

    Attributes:
        mute: For how long a handoff is to last; None for as long as any.
    """

    command: str
    argument: str = ""
    mute: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignDue:
    """A recipient's turn in a run of a campaign has come.

    Attributes:
        version: Of the content that a person saw and started.
    """

    run: int
    campaign: str
    variant: str
    version: str


TurnEvent = (
    MessageArrived | HumanReplied | TimerFired | CallAnswered | EventRaised | Commanded
    | CampaignDue
)  # fmt: skip


AUTHOR = " author"
"""Under this name, which nobody can write, timers keep the member of a group they are about."""


def author_of(event: TurnEvent) -> str:
    """Return the address of the member of a group whom an event is about, "" elsewhere."""
    match event:
        case MessageArrived(message=message):
            return message.sender if message.is_group else ""
        case TimerFired(payload=payload):
            return str(payload.get(AUTHOR, ""))
        case CallAnswered(author=author) | EventRaised(author=author):
            return author
        case _:
            return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnSettings:
    """What of the configuration a decision depends on.

    Attributes:
        env: Only the names listed under ``env:`` in the config.
        takeover: How long a person's message from the phone mutes the bot.
        missed_notice: Sentence by language, sent once where a message came too late.
        disclosure: Sentence by language, sent before the first automated message to a person.
    """

    timezone: str = "UTC"
    language: str = "en"
    languages: tuple[str, ...] = ("en", "es", "pt")
    currency: str = "USD"
    env: Mapping[str, str] = field(default_factory=dict)
    takeover: timedelta = timedelta(hours=12)
    takeover_ignore: tuple[str, ...] = ()
    disclosure: Mapping[str, str] = field(default_factory=dict)
    missed_notice: Mapping[str, str] = field(default_factory=dict)
    stack: int = 5
    steps: int = 200
    sends: int = 8
    spam: SpamRules = SpamRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One event with everything the engine may know; nothing else is read while deciding.

    Attributes:
        cause: Key that makes ids of what follows unique and repeatable.
        now: Aware, UTC.
        seed: Drawn by the caller; the only source of chance.
        hidden: Names of ``variables`` that are shown to nobody.
        busy: How many chats each member of a team has; only where somebody asks for it.
    """

    cause: str
    event: TurnEvent
    conversation: Conversation
    contact: Contact
    lead: Lead | None
    now: datetime
    seed: int
    settings: TurnSettings = TurnSettings()
    understanding: Understanding = NOTHING_UNDERSTOOD
    variables: Mapping[str, Value] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    bot: Mapping[str, Value] = field(default_factory=dict)
    busy: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLine:
    """One thing that was tried, with the place in the files that asked for it.

    Attributes:
        path: Such as ``rules/faq.yaml:12 rule opening_hours > when.0.keyword``.
        outcome: won, lost, spoke, silent, skipped, failed, asked, filled, …
        why: In words, never the customer's.
    """

    path: str
    outcome: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """Something of the files that ran: what tests count as covered, never stored.

    Attributes:
        what: ``step``, ``arm 0`` … of a branch, ``retry``, ``failed``, ``timeout`` or ``remind``.
    """

    file: str
    line: int
    column: int
    what: str = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What happened in a turn and why."""

    winner: str = ""  # "rule:<id>", "flow:<name>", "guard:optout" or "" when nobody spoke
    lines: tuple[TraceLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What follows from a turn: the state after it, and what is to be done.

    Attributes:
        conceals: The message that arrived holds something sensitive; its text is not kept.
    """

    conversation: Conversation
    contact: Contact
    lead: Lead | None
    effects: tuple[Effect, ...] = ()
    trace: Trace = Trace()
    errors: tuple[str, ...] = ()
    visits: tuple[Visit, ...] = ()
    conceals: bool = False
