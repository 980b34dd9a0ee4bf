"""What the models make of a text."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from bot.domain.data import dataclass


class Mood(StrEnum):
    """The three labels of sentiment."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class AppealKind(StrEnum):
    """What only a person may be able to answer."""

    PERSON = "person"  # a person is wished for
    THREAT = "threat"  # of law, bank, public, leaving
    DANGER = "danger"  # for health, safety, money
    WRONGED = "wronged"  # something went wrong, told in plain words
    STUCK = "stuck"  # the bot does not understand, or not help
    FURIOUS = "furious"


BELIEVED: Mapping[AppealKind, float] = {
    AppealKind.PERSON: 0.6, AppealKind.THREAT: 0.7, AppealKind.DANGER: 0.65,
    AppealKind.WRONGED: 0.7, AppealKind.STUCK: 0.7, AppealKind.FURIOUS: 0.7,
}  # fmt: skip
"""Likelihood, 0..1, from which on such an appeal is believed."""


class Need(StrEnum):
    """A reading that some rule or flow asks for."""

    LANGUAGE = "language"
    INTENT = "intent"
    SENTIMENT = "sentiment"
    ENTITIES = "entities"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Sentiment:
    """One message's tone. ``author``: in a group the member who wrote it."""

    label: Mood
    score: float  # calibrated probability of the label, 0..1
    author: str = ""


@dataclass(frozen=True, slots=True)
class IntentScore:
    """How well a text fits one intent."""

    name: str
    score: float  # confidence 0..1
    accepted: bool  # at or above the intent's own automatic threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """Readings of one text; a field stays at its default when nobody asked or nothing could tell.

    Attributes:
        language: ISO 639-1 code, or None when the text is too short to tell.
        intents: Best first.
        appeals: How likely the text appeals for each of these, 0..1.
        failed: Why the models gave nothing (a deadline, missing weights), or "".
    """

    language: str | None = None
    intents: tuple[IntentScore, ...] = ()
    sentiment: Sentiment | None = None
    entities: dict[str, str] = field(default_factory=dict)
    appeals: dict[AppealKind, float] = field(default_factory=dict)
    failed: str = ""


NOTHING_UNDERSTOOD = Understanding()
