"""From the text of a test file to its tests, or to problems with their place."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.data import dataclass
from bot.language.desk import Desk, Known
from bot.language.places import Place
from bot.language.problems import Problem
from bot.language.source import Entry, Items, Node, Scalar, Source, Table, decode, read_yaml
from bot.testing.lines import Mock, Plain, Test
from bot.testing.read_lines import read_talk
from bot.testing.read_mocks import read_mock
from bot.testing.values import plain

TOP = ("version", "mock", "defaults", "tests", "note")
DEFAULTS = (
    "now", "timezone", "language", "currency", "given", "seed", "strict", "models", "mock", "spam",
)  # fmt: skip
TEST = (
    "test", "now", "timezone", "language", "currency", "given", "seed", "strict", "models", "mock",
    "spam", "talk", "note",
)  # fmt: skip
GIVEN = ("contact", "lead", "flow", "step", "slots", "vars", "env")
LEAD = ("stage", "score", "owner", "fields")
MODELS = ("mock", "real")


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A test, or a whole file, that cannot be played."""

    name: str
    place: Place
    problems: tuple[Problem, ...]

    @property
    def message(self) -> str:
        """Return every problem with its place."""
        return "\n".join(str(problem) for problem in self.problems)


def read_tests(file: str, raw: bytes | str) -> list[Test | Broken]:
    """Return the tests of a file in their order; what is broken stands where it was written."""
    text, refused = decode(file, raw)
    if refused is not None:
        return [Broken(name=file, place=Place(file, refused.line, 1), problems=(refused,))]
    source = Source(file, text)
    tree = read_yaml(source, text)
    desk = Desk(source, Known())
    top = _top(desk, tree)
    below = _Defaults(desk, top)
    found: list[Test | Broken] = []
    problems = _errors(source)
    if problems:
        where = Place(file, problems[0].line, problems[0].column)
        found.append(Broken(name=file, place=where, problems=problems))
    if "tests" in top:
        found += [_one(file, source, node, below) for node in desk.each(top["tests"].value)]
    return found


def _errors(source: Source) -> tuple[Problem, ...]:
    return tuple(problem for problem in source.problems if problem.severity == "error")


def _top(desk: Desk, tree: Node | None) -> dict[str, Entry]:
    if _errors(desk.source):
        return {}
    if not isinstance(tree, Table):
        place = Place(desk.source.file, 1, 1) if tree is None else tree.place
        desk.tell(place, "E104", "a file of tests is a mapping with  tests:  and a list of them")
        return {}
    top = desk.table(tree, TOP, "a file of tests")
    if "version" in top and plain(top["version"].value) != "1":
        desk.tell(top["version"].value.place, "E103", "only version 1 is known here")
    if "tests" not in top:
        desk.tell(tree.place, "E102", "'tests' is missing", "add  tests:  with a list of tests")
    elif not isinstance(top["tests"].value, Items):
        desk.wrong(top["tests"].value, "a list of tests")
        del top["tests"]
    return top


class _Defaults:
    """What a file says for all its tests."""

    def __init__(self, desk: Desk, top: Mapping[str, Entry]) -> None:
        given = top["defaults"].value if "defaults" in top else None
        self.entries = desk.table(given, DEFAULTS, "defaults")
        self.mock = read_mock(desk, top["mock"].value) if "mock" in top else Mock()
        if "mock" in self.entries:
            self.mock = read_mock(desk, self.entries["mock"].value).over(self.mock)
        self.given = _given(desk, self.entries)


