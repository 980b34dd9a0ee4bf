"""Logs tell what happened without telling whom."""

import io
import json
import logging

import pytest

from bot.telemetry import log_turn, logger, masked, set_up_logging


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

    assert stream.getvalue().endswith("alexia: …0001 message: rule:hours, 1 to send, 12 ms\n")


def test_control_characters_are_spelled_out(stream):
    set_up_logging("text", stream=stream)

    logger.warning("name: %s", "a\n\x1b[31mred\u202e")

    assert stream.getvalue().endswith("name: a\\n\\x1b[31mred\\u202e\n")


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
