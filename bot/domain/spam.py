"""Spam: what counts as it, and what was found in what somebody wrote."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from bot.domain.data import dataclass

FLOOD, REPEAT, LINK, WORD = "flood", "repeat", "link", "word"
SIGNALS = (FLOOD, REPEAT, LINK, WORD)

OFF, REPORT, MUTE = "off", "report", "mute"

GUARD = "spam_guard"
"""Stands in the place of a team where the guard keeps the bot quiet."""

CLEARED, TOLD = "spam_cleared", "spam_told"
"""Under these names a conversation's notes keep when a person lifted the guard's mute (what was
written before does not count), and when somebody was last told of spam."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamRules:
    """What counts as spam, and what then happens.

    Attributes:
        guard: ``off``, ``report`` (told, answered as ever) or ``mute``.
        threshold: A score this high is spam.
        mute: How long the bot is quiet then.
        window: Time within which ``messages`` may well come from a person.
        repeats: So often a person may well write the same text within ``repeat_window``.
        stranger: So long after their first message a person is a stranger; zero: nobody is.
        words: Words and phrases that nobody may write.
        allow: Numbers that are never judged, as written.
        allow_tags: Nor is who wears one of these tags.
        weights: How much each of `SIGNALS` counts.
    """

    guard: str = OFF
    threshold: float = 1.0
    mute: timedelta = timedelta(hours=24)
    window: timedelta = timedelta(seconds=60)
    messages: int = 15
    repeats: int = 3
    repeat_window: timedelta = timedelta(minutes=10)
    stranger: timedelta = timedelta(days=1)
    words: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    allow_tags: tuple[str, ...] = ("trusted",)
    weights: Mapping[str, float] = field(
        default_factory=lambda: {FLOOD: 1.0, REPEAT: 1.0, LINK: 0.5, WORD: 1.0}
    )


@dataclass(frozen=True, slots=True)
class Written:
    """One message of somebody."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing that speaks for spam.

    Attributes:
        name: One of `SIGNALS`.
        score: What it adds: its weight, or less where it is not so clear.
        why: In words, never the customer's.
    """

    name: str
    score: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found about a message."""

    signals: tuple[Signal, ...] = ()

    @property
    def score(self) -> float:
        """Return the sum over all signals; never below zero."""
        return sum(signal.score for signal in self.signals)

    @property
    def why(self) -> str:
        """Return all reasons in words, the weightiest first."""
        return ", ".join(one.why for one in sorted(self.signals, key=lambda one: -one.score))
