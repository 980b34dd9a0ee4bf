"""Words of which a message must have one for a sentence pattern to fit."""

from collections.abc import Iterator, Mapping

from bot.domain.data import dataclass
from bot.language.parts import Choice, Gap, Item, Number, Part, Sequence, Touching, Word

MOST_ANCHORS = 200  # words; a part with more of them selects little


@dataclass(frozen=True, slots=True)
class Anchors:
    """Sets of words; every message that fits has a word of each set.

    Attributes:
        has_digit: It has a digit, 0 to 9, as well.
    """

    ways: tuple[frozenset[str], ...]
    has_digit: bool = False

    def sorted(self, frequency: Mapping[str, int]) -> list[frozenset[str]]:
        """Return the sets, that which selects most first."""
        return sorted(
            self.ways,
            key=lambda way: (len(way), sum(frequency.get(word, 0) for word in way), sorted(way)),
        )

    def best(self, frequency: Mapping[str, int]) -> frozenset[str]:
        """Return the set that selects most."""
        return self.sorted(frequency)[0]

    def fewest(self) -> frozenset[str]:
        """Return the smallest set."""
        least = min(map(len, self.ways))
        small = [way for way in self.ways if len(way) == least]
        return small[0] if len(small) == 1 else min(small, key=sorted)


def anchors_of(sequence: Sequence) -> Anchors | None:
    """Return the anchors of a pattern, None when any words may fit it."""
    ways = tuple(_ways(sequence))
    return Anchors(ways) if ways else None


def _ways(sequence: Sequence) -> Iterator[frozenset[str]]:
    for part in sequence:
        match part:
            case Choice(options=(only,)):  # such as a phrase: all that it needs is needed
                yield from _ways(only)
            case _ if (way := _anchors(part)) is not None:
                yield way
            case _:
                pass


def _anchors(part: Part) -> frozenset[str] | None:
    match part:
        case Word(text=text):
            return frozenset((text,))
        case Item(options=options):
            words = frozenset(option[0] for option, _ in options)
            return words if 0 < len(words) <= MOST_ANCHORS else None
        case Choice(options=ways):
            return _of_choice(ways)
        case Gap() | Number() | Touching():
            return None


def _of_choice(options: tuple[Sequence, ...]) -> frozenset[str] | None:
    found: frozenset[str] = frozenset()
    for option in options:
        inner = anchors_of(option)
        if inner is None:
            return None
        found |= inner.fewest()
    return found if len(found) <= MOST_ANCHORS else None
