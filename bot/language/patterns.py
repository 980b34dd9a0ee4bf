"""Sentence patterns and regular expressions, compiled and bounded."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import re2

from bot.language.folding import Folded, fold
from bot.language.places import NOWHERE, Place

MOST_WORDS = 200  # of a message that a pattern looks at
NAME = r"[A-Za-z_][A-Za-z0-9_]*"


class PatternBroken(Exception):
    """A pattern that cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Word:
    """One literal word, folded."""

    text: str


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


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences."""

    options: tuple["Sequence", ...]


Part = Word | Gap | Number | Item | Choice
Sequence = tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A sentence pattern over the folded words of a whole message."""

    source: str
    captures: tuple[str, ...] = ()
    has_wildcard: bool = False
    literals: int = 0  # words written out, for specificity
    place: Place = NOWHERE
    compiled: Any = field(default=(), compare=False, repr=False)

    def match(self, folded: Folded) -> Mapping[str, str] | None:
        """Return the captures when the whole message fits, as written; None when it does not."""
        if len(folded.words) > MOST_WORDS:
            return None
        return _Matcher(folded).whole(self.compiled)


class _Matcher:
    """Matches one message; each (part, position) is tried once, so time is bounded."""

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        self._dead: set[tuple[int, int]] = set()

    def whole(self, sequence: Sequence) -> Mapping[str, str] | None:
        return self._run(_link(sequence, None), 0)

    def _run(self, node: "_Node | None", at: int) -> Mapping[str, str] | None:
        words = self._folded.words
        if node is None:
            return {} if at == len(words) else None
        state = (id(node), at)
        if state in self._dead:
            return None
        for end, captured in self._ways(node, at):
            if isinstance(end, _Node) or end is None:
                rest = self._run(end, at)
            else:
                rest = self._run(node.after, end)
            if rest is not None:
                return {**captured, **rest}
        self._dead.add(state)
        return None

    def _ways(  # noqa: C901 - one case a part
        self, node: "_Node", at: int
    ) -> Iterator[tuple["int | _Node | None", Mapping[str, str]]]:
        words = self._folded.words
        match node.part:
            case Word(text):
                if at < len(words) and words[at] == text:
                    yield at + 1, {}
            case Gap(least, most, name):
                last = len(words) if most is None else min(len(words), at + most)
                for end in range(at + least, last + 1):
                    yield end, self._captured(name, at, end)
            case Number():
                yield from self._number(node.part, at)
            case Item(name, options):
                for option, value in options:
                    if words[at : at + len(option)] == option:
                        yield at + len(option), {name: value} if name else {}
            case Choice():
                for way in node.ways:
                    yield way, {}

    def _captured(self, name: str, start: int, end: int) -> Mapping[str, str]:
        if not name or name == "_":
            return {}
        return {name: " ".join(self._folded.written[start:end])}

    def _number(self, part: Number, at: int) -> Iterator[tuple[int, Mapping[str, str]]]:
        if at >= len(self._folded.words):
            return
        value = number_in_words(self._folded.words[at])
        if value is None:
            return
        if part.least is not None and value < part.least:
            return
        if part.most is not None and value > part.most:
            return
        yield at + 1, {part.name: f"{value:g}"}


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


NUMBER_WORDS: Mapping[str, int] = {
    word: value
    for value, written in enumerate((
        "zero cero", "one un uno una um uma", "two dos dois duas", "three tres",
        "four cuatro quatro",
        "five cinco", "six seis", "seven siete sete", "eight ocho oito", "nine nueve nove",
        "ten diez dez", "eleven once onze", "twelve doce doze", "thirteen trece treze",
        "fourteen catorce quatorze catorze", "fifteen quince quinze", "sixteen dieciseis dezesseis",
        "seventeen diecisiete dezessete", "eighteen dieciocho dezoito",
        "nineteen diecinueve dezenove", "twenty veinte vinte",
    ))
    for word in written.split()
}  # fmt: skip


def number_in_words(word: str) -> float | None:
    """Return the number that a folded word says in digits or letters, None when it is none."""
    if word in NUMBER_WORDS:
        return float(NUMBER_WORDS[word])
    plain = word.replace(",", ".")
    return float(plain) if re.fullmatch(r"\d{1,15}(\.\d{1,6})?", plain) else None


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


class _Parser:
    """Reads one pattern."""

    def __init__(
        self,
        source: str,
        lists: Mapping[str, Mapping[str, tuple[str, ...]]],
        phrases: Mapping[str, str],
        depth: int = 0,
    ) -> None:
        self._tokens = _TOKEN.findall(source)
        if "".join(self._tokens) != re.sub(r"\s+", "", "".join(self._tokens)) and depth == 0:
            self._tokens = [token for token in self._tokens if token.strip()]
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
        options = self._options("")
        if self._at < len(self._tokens):
            raise PatternBroken(f"{self._tokens[self._at]!r} closes nothing")
        return options[0] if len(options) == 1 else (Choice(tuple(options)),)

    def _options(self, closing: str) -> list[Sequence]:
        options: list[Sequence] = []
        parts: list[Part] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token == "|":  # noqa: S105 - a mark of the pattern
                self._at += 1
                options.append(tuple(parts))
                parts = []
            elif token in ("]", ")"):
                break
            else:
                self._at += 1
                parts.extend(self._part(token))
        options.append(tuple(parts))
        if closing:
            if self._at >= len(self._tokens) or self._tokens[self._at] != closing:
                raise PatternBroken(f"a {closing!r} is missing")
            self._at += 1
        return options

    def _part(self, token: str) -> Sequence:
        match token:
            case "[":
                return self._optional()
            case "(":
                return (Choice(tuple(self._options(")"))),)
            case "*":
                self.wild = True
                return (Gap(1, None),)
            case _ if token.startswith("{"):
                return (self._slot(token[1:-1].strip()),)
            case _ if token.startswith("<"):
                return self._phrase(token[1:-1].strip())
            case _:
                return tuple(Word(word) for word in fold(token).words)

    def _optional(self) -> Sequence:
        if self._tokens[self._at : self._at + 2] == ["*", "]"]:
            self._at += 2
            self.wild = True
            return (Gap(0, None),)
        return (Choice((*self._options("]"), ())),)

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
        return Item("" if name == "_" else name, tuple(option for option in options if option[0]))

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

    def fullmatch(self, text: str) -> Mapping[str, str] | None:
        """Return the named groups when all of ``text`` fits; None when it does not."""
        return _groups(self.compiled.fullmatch(text))


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
