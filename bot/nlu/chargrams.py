"""The encoder for want of a better one: hashed pieces of words, no weights, any language."""

import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from bot.nlu.heads import Array, unit

SIZES = (2, 3, 4)  # letters a piece
HALF = 1 << 20  # a bit of a piece's hash, for its sign


class CharGrams:
    """Turns a text into counts of its pieces."""

    name = "character n-grams"

    def __init__(self, width: int = 4096, *, signed: bool = False) -> None:
        """Make an encoder.

        Args:
            signed: Whether half of the pieces count downwards, so that those which share a number
                do not add up: for few numbers.
        """
        self.width = width
        self._signed = signed

    def encode(self, texts: Sequence[str]) -> Array:
        """Return embeddings: (texts, width), float32, unit length."""
        rows = np.zeros((len(texts), self.width), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for gram, count in Counter(grams(text)).items():
                place = zlib.crc32(gram.encode())
                sign = -1 if self._signed and not place & HALF else 1
                row[place % self.width] += sign * (1 + np.log(count))
        return unit(rows)


SPELLING = CharGrams(512, signed=True)
"""How a text is written, to stand beside what it means."""


def grams(text: str) -> Iterator[str]:
    """Yield the pieces of a text's words, edges marked by spaces, case and accents folded."""
    for word in plain_words(text):
        padded = f" {word} "
        for size in SIZES:
            for at in range(len(padded) - size + 1):
                yield padded[at : at + size]


def plain_words(text: str) -> list[str]:
    """Return the words of a text, folded."""
    plain = unicodedata.normalize("NFD", text.casefold())
    kept = (sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return "".join(kept).split()
