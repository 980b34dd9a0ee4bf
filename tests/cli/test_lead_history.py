"""`alexia leads why` and `undo`, on the database of a bot that does not run."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.domain.leads import Lead, LeadChange, Standing
from bot.store import contacts, lead_history, leads
from tests.make import ANA, NOW
from tests.stored import folder_with


@pytest.fixture
def folder(tmp_path):
    return folder_with(tmp_path, _fill)


def _fill(db):
    person = contacts.meet(db, ANA, "Ana", NOW).id
    hot = Standing(stage="hot", score=30, owner="Bea")
    lead_history.note(db, person, LeadChange(
        when=NOW, by="rule:warm", cause="m1", before=Standing(), after=hot, note="asked",
    ))  # fmt: skip
    leads.keep(db, Lead(contact_id=person, stage="hot", score=30, owner="Bea"), NOW)


def run(folder, *words):
    return CliRunner().invoke(main, ["leads", *words, "--config", str(folder)])


def test_each_change_is_told_and_may_be_taken_back(folder):
    told = run(folder, "why", "Ana").output
    assert "rule:warm" in told
    assert "+30 = 30" in told
    assert "none → hot" in told

    assert run(folder, "undo", "Ana", "1").output == "taken back: stage hot, score 0\n"

    changes = json.loads(run(folder, "why", "Ana", "--json").output)
    assert [(one["points"], one["undone"]) for one in changes] == [(30, True), (-30, False)]
    assert changes[0]["owner"] == {"from": None, "to": "Bea"}


def test_what_cannot_be_done_is_told(folder):
    assert "nobody known is 'Bo'" in run(folder, "why", "Bo").stderr
    assert "nobody known is 'Bo'" in run(folder, "undo", "Bo", "1").stderr
    gone = run(folder, "undo", "Ana", "7")
    assert (gone.exit_code, "no change 7 that holds" in gone.stderr) == (1, True)
