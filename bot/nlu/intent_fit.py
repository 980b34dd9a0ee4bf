"""Learns intents from users' examples, and when to say that none is meant."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.domain.data import dataclass
from bot.nlu.chargrams import SPELLING
from bot.nlu.chat_words import spelt_out
from bot.nlu.encoder import Encoder
from bot.nlu.examples import Example, IntentExamples
from bot.nlu.heads import Array, softmax
from bot.nlu.intents import IntentHeads, Scale, View, embed_all, side
from bot.nlu.logistic import fit_logistic
from bot.nlu.out_of_scope import Outside
from bot.nlu.scope import (
    OTHER,
    Scope,
    Signs,
    among_themselves,
    foreign_to,
    joined,
    scope_of,
    signs_of,
)
from bot.nlu.tone_text import plain_tone

STRENGTH = 30.0  # C of the logistic regression
ROUNDS = 4  # in each, a fourth of the intents is unknown and a fourth of the examples held out
MOST_HELD = 1500  # examples that the threshold is found on
ENOUGH = 8  # held-out examples from which on they tell the usual nearness
ALIKE = 0.8  # likeness to an example from which on a generic text is not held against it
LEAST_INTENTS = 4  # below, no intent can be spared
QUANTILES = tuple(0.5 + 0.02 * step for step in range(25))  # of generic texts: candidates
REJECTED = 0.3  # worth of a text outside told as such, far or near, against one kept inside
TEMPERATURES = tuple(0.4 + 0.1 * step for step in range(40))
HEAT = 0.6  # temperature that fits small sets; their held-out examples seem harder than messages
HEAT_STEADY = 300  # so many held-out examples count for as much as it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """Signs of texts that a view had not learnt."""

    right: Signs  # held-out examples whose best intent is theirs
    wrong: Signs  # held-out examples taken for another intent
    unknown: Signs  # examples whose intent was left out
    logits: list[tuple[Array, NDArray[np.int64]]]
    mistaken: Counter[tuple[str, str]]

    def count(self) -> int:
        """Return how many examples were held out."""
        return len(self.right.near) + len(self.wrong.near)


def fit_intents(
    intents: Sequence[IntentExamples],
    encoders: Mapping[str, Encoder],
    outside: Outside,
    default: str = "en",
) -> IntentHeads | None:
    """Return what tells the intents apart, None when there are none.

    Args:
        outside: Generic texts that no intent is meant for, and those of topics that none may be.
        default: Language of examples that name none.
    """
    known = [intent for intent in intents if intent.examples]
    if not known:
        return None
    negatives = [text for intent in known for text in intent.negatives]
    texts, labels, english = [], [], []
    languages = sorted({_language(one, default) for intent in known for one in intent.examples})
    for label, intent in enumerate(known):
        in_english = [_language(one, default) == "en" for one in intent.examples]
        for one in intent.examples:
            texts.append(spelt_out(plain_tone(one.text), _language(one, default)))
            labels.append(label)
        english += in_english if any(in_english) else [True] * len(in_english)
    asked = outside.asked() if "many" in encoders else ()
    vectors = _embedded(texts, encoders)
    generic, refused, topics = (
        _embedded([plain_tone(text) for text in some], encoders)
        for some in (outside.texts, negatives, asked)
    )
    away = _away(outside, topics, vectors) if asked else np.zeros(0, dtype=np.bool_)
    names = tuple(intent.name for intent in known)
    views = {}
    for name, rows in _rows(vectors, np.array(english), languages).items():
        inside = _side(vectors, name)[rows]
        left_alone = np.concatenate([_side(generic, name), _side(topics, name)[away]])
        apart = np.concatenate([_foreign(left_alone, inside), _side(refused, name)])
        views[name] = fit_view(inside, np.array(labels)[rows], names, apart, scope_of(name))
    return IntentHeads(
        names=names,
        views=views,
        thresholds={one.name: one.threshold for one in known if one.threshold is not None},
        languages=tuple(one for one in languages if one != "en"),
    )


def fit_view(
    vectors: Array,
    labels: NDArray[np.int64],
    names: tuple[str, ...],
    outside: Array,
    scope: Scope = OTHER,
) -> View:
    """Return a view with its scale."""
    view = replace(_plain_view(vectors, labels, names), scope=scope, outside=outside)
    held = _held_out(view)
    return replace(
        view,
        scale=_scale(view, held),
        held_out=len(held.right.near) / max(1, held.count()),
        mistaken=tuple(held.mistaken.items()),
    )


def _language(example: Example, default: str) -> str:
    return (example.language or default)[:2]


def _embedded(texts: Sequence[str], encoders: Mapping[str, Encoder]) -> dict[str, Array]:
    found = embed_all(texts, encoders)
    return found | {"spelling": SPELLING.encode(texts)} if "many" in found else found


def _side(vectors: Mapping[str, Array], name: str) -> Array:
    found = side(vectors, name)
    assert found is not None
    return found


def _away(
    outside: Outside, topics: Mapping[str, Array], vectors: Mapping[str, Array]
) -> NDArray[np.bool_]:
    """Tell which texts belong to topics that no intent is for, as every encoder sees it."""
    told = [outside.away(topics[name], vectors[name]) for name in vectors if name != "spelling"]
    found: NDArray[np.bool_] = np.array(told, dtype=np.bool_).min(axis=0)
    return found


def _rows(
    vectors: Mapping[str, Array], english: NDArray[np.bool_], languages: Sequence[str]
) -> dict[str, NDArray[np.bool_]]:
    """Return the views that the examples' languages ask for, and which examples each learns.

    Without English examples English texts are read as all others are.
    """
    found = {name: np.ones(len(english), dtype=bool) for name in vectors if name != "spelling"}
    if "english" in found:
        found["english"] = english
    if "many" in found and "en" not in languages:
        found.pop("english", None)
    if "spelling" in vectors and set(languages) - {"en"}:
        found["own"] = found["many"]
    return found


def _plain_view(vectors: Array, labels: NDArray[np.int64], names: tuple[str, ...]) -> View:
    logistic = fit_logistic(vectors, labels, len(names), STRENGTH)
    return View(vectors=vectors, labels=labels, names=names, logistic=logistic)


def _foreign(outside: Array, vectors: Array) -> Array:
    """Return the generic texts that resemble no example."""
    if not len(outside):
        return outside
    kept: Array = outside[(outside @ vectors.T).max(axis=1) < ALIKE]
    return kept


def _held_out(view: View) -> _Held:
    """Read texts that were kept from learning: the only honest ground for a threshold."""
    right: list[Signs] = []
    wrong: list[Signs] = []
    unknown: list[Signs] = []
    logits: list[tuple[Array, NDArray[np.int64]]] = []
    mistaken: Counter[tuple[str, str]] = Counter()
    vectors, labels, names = view.vectors, view.labels, view.names
    for each in range(ROUNDS):
        spared = {label for label in range(len(names)) if label % ROUNDS == each}
        if len(names) < LEAST_INTENTS or len(spared) > len(names) - 2:
            spared = set()
        kept, held = _parted(labels, spared, each)
        if not len(held):
            continue
        present = sorted({int(labels[at]) for at in kept})
        place = {label: at for at, label in enumerate(present)}
        part = _plain_view(
            vectors[kept],
            np.array([place[int(labels[at])] for at in kept]),
            tuple(names[label] for label in present),
        )
        truth = np.array([place[int(labels[at])] for at in held])
        signs, total = _signs(part, vectors[held], foreign_to(vectors[held], view.outside))
        told = total.argmax(axis=1)
        hit = told == truth
        right.append(signs.of(hit))
        wrong.append(signs.of(~hit))
        logits.append((total, truth))
        pairs = zip(truth[~hit].tolist(), told[~hit].tolist(), strict=True)
        mistaken.update((part.names[a], part.names[b]) for a, b in pairs)
        gone = vectors[[at for at in range(len(labels)) if int(labels[at]) in spared][:MOST_HELD]]
        unknown.append(_signs(part, gone, foreign_to(gone, view.outside))[0])
    return _Held(
        right=joined(right), wrong=joined(wrong), unknown=joined(unknown),
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


def _signs(view: View, queries: Array, foreign: Array) -> tuple[Signs, Array]:
    """Return the signs of texts and what the choice goes by: (texts, intents)."""
    linear, near = view.parts(queries)
    total = view.total(linear, near)
    return signs_of(linear, near, total.argmax(axis=1), foreign), total


def _scale(view: View, held: _Held) -> Scale:
    scope, outside = view.scope, view.outside
    known = held.right.near
    usual = float(np.median(known)) if len(known) >= ENOUGH else scope.usual
    inside = scope.trust(_signs(view, view.vectors, foreign_to(view.vectors, outside))[0], usual)
    if outside is None or not (len(outside) or len(held.unknown.near)):
        return Scale(threshold=float(inside.min()) / 2, usual=usual)
    right, wrong, unknown = (
        scope.trust(one, usual) for one in (held.right, held.wrong, held.unknown)
    )
    beyond = scope.trust(_signs(view, outside, among_themselves(outside))[0], usual)
    source = beyond if len(beyond) else unknown
    candidates = [float(np.quantile(source, at)) for at in QUANTILES]
    threshold = max(candidates, key=lambda level: _worth(level, right, wrong, unknown, beyond))
    heat = _temperature(held)
    if scope.steady and len(beyond):
        count = held.count()
        own, mine = count / (count + HEAT_STEADY), count / (count + scope.steady)
        level = scope.level(len(view.labels) / len(view.names))
        return Scale(
            threshold=mine * threshold + (1 - mine) * level,
            temperature=float(heat**own * HEAT ** (1 - own)),
            usual=usual,
        )
    middle = float(np.median(right if len(right) >= ENOUGH else inside))
    width = max(abs(middle - float(np.median(np.concatenate([beyond, unknown])))) / 4, 0.1)
    return Scale(threshold=threshold, width=width, temperature=heat, usual=usual)


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
