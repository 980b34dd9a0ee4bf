"""Stored messages are found from the command line."""

import json

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.store import contacts, inbox
from tests.make import ANA, BO, NOW, message
from tests.stored import folder_with


def fill(db):
    inbox.record_all(db, [message("Olá, pizza?"), message("pizza", id="A2", chat=BO)], NOW)
    contacts.meet(db, ANA, "Ana Souza", NOW)
    contacts.meet(db, BO, "Bo", NOW)


@pytest.fixture
def folder(tmp_path):
    return folder_with(tmp_path, fill, "timezone: America/Sao_Paulo\n")


def find(folder, *words):
    return CliRunner().invoke(main, ["messages", "search", *words, "--config", str(folder)])


def test_messages_are_found_with_who_wrote_them(folder):
    (found,) = json.loads(find(folder, "ola", "--contact", "ana souza", "--json").output)

    assert found == {
        "id": "A1", "chat": ANA, "direction": "in", "type": "text", "text": "Olá, pizza?",
        "t": "2026-01-05T09:00:00+00:00", "status": "waiting",
        "contact": {"number": "+5511987654321", "name": "Ana Souza"},
    }  # fmt: skip


def test_without_json_they_are_a_table_with_the_times_of_the_business(folder):
    shown = find(folder, "pizza").output

    assert "Ana Souza" in shown
    assert "2026-01-05 06:00:00" in shown


@pytest.mark.parametrize(
    ("option", "found"),
    [
        (("--since", "2026-01-05T06:00"), 2),  # the business is three hours behind UTC
        (("--since", "2026-01-05T06:01"), 0),
        (("--until", "2026-01-05T06:00"), 0),
        (("--type", "image"), 0),
        (("--tag", "hot"), 0),
    ],
)
def test_filters_narrow(folder, option, found):
    assert len(json.loads(find(folder, "pizza", *option, "--json").output)) == found


def test_a_mistaken_time_and_an_unknown_person_are_told(folder):
    assert "write 12h, 7d or 2026-11-23" in find(folder, "x", "--since", "soon").stderr
    assert (
        find(folder, "x", "--contact", "nobody").stderr
        == "nobody known is 'nobody'; `alexia contacts list nobody` finds those whose names"
        " begin so\n"
    )
