"""Which way a short statement leans: a linear second opinion for words that no pattern taught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bot.nlu.denial import parts_of
from bot.nlu.heads import Array, Head
from bot.nlu.multilingual import Multilingual
from bot.nlu.undenied import Undenied, undenied

WHOLE, ENDING = 0, 1  # rows of the lean's weights
LONGEST = (7, 11)  # words of a text whose whole, or whose ending, is told
MOST = 4.0  # of a lean, before its gain: one view alone settles nothing
HANGING = "que "  # an ending that begins so may be denied before its comma
UNSURE = 0.6  # of a denied statement's lean: what leans less is a fact, or not known
PRAISE = np.array((-1, 0, 1))  # a lean of one, to each label
MILD = 1.0  # of a lean, at most, that is denied: "not much liked" is no anger
BRIGHTER = 0.4  # what the whole's lean was lifted by in training; a denial needs none
DENIED = {  # what a lean of one adds to each label, by what a denial makes of it; chosen on
    "praise": np.array((0.8, 0, -0.8)),  # check-lists of denials
    "blame": np.array((0.8, 0, -0.24)),
    "undone": np.array((-1.2, 0, 1.2)),
}


def leaning_view(text: str) -> tuple[int, str] | None:
    """Return what of a text leans by itself, and by which row; None for a question or a denial.

    It begins with a capital, as a sentence does: the encoder knows rare words better so.
    """
    count = len(text.split())
    parts = parts_of(text)
    if not text or "?" in text or parts.affirmed:
        return None
    if not parts.ending:
        return (WHOLE, _sentence(text)) if count <= LONGEST[WHOLE] else None
    if count > LONGEST[ENDING] or parts.ending.lower().startswith(HANGING):
        return None
    return ENDING, _sentence(parts.ending)


def leans(head: Head, encoder: Multilingual | None, texts: Sequence[str], vectors: Array) -> Array:
    """Return what to add to the logits: (texts, labels); zeros where a text does not lean.

    Of a statement, what is added to positive is taken from negative; neutral stays. Of a denial
    the lean of what it denies counts the other way round, unless its denials undo one another.

    Args:
        vectors: The texts' embeddings: they serve what leans as it is written.
    """
    found = np.zeros((len(texts), 3), dtype=np.float32)
    if "lean.weight" not in head.tensors:
        return found
    told = [(at, *one) for at, text in enumerate(texts) if (one := leaning_view(text))]
    denied = [(at, undone) for at, text in enumerate(texts) if (undone := undenied(text))]
    if encoder is None:
        denied = []
    wanted = {view for _, _, view in told} | {_sentence(one.said) for _, one in denied}
    known = dict(zip(texts, vectors, strict=True))
    unknown = sorted(wanted - known.keys())
    if unknown and encoder is not None:
        known |= dict(zip(unknown, encoder.encode(unknown), strict=True))
    lean = _Lean(head, known)
    gain = head.tensors["lean.gain"]
    for at, row, view in told:
        found[at] = gain[row] * np.clip(lean.of(view, row), -MOST, MOST) * PRAISE
    for at, undone in denied:
        found[at] = lean.of_denial(undone)
    return found


class _Lean:
    """How views lean whose embeddings are known; others do not."""

    def __init__(self, head: Head, known: Mapping[str, Array]) -> None:
        self._weight, self._bias = head.tensors["lean.weight"], head.tensors["lean.bias"]
        self._known = known

    def of(self, view: str, row: int) -> float:
        if view not in self._known:
            return 0.0
        return float(self._known[view] @ self._weight[row] + self._bias[row])

    def of_denial(self, one: Undenied) -> Array:
        """Return what to add to each label."""
        lean = self.of(_sentence(one.said), WHOLE) - BRIGHTER
        sure = np.sign(lean) * np.clip(abs(lean) - UNSURE, 0, MOST)
        kind = "undone" if one.holds else ("praise" if lean > 0 else "blame")
        added: Array = (min(sure, MILD) if kind == "praise" else sure) * DENIED[kind]
        return added


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
