"""Learns intents from users' examples, and when to say that none is meant."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.domain.data import dataclass
from bot.nlu.chat_words import spelt_out
from bot.nlu.encoder import Encoder
from bot.nlu.examples import IntentExamples
from bot.nlu.heads import Array, softmax
from bot.nlu.intents import STEEP, IntentHeads, Scale, View, beside, embed_all, trust
from bot.nlu.logistic import fit_logistic
from bot.nlu.tone_text import plain_tone

STRENGTH = 30.0  # C of the logistic regression
ROUNDS = 4  # in each, a fourth of the intents is unknown and a fourth of the examples held out
MOST_HELD = 1500  # examples that the threshold is found on
FLOOR = 0.02  # share of held-out examples that lie below the floor of nearness
ENOUGH = 8  # held-out examples from which on they tell the floor
ALIKE = 0.8  # likeness to an example from which on a generic text is not held against it
LEAST_INTENTS = 4  # below, no intent can be spared
QUANTILES = tuple(0.5 + 0.02 * step for step in range(25))  # of generic texts: candidates
REJECTED = 0.3  # worth of a text outside told as such, far or near, against one kept inside
TEMPERATURES = tuple(0.4 + 0.1 * step for step in range(40))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scores:
    """Trust without a floor, and nearness, of some texts."""

    trust: Array
    near: Array

    def above(self, floor: float) -> Array:
        """Return trust with a floor."""
        found: Array = self.trust - STEEP * np.maximum(floor - self.near, 0)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """Scores of texts that a view had not learnt."""

    right: _Scores  # held-out examples whose best intent is theirs
    wrong: _Scores  # held-out examples taken for another intent
    unknown: _Scores  # examples whose intent was left out
    logits: list[tuple[Array, NDArray[np.int64]]]
    mistaken: Counter[tuple[str, str]]


def fit_intents(
    intents: Sequence[IntentExamples],
    encoders: Mapping[str, Encoder],
    outside: Sequence[str],
    default: str = "en",
) -> IntentHeads | None:
    """Return what tells the intents apart, None when there are none.

    Args:
        outside: Generic texts that no intent is meant for.
        default: Language of examples that name none.
    """
    known = [intent for intent in intents if intent.examples]
    if not known:
        return None
    negatives = [text for intent in known for text in intent.negatives]
    texts, labels, english = [], [], []
    for label, intent in enumerate(known):
        has_english = any((one.language or default) == "en" for one in intent.examples)
        for one in intent.examples:
            texts.append(spelt_out(plain_tone(one.text), one.language or default))
            labels.append(label)
            english.append(not has_english or (one.language or default) == "en")
    apart = [plain_tone(text) for text in (*outside, *negatives)]
    vectors, others = embed_all(texts, encoders), embed_all(apart, encoders)
    names = tuple(intent.name for intent in known)
    views = {}
    for name, rows in _rows(vectors, np.array(english)).items():
        inside = beside(vectors) if name == "english" else vectors[name]
        beyond = beside(others) if name == "english" else others[name]
        assert inside is not None
        assert beyond is not None
        generic = _foreign(beyond[: len(outside)], inside[rows])
        apart_here = np.concatenate([generic, beyond[len(outside) :]])
        views[name] = fit_view(inside[rows], np.array(labels)[rows], names, apart_here)
    return IntentHeads(
        names=names,
        views=views,
        thresholds={one.name: one.threshold for one in known if one.threshold is not None},
    )


def fit_view(
    vectors: Array, labels: NDArray[np.int64], names: tuple[str, ...], outside: Array
) -> View:
    """Return a view with its scale."""
    view = _plain_view(vectors, labels, names)
    held = _held_out(vectors, labels, names)
    return replace(
        view,
        scale=_scale(view, held, outside),
        held_out=len(held.right.near) / max(1, len(held.right.near) + len(held.wrong.near)),
        mistaken=tuple(held.mistaken.items()),
        outside=outside,
    )


def _rows(vectors: Mapping[str, Array], english: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    every = np.ones(len(english), dtype=bool)
    return {name: english if name == "english" else every for name in vectors}


def _plain_view(vectors: Array, labels: NDArray[np.int64], names: tuple[str, ...]) -> View:
    logistic = fit_logistic(vectors, labels, len(names), STRENGTH)
    return View(vectors=vectors, labels=labels, names=names, logistic=logistic)


def _foreign(outside: Array, vectors: Array) -> Array:
    """Return the generic texts that resemble no example."""
    if not len(outside):
        return outside
    kept: Array = outside[(outside @ vectors.T).max(axis=1) < ALIKE]
    return kept


def _held_out(vectors: Array, labels: NDArray[np.int64], names: tuple[str, ...]) -> _Held:
    """Score texts that were kept from learning: the only honest ground for a threshold."""
    right: list[_Scores] = []
    wrong: list[_Scores] = []
    unknown: list[_Scores] = []
    logits: list[tuple[Array, NDArray[np.int64]]] = []
    mistaken: Counter[tuple[str, str]] = Counter()
    for each in range(ROUNDS):
        spared = {label for label in range(len(names)) if label % ROUNDS == each}
        if len(names) < LEAST_INTENTS or len(spared) > len(names) - 2:
            spared = set()
        kept, held = _parted(labels, spared, each)
        if not len(held):
            continue
        present = sorted({int(labels[at]) for at in kept})
        place = {label: at for at, label in enumerate(present)}
        view = _plain_view(
            vectors[kept],
            np.array([place[int(labels[at])] for at in kept]),
            tuple(names[label] for label in present),
        )
        truth = np.array([place[int(labels[at])] for at in held])
        scores, total = _scored(view, vectors[held])
        hit = total.argmax(axis=1) == truth
        right.append(_Scores(trust=scores.trust[hit], near=scores.near[hit]))
        wrong.append(_Scores(trust=scores.trust[~hit], near=scores.near[~hit]))
        logits.append((total, truth))
        told = total.argmax(axis=1)
        pairs = zip(truth[~hit].tolist(), told[~hit].tolist(), strict=True)
        mistaken.update((view.names[a], view.names[b]) for a, b in pairs)
        gone = [at for at in range(len(labels)) if int(labels[at]) in spared][:MOST_HELD]
        unknown.append(_scored(view, vectors[gone])[0])
    return _Held(
        right=_joined(right), wrong=_joined(wrong), unknown=_joined(unknown),
        logits=logits, mistaken=mistaken,
    )  # fmt: skip


def _parted(labels: NDArray[np.int64], spared: set[int], each: int) -> tuple[list[int], list[int]]:
    """Return which examples are learnt and which held out; of each intent one is learnt."""
    kept, held = [], []
    seen: dict[int, int] = {}
    for at, label in enumerate(labels.tolist()):
        if label in spared:
            continue
        turn = seen[label] = seen.get(label, -1) + 1
        if turn % ROUNDS == each and (turn or (labels == label).sum() > 1):
            held.append(at)
        else:
            kept.append(at)
    return kept, held[:MOST_HELD]


def _scored(view: View, queries: Array) -> tuple[_Scores, Array]:
    linear, near = view.parts(queries)
    total = view.total(linear, near)
    best = total.argmax(axis=1)
    close: Array = near[np.arange(len(best)), best]
    return _Scores(trust=trust(linear, near, best, 0.0), near=close), total


def _joined(parts: list[_Scores]) -> _Scores:
    none = np.zeros(0, dtype=np.float32)
    return _Scores(
        trust=np.concatenate([none, *(part.trust for part in parts)]),
        near=np.concatenate([none, *(part.near for part in parts)]),
    )


def _scale(view: View, held: _Held, outside: Array) -> Scale:
    inside = _scored(view, view.vectors)[0]
    if not len(outside) and not len(held.unknown.near):
        return Scale(threshold=float(inside.trust.min()) / 2)
    known = held.right if len(held.right.near) >= ENOUGH else inside
    floor = float(np.quantile(known.near, FLOOR))
    right, wrong, unknown = (one.above(floor) for one in (held.right, held.wrong, held.unknown))
    beyond = _scored(view, outside)[0].above(floor) if len(outside) else unknown[:0]
    source = beyond if len(beyond) else unknown
    candidates = [float(np.quantile(source, at)) for at in QUANTILES]
    threshold = max(candidates, key=lambda level: _worth(level, right, wrong, unknown, beyond))
    middle = float(np.median(known.above(floor)))
    every = np.concatenate([beyond, unknown])
    width = max(abs(middle - float(np.median(every))) / 4, 0.1)
    return Scale(threshold=threshold, width=width, temperature=_temperature(held), floor=floor)


def _worth(level: float, right: Array, wrong: Array, unknown: Array, beyond: Array) -> float:
    """Return what a threshold is worth: texts kept and right, and texts outside sent away.

    The weights were chosen on Banking77, CLINC150, HINT3 and xSID with intents left out: high ones
    for what is outside cost Banking77 a tenth of its texts, low ones let HINT3's chatter in.
    """
    count = len(right) + len(wrong)
    kept = (right >= level).sum() / count if count else 0.5
    far = (beyond < level).mean() if len(beyond) else 0.5
    near = (unknown < level).mean() if len(unknown) else far
    return float(kept + REJECTED * (far + near))


def _temperature(held: _Held) -> float:
    """Return the temperature under which the probabilities fit held-out examples best."""
    if not held.logits:
        return 1.0

    def loss(heat: float) -> float:
        return -sum(
            float(np.log(softmax(total, heat)[np.arange(len(truth)), truth] + 1e-9).sum())
            for total, truth in held.logits
        )

    return min(TEMPERATURES, key=loss)
