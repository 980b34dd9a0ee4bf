"""YAML as authors mean it: every scalar stays text, every node knows its place.

PyYAML's own types would read `no` as False, 18:30 as 1110 and 01310 as 712; here the field that a
text stands in decides what it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

import yaml

from bot.domain.data import dataclass
from bot.language.places import Place
from bot.language.problems import Problem
from bot.language.yaml_slips import NO_BREAK, UNSEEN, Quoted, slip_of

MOST_BYTES = 1_000_000  # of one file
MOST_EVENTS = 200_000
MOST_DEPTH = 40
MOST_PROBLEMS = 1_000  # told of one file; more help nobody

BREAKS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # where libyaml begins a new line
STRANGE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML forbids in a file."""

ESCAPED = re.compile("[\udc80-\udcff]")  # bytes that are no UTF-8

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as written. ``plain``: not quoted."""

    text: str
    place: Place
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    nodes: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping, in the order of writing."""

    entries: dict[str, "Entry"] = field(compare=False)
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One key with its value."""

    name: str
    place: Place
    value: "Node"
    inline: bool = False  # inside { }


Node = Scalar | Items | Table


class Source:
    """One file: its lines, and the problems found in it.

    Attributes:
        line_break: What ends each line; "" where lines end in several ways.
        events: How many things YAML found in it.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = BREAKS.split(text)
        self.line_break = _line_break(text, len(self.lines) - 1)
        self.problems: list[Problem] = []
        self.events = 0

    def line(self, number: int) -> str:
        """Return a line, counted from 1, "" when there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    @property
    def is_full(self) -> bool:
        """Tell whether so much is wrong that nothing more is noted."""
        return len(self.problems) >= MOST_PROBLEMS

    def tell(self, place: Place, code: str, message: str, help: str = "") -> None:  # noqa: A002
        """Note a problem."""
        if self.is_full:
            return
        self.problems.append(
            Problem(
                file=self.file, line=place.line, column=place.column, code=code, message=message,
                help=help, source_line=self.line(place.line),
            )
        )  # fmt: skip


def _line_break(text: str, count: int) -> str:
    """Return what all breaks are, of so many; "" when they differ."""
    found = "\r\n" if "\r\n" in text else "\n"
    return found if text.count(found) == count else ""


class Teller:
    """Collects problems between files, each with the source line of its place."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self.problems: list[Problem] = []

    def tell(self, place: Place, code: str, message: str, help: str = "") -> None:  # noqa: A002
        """Note a problem."""
        source = self._sources.get(place.file)
        self.problems.append(
            Problem(
                file=place.file, line=place.line, column=place.column, code=code, message=message,
                help=help, source_line=source.line(place.line) if source else "",
            )
        )  # fmt: skip


def decode(file: str, raw: str | bytes) -> tuple[str, Problem | None]:
    """Return a file's text, or the problem that keeps it from being text."""
    if len(raw) > MOST_BYTES:
        return "", _refused(file, f"the file is over {MOST_BYTES // 1000} kB", "split it")
    if isinstance(raw, bytes):
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return "", _refused(file, "this is UTF-16 text, not UTF-8", "save the file as UTF-8")
        if b"\x00" in raw:
            return "", _refused(file, "this is not a text file", "save it as UTF-8 text")
        text = raw.decode("utf-8", "surrogateescape")
        odd = ESCAPED.search(text)
        if odd is not None:
            before = text[: odd.start()]
            return "", _refused(file, "this is not UTF-8 text", "save the file as UTF-8", before)
    else:
        text = raw
    text = text.removeprefix("\ufeff")
    strange = STRANGE.search(text)
    if strange is not None:
        told = f"the character U+{ord(strange[0]):04X} does not belong into a text file"
        return "", _refused(file, told, "remove it", text[: strange.start()])
    return text, None


def _refused(file: str, message: str, help_: str, before: str = "") -> Problem:
    """Return the problem of a file that is no text, at the place behind ``before``."""
    lines = BREAKS.split(before)
    return Problem(
        file=file, line=len(lines), column=len(lines[-1]) + 1, code="E001", message=message,
        help=help_,
    )  # fmt: skip


def read_yaml(source: Source, text: str) -> Node | None:
    """Return the file's tree, None when it is empty or broken (told in ``source``)."""
    reading = _Reading(source)
    try:
        return reading.read(text)
    except yaml.YAMLError as reason:
        slip = slip_of(source.lines, reason, reading.quoted)
        place = Place(source.file, slip.line, slip.column)
        source.tell(place, "E001", f"not valid YAML: {slip.said}", slip.help)
        return None
    except RecursionError:
        source.tell(_at(source, None), "E001", f"nested deeper than {MOST_DEPTH}", "flatten it")
        return None


def _at(source: Source, mark: Any) -> Place:  # noqa: ANN401 - of libyaml or of PyYAML
    if mark is None:
        return Place(source.file, 1, 1)
    return Place(source.file, mark.line + 1, mark.column + 1)


