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
from bot.nlu.denial import parts_of
from bot.nlu.heads import Array, Head, softmax
from bot.nlu.leaning import leans
from bot.nlu.minilm import MiniLm, mean_pool, run_layers
from bot.nlu.multilingual import Multilingual
from bot.nlu.passes import Passes
from bot.nlu.predicates import predicate_of
from bot.nlu.word_tones import WordTones, stated

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
    """A small network over multilingual embeddings, plus the worth of words and their pieces.

    The network sees a text three times: as it is, how it ends after its last turn, and what that
    would say if it denied nothing. So "not slow" is told from "slow", whatever the language.
    Short statements get a linear second opinion: the network takes words it never met for blame.
    A statement by one word is read by that word: the pieces of one never met tell nothing.
    """

    def __init__(self, head: Head, encoder: Multilingual | None) -> None:
        self.head = head
        self._encoder = encoder
        self._words = WordTones(head, encoder)

    def of(self, passes: Passes) -> Array:
        """Return (texts, labels) of a batch."""
        return self.probabilities(passes.texts, passes.many)

    def probabilities(self, texts: Sequence[str], vectors: Array) -> Array:
        """Return (texts, labels); ``vectors`` are the texts' embeddings."""
        return softmax(self.logits(texts, vectors), self.head.temperature)

    def logits(self, texts: Sequence[str], vectors: Array) -> Array:
        """Return (texts, labels) before they are calibrated."""
        parts = self.head.tensors
        seen = views(self._encoder, texts, vectors)
        inner = np.maximum(seen @ parts["inner.weight"].T + parts["inner.bias"], 0)
        logits: Array = inner @ parts["outer.weight"].T + parts["outer.bias"]
        words = [
            (at, one)
            for at, text in enumerate(texts)
            if (one := predicate_of(text)) and self._words.tells(one)
        ]
        told = self._words.of([one for _, one in words])
        for (at, one), word in zip(words, told, strict=False):
            logits[at] = stated(one.stand, word, logits[at])
        read = {at for at, _ in words} if told else set()
        rest = [at for at in range(len(texts)) if at not in read]
        others = [texts[at] for at in rest]
        logits[rest] += bags(parts["words"], others)
        logits[rest] += leans(self.head, self._encoder, others, vectors[rest])
        return logits.astype(np.float32)


def views(encoder: Multilingual | None, texts: Sequence[str], vectors: Array) -> Array:
    """Return what the network sees of texts: (texts, 3 * width + 2).

    The text, its end without denials, its end, and whether it has these; zeros stand for a view
    that would tell nothing new.
    """
    parts = [parts_of(text) for text in texts]
    wanted = sorted({view for one in parts for view in (one.affirmed, one.ending) if view})
    known = {"": np.zeros(vectors.shape[1], dtype=np.float32)}
    if wanted and encoder is not None:
        known |= dict(zip(wanted, encoder.encode(wanted), strict=True))
    affirmed = np.stack([known[one.affirmed] for one in parts])
    endings = np.stack([known[one.ending] for one in parts])
    has = np.array([[bool(one.affirmed), bool(one.ending)] for one in parts])
    seen = [SCALE * vectors, SCALE * affirmed, SCALE * endings, has]
    return np.concatenate(seen, axis=1, dtype=np.float32)


def bags(table: Array, texts: Sequence[str]) -> Array:
    """Return the sum of each text's pieces over the root of their number: (texts, columns)."""
    found = np.zeros((len(texts), table.shape[1]), dtype=np.float32)
    for at, text in enumerate(texts):
        hashed = pieces(text, len(table))
        if hashed:
            found[at] = table[hashed].sum(axis=0) / np.sqrt(len(hashed))
    return found


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
