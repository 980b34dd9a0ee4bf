"""What starts a rule or a flow, as written."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import timedelta
from enum import StrEnum

from bot.domain.data import dataclass
from bot.domain.understanding import AppealKind, Mood
from bot.language.patterns import Pattern
from bot.language.places import NOWHERE, Place
from bot.language.regexes import RegexPattern
from bot.language.templates import Template


class Match(StrEnum):
    """How a keyword is looked for."""

    WORD = "word"
    EXACT = "exact"
    STARTS = "starts"
    ENDS = "ends"
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trigger:
    place: Place = NOWHERE
    captures: Mapping[str, Template] = field(default_factory=dict)  # `with`: fixed captures


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword(_Trigger):
    """Words or phrases."""

    words: tuple[str, ...]
    match: Match = Match.WORD
    fuzzy: int = 0  # edits a word
    case: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternTrigger(_Trigger):
    """Sentence patterns over the whole message."""

    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regex(_Trigger):
    """RE2 expressions, searched in the message as written."""

    patterns: tuple[RegexPattern, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(_Trigger):
    """`/name` at the start of the message."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent(_Trigger):
    """What the models say the text is for; ``least`` None: the intent's own threshold."""

    names: tuple[str, ...]
    least: float | None = None


MARGIN = 0.15  # of two intents' scores, within which it is unclear which was meant
HARDLY = 0.3  # score below which an intent is too unlikely to be asked about


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear(_Trigger):
    """The models waver: the first two intents, both of ``names``, lie within ``margin``.

    No names: any intents. ``least`` is how likely the first must be.
    """

    names: tuple[str, ...] = ()
    margin: float = MARGIN
    least: float = HARDLY


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealTrigger(_Trigger):
    """What the message appeals for; without ``least`` from where on the models believe it."""

    kinds: tuple[AppealKind, ...]
    least: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentTrigger(_Trigger):
    """The tone of each of the customer's last ``over`` messages."""

    label: Mood
    least: float = 0.0
    over: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodTrigger(_Trigger):
    """The conversation's mood, -1..1, beyond a bound."""

    below: float | None = None
    above: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageTrigger(_Trigger):
    """The language of the message."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaTrigger(_Trigger):
    """A kind of medium (values of `MessageKind`)."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction(_Trigger):
    """An emoji put on one of our messages; empty: any."""

    emoji: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(_Trigger):
    """A named event; ``where`` compares fields of its data, as text."""

    name: str
    where: Mapping[str, Template] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTrigger(_Trigger):
    """A call from outside."""

    name: str
    where: Mapping[str, Template] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(_Trigger):
    """A cron line with weekday names, or an interval."""

    cron: str = ""
    every: timedelta | None = None

    @property
    def line(self) -> str:
        """Return what names this schedule among all."""
        return self.cron or f"every {self.every}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstMessage(_Trigger):
    """The first message a person ever wrote to us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterSilence(_Trigger):
    """The customer writes again after that long."""

    duration: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence(_Trigger):
    """Nothing came for that long."""

    duration: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback(_Trigger):
    """Nobody else spoke."""


Trigger = (
    Keyword | PatternTrigger | Regex | Command | Intent | Unclear | AppealTrigger
    | SentimentTrigger | MoodTrigger | LanguageTrigger | MediaTrigger | Reaction | Event
    | WebhookTrigger | Schedule | FirstMessage | AfterSilence | Silence | Fallback
)  # fmt: skip


def captured_by(trigger: Trigger) -> Iterator[str]:
    """Yield the names of what a trigger captures of a message, and of its fixed captures."""
    yield from trigger.captures
    match trigger:
        case PatternTrigger(patterns=patterns):
            yield from (name for pattern in patterns for name in pattern.captures)
        case Regex(patterns=regexes):
            yield from (name for regex in regexes for name in regex.captures)
        case _:
            pass
