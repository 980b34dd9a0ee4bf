"""`alexia contacts consent`: shown and written, by a bot that runs or on the database of one."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.store import contacts
from tests.make import ANA, NOW
from tests.stored import folder_with

GRANT = ("--grant", "--source", "form at the till", "--wording", "May we write to you?")


@pytest.fixture
def folder(tmp_path):
    return folder_with(tmp_path, lambda db: contacts.meet(db, ANA, "Ana", NOW))


def run(folder, *words):
    return CliRunner().invoke(main, ["contacts", "consent", *words, "--config", str(folder)])


def ledger(folder, who):
    done = run(folder, who, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    return told["consent"], [
        (one["state"], one["source"], one["wording"], one["proof"]) for one in told["entries"]
    ]


def test_what_was_granted_and_withdrawn_is_shown_oldest_first(folder):
    assert run(folder, "Ana", *GRANT, "--proof", "scan 7", "--at", "2026-01-02").exit_code == 0
    done = run(folder, "5511987654321", "--withdraw")

    assert "consent withdrawn" in done.output
    assert ledger(folder, "Ana") == ("withdrawn", [
        ("granted", "form at the till", "May we write to you?", "scan 7"),
        ("withdrawn", "command", "", ""),
    ])  # fmt: skip
    shown = run(folder, "Ana").output
    assert shown.startswith("Ana (+5511987654321): consent withdrawn\nWHEN")
    assert "2026-01-02 00:00:00" in shown


def test_a_number_that_never_wrote_becomes_known(folder):
    assert run(folder, "+55 11 91234-5678", *GRANT).exit_code == 0

    assert ledger(folder, "5511912345678")[0] == "given"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["Ana", "--grant"], 2, "--grant needs --source (where) and --wording"),
        (["Ana", "--source", "form"], 2, "say --grant or --withdraw"),
        (["Nobody", *GRANT], 1, "nobody known is 'Nobody'"),
        (["Nobody"], 1, "nobody known is 'Nobody'"),
        (["Ana", *GRANT, "--at", "2999-01-01"], 2, "that moment lies in the future"),
    ],
)
def test_what_cannot_be_written_is_told(folder, words, code, says):
    done = run(folder, *words)

    assert (done.exit_code, says in done.stderr) == (code, True), done.stderr
    assert ledger(folder, "Ana") == ("unknown", [])
