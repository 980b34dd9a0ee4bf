"""The page about reports: its commands run, and its table of keys is the shape of the JSON."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.reports.as_json import as_data
from bot.store import contacts
from bot.store.database import Database
from tests.make import ANA, NOW

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "reports.md").read_text("utf-8")
COMMANDS = re.findall(r"^alexia .*", PAGE, re.MULTILINE)
KEYS = re.compile(r"^\| (`.*?) \| (.*) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("page")
    (home / "config.yaml").touch()
    (home / "state").mkdir(mode=0o700)
    database = Database(home / "state" / "alexia.db")

    def meet(db):
        contacts.tag(db, contacts.meet(db, ANA, "Ana", NOW).id, "vip", NOW, on=True)

    database.write_now(meet)
    database.close()
    return home


@pytest.mark.parametrize("line", COMMANDS)
def test_the_commands_of_the_page_run(line, folder, monkeypatch):
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(main, shlex.split(line)[1:])

    assert done.exit_code == 0, done.output


def test_the_page_shows_a_command_for_each_form():
    assert len(COMMANDS) == 10
    assert {f".{name}" for name in re.findall(r"\*\*`\.(\w+)`\*\*", PAGE)} == {
        ".html", ".pdf", ".csv", ".zip", ".json", ".txt",
    }  # fmt: skip


def keys_of(data):
    match data:
        case dict():
            for key, value in data.items():
                yield key
                yield from keys_of(value)
        case list():
            for one in data:
                yield from keys_of(one)


def test_the_page_names_every_key_of_the_json(found):
    told = {key for row in KEYS.findall(PAGE) for key in re.findall(r"`(\w+)`", " ".join(row))}

    assert set(keys_of(as_data(found))) - told == {"day", "hour"}
