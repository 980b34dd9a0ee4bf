"""The keys below ``spam``: what counts as spam, and what then happens."""

from dataclasses import fields
from datetime import timedelta

from bot.config.keys import decimal, duration, key, list_of, one_of, table, text, whole
from bot.domain.data import dataclass
from bot.domain.spam import SpamRules


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamWeights:
    """How much each sign of spam counts."""

    flood: float = key(1.0, decimal)
    repeat: float = key(1.0, decimal)
    link: float = key(0.5, decimal)
    word: float = key(1.0, decimal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spam:
    """What counts as spam, and what then happens (`domain.spam.SpamRules`)."""

    guard: str = key("off", one_of("off", "report", "mute"))
    threshold: float = key(1.0, decimal)
    mute: timedelta = key(timedelta(hours=24), duration)
    window: timedelta = key(timedelta(seconds=60), duration)
    messages: int = key(15, whole(1, 10_000))
    repeats: int = key(3, whole(1, 1000))
    repeat_window: timedelta = key(timedelta(minutes=10), duration)
    stranger: timedelta = key(timedelta(days=1), duration)
    words: tuple[str, ...] = key((), list_of(text))
    allow: tuple[str, ...] = key((), list_of(text))
    allow_tags: tuple[str, ...] = key(("trusted",), list_of(text))
    weights: SpamWeights = key(SpamWeights(), table(SpamWeights))

    @property
    def rules(self) -> SpamRules:
        """Return what decisions depend on of it."""
        held = {one.name: getattr(self, one.name) for one in fields(self)}
        weights = {one.name: float(getattr(self.weights, one.name)) for one in fields(SpamWeights)}
        return SpamRules(**{**held, "weights": weights})
