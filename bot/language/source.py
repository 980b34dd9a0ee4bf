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
    """One file: its lines, and the problems found in it."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = BREAKS.split(text)
        self.problems: list[Problem] = []

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
    try:
        if not _guard(source, text):
            return None
        tree = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as reason:
        _tell_broken(source, reason)
        return None
    except RecursionError:
        source.tell(_at(source, None), "E001", f"nested deeper than {MOST_DEPTH}", "flatten it")
        return None
    if tree is None:
        source.tell(_at(source, None), "W102", "the file is empty", "begin it with: version: 1")
        return None
    return _node(source, tree)


def _at(source: Source, mark: Any) -> Place:  # noqa: ANN401 - of libyaml or of PyYAML
    if mark is None:
        return Place(source.file, 1, 1)
    return Place(source.file, mark.line + 1, mark.column + 1)


def _guard(source: Source, text: str) -> bool:
    """Walk the events before any tree is built: no bombs, no aliases, no tags."""
    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=Loader), 1):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        problem = _forbidden(event, depth, count, documents)
        if problem:
            source.tell(_at(source, event.start_mark), "E001", *problem)
            return False
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
    return True


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


ESCAPE = """inside "..." a backslash is an escape: use single quotes for a regex:  regex: '\\d+'"""
COLON = "a text holding ': ' must be quoted, or the indentation is off:  reply: \"Price: 10\""
INDENT = "the indentation is off, or a text must be quoted"
HELPS = (
    ("scanning an alias", "a value cannot start with '*'. Quote WhatsApp bold:  \"*bold* text\""),
    ("unknown escape", ESCAPE),
    ("mapping values are not allowed", COLON),
    ("expected <block end>", INDENT),
    ("did not find expected", INDENT),
)


def _tell_broken(source: Source, reason: yaml.YAMLError) -> None:
    mark = getattr(reason, "problem_mark", None) or getattr(reason, "context_mark", None)
    parts = (getattr(reason, "context", None), getattr(reason, "problem", None))
    said = " ".join(part for part in parts if part) or "unreadable characters"
    place = _at(source, mark)
    source.tell(place, "E001", f"not valid YAML: {said}", _help(source, said, place))


def _help(source: Source, said: str, place: Place) -> str:
    line = source.line(place.line)
    if "cannot start any token" in said or "\t" in line[: max(place.column, 1)]:
        if "\t" in line[: place.column]:
            return "YAML forbids tabs for indentation: use two spaces"
        return "quote a text that begins with '@', '`' or '%'"
    return next((help_ for needle, help_ in HELPS if needle in said), "")


def _node(source: Source, node: yaml.Node) -> Node:
    place = _at(source, node.start_mark)
    match node:
        case yaml.ScalarNode():
            plain = not node.style
            if plain:
                _warn_cut(source, node, place)
            return Scalar(node.value, place, plain)
        case yaml.SequenceNode():
            return Items(tuple(_node(source, child) for child in node.value), place)
        case yaml.MappingNode():
            return _table(source, node, place)
        case _:
            raise AssertionError(node)


def _table(source: Source, node: yaml.MappingNode, place: Place) -> Table:
    entries: dict[str, Entry] = {}
    for key, value in node.value:
        where = _at(source, key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            source.tell(where, "E001", "a key must be a word", "quote a text that begins with '{'"
                        " or '['")  # fmt: skip
            continue
        if key.value == "<<" and not key.style:
            source.tell(where, "E001", "merge keys are not read here", "write the keys out")
            continue
        if key.value in entries:
            first = entries[key.value].place.line
            source.tell(
                where, "E001", f"key {key.value!r} is written twice (first at line {first})",
                "the second one would silently win in plain YAML; merge them",
            )  # fmt: skip
            continue
        entries[key.value] = Entry(key.value, where, _node(source, value), bool(node.flow_style))
    return Table(entries, place)


_CUT = re.compile(r"^[ \t]+#(?=\S)")


def _warn_cut(source: Source, node: yaml.ScalarNode, place: Place) -> None:
    """Warn of a plain text that a ' #' cut short, such as ``text: Room #5``."""
    rest = source.line(node.end_mark.line + 1)[node.end_mark.column :]
    if node.value and _CUT.match(rest):
        source.tell(
            place, "W101", f"the text ends before ' #': only {node.value!r} is kept",
            "quote the text if '#' belongs to it",
        )  # fmt: skip


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
