"""What was set aside is listed, tried again or dropped, with and without a running bot."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.store import inbox, webhooks
from bot.store.database import Database
from tests.make import NOW, message
from tests.stored import folder_with


@pytest.fixture
def folder(tmp_path):
    def set_aside(db):
        inbox.record_all(db, [message("secret words")], NOW)
        inbox.quarantine(db, 1, "failed 3 times; see the log")
        webhooks.post(db, "https://hooks.example/in", "evt_1", "message", "{}", NOW)
        webhooks.give_up(db, 1, "status 500")

    return folder_with(tmp_path, set_aside)


def run(folder, *words):
    return CliRunner().invoke(main, ["dlq", *words, "--config", str(folder)])


def listed(folder):
    return [one["id"] for one in json.loads(run(folder, "list", "--json").output)]


def test_all_is_listed_without_what_was_said(folder):
    done = run(folder, "list", "--json")

    message_, hook = json.loads(done.output)
    assert "secret" not in done.output
    assert (message_["id"], message_["kind"], message_["reason"]) == (
        "message-1", "message", "failed 3 times; see the log"
    )  # fmt: skip
    assert (hook["id"], hook["event"], hook["attempts"]) == ("webhook-1", "message", 1)
    assert run(folder, "list").output.splitlines()[0].split() == [
        "ID",
        "WHAT",
        "AT",
        "TRIES",
        "WHY",
    ]


def test_one_is_tried_again(folder):
    done = run(folder, "retry", "message-1")

    assert (done.exit_code, done.output) == (0, "1 tried again\n")
    assert listed(folder) == ["webhook-1"]
    database = Database(folder / "state" / "alexia.db")
    assert database.read_now(inbox.counts) == {"waiting": 1, "quarantined": 0}
    database.close()


def test_all_are_dropped(folder):
    done = run(folder, "drop", "--all", "--json")

    assert json.loads(done.output) == {"done": 2}
    assert listed(folder) == []


def test_what_is_not_there_is_told(folder):
    done = run(folder, "drop", "webhook-9")

    assert done.exit_code == 1
    assert "not there" in done.stderr


@pytest.mark.parametrize("words", [("retry",), ("drop", "message-1", "--all"), ("retry", "7")])
def test_what_is_meant_must_be_said(folder, words):
    assert run(folder, *words).exit_code == 2
