"""What did not arrive is listed, sent again or let go, with and without a running bot."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.domain.outgoing import Why
from bot.store import drafts, inbox, outbox
from tests.make import ACCOUNT, ANA, NOW, message
from tests.stored import folder_with

FAILED, STUCK = (drafts.reserve_id(b"secret", cause, 0) for cause in ("a", "b"))


@pytest.fixture
def folder(tmp_path):
    return folder_with(tmp_path, _fill)


def _fill(db):
    inbox.record_all(db, [message("my secret words")], NOW)
    for row, cause in enumerate(("a", "b"), 1):
        draft = drafts.Draft(
            account=ACCOUNT, chat=ANA, text=f"answer {cause}", why=Why.ANSWER, by="rule:x",
            due_at=NOW,
        )  # fmt: skip
        drafts.reserve(db, b"secret", cause, [draft], NOW)
        outbox.hand(db, [row], 1, NOW)
    outbox.give_up(db, 1, "WhatsApp refused it, ack -1", NOW)
    outbox.stick(db, 2, "at WhatsApp's clock")


def run(folder, *words, said=""):
    return CliRunner().invoke(main, ["outbox", *words, "--config", str(folder)], input=said)


def listed(folder, *words):
    return [one["id"] for one in json.loads(run(folder, "list", "--json", *words).output)]


def test_all_is_listed_with_the_next_step_and_without_what_customers_wrote(folder):
    shown = run(folder, "list").output

    assert "secret" not in shown
    assert "WhatsApp refused it, ack -1" in shown
    assert "failed: mend what the reason names, then `alexia outbox retry ID`" in shown
    assert "stuck: look at the chat on the phone" in shown
    assert listed(folder) == [FAILED, STUCK]
    assert listed(folder, "--state", "failed") == [FAILED]


def test_what_failed_is_sent_again_without_a_question(folder):
    done = run(folder, "retry", FAILED)

    assert (done.exit_code, done.output) == (0, "1 sent again\n")
    assert listed(folder) == [STUCK]


def test_who_wants_what_is_stuck_sent_again_is_told_what_it_means(folder):
    no = run(folder, "retry", "--all", said="n\n")
    assert (no.exit_code, "may come twice" in no.stderr) == (1, True)
    assert listed(folder) == [FAILED, STUCK]

    yes = run(folder, "retry", "--all", said="y\n")
    assert (yes.exit_code, "2 sent again" in yes.stdout) == (0, True)
    assert listed(folder) == []


def test_programs_say_yes_beforehand(folder):
    assert run(folder, "retry", STUCK, "--json").exit_code == 1

    done = run(folder, "retry", STUCK, "--yes", "--json")

    assert json.loads(done.stdout) == {"done": 1, "kept": {}}


def test_what_is_let_go_is_shown_with_who_did_it(folder):
    assert run(folder, "drop", FAILED).output == "1 dropped\n"

    assert listed(folder) == [STUCK]
    (dropped,) = json.loads(run(folder, "list", "--dropped", "--json").output)
    assert (dropped["id"], dropped["dropped"]["by"].partition(":")[0]) == (FAILED, "command")
    assert "command" in run(folder, "list", "--dropped").output


@pytest.mark.parametrize("action", ["retry", "drop"])
def test_what_is_not_there_is_told(folder, action):
    done = run(folder, action, "3EB0NOT")

    assert done.exit_code == 1
    assert "1 of them are not there; see `alexia outbox list`" in done.stderr


@pytest.mark.parametrize("words", [("retry",), ("drop", FAILED, "--all"), ("list", "--state", "x")])
def test_what_is_meant_must_be_said(folder, words):
    assert run(folder, *words).exit_code == 2


def test_where_nothing_is_to_be_listed_that_is_said(folder):
    assert run(folder, "list", "--dropped").output == "nothing was let go\n"
    run(folder, "drop", "--all")

    assert run(folder, "list").output == "nothing failed, nothing is stuck\n"
    assert run(folder, "list", "--state", "stuck").output == "nothing is stuck\n"
    assert listed(folder) == []
