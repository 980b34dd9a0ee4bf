"""A backup that was made while the bot ran is put back: nothing is said a second time."""

import pytest
from click.testing import CliRunner

from benchmarks.stage import Stage
from bot.cli import main

pytestmark = pytest.mark.browser

ANA = "5511987654321@c.us"
QUIET = 3.0  # seconds in which a second answer would come


def run(*words):
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output


def out(stage):
    return [line["body"] for line in stage.ledger() if line["direction"] == "out"]


def say(stage, number):
    stage.put(ANA, f"ping {number}")
    stage.wait_for("the answer", lambda: f"pong {number}" in out(stage), 30)


def test_what_a_backup_forgot_is_not_said_again(tmp_path):
    stage, kept = Stage(tmp_path), tmp_path / "kept.tar.gz"
    try:
        stage.open_emulator()
        stage.log_in()
        say(stage, 0)
        run("backup", kept, "--config", stage.bot)
        say(stage, 1)
        stage.stop_daemon()

        assert "what was there lies in" in run("restore", kept, "--replace", "--config", stage.bot)

        stage.open_daemon()
        stage.wait_ready()
        stage.wait_quiet(QUIET, 20)
        assert out(stage) == ["pong 0", "pong 1"]
        say(stage, 2)
    finally:
        stage.close()
