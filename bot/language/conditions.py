"""What must hold, as written."""

from collections.abc import Mapping
from dataclasses import field

from bot.domain.data import dataclass
from bot.domain.understanding import AppealKind, Mood
from bot.language.patterns import Pattern
from bot.language.places import NOWHERE, Place
from bot.language.templates import Expression, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class _Condition:
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds(_Condition):
    """A bare expression."""

    expression: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class All(_Condition):
    """Every one of them."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Any(_Condition):
    """At least one of them."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(_Condition):
    """The contrary."""

    part: "Condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class HasTag(_Condition):
    """The contact has any of these tags."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatIs(_Condition):
    """A private chat or a group."""

    group: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentioned(_Condition):
    """We are mentioned, or not."""

    value: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursAre(_Condition):
    """Opening hours by name, open or closed."""

    name: str
    opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(_Condition):
    """A time of day, minutes from midnight; an end before the start runs over midnight."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysAre(_Condition):
    """Weekdays, 0 is Monday."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadIs(_Condition):
    """The lead's stage is one of these, its score compares, its owner is that one.

    ``score``: operator and number, such as (">=", 30); a bare number compares with "==".
    """

    stages: tuple[str, ...] = ()
    score: tuple[str, float] | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InFlow(_Condition):
    """The flow on top: a name, `any` or `none`."""

    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageIs(_Condition):
    """The contact's language is one of these."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealIs(_Condition):
    """As the trigger of that name."""

    kinds: tuple[AppealKind, ...]
    least: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentIs(_Condition):
    """As the trigger of that name."""

    label: Mood
    least: float = 0.0
    over: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodIs(_Condition):
    """As the trigger of that name."""

    below: float | None = None
    above: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentIs(_Condition):
    """As the trigger of that name."""

    names: tuple[str, ...]
    least: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaIs(_Condition):
    """The message has a medium of one of these kinds."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentIs(_Condition):
    """The contact gave consent, or did not."""

    value: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LastReply(_Condition):
    """The bot's last text in the chat fits a pattern."""

    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactIs(_Condition):
    """Fields of the contact, compared as text."""

    fields: Mapping[str, Template] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupIs(_Condition):
    """The chat is that group."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InSegment(_Condition):
    """The contact is in one of these segments."""

    names: tuple[str, ...]


Condition = (
    Holds | All | Any | Not | HasTag | ChatIs | Mentioned | HoursAre | Between | DaysAre | LeadIs
    | InFlow | LanguageIs | AppealIs | SentimentIs | MoodIs | IntentIs | MediaIs | ConsentIs
    | LastReply | ContactIs | GroupIs | InSegment
)  # fmt: skip
