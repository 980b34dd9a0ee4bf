"""`alexia privacy erase` on the database of a bot that does not run."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.store import contacts, inbox
from tests.make import ANA, NOW, message
from tests.stored import folder_with


@pytest.fixture
def folder(tmp_path):
    return folder_with(tmp_path, _fill)


def _fill(db):
    inbox.record_all(db, [message("swordfish")], NOW)
    contacts.meet(db, ANA, "Ana", NOW)


def run(folder, *words, given=None):
    return CliRunner().invoke(main, [*words, "--config", str(folder)], input=given)


def holds(folder, word):
    return any(
        word in file.read_bytes() for file in (folder / "state").rglob("*") if file.is_file()
    )


def test_a_person_is_erased_from_every_file_of_the_data_folder(folder):
    assert holds(folder, b"swordfish")
    done = run(folder, "privacy", "erase", "5511987654321", "--yes")

    assert done.exit_code == 0, done.output
    assert done.output.startswith("erased: ")
    assert "delete the chat on the phone too" in done.output
    assert not holds(folder, b"swordfish")
    assert not holds(folder, b"5511987654321")


def test_it_asks_back(folder):
    done = run(folder, "privacy", "erase", "5511987654321", given="n\n")

    assert done.exit_code == 1
    assert holds(folder, b"swordfish")


def test_who_is_not_known_is_told(folder):
    done = run(folder, "privacy", "erase", "5511900000000", "--yes")

    assert (done.exit_code, done.stderr) == (
        1,
        "nobody known is '5511900000000'; `alexia contacts list` names those there are\n",
    )


def test_json_counts_what_went(folder):
    done = run(folder, "privacy", "erase", "Ana", "--yes", "--json")

    assert json.loads(done.output)["rows"] >= 3
