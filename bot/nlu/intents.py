"""What a text is for: nearest examples by character n-grams, in any language of the examples."""

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.domain.understanding import IntentScore

THRESHOLD = 0.55  # similarity, 0..1, from which on an intent is believed
NEAREST = 3  # examples of an intent that count
GRAMS = (2, 3, 4)

Examples = Mapping[str, tuple[str, ...]]


class IntentClassifier:
    """Compares a text with users' examples."""

    def __init__(self, examples: Examples) -> None:
        self.counts = {name: len(texts) for name, texts in examples.items()}
        self._weights = _rarity([text for texts in examples.values() for text in texts])
        self._known = [
            (name, self._vector(text)) for name, texts in examples.items() for text in texts
        ]

    def rank(self, text: str) -> tuple[IntentScore, ...]:
        """Return the intents that the text is near to, best first, at most five."""
        vector = self._vector(text)
        near: dict[str, list[float]] = defaultdict(list)
        for name, known in self._known:
            near[name].append(_cosine(vector, known))
        scores = {
            name: _blend(sorted(values, reverse=True)[:NEAREST]) for name, values in near.items()
        }
        best = sorted(scores.items(), key=lambda pair: -pair[1])[:5]
        return tuple(
            IntentScore(name=name, score=round(min(score, 1.0), 4), accepted=score >= THRESHOLD)
            for name, score in best
        )

    def _vector(self, text: str) -> Mapping[str, float]:
        counted = Counter(_grams(text))
        vector = {
            gram: (1 + math.log(count)) * self._weights.get(gram, 1.0)
            for gram, count in counted.items()
        }
        length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        return {gram: value / length for gram, value in vector.items()}


def _blend(best: list[float]) -> float:
    return 0.8 * best[0] + 0.2 * sum(best) / len(best) if best else 0.0


def _rarity(texts: list[str]) -> Mapping[str, float]:
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(_grams(text)))
    return {gram: math.log((1 + len(texts)) / (1 + count)) + 1 for gram, count in seen.items()}


def _grams(text: str) -> list[str]:
    plain = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(
        sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign)
    )
    found = []
    for word in kept.split():
        padded = f" {word} "
        for size in GRAMS:
            found += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return found


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    small, large = (one, other) if len(one) < len(other) else (other, one)
    return sum(value * large.get(gram, 0.0) for gram, value in small.items())


def read_examples(folder: Path) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Return the examples of ``folder``/intents/*.yaml by intent, and printable problems."""
    import yaml

    examples: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for file in sorted((folder / "intents").glob("*.yaml")):
        name = f"models/intents/{file.name}"
        try:
            tree = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - it builds texts only
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as reason:
            mark = getattr(reason, "problem_mark", None)
            place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else f"{name}:1:1"
            problems.append(f"{place}: E001 not valid YAML")
            continue
        examples.update(_intents(name, tree, problems))
    return examples, problems


def _intents(name: str, tree: Any, problems: list[str]) -> dict[str, tuple[str, ...]]:  # noqa: ANN401
    listed = tree.get("intents") if isinstance(tree, dict) else None
    if not isinstance(listed, dict):
        problems.append(f"{name}:1:1: E102 'intents' is missing")
        return {}
    found = {}
    for intent, body in listed.items():
        given = body.get("examples") if isinstance(body, dict) else None
        texts = _texts(given)
        if not texts:
            problems.append(f"{name}:1:1: E102 the intent '{intent}' has no examples")
        found[str(intent)] = tuple(texts)
    return found


def _texts(given: Any) -> list[str]:  # noqa: ANN401 - parsed YAML
    if isinstance(given, dict):
        return [text for texts in given.values() for text in _texts(texts)]
    return [str(text) for text in given] if isinstance(given, list) else []
