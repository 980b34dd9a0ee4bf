"""What is stored, as tables, JSON and CSV."""

import json

import pytest
from click.testing import CliRunner

from bot.audience.formulas import safe_cell
from bot.cli import main
from bot.domain.conversation import Conversation, Frame
from bot.domain.leads import Lead
from bot.store import contacts, conversations, inbox, leads, versions
from bot.store.database import Database
from tests.make import ACCOUNT, ANA, BO, NOW, message
from tests.stored import folder_with

COLUMNS = [
    "ID",
    "NUMBER",
    "NAME",
    "LANGUAGE",
    "TAGS",
    "CONSENT",
    "STAGE",
    "SAVED",
    "BLOCKED",
    "MUTED",
]


def fill(db):
    inbox.record_all(db, [message("hello\x1b[31m"), message("=1+1", id="A2", chat=BO)], NOW)
    ana = contacts.meet(db, ANA, "Ana Souza", NOW)
    contacts.meet(db, BO, "Bo", NOW)
    db.execute("INSERT INTO tags (contact_id, tag, since) VALUES (?, 'hot', 0)", (ana.id,))
    leads.keep(db, Lead(contact_id=ana.id, stage="qualified", score=60, fields={"area": "x"}), NOW)


@pytest.fixture
def folder(tmp_path):
    return folder_with(tmp_path, fill)


def run(folder, *words):
    return CliRunner().invoke(main, [*words, "--config", str(folder)])


def test_contacts_are_a_table(folder):
    done = run(folder, "contacts", "list")

    assert done.output.splitlines()[0].split() == COLUMNS
    assert "+5511987654321  Ana Souza  -         hot   unknown" in done.output


def test_contacts_as_json_have_the_fixed_shape(folder):
    ana, _ = json.loads(run(folder, "contacts", "list", "--json").output)

    shape = {"id", "number", "name", "language", "tags", "fields", "consent", "identities"}
    assert shape <= set(ana)
    assert (ana["number"], ana["tags"], ana["identities"]) == ("+5511987654321", ["hot"], [ANA])


@pytest.mark.parametrize("who", ["+5511987654321", "5511987654321", "ana souza", "1"])
def test_one_contact_is_found_by_number_name_or_id(folder, who):
    assert json.loads(run(folder, "contacts", "show", who, "--json").output)["name"] == "Ana Souza"


def test_leads_as_json_have_the_fixed_shape(folder):
    (lead,) = json.loads(run(folder, "leads", "list", "--json").output)

    shape = {"id", "contact", "stage", "score", "owner", "tags", "fields", "created_at"}
    assert shape <= set(lead)
    assert lead["contact"] == {"number": "+5511987654321", "name": "Ana Souza"}
    assert lead["created_at"] == "2026-01-05T09:00:00+00:00"


def test_a_lead_is_shown_by_the_name_of_the_contact(folder):
    assert "stage: qualified" in run(folder, "leads", "show", "ana souza").output


def test_tags_are_counted_and_lead_to_people(folder):
    assert json.loads(run(folder, "tags", "list", "--json").output) == [
        {"tag": "hot", "contacts": 1}
    ]
    assert "Ana Souza" in run(folder, "tags", "show", "hot").output


def test_messages_are_exported_as_json(folder):
    rows = json.loads(run(folder, "conversations", "export", "--json").output)

    assert [row["text"] for row in rows] == ["hello\x1b[31m", "=1+1"]
    assert set(rows[0]) == {"id", "chat", "direction", "type", "text", "t", "status"}


def test_no_exported_cell_is_a_formula(folder):
    done = run(folder, "conversations", "export", BO, "--format", "csv")

    assert ",'=1+1," in done.output


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\0x", "＝1"])
def test_what_a_spreadsheet_runs_is_quoted(text):
    assert safe_cell(text) == "'" + text


def test_whoever_is_unknown_is_told(folder):
    done = run(folder, "contacts", "show", "nobody")

    assert (done.exit_code, done.stderr) == (
        1,
        "nobody known is 'nobody'; `alexia contacts list nobody` finds those whose names begin"
        " so\n",
    )


