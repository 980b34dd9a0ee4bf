"""Values beside words that say whose they are: "from Fresno to Oakland", "back on friday"."""

from collections.abc import Iterable, Iterator, Mapping

from bot.language.flows import Slot
from bot.language.folding import Folded, fold

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


def _marks(words: tuple[str, ...], slots: Mapping[str, Slot]) -> Iterator[tuple[Slot, int, int]]:
    known = sorted(
        ((fold(said).words, slot) for slot in slots.values() for said in slot.called),
        key=lambda one: -len(one[0]),
    )
    at = 0
    while at < len(words):
        for said, slot in known:
            if said and words[at : at + len(said)] == said:
                yield slot, at, at + len(said)
                at += len(said) - 1
                break
        at += 1
