"""Sentence patterns and regular expressions, compiled and bounded."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import re2

from bot.language.folding import Folded, fold
from bot.language.numbers import LONGEST_NUMBER, number_of
from bot.language.places import NOWHERE, Place

MOST_WORDS = 200  # of a message that a pattern looks at
NAME = r"[A-Za-z_][A-Za-z0-9_]*"


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
    literals: int = 0  # words written out, for specificity
    place: Place = NOWHERE
    compiled: Any = field(default=(), compare=False, repr=False)

    def match(self, folded: Folded) -> Captures | None:
        """Return the captures when the whole message fits, as written; None when it does not."""
        found = self.fit(folded)
        return None if found is None else found.captures

    def fit(self, folded: Folded) -> "Fit | None":
        """Return how the whole message fits; None when it does not."""
        if len(folded.words) > MOST_WORDS:
            return None
        return _Matcher(folded).whole(self.compiled)


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


def parse_pattern(
    source: str,
    lists: Mapping[str, Mapping[str, tuple[str, ...]]],
    phrases: Mapping[str, str],
    place: Place = NOWHERE,
) -> Pattern:
    """Return a pattern ready to match. Raises PatternBroken."""
    parser = _Parser(source, lists, phrases)
    sequence = parser.parse()
    return Pattern(
        source=source,
        captures=tuple(dict.fromkeys(parser.captures)),
        has_wildcard=parser.wild,
        literals=_literals(sequence),
        place=place,
        compiled=sequence,
    )


def _literals(sequence: Sequence) -> int:
    count = 0
    for part in sequence:
        match part:
            case Word() | Item():
                count += 1
            case Choice(options):
                count += min(_literals(option) for option in options)
            case Gap() | Number():
                pass
    return count


_TOKEN = re.compile(r"\{[^{}]*\}|<[^<>]*>|[\[\]()|*]|[^\s\[\]()|*{}<>]+")
MOST_FORMS = 64  # of one word with optional pieces inside

Written = tuple[str, ...] | None
"""The words that a piece may stand for, when it is a piece of one word; None when it is more."""


class _Parser:
    """Reads one pattern."""

    def __init__(
        self,
        source: str,
        lists: Mapping[str, Mapping[str, tuple[str, ...]]],
        phrases: Mapping[str, str],
        depth: int = 0,
    ) -> None:
        found = list(_TOKEN.finditer(source))
        self._tokens = [token[0] for token in found]
        ends = [0, *(token.end() for token in found)]
        self._glued = [
            number > 0
            and token.start() == end
            and not _opens_apart(source, token.start())
            and not _closes_apart(source, end)
            for number, (token, end) in enumerate(zip(found, ends, strict=False))
        ]
        left = _TOKEN.sub("", source).strip()
        if left:
            raise PatternBroken(f"{left[0]!r} has no partner")
        self._at = 0
        self._lists = lists
        self._phrases = phrases
        self._depth = depth
        self.captures: list[str] = []
        self.wild = False

    def parse(self) -> Sequence:
        options, _ = self._options("")
        if self._at < len(self._tokens):
            raise PatternBroken(f"{self._tokens[self._at]!r} closes nothing")
        return options[0] if len(options) == 1 else (Choice(tuple(options)),)

    def _options(self, closing: str) -> tuple[list[Sequence], Written]:
        """Return the alternatives up to a closing mark, and the pieces of a word that they are."""
        options: list[Sequence] = []
        written: list[str] | None = []
        parts: list[tuple[Sequence, Written]] = []

        def close() -> None:
            nonlocal written
            options.append(tuple(part for sequence, _ in parts for part in sequence))
            forms = parts[0][1] if len(parts) == 1 else (("",) if not parts else None)
            written = None if written is None or forms is None else [*written, *forms]
            parts.clear()

        while self._at < len(self._tokens) and self._tokens[self._at] not in ("]", ")"):
            token = self._tokens[self._at]
            self._at += 1
            if token == "|":  # noqa: S105 - a mark of the pattern
                close()
                continue
            glued = self._glued[self._at - 1] and bool(parts)
            piece = self._part(token)
            joined = _joined(parts[-1], piece) if glued else None
            if joined is None:
                parts.append(piece)
            else:
                parts[-1] = joined
        close()
        if closing:
            if self._at >= len(self._tokens) or self._tokens[self._at] != closing:
                raise PatternBroken(f"a {closing!r} is missing")
            self._at += 1
        return options, None if written is None else tuple(written)

    def _part(self, token: str) -> tuple[Sequence, Written]:
        match token:
            case "[":
                return self._optional()
            case "(":
                options, written = self._options(")")
                return (Choice(tuple(options)),), written
            case "*":
                self.wild = True
                return (Gap(1, None),), None
            case _ if token.startswith("{"):
                return (self._slot(token[1:-1].strip()),), None
            case _ if token.startswith("<"):
                return self._phrase(token[1:-1].strip()), None
            case _:
                return _literal(token), (token,)

    def _optional(self) -> tuple[Sequence, Written]:
        if self._tokens[self._at : self._at + 2] == ["*", "]"]:
            self._at += 2
            self.wild = True
            return (Gap(0, None),), None
        options, written = self._options("]")
        return (Choice((*options, ())),), None if written is None else (*written, "")

    def _slot(self, inside: str) -> Part:
        first, colon, second = (piece.strip() for piece in inside.partition(":"))
        if not colon:
            self._name(first)
            self.wild = True
            return Gap(1, None, first)
        if second == "word":
            if first != "_":
                self._name(first)
            self.wild = True
            return Gap(1, 1, first)
        if second == "number" or re.fullmatch(r"-?\d+\s*-\s*-?\d+", second):
            return self._number(first, second)
        return self._item(first, second)

    def _number(self, name: str, kind: str) -> Number:
        if name != "_":
            self._name(name)
        if kind == "number":
            return Number(name)
        bounds = re.fullmatch(r"(-?\d+)\s*-\s*(-?\d+)", kind)
        assert bounds is not None
        return Number(name, float(bounds[1]), float(bounds[2]))

    def _item(self, list_name: str, name: str) -> Item:
        if list_name not in self._lists:
            raise PatternBroken(f"there is no list {list_name!r}")
        if name != "_":
            self._name(name)
        options = [
            (fold(spoken).words, value)
            for value, synonyms in self._lists[list_name].items()
            for spoken in (value, *synonyms)
        ]
        options.sort(key=lambda option: -len(option[0]))
        exact = {
            fold(spoken).words: fold(spoken).exact
            for value, synonyms in self._lists[list_name].items()
            for spoken in (value, *synonyms)
        }
        kept = tuple(option for option in options if option[0])
        return Item("" if name == "_" else name, kept, exact)

    def _phrase(self, name: str) -> Sequence:
        if name not in self._phrases:
            raise PatternBroken(f"there is no phrase {name!r}")
        if self._depth > 10:
            raise PatternBroken(f"the phrase {name!r} holds itself")
        inner = _Parser(self._phrases[name], self._lists, self._phrases, self._depth + 1)
        options = inner.parse()
        self.captures += inner.captures
        self.wild = self.wild or inner.wild
        return (Choice((options,)),)

    def _name(self, name: str) -> None:
        if not re.fullmatch(NAME, name):
            raise PatternBroken(f"{name!r} is not a name")
        self.captures.append(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegexPattern:
    """A regular expression on RE2: linear time, no look-around, no back-references."""

    source: str
    captures: tuple[str, ...] = ()
    place: Place = NOWHERE
    compiled: Any = field(default=None, compare=False, repr=False)

    def search(self, text: str) -> Mapping[str, str] | None:
        """Return the named groups of the first hit anywhere in ``text``; None without one."""
        return _groups(self.compiled.search(text))

    def find(self, text: str) -> tuple[str, Mapping[str, str]] | None:
        """Return the first hit anywhere in ``text`` with its named groups; None without one."""
        found = self.compiled.search(text)
        return None if found is None else (str(found[0]), _groups(found) or {})

    def fullmatch(self, text: str) -> Mapping[str, str] | None:
        """Return the named groups when all of ``text`` fits; None when it does not."""
        return _groups(self.compiled.fullmatch(text))


def _opens_apart(source: str, at: int) -> bool:
    """Tell whether a bracket at ``at`` holds a blank first, as in ``turn on[ the] light``."""
    return source[at] in "[(" and source[at + 1 : at + 2].isspace()


def _closes_apart(source: str, end: int) -> bool:
    return source[end - 1] in "])" and source[end - 2 : end - 1].isspace()


def _literal(text: str) -> Sequence:
    folded = fold(text)
    return tuple(map(Word, folded.words, folded.exact))


def _joined(
    first: tuple[Sequence, Written], second: tuple[Sequence, Written]
) -> tuple[Sequence, Written] | None:
    """Return two pieces that touch as the forms of one word; None when they are no such pieces."""
    (_, one), (_, two) = first, second
    if one is None or two is None or len(one) * len(two) > MOST_FORMS:
        return None
    forms = tuple(dict.fromkeys(start + end for start in one for end in two))
    return (Choice(tuple(_literal(form) for form in forms)),), forms


def parse_regex(source: str, place: Place = NOWHERE) -> RegexPattern:
    """Return a regular expression ready to search. Raises PatternBroken."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        compiled = re2.compile(_unicode(source), options=options)
    except re2.error as reason:
        raise PatternBroken(_said(reason)) from reason
    return RegexPattern(
        source=source, captures=tuple(compiled.groupindex), place=place, compiled=compiled
    )


def _unicode(source: str) -> str:
    r"""Return the expression with ``\w`` and ``\d`` in Unicode's meaning, as authors expect.

    RE2's own ``\b`` and ``\w`` know ASCII only: ``\bol\b`` would hit in "olá". ``\b`` is kept where
    the text is ASCII and cannot be mended without look-around, so words are better matched by
    ``keyword``.
    """
    return re.sub(
        r"\\[\\wWsS]",
        lambda found: {r"\w": r"[\pL\pN_\pM]", r"\W": r"[^\pL\pN_\pM]"}.get(found[0], found[0]),
        source,
    )


def _groups(found: Any) -> Mapping[str, str] | None:  # noqa: ANN401 - re2 has no types
    if found is None:
        return None
    return {name: value for name, value in found.groupdict().items() if value is not None}


def _said(reason: Exception) -> str:
    said = reason.args[0] if reason.args else reason
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
