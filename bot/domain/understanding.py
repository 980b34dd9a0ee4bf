"""What the models make of a text."""

from dataclasses import field
from enum import StrEnum

from bot.domain.data import dataclass


class Mood(StrEnum):
    """The three labels of sentiment."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Need(StrEnum):
    """A reading that some rule or flow asks for."""

    LANGUAGE = "language"
    INTENT = "intent"
    SENTIMENT = "sentiment"
    ENTITIES = "entities"


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
        failed: Why the models gave nothing (a deadline, missing weights), or "".
    """

    language: str | None = None
    intents: tuple[IntentScore, ...] = ()
    sentiment: Sentiment | None = None
    entities: dict[str, str] = field(default_factory=dict)
    failed: str = ""


NOTHING_UNDERSTOOD = Understanding()
