"""Fields of one person, changed by hand: each in its type, all of them or none."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.domain.contacts import nobody_known
from bot.store import contacts
from bot.store.database import Database
from tests.make import ANA, NOW

FIELDS = """\
version: 1
fields:
  points: {type: integer, max: 100}
  born: {type: date}
  pin: {type: text, sensitive: true}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").touch()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "fields.yaml").write_text(FIELDS, "utf-8")
    (tmp_path / "state").mkdir(mode=0o700)
    database = Database(tmp_path / "state" / "alexia.db")
    database.write_now(lambda db: contacts.meet(db, ANA, "Ana", NOW))
    database.close()


def run(*words):
    return CliRunner().invoke(main, ["contacts", *words])


def ana():
    return json.loads(run("show", "Ana", "--json").output)


def test_what_fits_is_set_and_an_empty_value_empties(folder):
    done = run("set", "Ana", "points=5", "born=24/12/1980", "language=pt-BR", "pin=4711")

    assert (done.exit_code, done.output) == (0, "set: born, language, pin, points\n")
    assert (ana()["fields"], ana()["language"]) == (
        {"points": 5, "born": "1980-12-24", "pin": "•••"}, "pt-BR"
    )  # fmt: skip
    assert run("set", "Ana", "points=", "language=").exit_code == 0
    assert (ana()["fields"], ana()["language"]) == ({"born": "1980-12-24", "pin": "•••"}, None)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["Ana", "points=5", "born=soon", "pionts=1"], 1,
         "born: 'soon' is no date; write it as 2026-12-31\n"
         "pionts: no field is called so; did you mean 'points'?\n"),
        (["Ana", "points=101"], 1,
         "points: '101' is out of bounds; 'points' is at most 100\n"),
        (["Ana", "timezone=Rio"], 1, "write it as America/Sao_Paulo"),
        (["Bo", "points=5"], 1, f"{nobody_known('Bo')}\n"),
        (["Ana", "points"], 2, "write FIELD=VALUE, not 'points'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_changes_nothing(folder, words, code, told):
    before = ana()
    done = run("set", *words)

    assert (done.exit_code, told in done.stderr) == (code, True), done.stderr
    assert ana() == before
