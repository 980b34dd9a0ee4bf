"""Logs tell what happened without telling whom."""

import io
import json
import logging
from contextvars import copy_context

import pytest

from bot.telemetry import account_name, log_turn, logger, masked, set_up_logging


@pytest.fixture
def stream():
    root = logging.getLogger()
    before, level, own = root.handlers[:], root.level, logger.level
    text = io.StringIO()
    yield text
    root.handlers[:] = before
    root.setLevel(level)
    logger.setLevel(own)
    logging.captureWarnings(capture=False)


def test_a_turn_is_one_line(stream):
    set_up_logging("text", stream=stream)

    log_turn("5511900000001@c.us", "message", "rule:hours", 1, 12.3)

    line = "alexia.daemon: …0001 message: rule:hours, 1 to send, 12 ms"
    assert stream.getvalue().endswith(f"{line}\n")


def test_control_characters_are_spelled_out(stream):
    set_up_logging("text", stream=stream)

    logger.warning("name: %s", "a\r\x1b[31mred\u202e")

    assert stream.getvalue().endswith("name: a\\r\\x1b[31mred\\u202e\n")


PROBLEM = """\
rules/a.yaml:6:9: E101 unknown key 'replay'
    = help: did you mean 'reply'?
    |       - replay: Hello
    |         ^"""


def test_a_problem_of_several_lines_is_one_entry_with_its_lines_indented(stream):
    set_up_logging("text", stream=stream)

    logger.error("%s", PROBLEM)
    logger.error("next")

    first, *more, last = stream.getvalue().splitlines()
    assert first.endswith("alexia: rules/a.yaml:6:9: E101 unknown key 'replay'")
    assert more == [f"    {line}" for line in PROBLEM.splitlines()[1:]]
    assert last.endswith("alexia: next")


def test_no_text_can_look_like_an_entry_of_its_own(stream):
    set_up_logging("text", stream=stream)

    logger.warning("name: %s", "Ana\n2026-01-05T09:00:00.000Z ERROR   alexia: gone")

    assert [line[:4] for line in stream.getvalue().splitlines()][1:] == ["    "]


def test_as_json_a_problem_of_several_lines_keeps_them_on_one_line(stream):
    set_up_logging("json", stream=stream)

    logger.error("%s", PROBLEM)

    assert stream.getvalue().count("\n") == 1
    assert json.loads(stream.getvalue())["message"] == PROBLEM


def test_json_lines_hold_the_same(stream):
    set_up_logging("json", stream=stream)

    logger.warning("wrote to %s", "+5511900000001")

    entry = json.loads(stream.getvalue())
    assert (entry["level"], entry["message"]) == ("WARNING", "wrote to …0001")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("chat 5511900000001@c.us", "chat …0001@c.us"),
        ("id 3EB0A1B2C3D4E5F60718", "id 3EB0A1B2C3D4E5F60718"),
        ("order 20481 of 2026", "order 20481 of 2026"),
    ],
)
def test_numbers_of_people_are_masked(text, seen):
    assert masked(text) == seen


@pytest.mark.parametrize(("named", "told"), [(True, "[north] it rains"), (False, "it rains")])
def test_a_line_says_which_account_speaks_where_there_are_several(stream, named, told):
    set_up_logging("text", stream=stream, named=named)
    context = copy_context()
    context.run(account_name.set, "north")

    context.run(logger.warning, "it rains")
    logger.warning("it rains on all")

    first, second = stream.getvalue().splitlines()
    assert first.endswith(f"alexia: {told}")
    assert second.endswith("alexia: it rains on all")


def test_the_account_is_a_field_of_a_json_line(stream):
    set_up_logging("json", stream=stream, named=True)
    context = copy_context()
    context.run(account_name.set, "north")

    context.run(logger.warning, "x")

    assert json.loads(stream.getvalue())["session"] == "north"
