"""Values beside words that say whose they are: "from Fresno to Oakland", "back on friday"."""

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.language.flows import Slot
from bot.language.folding import Folded, fold
from bot.language.ranges import MONTH

Piece = tuple[int, int, int]
"""Where such words begin, where what they lead to begins, and where it ends, in words."""


def has_calls(slots: Iterable[Slot]) -> bool:
    """Tell whether any of these slots has words of its own."""
    return any(slot.called for slot in slots)


def pieces_of(folded: Folded, slots: Mapping[str, Slot]) -> list[tuple[Slot, Piece]]:
    """Return what follows each slot's words, as far as the next such words, in their order."""
    marks = list(_marks(folded.words, slots))
    starts = [*(start for _, start, _ in marks), len(folded.words)]
    return [
        (slot, (start, after, starts[number + 1]))
        for number, (slot, start, after) in enumerate(marks)
        if after < starts[number + 1]
    ]


def _joins(words: tuple[str, ...], at: int) -> bool:
    """Tell whether a word stands between a day and its month: "10 de dezembro"."""
    around = " ".join(words[max(at - 1, 0) : at + 2])
    return _IN_A_DAY.fullmatch(around) is not None


_IN_A_DAY = re.compile(rf"\d{{1,2}} (?:de|of|para) {MONTH}", re.IGNORECASE)


def _marks(words: tuple[str, ...], slots: Mapping[str, Slot]) -> Iterator[tuple[Slot, int, int]]:
    known = sorted(
        ((fold(said).words, slot) for slot in slots.values() for said in slot.called),
        key=lambda one: -len(one[0]),
    )
    at = 0
    while at < len(words):
        for said, slot in known:
            if said and words[at : at + len(said)] == said and not _joins(words, at):
                yield slot, at, at + len(said)
                at += len(said) - 1
                break
        at += 1
