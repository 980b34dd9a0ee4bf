"""What a text is for: nearest examples and logistic regression over embeddings."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.domain.data import dataclass
from bot.domain.understanding import IntentScore
from bot.nlu.encoder import Encoder
from bot.nlu.heads import Array, softmax, unit
from bot.nlu.logistic import Logistic
from bot.nlu.scope import OTHER, TIMID, Scope, foreign_to, signs_of

NEAREST = 3  # examples of an intent that count
NEAR_WEIGHT = 5.0  # of nearness against a logit, for the choice
MANY_SHARE = 0.6  # length of the multilingual part beside the English one
SPELT_SHARE = 0.5  # length of how a text is written beside what it means
VIEWS = ("hub", "own", "english", "many", "grams")  # the first that is there reads a text
WORSE = 0.2  # share of held-out examples by which new heads may fall behind old ones
SHOWN = 5  # intents of a ranking


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How scores of a view become confidence and probability."""

    threshold: float = 0.0  # trust from which on an intent is believed
    width: float = 1.0  # by so much above the threshold confidence is 0.73
    temperature: float = 1.0  # of the probability that the best intent is right
    usual: float = 0.0  # nearness that texts of an intent usually have


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All examples through one encoder, or two side by side, and what was learnt from them."""

    vectors: Array  # (examples, width), unit length
    labels: NDArray[np.int64]  # (examples,)
    names: tuple[str, ...]
    logistic: Logistic
    scope: Scope = OTHER
    scale: Scale = Scale()
    held_out: float = 0.0  # share of held-out examples that were told rightly
    mistaken: tuple[tuple[tuple[str, str], int], ...] = ()  # (truth, told) and how often
    outside: Array | None = None  # (generic texts, width)

    def total(self, linear: Array, near: Array) -> Array:
        """Return (texts, intents): logits raised by nearness; the largest is the choice."""
        return linear + NEAR_WEIGHT * near

    def parts(self, queries: Array) -> tuple[Array, Array]:
        """Return logits and nearness, each (texts, intents)."""
        linear = queries @ self.logistic.weights.T + self.logistic.biases
        alike = queries @ self.vectors.T
        near = np.zeros_like(linear)
        for label in range(len(self.names)):
            own = -np.sort(-alike[:, self.labels == label], axis=1)
            near[:, label] = 0.8 * own[:, 0] + 0.2 * own[:, :NEAREST].mean(axis=1)
        return linear, near


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a view makes of one text."""

    ranking: tuple[int, ...]  # best first
    score: float  # of the best: higher, more in scope
    confidence: float  # 0..1, 0.5 at the threshold
    probabilities: Array  # by intent


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentHeads:
    """The views of one set of examples, and each intent's own threshold where a user set it."""

    names: tuple[str, ...]
    views: Mapping[str, View]
    thresholds: Mapping[str, float]
    languages: tuple[str, ...] = ()  # beside English, of which there are examples

    def worse_than(self, other: "IntentHeads") -> bool:
        """Tell whether the same intents are told apart clearly worse than by another."""
        same = set(self.names) == set(other.names)
        return same and any(
            view.held_out < other.views[name].held_out - WORSE
            for name, view in self.views.items()
            if name in other.views
        )

    def guess(self, vectors: Mapping[str, Array], count: int) -> list[Guess | None]:
        """Return what the best view makes of each text; None where there is no view."""
        found = self._view(vectors)
        if found is None:
            return [None] * count
        view, queries = found
        return guesses(view, queries)

    def _view(self, vectors: Mapping[str, Array]) -> tuple[View, Array] | None:
        for name in VIEWS:
            view, queries = self.views.get(name), side(vectors, name)
            if view is not None and queries is not None:
                return view, queries
        return None

    def scores(self, guess: Guess) -> tuple[IntentScore, ...]:
        """Return the intents that a text is near to, best first, at most five."""
        best = guess.probabilities[guess.ranking[0]]
        found = []
        for at in guess.ranking[:SHOWN]:
            score = guess.confidence * float(guess.probabilities[at] / max(best, TIMID))
            least = self.thresholds.get(self.names[at], 0.5)
            found.append(
                IntentScore(
                    name=self.names[at], score=round(min(score, 1.0), 4), accepted=score >= least
                )
            )
        return tuple(found)


def guesses(view: View, queries: Array) -> list[Guess | None]:
    """Return what a view makes of texts, given their embeddings."""
    linear, near = view.parts(queries)
    total = view.total(linear, near)
    order = np.argsort(-total, axis=1)
    signs = signs_of(linear, near, order[:, 0], foreign_to(queries, view.outside))
    scores = view.scope.trust(signs, view.scale.usual)
    sure = softmax(total, view.scale.temperature)
    above = (scores - view.scale.threshold) / view.scale.width
    confidence = 1 / (1 + np.exp(-np.clip(above, -30, 30)))
    return [
        Guess(
            ranking=tuple(order[row].tolist()),
            score=float(scores[row]),
            confidence=float(confidence[row]),
            probabilities=sure[row],
        )
        for row in range(len(queries))
    ]


def side(vectors: Mapping[str, Array], name: str) -> Array | None:
    """Return the embeddings that a view reads, None where a part of them is missing.

    The view of examples' own languages has how a text is written beside what it means.
    """
    if name == "english":
        return beside(vectors)
    if name != "own":
        return vectors.get(name)
    many, spelling = vectors.get("many"), vectors.get("spelling")
    if many is None or spelling is None:
        return None
    return unit(np.concatenate([many, SPELT_SHARE * spelling], axis=1))


def beside(vectors: Mapping[str, Array]) -> Array | None:
    """Return English embeddings with multilingual ones beside them, where both are there."""
    english, many = vectors.get("english"), vectors.get("many")
    if english is None or many is None:
        return english
    return unit(np.concatenate([english, MANY_SHARE * many], axis=1))


def embed_all(
    texts: Sequence[str], encoders: Mapping[str, Encoder], batch: int = 64
) -> dict[str, Array]:
    """Return each encoder's embeddings of texts, in small batches of like length."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    found = {}
    for name, encoder in encoders.items():
        rows = np.zeros((len(texts), encoder.width), dtype=np.float32)
        for at in range(0, len(order), batch):
            some = order[at : at + batch]
            rows[some] = encoder.encode([texts[one] for one in some])
        found[name] = rows
    return found
