"""Whatever a test file says, it is told as a test with its place, never by an exception."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.testing.books import Books
from bot.testing.doubles import PatientUnderstander, ScriptedUnderstander
from bot.testing.memory import MemoryDatabase
from bot.testing.player import Failed, Player, Stage
from bot.testing.reading import Broken, read_tests
from bot.testing.runs import settings_of
from tests.testing.folders import make_folder

WHOLE = (Path(__file__).parents[1] / "conversations" / "service.test.yaml").read_text()
LINES = WHOLE.splitlines()
KEYS = [
    "user", "bot", "wait", "expect", "human", "event", "edit", "restart", "text", "media", "from",
    "contains", "regex", "any_of", "slots", "lead", "http", "given", "contact", "flow", "step",
    "mock", "models", "timers", "now", "talk", "tests", "x", "1", "none",
]  # fmt: skip
values = st.recursive(
    st.sampled_from([*KEYS, "", "[", "true", "10m", "hi", "-1", "2026-01-01", "(", "$(", "á"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner,
                                                              max_size=3),
    max_leaves=6,
)  # fmt: skip


def told(value):
    match value:
        case dict():
            return "{" + ", ".join(f"{key}: {told(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(told, value)) + "]"
        case _:
            return '"' + value + '"'


def play_all(stage, text):
    for test in read_tests("tests/x.test.yaml", text):
        if isinstance(test, Broken):
            assert test.problems
            assert test.message.startswith("tests/x.test.yaml:")
            continue
        failure = failure_of(test, stage)
        assert failure is None or (str(failure) and failure.place.line > 0)


def failure_of(test, stage):
    try:
        Player(test, stage).play()
    except Failed as failure:
        return failure
    return None


def stage_of(folder):
    return Stage(
        books=Books(folder),
        settings=settings_of(None),
        database=MemoryDatabase(),
        models=PatientUnderstander(lambda: ScriptedUnderstander({})),
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, len(LINES) - 1), min_size=1, max_size=4), extra=values)
def test_a_shipped_file_with_lines_lost_or_changed(tmp_path, cuts, extra):
    lines = list(LINES)
    for number in cuts:
        indent = " " * (len(lines[number]) - len(lines[number].lstrip()))
        lines[number] = f"{indent}- {told(extra)}" if number % 2 else ""
    play_all(stage_of(make_folder(tmp_path)), "\n".join(lines))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(top=values, line=values, state=values, mock=values)
def test_any_tree_of_words(tmp_path, top, line, state, mock):
    stage = stage_of(make_folder(tmp_path))
    play_all(stage, f"version: 1\nmock: {told(mock)}\ntests: {told(top)}\n")
    play_all(
        stage,
        f"version: 1\ntests:\n  - test: a\n    given: {told(state)}\n    mock: {told(mock)}\n"
        f"    talk:\n      - user: hi\n      - {told(line)}\n      - expect: {told(state)}\n"
        f"      - user: {told(line)}\n      - bot: {told(line)}\n      - edit: {told(line)}\n"
        f"      - event: {told(line)}\n",
    )
    for key in ("expect", "user", "bot", "event", "edit", "wait", "human", "restart"):
        lines = f"[{{user: hi}}, {{bot: Hello}}, {{{key}: {told(line)}}}]"
        play_all(stage, f"version: 1\ntests: [{{test: a, talk: {lines}}}]")


@settings(max_examples=100)
@given(text=st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_at_all(text):
    for test in read_tests("tests/x.test.yaml", text):
        assert isinstance(test, Broken)
        assert test.problems