def _one(file: str, shared: Source, node: Node, below: _Defaults) -> Test | Broken:
    """Read one test; its problems are its own."""
    source = Source(file, "")
    source.lines = shared.lines
    desk = Desk(source, Known())
    entries = desk.table(node, TEST, "a test")
    name = "?"
    if "test" in entries:
        name = desk.word(entries["test"].value) or "?"
    elif isinstance(node, Table):
        desk.tell(node.place, "E102", "'test' is missing", "it is the test's name")
    if "talk" not in entries and isinstance(node, Table):
        desk.tell(node.place, "E102", "'talk' is missing", "it is the list of the test's lines")
    mock = read_mock(desk, entries["mock"].value) if "mock" in entries else Mock()
    merged = {**below.entries, **entries}
    given = _merged(below.given, _given(desk, entries))
    lines = read_talk(desk, entries["talk"].value) if "talk" in entries else ()
    seed = _node(merged, "seed")
    test = Test(
        name=name,
        place=node.place,
        lines=lines,
        now=_now(desk, _node(merged, "now")),
        timezone=_zone(desk, _node(merged, "timezone")),
        language=desk.word(_node(merged, "language")) or "",
        currency=desk.word(_node(merged, "currency")) or "",
        given=given if isinstance(given, dict) else {},
        given_at={**_places(_node(below.entries, "given")), **_places(_node(entries, "given"))},
        seed=desk.whole(seed, 0, 999_999_999) or 0,
        strict=desk.flag(_node(merged, "strict"), default=True),
        real_models=_models(desk, merged) == "real",
        spam=desk.flag(_node(merged, "spam"), default=False),
        mock=mock.over(below.mock),
    )
    problems = _errors(source)
    if problems:
        return Broken(
            name=name, place=Place(file, problems[0].line, problems[0].column), problems=problems
        )
    return test


def _node(entries: Mapping[str, Entry], key: str) -> Node | None:
    return entries[key].value if key in entries else None


def _models(desk: Desk, entries: Mapping[str, Entry]) -> str | None:
    return desk.one_of(_node(entries, "models"), "models", MODELS)


def _now(desk: Desk, node: Node | None) -> str:
    said = desk.word(node)
    if said is None:
        return ""
    try:
        datetime.fromisoformat(said)
    except ValueError:
        assert node is not None
        desk.tell(
            node.place, "E104", f"'{said}' is not a moment; write it as 2026-11-23 15:00",
        )  # fmt: skip
        return ""
    return said


def _zone(desk: Desk, node: Node | None) -> str:
    said = desk.word(node)
    if said is None:
        return ""
    try:
        ZoneInfo(said)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        assert node is not None
        desk.tell(
            node.place, "E104", f"'{said}' is not a time zone; write it as America/Sao_Paulo",
        )  # fmt: skip
        return ""
    return said


def _given(desk: Desk, entries: Mapping[str, Entry]) -> Plain:
    """Return what is given before the test, as texts; only the shapes are checked here."""
    node = _node(entries, "given")
    if node is None:
        return None
    given = desk.table(node, GIVEN, "given")
    for key in ("contact", "slots", "vars", "env"):
        _mapping(desk, _node(given, key))
    lead = _node(given, "lead")
    _mapping(desk, lead)
    if isinstance(lead, Table):
        desk.table(lead, LEAD, "a lead")
        for key in lead.entries.keys() & {"score"}:
            desk.number(lead.entries[key].value, -1e9, 1e9)
    for key in ("flow", "step"):
        desk.word(_node(given, key))
    return {key: plain(entry.value) for key, entry in given.items()}


def _places(node: Node | None, path: str = "") -> dict[str, Place]:
    """Return where each key below a node stands."""
    if not isinstance(node, Table):
        return {}
    found: dict[str, Place] = {}
    for key, entry in node.entries.items():
        found[f"{path}{key}"] = entry.place
        found.update(_places(entry.value, f"{path}{key}."))
    return found


def _mapping(desk: Desk, node: Node | None) -> None:
    """Tell what is neither a mapping nor ``none``."""
    none = isinstance(node, Scalar) and node.text in ("none", "")
    if node is not None and not none and not isinstance(node, Table):
        desk.wrong(node, "a mapping")


def _merged(base: Plain, over: Plain) -> Plain:
    """Return one tree laid over another; mappings merge, anything else replaces."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{key: _merged(base.get(key), one) for key, one in over.items()}}
    return base if over is None else over
