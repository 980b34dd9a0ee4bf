"""Broken files: every message whole, and nothing that a file may hold raises."""

import re
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.reading import Memory, read_rulebook

HOME = Path(__file__).parent.parent.parent
BROKEN = Path(__file__).parent / "broken"
WORLD = {"known_intents": {"order_pizza"}, "languages": ("en", "es", "pt")}


def files_of(home):
    return {
        path.relative_to(home).as_posix(): path.read_text("utf-8")
        for folder in ("rules", "flows")
        for path in sorted((home / folder).glob("*.yaml"))
    }


WHOLE = files_of(Path(__file__).parent / "whole")
"""A business of the tests' own: what anybody edits elsewhere changes nothing here."""
KEYS = [
    "version", "when", "if", "do", "priority", "during_flow", "then", "cooldown", "limit",
    "slots", "steps", "type", "ask", "choices", "min", "keyword", "pattern", "intent",
    "sentiment", "regex", "media", "fallback", "first_message", "remind", "after", "text",
    "expire", "reply", "tag", "untag", "lead", "handoff", "branch", "else", "http", "url",
    "method", "save", "goto", "start", "lang", "title", "on_error", "match", "reask", "scope",
    "on", "words", "days", "hours", "rules", "flows", "replies", "lists", "teams", "fields",
]  # fmt: skip
KEY = re.compile(rf"(?:^|[{{,] ?|- )({'|'.join(KEYS)}): ", re.MULTILINE)


@pytest.mark.parametrize("name", sorted(path.stem for path in BROKEN.glob("*.yaml")))
def test_a_broken_file_is_told_whole(name):
    _, problems = read_rulebook(
        {f"broken/{name}.yaml": (BROKEN / f"{name}.yaml").read_bytes()}, **WORLD
    )

    assert "".join(f"{one}\n" for one in problems) == (BROKEN / f"{name}.txt").read_text("utf-8")


def test_all_broken_files_are_told_in_one_go_by_file_and_line():
    sources = {f"broken/{path.name}": path.read_bytes() for path in BROKEN.glob("*.yaml")}

    _, problems = read_rulebook(sources, **WORLD)

    places = [(one.file, one.line, one.column) for one in problems]
    assert places == sorted(places)
    assert {one.file for one in problems} == set(sources)


ENDLESS = 20  # seconds of processor time, ten times what the longest takes on a slow machine


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "1:1: W102 the file is empty"),
        (b"# nothing yet\n", "1:1: W102 the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "1:1: E001 this is not a text file"),
        ("version: 1\nrules: []\n".encode("utf-16"), "1:1: E001 this is UTF-16 text"),
        ("version: 1\n# caf\xe9\n".encode("latin-1"), "2:6: E001 this is not UTF-8 text"),
        (b"version: 1\nlists: {a: [\x07]}\n", "2:13: E001 the character U+0007 does not belong"),
        (b"version: 1\n#" + b"x" * 1_000_000, "1:1: E001 the file is over 1000 kB"),
        (b"[" * 500_000, "1:1001: E001 not valid YAML"),
        (b"- " * 400_000, "1:83: E001 nested deeper than 40"),
        (b"a: &a [x]\nb: &b [*a, *a]\n", "1:4: E001 not valid YAML here: '&a' is an anchor"),
        (b"a: !!python/name:os.system x\n", "1:4: E001 not valid YAML here: '!!python/name"),
        (b"version: 1\n---\nversion: 1\n", "2:1: E001 a second document begins here"),
        (b"version: 2\nrules: []\n", "1:10: E104 '2' is not a version that is known here; write"),
        (b"rules: []\n", "1:1: E102 'version' is missing"),
        (b"- a\n", "1:1: E104 a file is a mapping with sections"),
        (b"version: 1\n" + b"a: b\n" * 190_000, "E001 the file holds too much"),
        (b"version: 1\nrules: [{id: a, when: {pattern: " + b"(" * 1500 + b"}, do: {reply: x}}]\n",
         "2:33: E104 '((((("),
        (b"version: 1\nrules: [{id: a, when: {keyword: x}, do: {reply: $(" + b"a+" * 1500
         + b"a)}}]\n", "2:49: E206 it nests too deep"),
    ],
)  # fmt: skip
def test_what_is_hardly_a_rule_file_is_told_at_its_place_and_soon(content, told):
    begun = time.process_time()

    _, problems = read_rulebook({"rules/a.yaml": content})

    assert told in str(problems[0])
    assert time.process_time() - begun < ENDLESS


def test_windows_lines_and_a_byte_order_mark_change_no_place():
    text = "version: 1\nrules:\n  - id: a\n    wen: x\n"
    plain = read_rulebook({"rules/a.yaml": text})[1]

    windows = read_rulebook({"rules/a.yaml": b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()})

    assert windows[1] == plain