@pytest.mark.parametrize("nobody", ["+", "", "@c.us"])
def test_who_is_not_named_is_no_chat_of_somebody_without_a_name(folder, nobody):
    database = Database(folder / "state" / "alexia.db")

    def meet_nameless(db):
        person = contacts.meet(db, "5511900000077@c.us", "", NOW)
        conversations.keep(db, ACCOUNT, person.id, Conversation(chat="5511900000077@c.us"))

    database.write_now(meet_nameless)
    database.close()

    assert run(folder, "conversations", "show", nobody).exit_code == 1


def test_before_the_first_start_there_is_no_database(tmp_path):
    (tmp_path / "config.yaml").touch()

    done = run(tmp_path, "leads", "list")

    assert done.exit_code == 1
    assert "there is no database yet; start the bot with `alexia run`" in done.stderr


def test_without_turns_there_is_nothing_to_trace(folder):
    said = run(folder, "trace", "ana souza").stderr

    assert said.startswith("nothing happened with 'ana souza' yet; ")


def test_who_is_named_in_part_is_found_by_the_command_that_is_told(folder):
    said = run(folder, "contacts", "show", "ana").stderr

    words = said.partition("`alexia ")[2].partition("`")[0].split()
    assert "Ana Souza" in run(folder, *words).output


@pytest.mark.parametrize("nobody", ["", " "])
def test_an_empty_name_does_not_trace_everybody(folder, nobody):
    done = run(folder, "trace", nobody)

    assert done.exit_code == 2
    assert "the CONTACT is empty; leave it out to see everybody" in done.stderr


def test_a_talk_is_exported_as_text_by_the_name_of_the_contact(folder):
    done = run(folder, "conversations", "export", "ana souza", "--format", "txt")

    assert done.output == f"2026-01-05 09:00:00 {ANA} < hello\\x1b[31m\n"


def test_an_export_of_nobody_is_told(folder):
    assert run(folder, "conversations", "export", "nobody").exit_code == 1


def test_a_chat_shows_who_looks_after_it(folder):
    database = Database(folder / "state" / "alexia.db")
    state = Conversation(chat=BO, team="support", member="Bea")
    database.write_now(
        lambda db: conversations.keep(db, ACCOUNT, contacts.meet(db, BO, "", NOW).id, state)
    )
    database.close()

    found = json.loads(run(folder, "conversations", "list", "--json").output)
    whose = {row["chat"]: (row["team"], row["member"]) for row in found}
    assert whose[BO] == ("support", "Bea")
    assert set(whose.values()) <= {("support", "Bea"), (None, None)}


OLD, NEW = "aaaaaaaaaaaa", "bbbbbbbbbbbb"


def fill_old(db):
    for chat, version in ((ANA, OLD), (BO, NEW)):
        person = contacts.meet(db, chat, "", NOW)
        frame = Frame(flow="pizza", version=version, step="size")
        state = Conversation(chat=chat, frames=(frame,))
        conversations.keep(db, ACCOUNT, person.id, state)
    versions.put_in_force(db, "book1", {"a.yaml": b"1"}, {OLD: "pizza"}, NOW)
    versions.put_in_force(db, "book2", {"a.yaml": b"2"}, {NEW: "pizza"}, NOW)


@pytest.mark.parametrize("words", [("--old",), ("list", "--old")])
def test_conversations_in_an_older_version_of_a_flow_are_listed(folder, words):
    database = Database(folder / "state" / "alexia.db")
    database.write_now(fill_old)
    database.close()

    found = json.loads(run(folder, "conversations", *words, "--json").output)

    assert [(row["chat"], row["version"]) for row in found] == [(ANA, OLD)]


def test_a_tag_that_nobody_wears_is_told(folder):
    done = run(folder, "tags", "show", "nope")

    assert (done.exit_code, done.stderr) == (
        1,
        "nobody wears the tag 'nope'; `alexia tags list` shows which there are\n",
    )
