"""Who asks what is kept of them gets all of it, and nothing of anybody else."""

import json
import zipfile
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from bot.audience.dossier import KEPT, everything_of
from bot.cli import main
from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.messages import MessageKind
from bot.store import consents, inbox
from bot.store.database import Database
from bot.store.erasing import PERSONAL
from tests.make import ANA, BO, NOW, message
from tests.store.test_erasing import GROUP, fill

SECRET, OTHERS = "swordfishofana", "troutofbo"
ZONE = ZoneInfo("America/Sao_Paulo")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("timezone: America/Sao_Paulo\n", "utf-8")
    (tmp_path / "state").mkdir(mode=0o700)
    database = Database(tmp_path / "state" / "alexia.db")

    def settle(db):
        ana = fill(db, ANA, SECRET, "ana")
        fill(db, BO, OTHERS, "bo")
        entry = ConsentEntry(when=NOW, state=ConsentState.GRANTED, source="shop", wording=SECRET)
        consents.record(db, ana, entry)
        said = message(f"in the group {SECRET}", chat=GROUP, id="G1")
        inbox.record_all(db, [said], NOW)
        db.execute("UPDATE inbox SET sender = ? WHERE message_id = 'G1'", (ANA,))

    database.write_now(settle)
    database.close()
    return tmp_path


def run(*words):
    return CliRunner().invoke(main, ["privacy", "export", *words])


def test_every_part_holds_what_is_kept_there(folder):
    told = json.loads(run("5511987654321").output)

    assert list(told) == list(KEPT)
    full = {name for name, part in told.items() if SECRET in json.dumps(part)}
    assert full >= {
        "person", "fields", "tags", "consents", "lead", "messages", "written_in_groups",
        "conversations", "waiting", "decisions",
    }  # fmt: skip
    waiting = {name for name, part in told["waiting"].items() if SECRET in json.dumps(part)}
    assert waiting == {"timers", "calls", "events", "announcements", "deliveries"}
    assert OTHERS not in json.dumps(told)
    assert told["consents"][0]["when"] == NOW.isoformat()
    assert told["messages"][0]["t"] == "2026-01-05T06:00:00-03:00"


def test_no_table_that_tells_of_people_is_left_out():
    assert {table for tables in KEPT.values() for table in tables} == PERSONAL


def test_the_files_come_along_for_its_owner_alone(folder):
    media = folder / "state" / "media"
    media.mkdir(exist_ok=True)
    sha256 = "ab" * 32
    (media / sha256).write_bytes(b"a picture")
    database = Database(folder / "state" / "alexia.db")

    def settle(db):
        picture = message("", id="P1", kind=MessageKind.IMAGE)
        inbox.record_all(db, [picture], NOW)
        row = db.execute("SELECT id FROM inbox WHERE message_id = 'P1'").fetchone()[0]
        db.execute("UPDATE media SET state = 'ok', sha256 = ? WHERE id = ?", (sha256, row))

    database.write_now(settle)
    database.close()
    done = run("5511987654321", "--output", "ana.zip")

    assert (done.exit_code, "1 files" in done.output) == (0, True), done.output
    assert (folder / "ana.zip").stat().st_mode & 0o077 == 0
    with zipfile.ZipFile("ana.zip") as packed:
        assert packed.read(f"media/{sha256}") == b"a picture"
        told = json.loads(packed.read("person.json"))
    assert {one["file"] for one in told["messages"]} == {None, sha256}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [(["nobody"], 1, "nobody known is 'nobody'"), ([ANA, "-o", "no/x.zip"], 2, "no folder no")],
)
def test_what_cannot_be_exported_is_told(folder, words, code, says):
    done = run(*words)

    assert (done.exit_code, says in done.stderr) == (code, True)


def test_a_person_without_a_talk_is_exported_too(folder):
    database = Database(folder / "state" / "alexia.db")
    found = database.write_now(
        lambda db: everything_of(db, consents_only(db), ZONE)["consents"][0]["source"]
    )  # fmt: skip
    database.close()

    assert found == "form"


def consents_only(db):
    from bot.store import contacts

    eva = contacts.meet(db, "5511900000003@c.us", "Eva", NOW).id
    consents.record(db, eva, ConsentEntry(when=NOW, state=ConsentState.GRANTED, source="form"))
    return eva