def test_a_broken_file_hides_no_mistakes_of_the_others_and_makes_none_up():
    _, problems = read_rulebook({
        "rules/a.yaml": "version: 1\nreplies: {hi: Hello}\nlists: {x: [a]\n",
        "rules/b.yaml": "version: 1\nrules:\n  - id: b\n    when: {pattern: '{x:y} z'}\n"
        "    do: [{reply: '@hi'}, {goto: nowhere}]\n",
    })  # fmt: skip

    assert [(one.file, one.code) for one in problems] == [
        ("rules/a.yaml", "E001"), ("rules/b.yaml", "E202"),
    ]  # fmt: skip


# ---------------------------------------------------------------------- a corpus of broken files


def misspelt(text):
    """Yield the text with one known key written wrong, for each place of one."""
    for found in KEY.finditer(text):
        yield f"{text[: found.end(1)]}xq{text[found.end(1) :]}"


def mistyped(text):
    """Yield the text with something that no field takes as a value."""
    for found in KEY.finditer(text):
        end = re.compile(r"[,}\]]|$", re.MULTILINE).search(text, found.end()).start()
        if text[found.end() : end].strip(" |>"):
            yield f"{text[: found.end()]}{{zz: {{zz: 1}}}}{text[end:]}"


def misled(text):
    """Yield the text with a reference to nothing."""
    for found in re.finditer(r'"@(?=[a-z])|[-{] ?goto: |[-{] ?start: |\$\((?=[a-z])', text):
        yield f"{text[: found.end()]}zz{text[found.end() :]}"


def cut(text):
    """Yield the text cut off, a line left out, doubled or moved to the right."""
    random = Random(7)
    lines = text.splitlines(keepends=True)
    for _ in range(16):
        yield text[: random.randrange(len(text))]
        at = random.randrange(len(lines))
        yield "".join([*lines[:at], *lines[at + 1 :]])
        yield "".join([*lines[:at], lines[at], lines[at], *lines[at + 1 :]])
        yield "".join([*lines[:at], "   ", *lines[at:]])
        yield "".join([*lines[:at], "\t", *lines[at:]])


def told_places(broken, memory):
    _, problems = read_rulebook({**WHOLE, **broken}, memory=memory, env_names=("SHOP", "CAL"))
    for one in problems:
        lines = (WHOLE | broken)[one.file].count("\n") + 2
        assert 1 <= one.line <= lines
        assert one.column >= 1
        assert re.fullmatch(r"[EW]\d{3}", one.code)
        str(one)
    return problems


@pytest.mark.parametrize("home", [HOME, Path(__file__).parent / "whole"], ids=["shipped", "own"])
def test_whole_files_have_no_problem(home):
    _, problems = read_rulebook(files_of(home), env_names=("SHOP", "CAL"))

    assert problems == ()


@pytest.mark.parametrize("breaking", [misspelt, mistyped, misled])
def test_each_of_a_corpus_of_broken_files_is_told_with_a_place(breaking):
    memory, silent, count = Memory(), [], 0
    for file, text in WHOLE.items():
        for broken in breaking(text):
            count += 1
            if not told_places({file: broken}, memory):
                silent.append(broken)

    assert silent == []
    assert count >= 85


def test_files_cut_and_shifted_anywhere_raise_nothing():
    memory = Memory()
    told = [
        bool(told_places({file: broken}, memory))
        for file, text in WHOLE.items()
        for broken in cut(text)
    ]

    assert len(told) >= 300
    assert sum(told) >= 150


@settings(max_examples=150)
@given(
    file=st.sampled_from(sorted(WHOLE)),
    at=st.floats(0, 1),
    span=st.integers(0, 40),
    put=st.text(alphabet="{}[]:,-#&*!|>'\"%@` \t\n$()?~<=0aé", max_size=12),
)
def test_a_file_with_anything_in_the_middle_raises_nothing(file, at, span, put):
    text = WHOLE[file]
    start = int(at * len(text))

    told_places({file: text[:start] + put + text[start + span :]}, MEMORY)


MEMORY = Memory()


@settings(max_examples=12)
@given(
    edits=st.lists(
        st.tuples(st.sampled_from(sorted(WHOLE)), st.integers(0, 4000), st.sampled_from("x:#\n")),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_reading_only_what_changed_says_what_reading_all_says(edits):
    memory, sources = Memory(), dict(WHOLE)
    read_rulebook(sources, memory=memory)
    for file, at, put in edits:
        sources[file] = sources[file][:at] + put + sources[file][at:]
        book, problems = read_rulebook(sources, memory=memory)

        fresh, told = read_rulebook(sources)
        assert problems == told
        assert (book and book.hash) == (fresh and fresh.hash)
        assert book == fresh
