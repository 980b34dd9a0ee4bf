"""An edit reads anew what it touched, and says what reading all says."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.reading import Memory, read_rulebook

WHOLE = Path(__file__).parent / "whole" / "rules"
PLAIN = """\
version: 1
replies:
  hello: Hello there
rules:
  - id: one
    when: {keyword: [hi, hello]}
    do: {reply: "@hello"}
  # a remark
  - id: two
    when: {pattern: "I want {what}"}
    if: $(contact.name)
    do:
      - reply: |
          You want $(what)

          At once?
      - tag: wants
  - id: three
    when: {keyword: ab, match: contains}
    do:
      - reply: Room #5
  - id: four
    when: {intent: nowhere}
    do: {start: order}
flows:
  order:
    slots: {kind: {type: text, ask: Which?}}
    steps: [{ask: kind}, {reply: "$(kind)"}]
"""
FLOWS = PLAIN.index("flows:")
UNINDENTED = PLAIN[:FLOWS].replace("\n  -", "\n-").replace("\n    ", "\n  ") + PLAIN[FLOWS:]
LAST = PLAIN[:FLOWS].replace("{start: order}", "{reply: Bye}")
FILES = {
    "plain": PLAIN, "unindented": UNINDENTED, "last": LAST, "last without an end": LAST[:-1],
    "windows": PLAIN.replace("\n", "\r\n"),
    **{path.stem: path.read_text("utf-8") for path in sorted(WHOLE.glob("*.yaml"))},
}  # fmt: skip
LINES = (
    "", "  - id: new", "  - id: one", "- id: new", "  -", "  - ", "  - {id: q, when: {keyword: q},"
    " do: {reply: R}}", "    when: {keyword: hi}", "    do: {reply: Yes}", "    do: |", "  text",
    "          deep", "---", "...", "%YAML 1.2", "  ? a", "    ? - b", "  - ? c", "flows:",
    "rules:", "lists: {l: [a]}", "# remark", "      # remark", "\t", "    note: 'open",
    "      close'",
    "    note: {", "    }", "    note: see #7", "    if: $(nobody)", "    priority: 7", "  x: y",
    "    note: \"", "    id: twice", "\u2028", "    do: {call: order}", "  - plain", "    when:",
)  # fmt: skip


class Room:
    """A folder that is edited: each reading beside one from nothing."""

    def __init__(self, text):
        self.sources = {"rules/a.yaml": text, "rules/b.yaml": PLAIN.replace("id: ", "id: b")}
        self.memory = Memory()
        self.read()

    def read(self):
        return read_rulebook(self.sources, memory=self.memory)

    def edit(self, text):
        self.sources["rules/a.yaml"] = text
        fresh = Memory()
        return self.read(), read_rulebook(self.sources, memory=fresh), fresh

    @property
    def file(self):
        return self.memory.files["rules/a.yaml"]


def said_of(file):
    """Return all that is kept of a file from one reading to the next."""
    told = sorted(map(str, file.source.problems[: file.told]))
    more = sorted(map(str, file.source.problems[file.told :]))
    return file.said, file.names, file.known, file.cut, told, more, file.source.lines


edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 3), st.lists(st.sampled_from(LINES), max_size=3)),
    min_size=1, max_size=4,
)  # fmt: skip


@settings(max_examples=150)
@given(name=st.sampled_from(sorted(FILES)), edits=edits)
def test_an_edited_file_says_what_it_says_when_read_from_nothing(name, edits):
    room = Room(FILES[name])
    for at, gone, put in edits:
        lines = room.sources["rules/a.yaml"].split("\n")
        start = int(at * len(lines))
        lines[start : start + gone] = put

        edited, fresh, whole = room.edit("\n".join(lines))

        assert edited == fresh
        assert said_of(room.file) == said_of(whole.files["rules/a.yaml"])


@pytest.mark.parametrize("name", ["plain", "unindented", "last", "last without an end", "windows"])
def test_a_rule_that_nobody_touched_is_not_read_again(name):
    room = Room(FILES[name])
    before = [piece.rule for piece in room.file.said.pieces]

    room.edit(FILES[name].replace("You want", "He wants"))

    after = [piece.rule for piece in room.file.said.pieces]
    assert [one is other for one, other in zip(before, after, strict=True)] == [
        True, False, True, True,
    ]  # fmt: skip


def test_rules_behind_an_edit_move_with_their_lines():
    room = Room(PLAIN)
    more = "  - id: more\n    when: {keyword: more}\n    do: {reply: Much more}\n  - id: three"

    (book, problems), fresh, _ = room.edit(PLAIN.replace("  - id: three", more))

    assert (book, problems) == fresh
    told = [(one.line, one.code) for one in problems if one.file == "rules/a.yaml"]
    assert told == [(22, "W302"), (24, "W101")]


def test_an_edit_of_another_section_reads_the_file_whole():
    room = Room(PLAIN)

    (book, _), (fresh, _), _ = room.edit(PLAIN.replace("Hello there", "Good day"))

    assert book == fresh


def test_a_list_of_another_file_reads_rules_again_that_name_it():
    room = Room(PLAIN.replace("{what}", "{fruit}"))
    room.sources["rules/b.yaml"] = "version: 1\nlists: {fruit: [apple]}\n"

    edited, fresh, _ = room.edit(room.sources["rules/a.yaml"].replace("You want", "He wants"))

    assert edited == fresh
