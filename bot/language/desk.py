"""The reader's desk: where a file's tree is read into objects, problems noted, names collected."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import TypeVar

from bot.domain.numbers import WRITTEN
from bot.language.durations import meant_duration, parse_duration
from bot.language.loanwords import BRACED, FOREIGN, OWNED, TYPES, ours
from bot.language.pattern_slips import SLASHED, pattern_remedy, regex_remedy
from bot.language.patterns import (
    Pattern,
    PatternBroken,
)
from bot.language.places import Place
from bot.language.problems import clipped, did_you_mean
from bot.language.read_patterns import parse_pattern, spoken_forms
from bot.language.regexes import RegexPattern, parse_regex
from bot.language.signatures import Argument
from bot.language.slips import as_condition, remedy
from bot.language.source import Entry, Items, Node, Scalar, Source, Table
from bot.language.templates import (
    Expression,
    Template,
    parse_expression,
    parse_template,
)
from bot.language.unworkable import TemplateBroken
from bot.language.vocabulary import FILTERS, FUNCTIONS

Read = TypeVar("Read")

MOST_PATTERN = 2_000  # characters
CURLED = frozenset("“”„‟«»‘’")
NOWHERE_ELSE: Mapping[str, str] = MappingProxyType({})

FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


@dataclass(slots=True)
class Scope:
    """What the templates of one rule or flow may name, and what it refers to."""

    owner: str
    names: set[str] = field(default_factory=set)
    is_open: bool = False  # an event's data bring names of their own
    expressions: list[Expression | Template] = field(default_factory=list)
    braced: list[tuple[str, str, Place]] = field(default_factory=list)  # {name}, its name


@dataclass(slots=True)
class Reference:
    """A name that must exist somewhere: a flow, a reply, a team."""

    kind: str
    name: str
    place: Place
    scope: str = ""
    arguments: Mapping[str, Argument] = field(default_factory=dict)  # of an action


@dataclass(slots=True)
class Known:
    """What is known of all files before any rule is read."""

    lists: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    phrases: dict[str, str] = field(default_factory=dict)
    is_whole: bool = True  # False: a broken file may hold more


class Desk:
    """Reads the nodes of one file."""

    def __init__(self, source: Source, known: Known) -> None:
        self.source = source
        self.known = known
        self.scope = Scope("file")
        self.references: list[Reference] = []
        self.paths: dict[str, int] = {}

    # ------------------------------------------------------------------ telling

    def tell(self, place: Place, code: str, message: str, help: str = "") -> None:  # noqa: A002
        """Note a problem."""
        self.source.tell(place, code, message, help)

    def wrong(self, node: Node, wanted: str, help: str = "") -> None:  # noqa: A002
        """Note that a value has the wrong shape."""
        self.tell(node.place, "E104", f"{_shape(node)} is not {wanted}", help)

    def refer(self, kind: str, name: str, place: Place) -> None:
        """Note a name that must exist; checked once all files are read."""
        self.references.append(Reference(kind, name, place, self.scope.owner))

    # ------------------------------------------------------------------ shapes

    def table(
        self, node: Node | None, keys: Collection[str], what: str,
        under: Mapping[str, str] = NOWHERE_ELSE,
    ) -> dict[str, Entry]:  # fmt: skip
        """Return a mapping's entries whose keys are known; others are told.

        Args:
            under: Keys that stand one level deeper, and under which of the known ones.
        """
        if not isinstance(node, Table):
            if node is not None:
                self.wrong(node, f"{what} (a mapping)")
            return {}
        for entry in node.entries.values():
            if entry.name not in keys:
                self.unknown_key(entry, keys, under)
        return {name: entry for name, entry in node.entries.items() if name in keys}

    def unknown_key(
        self, entry: Entry, keys: Collection[str], under: Mapping[str, str] = NOWHERE_ELSE
    ) -> None:
        """Note a key that nobody reads."""
        if self.source.is_full:
            return
        unseen = _UNSEEN.search(entry.name)
        near = ours(entry.name, keys)
        deeper = "" if near else entry.name if entry.name in under else ours(entry.name, under)
        near = near or ("" if deeper else did_you_mean(entry.name, keys))
        empty = isinstance(entry.value, Scalar) and not entry.value.text
        cut = entry.inline and (empty or not entry.name[:1].isalpha() or " " in entry.name)
        if unseen:
            told = f"a sign that nobody sees (U+{ord(unseen[0]):04X}) stands in it: type it anew"
        elif cut and (" " in entry.name or not near):
            told = "inside { } a comma ends the text: quote the whole text"
            if CURLED & {*entry.name}:
                told = f"{told}, with straight quotes"
        elif deeper:
            place = under[deeper]
            told = f"write:  {place}" if ":" in place else f"write '{deeper}' under '{place}'"
        elif near:
            told = f"did you mean '{near}'?"
        else:
            told = f"one of: {', '.join(sorted(keys))}"
        self.tell(entry.place, "E101", f"unknown key '{clipped(entry.name)}'", told)

    def each(self, node: Node | None) -> tuple[Node, ...]:
        """Return a list's items; one item alone will do."""
        if node is None:
            return ()
        return node.nodes if isinstance(node, Items) else (node,)

    def filled(self, node: Node | None, key: str, so: str) -> None:
        """Note that a list holds nothing, and what follows from that."""
        if isinstance(node, Items) and not node.nodes:
            self.tell(node.place, "W310", f"'{key}' is an empty list: {so}")

    def all_of(self, node: Node | None, read: Callable[[Node], Read | None]) -> tuple[Read, ...]:
        """Return every item read, those that cannot be read left out."""
        return tuple(
            found for found in (read(item) for item in self.each(node)) if found is not None
        )

    # ------------------------------------------------------------------ scalars

    def text(self, node: Node | None) -> str | None:
        """Return a plain text."""
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.wrong(node, "a text")
            return None
        return node.text

    def word(self, node: Node | None) -> str | None:
        """Return a text that is not empty."""
        found = self.text(node)
        if found is not None and not found.strip():
            assert node is not None
            cut = _REMARK.search(self.source.line(node.place.line)[node.place.column - 1 :])
            hint = f"what begins with '#' is a remark: quote it:  \"{cut[1]}\"" if cut else ""
            self.tell(node.place, "E104", "a value is missing here", hint)
            return None
        return found

    def phone_number(self, node: Node | None) -> str:
        """Return a phone number that a message can be sent to, "" where there is none."""
        found = self.word(node) or ""
        digits = "".join(letter for letter in found if letter.isdecimal())
        is_whole = WRITTEN.fullmatch(found.strip()) and 8 <= len(digits) <= 15  # of E.164
        if node is not None and found and (not is_whole or digits.startswith("0")):
            self.wrong(node, 'a number with its country\'s code, such as "+5511912345678"')
        return found

    def words(self, node: Node | None) -> tuple[str, ...]:
        """Return a list of texts."""
        return self.all_of(node, self.word)

    def flag(self, node: Node | None, default: bool = False) -> bool:
        """Return true or false."""
        if node is None:
            return default
        if isinstance(node, Scalar) and node.text.lower() in FLAGS:
            return FLAGS[node.text.lower()]
        self.wrong(node, "true/false")
        return default

    def duration(self, node: Node | None) -> timedelta | None:
        """Return a duration such as 30s, 20m, 12h, 7d or 1h30m."""
        if node is None:
            return None
        found = parse_duration(node.text) if isinstance(node, Scalar) else None
        if found is None:
            meant = meant_duration(node.text) if isinstance(node, Scalar) else ""
            self.tell(
                node.place, "E104",
                f"{_shape(node)} is not a duration; write 30s, 20m, 12h, 7d or 1h30m",
                f"did you mean '{meant}'?" if meant else "",
            )  # fmt: skip
        return found

    def whole(self, node: Node | None, least: int, most: int) -> int | None:
        """Return a whole number within bounds."""
        if node is None:
            return None
        if isinstance(node, Scalar) and re.fullmatch(r"-?\d{1,9}", node.text):
            value = int(node.text)
            if least <= value <= most:
                return value
        self.wrong(node, f"a whole number from {least} to {most}")
        return None

    def number(self, node: Node | None, least: float, most: float) -> float | None:
        """Return a number within bounds."""
        if node is None:
            return None
        if isinstance(node, Scalar) and re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", node.text):
            value = float(node.text)
            if least <= value <= most:
                return value
        self.wrong(node, f"a number from {least:g} to {most:g}")
        return None

    def one_of(self, node: Node | None, key: str, allowed: Iterable[str]) -> str | None:
        """Return one of a few words."""
        found = self.word(node)
        if found is None:
            return None
        choices = list(allowed)
        if found in choices:
            return found
        assert node is not None
        near = TYPES.get(found, "") if TYPES.get(found) in choices else ""
        near = near or did_you_mean(found, choices)
        hint = f"did you mean '{near}'? " if near else ""
        self.tell(
            node.place, "E103", f"'{clipped(found)}' is not allowed for '{key}'",
            f"{hint}one of: {', '.join(choices)}",
        )  # fmt: skip
        return None

    # ------------------------------------------------------------------ what computes

    def template(self, node: Node | None) -> Template | None:
        """Return a text with `$(…)` in it."""
        found = self.text(node)
        if found is None:
            return None
        assert node is not None
        for foreign in FOREIGN.finditer(found):
            inner = foreign[0].strip("${} ")
            meant = inner if inner in self.scope.names else OWNED.get(inner, inner)
            self.tell(
                node.place, "W210", f"'{clipped(foreign[0])}' is not a template here",
                f"write $({clipped(meant)})",
            )  # fmt: skip
        self.scope.braced += [
            (sign[0], sign[1] or sign[2], node.place) for sign in BRACED.finditer(found)
        ]
        try:
            template = parse_template(found, node.place)
        except (TemplateBroken, *TOO_DEEP) as reason:
            said = _reason(reason)
            self.tell(node.place, "E206", said, _nearest(said, filter=FILTERS, function=FUNCTIONS))
            return None
        if not template.is_plain:
            self.scope.expressions.append(template)
        return template

    def expression(self, node: Node | None) -> Expression | None:
        """Return a bare expression; `$(…)` around it will do."""
        found = self.word(node)
        if found is None:
            return None
        assert node is not None
        inner = found.strip()
        if inner.startswith("$(") and inner.endswith(")"):
            inner = inner[2:-1]
        try:
            expression = parse_expression(inner, node.place)
        except (TemplateBroken, *TOO_DEEP) as reason:
            said = _reason(reason)
            hint = _nearest(said, filter=FILTERS, function=FUNCTIONS) or as_condition(inner)
            self.tell(node.place, "E104", said, hint)
            return None
        self.scope.expressions.append(expression)
        return expression

    def pattern(self, node: Node) -> Pattern | None:
        """Return a sentence pattern; its captures join the scope."""
        found = self.word(node)
        if found is None:
            return None
        if len(found) > MOST_PATTERN:
            self.tell(node.place, "E104", f"a pattern is at most {MOST_PATTERN} characters long")
            return None
        try:
            pattern = parse_pattern(found, self.known.lists, self.known.phrases, node.place)
        except (PatternBroken, *TOO_DEEP) as reason:
            said = _reason(reason)
            code = "E210" if said.startswith("there is no") else "E104"
            if code == "E210" and not self.known.is_whole:
                return None
            hint = _nearest(said, list=self.known.lists, phrase=self.known.phrases)
            hint = hint or pattern_remedy(said)
            self.tell(node.place, code, f"'{clipped(found)}': {said}", hint)
            return None
        self.scope.names.update(pattern.captures)
        return pattern

    def synonyms(self, node: Node | None) -> tuple[str, ...]:
        """Return a list of texts; one with ``[x]``, ``(a|b)`` or ``<x>`` becomes its wordings."""
        return tuple(form for told in self.all_of(node, self._wordings) for form in told)

    def _wordings(self, node: Node) -> tuple[str, ...] | None:
        found = self.word(node)
        if found is None or not _HAS_MARKS.search(found):
            return None if found is None else (found,)
        try:
            return spoken_forms(found, self.known.phrases)
        except PatternBroken as reason:
            hint = "words of a list may hold phrases of the same file" if "<" in found else ""
            hint = hint or pattern_remedy(str(reason))
            self.tell(node.place, "E104", f"'{clipped(found)}': {reason}", hint)
            return None

    def regex(self, node: Node | None) -> RegexPattern | None:
        """Return a regular expression; its named groups join the scope."""
        found = self.word(node)
        if found is None:
            return None
        assert node is not None
        try:
            regex = parse_regex(found, node.place)
        except PatternBroken as reason:
            self.tell(
                node.place, "E104",
                f"'{clipped(found)}' is not a regular expression: {clipped(str(reason))}",
                regex_remedy(str(reason)),
            )  # fmt: skip
            return None
        slashed = SLASHED.fullmatch(found)
        if slashed is not None:
            flags = "(?i)" if "i" in slashed[2] else ""
            self.tell(node.place, "W319", f"'{clipped(found)}' is looked for with its slashes",
                      f"write:  regex: '{flags}{clipped(slashed[1])}'")  # fmt: skip
        self.scope.names.update(regex.captures)
        return regex


_REMARK = re.compile(r"^\s*(#\S[^\]},]*)")
"""What was meant as a value and is a remark to YAML."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")

_HAS_MARKS = re.compile(r"[\[|]|<[^\W\d]\w*>")
"""What makes the word of a list several wordings."""

TOO_DEEP = (RecursionError, SyntaxError, MemoryError)
"""What Python says of a text that nests too deep to be read."""


def _reason(reason: BaseException) -> str:
    return "it nests too deep" if isinstance(reason, TOO_DEEP) else str(reason)


def _nearest(said: str, **known: Iterable[str]) -> str:
    """Return a hint where a message says that there is no thing of some name."""
    lacking = re.search(r"there is no (\w+) '(.*)'", said)
    near = did_you_mean(lacking[2], known.get(lacking[1], ())) if lacking else ""
    return f"did you mean '{near}'?" if near else remedy(said, FILTERS)


def _shape(node: Node) -> str:
    match node:
        case Items():
            return "a list"
        case Table():
            return "a mapping"
        case Scalar():
            return f"'{clipped(node.text)}'" if node.text else "nothing"
