"""Sentence patterns, and how a message fits one."""

from collections.abc import Iterator
from dataclasses import field
from typing import Any

from bot.domain.data import dataclass
from bot.language.folding import Folded, apart
from bot.language.numbers import longest_at, number_of
from bot.language.parts import (
    Captures,
    Choice,
    Exact,
    Fit,
    Gap,
    Item,
    Number,
    Part,
    Sequence,
    Touching,
    Word,
)
from bot.language.places import NOWHERE, Place
from bot.language.touching import ends_of

MOST_WORDS = 200  # of a message that a pattern looks at
NAME = r"[^\W\d]\w*"


class PatternBroken(Exception):
    """A pattern that cannot be used; the text says why."""


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

    def fit(self, folded: Folded) -> Fit | None:
        """Return how the whole message fits; None when it does not."""
        if len(folded.words) > MOST_WORDS:
            return None
        found = _Matcher(folded).whole(self.compiled)
        if found is None and self.has_number and (cut := apart(folded)) is not None:
            return _Matcher(cut).whole(self.compiled)
        return found


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
        elif isinstance(node.part, Touching):
            found = self._touch(node.part, node.after, at)
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

    def _touch(self, part: Touching, after: "_Node | None", at: int) -> Fit | None:
        for end, fit in ends_of(part, self._folded, at):
            rest = self._run(after, end)
            if rest is not None:
                return fit.then(rest)
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
            case Choice() | Touching():
                return

    def _captured(self, name: str, start: int, end: int) -> Captures:
        if not name or name == "_":
            return {}
        return {name: self._folded.between(start, end)}

    def _number(self, part: Number, at: int) -> Iterator[tuple[int, Captures, Exact]]:
        for end in range(
            min(at + longest_at(self._folded.words, at), len(self._folded.words)), at, -1
        ):
            value = number_of(self._folded.words[at:end])
            if value is not None and part.holds(value):
                yield end, part.kept(value), None


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
            case Gap() | Number() | Item() | Touching():
                pass
