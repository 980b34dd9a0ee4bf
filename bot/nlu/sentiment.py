"""The tone of a text: a fine-tuned English head, and one over the multilingual encoder."""

from __future__ import annotations

import copy
import re
import zlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.domain.understanding import Mood
from bot.nlu.heads import Array, Head, softmax
from bot.nlu.minilm import MiniLm, mean_pool, run_layers
from bot.nlu.multilingual import Multilingual
from bot.nlu.passes import Passes

if TYPE_CHECKING:
    import torch

TOKEN = re.compile(r"\w+|[^\w\s]")
LABELS = (Mood.NEGATIVE, Mood.NEUTRAL, Mood.POSITIVE)  # order of every head
SHORT = 3  # letters up to which a word is not cut into pieces
SCALE = 8.0  # embeddings are of unit length over 512 numbers: this brings them near 1


class EnglishTone:
    """The upper layers of MiniLM as fine-tuning left them, and a linear head."""

    def __init__(self, lm: MiniLm, head: Head) -> None:
        import torch

        self.layers: Any = changed_layers(lm, head.tensors).to(lm.dtype).eval()
        self.weight = torch.tensor(head.tensors["head.weight"])
        self.bias = torch.tensor(head.tensors["head.bias"])
        self.head = head

    def of(self, passes: Passes) -> Array:
        """Return (texts, labels) of a batch."""
        import torch

        with torch.inference_mode():
            return self.probabilities(*passes.shared)

    def probabilities(self, hidden: torch.Tensor, above: torch.Tensor, mask: torch.Tensor) -> Array:
        """Return (texts, labels) for a batch that went through the shared layers."""
        pooled = mean_pool(run_layers(self.layers, hidden, above), mask)
        logits: Array = (pooled @ self.weight.T + self.bias).numpy()
        return softmax(logits, self.head.temperature)


def changed_layers(lm: MiniLm, tensors: Mapping[str, Array]) -> Any:  # noqa: ANN401 - torch is untyped here
    """Return a copy of the encoder's upper layers, float32, with a delta added."""
    import torch

    layers: Any = copy.deepcopy(lm.upper()).float()
    with torch.no_grad():
        for name, weights in layers.named_parameters():
            if f"{name}.change" in tensors:
                weights.add_(torch.tensor(tensors[f"{name}.change"]))
            else:
                change = tensors[f"{name}.left"] @ tensors[f"{name}.right"]
                weights.add_(torch.tensor(change))
    return layers


class ManyTone:
    """A small network over multilingual embeddings, plus the worth of words and their pieces."""

    def __init__(self, head: Head, encoder: Multilingual) -> None:
        self.head = head
        self._encoder = encoder
        self._buckets = len(head.tensors["words"])

    def of(self, passes: Passes) -> Array:
        """Return (texts, labels) of a batch."""
        return self.probabilities(passes.texts, passes.many)

    def probabilities(self, texts: Sequence[str], vectors: Array) -> Array:
        """Return (texts, labels); ``vectors`` are the texts' embeddings."""
        parts = self.head.tensors
        inner = np.maximum(SCALE * vectors @ parts["inner.weight"].T + parts["inner.bias"], 0)
        logits = inner @ parts["outer.weight"].T + parts["outer.bias"]
        for at, text in enumerate(texts):
            found = pieces(text, self._buckets)
            if found:
                logits[at] += parts["words"][found].sum(axis=0) / np.sqrt(len(found))
        return softmax(logits.astype(np.float32), self.head.temperature)


def pieces(text: str, buckets: int) -> list[int]:
    """Return the hashed words, pairs of words, and pieces of words of a text."""
    words = TOKEN.findall(text.casefold())
    found = [f"w{word}" for word in words]
    found += [f"b{one} {two}" for one, two in pairwise(words)]
    found += [f"s{one} {two}" for one, two in zip(words, words[2:], strict=False)]
    for word in words:
        if len(word) > SHORT:
            marked = f"<{word}>"
            found += [
                f"c{marked[at : at + size]}"
                for size in (3, 4, 5)
                for at in range(len(marked) - size + 1)
            ]
    return sorted({zlib.crc32(piece.encode()) % buckets for piece in found})
