"""Sentence patterns, and how a message fits one."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from bot.domain.data import dataclass
from bot.language.folding import Folded, apart
from bot.language.numbers import LONGEST_NUMBER, number_of
from bot.language.places import NOWHERE, Place

MOST_WORDS = 200  # of a message that a pattern looks at
NAME = r"[^\W\d]\w*"


class PatternBroken(Exception):
    """A pattern that cannot be used; the text says why."""


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


Part = Word | Gap | Number | Item | Choice
Sequence = tuple[Part, ...]
Words = tuple[str, ...]
Exact = tuple[str, ...] | None
Captures = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A sentence pattern over the folded words of a whole message."""

    source: str
    captures: tuple[str, ...] = ()
    has_wildcard: bool = False
    has_number: bool = False
    literals: int = 0  # words written out, for specificity
    place: Place = NOWHERE
    compiled: Any = field(default=(), compare=False, repr=False)

    def words(self) -> tuple[str, ...]:
        """Return the literal words written in it, folded, in order."""
        return tuple(_words_of(self.compiled))

    def match(self, folded: Folded) -> Captures | None:
        """Return the captures when the whole message fits, as written; None when it does not."""
        found = self.fit(folded)
        return None if found is None else found.captures

    def fit(self, folded: Folded) -> "Fit | None":
        """Return how the whole message fits; None when it does not."""
        if len(folded.words) > MOST_WORDS:
            return None
        found = _Matcher(folded).whole(self.compiled)
        if found is None and self.has_number and (cut := apart(folded)) is not None:
            return _Matcher(cut).whole(self.compiled)
        return found


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


class _Matcher:
    """Matches one message; each (part, position) is tried once, so time is bounded."""

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        self._dead: set[tuple[int, int]] = set()

    def whole(self, sequence: Sequence) -> Fit | None:
        return self._run(_link(sequence, None), 0)

    def _run(self, node: "_Node | None", at: int) -> Fit | None:
        if node is None:
            return Fit() if at == len(self._folded.words) else None
        state = (id(node), at)
        if state in self._dead:
            return None
        if isinstance(node.part, Choice):
            rests = (self._run(way, at) for way in node.ways)
            found = next((rest for rest in rests if rest is not None), None)
        else:
            found = self._step(node, at)
        if found is None:
            self._dead.add(state)
        return found

    def _step(self, node: "_Node", at: int) -> Fit | None:
        for end, captured, exact in self._ends(node.part, at):
            rest = self._run(node.after, end)
            if rest is not None:
                if exact is None:
                    return Fit({**captured, **rest.captures}, rest.words, rest.letters,
                               rest.accents)  # fmt: skip
                return rest.after(self._folded.exact[at:end], exact, captured)
        return None

    def _ends(self, part: Part, at: int) -> Iterator[tuple[int, Captures, Exact]]:
        """Yield where a part may end, what it captures, and its literal words if it has any."""
        words = self._folded.words
        match part:
            case Word(text, exact):
                if at < len(words) and words[at] == text:
                    yield at + 1, {}, (exact,)
            case Gap(least, most, name):
                last = len(words) if most is None else min(len(words), at + most)
                for end in range(at + least, last + 1):
                    yield end, self._captured(name, at, end), None
            case Number():
                yield from self._number(part, at)
            case Item(name, options):
                for option, value in options:
                    if words[at : at + len(option)] == option:
                        captured = {name: value} if name else {}
                        yield at + len(option), captured, part.exact.get(option, option)
            case Choice():
                return

    def _captured(self, name: str, start: int, end: int) -> Captures:
        if not name or name == "_":
            return {}
        return {name: self._folded.between(start, end)}

    def _number(self, part: Number, at: int) -> Iterator[tuple[int, Captures, Exact]]:
        for end in range(min(at + LONGEST_NUMBER, len(self._folded.words)), at, -1):
            value = number_of(self._folded.words[at:end])
            if value is None:
                continue
            if part.least is not None and value < part.least:
                continue
            if part.most is not None and value > part.most:
                continue
            number = int(value) if value.is_integer() else value
            yield end, {part.name: number} if part.name != "_" else {}, None


class _Node:
    """A part with what follows it; choices lead into ways that come back to the same follower."""

    __slots__ = ("after", "part", "ways")

    def __init__(self, part: Part, after: "_Node | None") -> None:
        self.part = part
        self.after = after
        self.ways: tuple[_Node | None, ...] = ()


def _link(sequence: Sequence, after: "_Node | None") -> "_Node | None":
    for part in reversed(sequence):
        node = _Node(part, after)
        if isinstance(part, Choice):
            node.ways = tuple(_link(option, after) for option in part.options)
        after = node
    return after


def _words_of(sequence: Sequence) -> Iterator[str]:
    for part in sequence:
        match part:
            case Word(text=text):
                yield text
            case Choice(options=options):
                for option in options:
                    yield from _words_of(option)
            case Gap() | Number() | Item():
                pass