class _Reading:
    """Builds the tree out of libyaml's events, at most so many and so deep: no bombs, no aliases.

    What is odd and no reason to stop is told behind the last event, when nothing stopped it.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._later: list[tuple[Place, str, str, str]] = []
        self._open: list[tuple[Place, bool, list[Node]]] = []  # inline or not, and what is in it
        self._root: Node | None = None
        self._quoted: Any = None  # the last event of a quoted text

    @property
    def quoted(self) -> Quoted | None:
        """Return where the last quoted text stands that was read."""
        if self._quoted is None:
            return None
        start, end = self._quoted.start_mark, self._quoted.end_mark
        return Quoted(
            line=start.line, column=start.column, end_line=end.line, end_column=end.column
        )

    def read(self, text: str) -> Node | None:
        """Return the tree; None when there is none, which is told. Raises yaml.YAMLError."""
        next_event = Loader(text).get_event
        file, count, documents = self._source.file, 0, 0
        while True:
            event: Any = next_event()
            kind, count = type(event), count + 1
            if kind is yaml.ScalarEvent:
                mark, plain = event.start_mark, not event.style
                place = Place(file, mark.line + 1, mark.column + 1)
                is_odd = event.anchor or event.tag or count > MOST_EVENTS
                if is_odd and not self._allows(event, count, documents):
                    return None
                if not plain:
                    self._quoted = event
                elif event.value:
                    self._look_behind(event, place)
                self._put(Scalar(event.value, place, plain))
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close(is_table=kind is yaml.MappingEndEvent)
            elif kind is yaml.StreamEndEvent:
                self._source.events = count
                return self._whole()
            else:
                documents += kind is yaml.DocumentStartEvent
                if not self._allows(event, count, documents):
                    return None
                if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                    place = _at(self._source, event.start_mark)
                    self._open.append((place, bool(event.flow_style), []))

    def _allows(self, event: yaml.Event, count: int, documents: int) -> bool:
        problem = _forbidden(event, len(self._open), count, documents)
        if problem:
            self._source.tell(_at(self._source, event.start_mark), "E001", *problem)
        return problem is None

    def _put(self, node: Node) -> None:
        if self._open:
            self._open[-1][2].append(node)
        else:
            self._root = node

    def _close(self, *, is_table: bool) -> None:
        place, inline, nodes = self._open.pop()
        if is_table:
            self._put(Table(self._entries(nodes, inline=inline), place))
        else:
            self._put(Items(tuple(nodes), place))

    def _whole(self) -> Node | None:
        source = self._source
        for place, code, message, help_ in self._later:
            source.tell(place, code, message, help_)
        if self._root is None:
            source.tell(_at(source, None), "W102", "the file is empty", "begin it with: version: 1")
        return self._root

    def _entries(self, nodes: list[Node], *, inline: bool) -> dict[str, Entry]:
        """Return the entries of a table, of which keys and values stand in turn."""
        entries: dict[str, Entry] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._tell(key, "a key must be a word", "quote a text that begins with '{' or '['")
            elif key.text == "<<" and key.plain:
                self._tell(key, "merge keys are not read here", "write the keys out")
            elif key.plain and key.text[:1] in NO_BREAK:
                self._tell(key, f"no-break spaces stand before {key.text.strip()!r}", UNSEEN)
            elif key.text in entries:
                first = entries[key.text].place.line
                self._tell(
                    key, f"key {key.text!r} is written twice (first at line {first})",
                    "the second one would silently win in plain YAML; merge them",
                )  # fmt: skip
            else:
                entries[key.text] = Entry(key.text, key.place, value, inline)
        return entries

    def _tell(self, node: Node, message: str, help_: str) -> None:
        self._later.append((node.place, "E001", message, help_))

    def _look_behind(self, event: Any, place: Place) -> None:  # noqa: ANN401 - of libyaml
        """Warn of a plain text that a ' #' cut short, such as ``text: Room #5``."""
        end = event.end_mark
        line = self._source.line(end.line + 1)
        if end.column < len(line) and _CUT.match(line[end.column :]):
            self._later.append((
                place, "W101", f"the text ends before ' #': only {event.value!r} is kept",
                "quote the text if '#' belongs to it",
            ))  # fmt: skip


_CUT = re.compile(r"^[ \t]+#(?=\S)")


def _forbidden(event: yaml.Event, depth: int, count: int, documents: int) -> tuple[str, str] | None:
    if isinstance(event, yaml.AliasEvent):
        return (
            f"not valid YAML here: '*{event.anchor}' is an alias",
            "a value cannot start with '*'. Quote WhatsApp bold:  \"*bold* text\"",
        )
    if documents > 1:
        return "a second document begins here", "one file holds one document: remove the '---'"
    if count > MOST_EVENTS:
        return "the file holds too much", "split it"
    if depth > MOST_DEPTH:
        return f"nested deeper than {MOST_DEPTH}", "flatten it"
    if isinstance(event, yaml.NodeEvent) and event.anchor:
        return (
            f"not valid YAML here: '&{event.anchor}' is an anchor",
            "quote the text if '&' belongs to it",
        )
    tag = getattr(event, "tag", None)
    if tag and not (isinstance(event, yaml.ScalarEvent) and tag == "!" and event.style):
        said = tag.replace("tag:yaml.org,2002:", "!!")
        return f"not valid YAML here: '{said}' is a tag", "quote the text if '!' belongs to it"
    return None


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it."""
    yield node
    match node:
        case Items(nodes=nodes):
            for child in nodes:
                yield from walk(child)
        case Table(entries=entries):
            for entry in entries.values():
                yield from walk(entry.value)
        case Scalar():
            pass
