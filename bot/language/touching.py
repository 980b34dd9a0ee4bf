"""Pieces of a pattern that stand within one word of a message: `ref{code}`, `[al]{list:x}`."""

import re
from collections.abc import Iterator

from bot.language.folding import Folded, fold_word, is_spaceless
from bot.language.numbers import longest_at, number_of
from bot.language.parts import (
    Captures,
    Choice,
    Fit,
    Gap,
    Item,
    Number,
    Part,
    Sequence,
    Touching,
    Word,
    Words,
)

MOST_STEPS = 20_000  # that one look at one message may take; beyond it does not fit
LOOK_AT_ONCE = 64  # items of a list that count as one step
ANY = "*"  # stands for whatever a capture may begin or end with
DIGIT = "0"
Spot = tuple[int, int]  # a word, and a letter of it
Reached = dict[Spot, Fit]

_ATTACHED = re.compile("[\u0590-\u06ff\uac00-\ud7a3]")
"""Hebrew, Arabic and Korean letters, which words of one letter hang on numbers in words too."""
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


def ends_of(part: Touching, folded: Folded, at: int) -> Iterator[tuple[int, Fit]]:
    """Yield before which words pieces that begin with word ``at`` may end, and how they fit."""
    reached = _Inside(folded).pieces(part.pieces, {(at, 0): Fit()})
    for (word, letter), fit in reached.items():
        if letter == 0 and word > at:
            yield word, fit


def touch(first: Sequence, second: Sequence, *, within: bool) -> bool:
    """Tell whether two pieces written without a blank between them may stand in one word.

    They may not where either is a word anyway, as signs of scripts without blanks are, nor where
    nothing tells where the first ends. A number is cut from letters anyway, `5kg`, unless it
    stands ``within`` a word, as in `10x15cm`.
    """
    left, right = _kept(_edges(first, at_end=True)), _kept(_edges(second, at_end=False))
    letters = (left | right) - {ANY, DIGIT}
    if not left or not right or not letters:
        return False
    if not within and (left == {DIGIT} or right == {DIGIT}):
        if any(_ATTACHED.match(letter) for letter in letters):
            return True
        return letters == {"x"} or not any(letter.isalpha() for letter in letters)
    return True


def _kept(edges: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in edges if one and one not in "%°" and not is_spaceless(one))


def _edges(sequence: Sequence, *, at_end: bool) -> frozenset[str]:
    """Return the letters with which a sequence may begin or end; "" when it may be nothing."""
    found: frozenset[str] = frozenset(("",))
    for part in reversed(sequence) if at_end else sequence:
        found = (found - {""}) | _edges_of(part, at_end=at_end)
        if "" not in found:
            break
    return found


def _edges_of(part: Part, *, at_end: bool) -> frozenset[str]:
    match part:
        case Word(text=text):
            return frozenset((text[-1] if at_end else text[0],))
        case Gap(name=name):
            return frozenset((ANY,)) if name else frozenset()
        case Number():
            return frozenset((DIGIT,))
        case Item(options=options):
            return frozenset(words[-1][-1] if at_end else words[0][0] for words, _ in options)
        case Choice(options=ways):
            return frozenset[str]().union(*(_edges(way, at_end=at_end) for way in ways))
        case Touching(pieces=pieces):
            return _edges(pieces[-1 if at_end else 0], at_end=at_end)


