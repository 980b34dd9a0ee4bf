"""What a conversation test says, read and checked: its lines, what is given, what is mocked."""

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import Any

from bot.domain.data import dataclass
from bot.domain.messages import ContactCard, Location, Media, MessageKind
from bot.domain.understanding import Understanding
from bot.domain.values import Value
from bot.language.places import NOWHERE, Place

Plain = Any
"""Parsed YAML as texts, lists and mappings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLine(_Line):
    """The customer writes.

    Attributes:
        reply_to: Text of the message that is answered or reacted to; "last" for the bot's last.
        group: Id of the group it is written in, "" in the private chat.
        sender: Who writes (``from``), "" for the contact of the test.
        burst: One turn together with the line before, or the one after.
    """

    text: str = ""
    kind: MessageKind = MessageKind.TEXT
    media: Media | None = None
    location: Location | None = None
    card: ContactCard | None = None
    votes: tuple[str, ...] = ()
    reaction: str = ""
    reply_to: str = ""
    group: str = ""
    sender: str = ""
    burst: bool = False
    mentioned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How one message of the bot must be; what is None does not matter.

    Attributes:
        to: Contact, group, team or number that it goes to.
        poll: Its options.
        deed: Not a message but what was done to one: (react, edit or delete; emoji or new text).
    """

    text: str | None = None
    contains: tuple[str, ...] = ()
    regex: re.Pattern[str] | None = None
    any_of: tuple["Wanted", ...] = ()
    media: Mapping[str, str] | None = None
    buttons: tuple[str, ...] | None = None
    lang: str | None = None
    to: str = ""
    poll: tuple[str, ...] | None = None
    location: Plain = None
    contact: Plain = None
    quote: bool | None = None
    deed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BotLine(_Line):
    """The bot must have said this next. ``text_at``: where its exact text stands, if it has one."""

    wanted: Wanted
    text_at: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitLine(_Line):
    """Time passes."""

    duration: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One thing that must be so, with its place."""

    key: str
    wanted: Plain
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectLine(_Line):
    """The state must be as said. ``who``: of whom; "" for who wrote last."""

    expectations: tuple[Expectation, ...]
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanLine(_Line):
    """The owner writes from the phone, or sends a ready-made reply."""

    text: str
    to: str = ""
    canned: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine(_Line):
    """Something happens outside; with ``group`` there, to the member ``who``."""

    name: str
    data: Mapping[str, Value] = field(default_factory=dict)
    who: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLine(_Line):
    """A contact's turn in a campaign comes. ``variant``: "" for the first; ``who``: "" as above."""

    name: str
    variant: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLine(_Line):
    """A rule file changes, on a copy. ``rejected``: it must be broken, so nothing changes."""

    file: str
    replace: tuple[tuple[str, str], ...] = ()
    text: str | None = None
    delete: bool = False
    rejected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartLine(_Line):
    """The daemon dies and comes back, after ``down``."""

    down: timedelta = timedelta()


Line = (
    UserLine | BotLine | WaitLine | ExpectLine | HumanLine | EventLine | CampaignLine | EditLine
    | RestartLine
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpMock:
    """What a call is answered with. Replies and statuses are used in turn, the last for good."""

    url: str = "*"
    method: str = ""
    json: Plain = None
    statuses: tuple[int, ...] = (200,)
    replies: tuple[Value, ...] = (None,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mock:
    """What stands for the world outside.

    Attributes:
        models: What the models say of a text: whole text, or glob, to reading.
        actions: What a Python action returns, by name.
    """

    http: tuple[HttpMock, ...] = ()
    models: Mapping[str, Understanding] = field(default_factory=dict)
    actions: Mapping[str, Value] = field(default_factory=dict)

    def over(self, below: "Mock") -> "Mock":
        """Return these mocks with others behind them."""
        return Mock(
            http=(*self.http, *below.http),
            models={**below.models, **self.models},
            actions={**below.actions, **self.actions},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One conversation.

    Attributes:
        now: Local time at which it begins, ISO; "" for the usual moment.
        given: contact, lead, flow, step, slots, vars and env, as texts.
        given_at: Where each of them stands, by its keys such as ``contact.name``.
        spam: The guard against spam mutes, by what the configuration says of it.
    """

    __test__ = False
    name: str
    place: Place
    lines: tuple[Line, ...]
    now: str = ""
    timezone: str = ""
    language: str = ""
    currency: str = ""
    given: Mapping[str, Plain] = field(default_factory=dict)
    given_at: Mapping[str, Place] = field(default_factory=dict)
    seed: int = 0
    strict: bool = True
    real_models: bool = False
    spam: bool = False
    mock: Mock = Mock()
