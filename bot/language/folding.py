"""How texts are compared: folded words, with what the customer wrote kept beside them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

EDGES = ".,!?;:\"'“”‘’«»()[]{}…¡¿*_~`"
"""Dropped at the edges of words: punctuation, quotes, WhatsApp's marks."""

_CUTS = re.compile(r"[\s\-‐-―'’]+")  # hyphens and apostrophes cut words
_ALONE = re.compile(r"([%°])")
_MARKS = re.compile(r"[̀-ͯ]+")

SHORT = 64  # characters of a text whose folding is remembered


@dataclass(frozen=True, slots=True)
class Folded:
    """A text ready to be matched.

    Attributes:
        words: Folded words: no case, no accents.
        written: The same words as the customer wrote them.
        exact: The same words without case, accents kept.
        text: ``words`` joined by one blank.
    """

    words: tuple[str, ...]
    written: tuple[str, ...]
    exact: tuple[str, ...]
    text: str = field(default="", compare=False)


@lru_cache(maxsize=20_000)
def fold_word(text: str) -> str:
    """Return ``text`` without case and accents."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text.casefold()))


def fold(text: str, substitutions: Mapping[str, str] | None = None) -> Folded:
    """Return a text cut into words and folded.

    Args:
        substitutions: Folded word to what is meant by it; the written word stays as it was.
    """
    folded = _fold_short(text) if len(text) <= SHORT else _fold(text)
    if not substitutions:
        return folded
    words, written, exact = _substitute(folded.words, folded.written, folded.exact, substitutions)
    return Folded(words, written, exact, " ".join(words))


def _fold(text: str) -> Folded:
    written = tuple(_cut(unicodedata.normalize("NFC", text)))
    exact = tuple(word.casefold() for word in written)
    words = tuple(fold_word(word) for word in written)
    return Folded(words, written, exact, " ".join(words))


_fold_short = lru_cache(maxsize=20_000)(_fold)
"""Keywords, words and choices are folded again and again; they are short and few."""


def _cut(text: str) -> list[str]:
    pieces = _CUTS.split(_ALONE.sub(r" \1 ", text))
    words = (piece.strip(EDGES) for piece in pieces)
    return [word for word in words if word]


def _substitute(
    words: tuple[str, ...],
    written: tuple[str, ...],
    exact: tuple[str, ...],
    substitutions: Mapping[str, str],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    kept: list[tuple[str, str, str]] = []
    for word, seen, cased in zip(words, written, exact, strict=True):
        meant = substitutions.get(word)
        if meant is None:
            kept.append((word, seen, cased))
        else:
            kept.extend((fold_word(one), seen, one.casefold()) for one in meant.split())
    if not kept:
        return (), (), ()
    folded, seens, cases = zip(*kept, strict=True)
    return folded, seens, cases
