"""Who tells the tone of a text: shipped heads or models of the user's choice, by language."""

import logging
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Protocol

from bot.domain.data import dataclass
from bot.domain.understanding import Mood, Sentiment
from bot.nlu.choice import EVERY, ModelChoice
from bot.nlu.encoder import Encoders, attempt
from bot.nlu.heads import Array, find_data, read_head
from bot.nlu.hub import find_hub_model
from bot.nlu.hub_models import HubTone
from bot.nlu.passes import Passes
from bot.nlu.registry import Registry
from bot.nlu.sentiment import LABELS, EnglishTone, ManyTone

logger = logging.getLogger("alexia.models")
FILE = "sentiment.yaml"
SHIPPED_ROUTES = {"en": "sentiment-en", EVERY: "sentiment-many"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Which head or model reads a language, and from where on its labels count."""

    heads: Mapping[str, str] = field(default_factory=lambda: dict(SHIPPED_ROUTES))
    thresholds: Mapping[Mood, float] = field(default_factory=dict)


def read_routes(folder: Path) -> Routes:
    """Return what sentiment.yaml says; the shipped routes where it cannot be read."""
    import yaml

    file = find_data(folder, FILE)
    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
        heads = {str(language): str(name) for language, name in tree["heads"].items()}
        told = tree.get("thresholds") or {}
        thresholds = {Mood(label): float(least) for label, least in told.items()}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, ValueError,
            AttributeError) as reason:  # fmt: skip
        logger.warning("models: %s cannot be read (%s); the shipped heads serve", FILE, reason)
        return Routes()
    return Routes(heads={**SHIPPED_ROUTES, **heads}, thresholds=thresholds)


class Tone(Protocol):
    """Tells the tone of a batch."""

    def __call__(self, passes: Passes) -> Array:
        """Return (texts, labels), each row summing to one."""


class Tones:
    """The readers of tone that could be loaded, by language."""

    def __init__(
        self, folder: Path, choice: ModelChoice, encoders: Encoders, registry: Registry
    ) -> None:
        routes = read_routes(folder)
        self._thresholds = routes.thresholds
        load = _Loader(folder, choice, encoders, registry)
        wanted = {**routes.heads, **choice.sentiment}
        if EVERY in choice.sentiment:
            wanted = dict(choice.sentiment)
        known = {name: load(name) for name in dict.fromkeys(wanted.values())}
        self._by_language = {
            language: tone for language, name in wanted.items() if (tone := known[name]) is not None
        }
        for language, name in SHIPPED_ROUTES.items():
            if language not in self._by_language and (tone := load(name)) is not None:
                self._by_language[language] = tone

    def reader(self, language: str) -> Tone | None:
        """Return who reads a language, None when nobody can."""
        return self._by_language.get(language) or self._by_language.get(EVERY)

    def told(self, probabilities: Array) -> Sentiment:
        """Return the likeliest label with its probability; neutral where that is too unsure."""
        best = LABELS[int(probabilities.argmax())]
        score = float(probabilities[LABELS.index(best)])
        if score < self._thresholds.get(best, 0.0):
            best, score = Mood.NEUTRAL, float(probabilities[LABELS.index(Mood.NEUTRAL)])
        return Sentiment(label=best, score=round(score, 4))


@dataclass(frozen=True, slots=True)
class _Loader:
    folder: Path
    choice: ModelChoice
    encoders: Encoders
    registry: Registry

    def __call__(self, name: str) -> Tone | None:
        file = find_data(self.folder, f"heads/{name}.safetensors")
        if file.exists() or name in SHIPPED_ROUTES.values():
            return attempt(f"the tone head {name}", lambda: self._head(file))
        return attempt(f"the tone model {name}", lambda: self._hub(name))

    def _head(self, file: Path) -> Tone | None:
        head = read_head(file)
        encoders = self.encoders
        if "words" in head.tensors:
            return None if encoders.many is None else ManyTone(head, encoders.many).of
        return None if encoders.english is None else EnglishTone(encoders.english, head).of

    def _hub(self, name: str) -> Tone:
        found = find_hub_model(name, self.choice.base, self.registry)
        tone = HubTone(found, threads=self.choice.threads)
        return lambda passes: tone.probabilities(passes.texts)
