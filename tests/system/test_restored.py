"""An older copy of the database before a real browser: nothing is said a second time."""

import shutil

import pytest

from benchmarks.stage import Stage
from bot.control import ask

pytestmark = pytest.mark.browser

ANA = "5511987654321@c.us"
QUIET = 3.0  # seconds in which a second answer would come


def out(stage):
    return [line["body"] for line in stage.ledger() if line["direction"] == "out"]


def say(stage, number):
    stage.put(ANA, f"ping {number}")
    stage.wait_for("the answer", lambda: f"pong {number}" in out(stage), 30)


def test_an_older_copy_says_nothing_again(tmp_path):
    stage = Stage(tmp_path)
    database, copy = stage.bot / "state" / "alexia.db", tmp_path / "copy.db"
    try:
        stage.open_emulator()
        stage.log_in()
        say(stage, 0)
        stage.stop_daemon()
        shutil.copy(database, copy)
        stage.open_daemon()
        stage.wait_ready()
        say(stage, 1)
        ask(stage.bot / "state", "send", 10, chat=ANA, text="by hand", id="1")
        stage.wait_for("what is sent by hand", lambda: "by hand" in out(stage), 30)
        stage.stop_daemon()
        shutil.copy(copy, database)

        stage.open_daemon()
        stage.wait_ready()
        stage.wait_quiet(QUIET, 20)
        assert out(stage) == ["pong 0", "pong 1", "by hand"]
        say(stage, 2)
    finally:
        stage.close()
