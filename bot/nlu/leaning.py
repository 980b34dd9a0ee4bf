"""Which way a short statement leans: a linear second opinion for words that no pattern taught."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.nlu.denial import parts_of
from bot.nlu.heads import Array, Head
from bot.nlu.multilingual import Multilingual

WHOLE, ENDING = 0, 1  # rows of the lean's weights
LONGEST = (7, 11)  # words of a text whose whole, or whose ending, is told
MOST = 4.0  # of a lean, before its gain: one view alone settles nothing
HANGING = "que "  # an ending that begins so may be denied before its comma


def leaning_view(text: str) -> tuple[int, str] | None:
    """Return what of a text leans by itself, and by which row; None for a question or a denial.

    It begins with a capital, as a sentence does: the encoder knows rare words better so.
    """
    count = len(text.split())
    parts = parts_of(text)
    if not text or "?" in text or parts.affirmed:
        return None
    if not parts.ending:
        return (WHOLE, text[:1].upper() + text[1:]) if count <= LONGEST[WHOLE] else None
    if count > LONGEST[ENDING] or parts.ending.lower().startswith(HANGING):
        return None
    return ENDING, parts.ending[:1].upper() + parts.ending[1:]


def leans(head: Head, encoder: Multilingual | None, texts: Sequence[str], vectors: Array) -> Array:
    """Return what to add to the logits: (texts, labels); zeros where a text does not lean.

    What is added to positive is taken from negative; neutral stays.

    Args:
        vectors: The texts' embeddings: they serve what leans as it is written.
    """
    found = np.zeros((len(texts), 3), dtype=np.float32)
    if "lean.weight" not in head.tensors:
        return found
    told = [(at, *one) for at, text in enumerate(texts) if (one := leaning_view(text))]
    known = dict(zip(texts, vectors, strict=True))
    wanted = sorted({view for _, _, view in told} - known.keys())
    if wanted and encoder is not None:
        known |= dict(zip(wanted, encoder.encode(wanted), strict=True))
    weight, bias = head.tensors["lean.weight"], head.tensors["lean.bias"]
    gain = head.tensors["lean.gain"]
    for at, row, view in told:
        if view not in known:
            continue
        lean = float(known[view] @ weight[row] + bias[row])
        found[at] = gain[row] * np.clip(lean, -MOST, MOST) * np.array((-1, 0, 1))
    return found
