"""The wordings that a synonym with ``[ ]`` and ``( | )`` stands for."""

from collections.abc import Iterable

from bot.language.parts import Choice, Gap, Item, Number, Part, Sequence, Touching, Word, Words
from bot.language.patterns import PatternBroken

MOST_WORDINGS = 256  # of one synonym; inflected ones of Baltic and Slavic languages have above 100
Wording = tuple[str, ...]
"""One way to say it, by words."""


def wordings(sequence: Sequence) -> list[Wording]:
    """Return all that these parts stand for. Raises PatternBroken."""
    forms: list[Wording] = [()]
    for part in sequence:
        ways = _ways(part)
        forms = _few(start + way for start in forms for way in ways)
    return forms


def _ways(part: Part) -> list[Wording]:
    match part:
        case Word(exact=exact):
            return [(exact,)]
        case Choice(options=options):
            return [form for option in options for form in wordings(option)]
        case Touching(pieces=pieces):
            return _in_one_word([wordings(piece) for piece in pieces])
        case Gap() | Number() | Item():
            raise PatternBroken("a synonym holds words, [optional] and (a|b) ones, no more")


def _in_one_word(pieces: list[list[Wording]]) -> list[Wording]:
    """Return the wordings of pieces that make one word where they meet."""
    forms: list[Wording] = [()]
    for ways in pieces:
        forms = _few(
            joined(start, way, at_end=True, together=True) for start in forms for way in ways
        )
    return forms


def _few(forms: Iterable[Wording]) -> list[Wording]:
    kept = list(dict.fromkeys(forms))
    if len(kept) > MOST_WORDINGS:
        raise PatternBroken(f"more than {MOST_WORDINGS} wordings; split it")
    return kept


def joined(words: Words, piece: Words, *, at_end: bool, together: bool) -> Words:
    """Return words with a piece behind or before them, made one word with it where they touch."""
    first, second = (words, piece) if at_end else (piece, words)
    if not first or not second or not together:
        return (*first, *second)
    return (*first[:-1], first[-1] + second[0], *second[1:])
