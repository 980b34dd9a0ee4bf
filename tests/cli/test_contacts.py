"""`alexia contacts`: found by who they are."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.domain.leads import Lead
from bot.store import accounts, contacts, leads
from bot.store.database import Database
from tests.make import ACCOUNT, ANA, BO, NOW

EVA = "553187654321@c.us"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.yaml").write_text("data_dir: state\n", encoding="utf-8")
    (tmp_path / "state").mkdir(mode=0o700)
    database = Database(tmp_path / "state" / "alexia.db")

    def settle(db):
        accounts.sweep_from(db, ACCOUNT, NOW)
        ana = contacts.meet(db, ANA, "Ana Conceição Souza", NOW)
        bo = contacts.meet(db, BO, "Bo", NOW)
        contacts.meet(db, EVA, "Eva", NOW)
        db.execute("UPDATE contacts SET language = 'pt-BR' WHERE id = ?", (ana.id,))
        db.execute("INSERT INTO tags VALUES (?,'vip',0)", (bo.id,))
        contacts.note_seen(db, [ana.id], NOW)
        contacts.note_seen(db, [bo.id], NOW - timedelta(days=9))
        leads.keep(db, Lead(contact_id=ana.id, stage="won", score=7), NOW)

    database.write_now(settle)
    database.close()
    return tmp_path


def names(folder, *words: str) -> list[str]:
    done = CliRunner().invoke(main, ["contacts", "list", *words, "--json", "--config", str(folder)])
    assert done.exit_code == 0, done.output
    return [row["name"].split()[0] for row in json.loads(done.output)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([], ["Ana", "Bo", "Eva"]),
        (["conceicao"], ["Ana"]),
        (["souz", "an"], ["Ana"]),
        (["onceicao"], []),
        (["--tag", "vip"], ["Bo"]),
        (["--language", "pt"], ["Ana"]),
        (["--language", "p"], []),
        (["--stage", "won"], ["Ana"]),
        (["--number", "98765"], ["Ana"]),
        (["--number", "(31) 98765-4321"], ["Eva"]),
        (["--number", "%"], []),
        (["--since", "2026-01-01"], ["Ana"]),
        (["--until", "2026-01-01"], ["Bo"]),
        (["a", "--tag", "vip"], []),
    ],
)
def test_people_are_found_by_who_they_are(folder, words, found):
    assert names(folder, *words) == found


@pytest.mark.parametrize(
    "who", ["(31) 98765-4321", "31 8765-4321", "+55 31 98765 4321", "553187654321", EVA, "eva"]
)
def test_a_person_is_shown_under_every_form_of_the_number(folder, who):
    done = CliRunner().invoke(main, ["contacts", "show", who, "--json", "--config", str(folder)])

    assert json.loads(done.output)["name"] == "Eva"


def test_without_a_daemon_nothing_is_merged(folder):
    done = CliRunner().invoke(main, ["contacts", "merge", "Ana", "Bo", "--config", str(folder)])

    assert done.exit_code == 4
    assert "no daemon runs" in done.output


def test_unmerge_wants_a_person_or_a_merge(folder):
    done = CliRunner().invoke(main, ["contacts", "unmerge", "--config", str(folder)])

    assert done.exit_code == 2
    assert "name a CONTACT, or a --merge" in done.output


def test_merges_are_listed(folder):
    done = CliRunner().invoke(main, ["contacts", "merges", "--json", "--config", str(folder)])

    assert json.loads(done.output) == []


def test_where_nobody_is_found_that_is_said(folder):
    done = CliRunner().invoke(main, ["contacts", "list", "nobody", "--config", str(folder)])

    assert (done.exit_code, done.output) == (0, "nothing found\n")
