"""What a sentence pattern is made of."""

from collections.abc import Mapping
from dataclasses import field

from bot.domain.data import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One literal word: folded, and with its accents."""

    text: str
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Any words: ``least`` to ``most`` of them (None: no end)."""

    least: int
    most: int | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number, between bounds when they are given."""

    name: str
    least: float | None = None
    most: float | None = None

    def holds(self, value: float) -> bool:
        """Tell whether a number lies between the bounds."""
        above = self.least is None or value >= self.least
        return above and (self.most is None or value <= self.most)

    def kept(self, value: float) -> "Captures":
        """Return what is captured of a number."""
        return {self.name: int(value) if value.is_integer() else value} if self.name != "_" else {}


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list; what is kept is its name."""

    name: str
    options: tuple[tuple[tuple[str, ...], str], ...]  # (folded words, value), longest first
    exact: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences."""

    options: tuple["Sequence", ...]


@dataclass(frozen=True, slots=True)
class Touching:
    """Pieces that touch, one behind the other: they may stand within one word, `abc{x}`."""

    pieces: tuple["Sequence", ...]


Part = Word | Gap | Number | Item | Choice | Touching
Sequence = tuple[Part, ...]
Words = tuple[str, ...]
Exact = tuple[str, ...] | None
Captures = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Fit:
    """How a message fits a pattern: what was captured, and how much was matched literally."""

    captures: Captures = field(default_factory=dict)
    words: int = 0
    letters: int = 0
    accents: int = 0  # literal words that are written exactly so

    def after(self, literal: Words, exact: Words, captured: Captures) -> "Fit":
        """Return this fit of the rest behind some literal words and a capture."""
        return Fit(
            {**captured, **self.captures},
            self.words + len(literal),
            self.letters + sum(len(word) for word in literal),
            self.accents + sum(one == two for one, two in zip(literal, exact, strict=True)),
        )

    def then(self, rest: "Fit") -> "Fit":
        """Return this fit with that of what follows."""
        return Fit(
            {**self.captures, **rest.captures},
            self.words + rest.words,
            self.letters + rest.letters,
            self.accents + rest.accents,
        )