class _Inside:
    """Follows pieces through the letters of a message; each spot is reached once a piece."""

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        self._words = folded.words
        self._steps = 0

    def pieces(self, pieces: tuple[Sequence, ...], reached: Reached) -> Reached:
        """Return where the last piece may end, from where the first may begin."""
        for number, piece in enumerate(pieces):
            after = pieces[number + 1] if number + 1 < len(pieces) else None
            reached = self._sequence(piece, reached, _follows(after))
        return reached

    def _sequence(self, sequence: Sequence, begun: Reached, follows: frozenset[str]) -> Reached:
        """Follow the parts of one piece; between them words end, before the first none need."""
        reached = begun
        for number, part in enumerate(sequence):
            is_last = number == len(sequence) - 1
            ends: Reached = {}
            for spot, fit in reached.items():
                if number and spot[1] and spot not in begun:
                    continue
                for end, gained in self._ends(part, spot, follows if is_last else frozenset()):
                    self._steps += 1
                    if self._steps > MOST_STEPS:
                        return {}
                    if end not in ends:
                        ends[end] = fit.then(gained)
            reached = ends
        return reached

    def _ends(self, part: Part, spot: Spot, follows: frozenset[str]) -> Iterator[tuple[Spot, Fit]]:
        match part:
            case Word(text, exact):
                yield from self._literal((text,), (exact,), spot, {})
            case Gap():
                yield from self._gap(part, spot, follows)
            case Number():
                yield from self._number(part, spot)
            case Item(name, options, exact_of):
                self._steps += len(options) // LOOK_AT_ONCE
                for words, value in options:
                    kept = {name: value} if name else {}
                    yield from self._literal(words, exact_of.get(words, words), spot, kept)
            case Choice(options=ways):
                for way in ways:
                    yield from self._sequence(way, {spot: Fit()}, follows).items()
            case Touching(pieces=pieces):
                yield from self.pieces(pieces, {spot: Fit()}).items()

    def _literal(
        self, words: Words, exact: Words, spot: Spot, kept: Captures
    ) -> Iterator[tuple[Spot, Fit]]:
        word, letter = spot
        here = list(self._words[word : word + len(words)])
        if len(here) < len(words):
            return
        here[0] = here[0][letter:]
        if not here[-1].startswith(words[-1]) or tuple(here[:-1]) != words[:-1]:
            return
        last = word + len(words) - 1
        end = (letter if len(words) == 1 else 0) + len(words[-1])
        seen = self._folded.exact[word : last + 1]
        alike = sum(two in one for one, two in zip(seen, exact, strict=False))
        fit = Fit(kept, len(words), sum(map(len, words)), alike)
        yield self._spot(last, end), fit

    def _spot(self, word: int, letter: int) -> Spot:
        return (word + 1, 0) if letter >= len(self._words[word]) else (word, letter)

    def _gap(self, gap: Gap, spot: Spot, follows: frozenset[str]) -> Iterator[tuple[Spot, Fit]]:
        """Yield ends of a capture: where a word ends, and where what follows may begin."""
        word, letter = spot
        last = len(self._words) if gap.most is None else min(len(self._words), word + gap.most)
        for number in range(word, last):
            text = self._words[number]
            for end in range(letter + 1 if number == word else 1, len(text) + 1):
                if end == len(text) or text[end] in follows or ANY in follows:
                    reached = self._spot(number, end)
                    yield reached, Fit(self._captured(gap.name, spot, reached))

    def _captured(self, name: str, start: Spot, end: Spot) -> Captures:
        if not name or name == "_":
            return {}
        first, last = start[0], end[0]
        if first == last:
            return {name: self._cut(first, start[1], end[1])}
        told = self._cut(first, start[1], None) + self._rest(first + 1, last)
        if end[1]:
            told += self._folded.gaps[last] + self._cut(last, 0, end[1])
        return {name: told}

    def _rest(self, start: int, end: int) -> str:
        told = self._folded.between(start, end)
        return self._folded.gaps[start] + told if told else ""

    def _cut(self, word: int, start: int, end: int | None) -> str:
        """Return letters of a word as the customer wrote them, by their places when folded."""
        written = self._folded.written[word]
        if len(written) == len(self._words[word]):
            return written[start:end]
        places = [0]
        for size in range(1, len(written) + 1):
            places += [size] * (len(fold_word(written[:size])) - len(places) + 1)
        stop = len(written) if end is None else places[min(end, len(places) - 1)]
        return written[places[min(start, len(places) - 1)] : stop]

    def _number(self, part: Number, spot: Spot) -> Iterator[tuple[Spot, Fit]]:
        word, letter = spot
        if word >= len(self._words):
            return
        rest = self._words[word][letter:]
        for end in range(min(word + longest_at(self._words, word), len(self._words)), word, -1):
            yield from self._counted(part, (rest, *self._words[word + 1 : end]), (end, 0))
        for size in range(len(rest) - 1, 0, -1) if _ATTACHED.match(rest) else ():
            yield from self._counted(part, (rest[:size],), (word, letter + size))
        digits = _DIGITS.match(rest)
        if digits is not None and digits.end() < len(rest):
            yield from self._counted(part, (digits[0],), (word, letter + digits.end()))

    def _counted(self, part: Number, words: Words, end: Spot) -> Iterator[tuple[Spot, Fit]]:
        value = number_of(words)
        if value is not None and part.holds(value):
            yield end, Fit(part.kept(value))


def _follows(piece: Sequence | None) -> frozenset[str]:
    return frozenset() if piece is None else _edges(piece, at_end=False) - {""}
