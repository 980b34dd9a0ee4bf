"""An older, readable database is sealed; its key can be another one; one that is lost is told."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.domain.errors import KeyRefused
from bot.domain.messages import Location
from bot.domain.values import to_json
from bot.store import calls, contacts, conversations, drafts, leads, outbox, timers, variables
from bot.store.cipher import DATA, OWNER
from bot.store.database import Database
from bot.store.keyring import FILE_NAME, Keyring, read_file, read_keys
from bot.store.migrations import SCHEMA_VERSION
from bot.store.opening import open_connection
from tests.make import ACCOUNT, ANA, NOW
from tests.store.test_migrations import undo

PIN = "zanzibar4711"
STAMP = NOW.timestamp()
UNSEALED = 14  # the last version that kept sensitive values as they are
HIDDEN = {"$": "hidden", "v": PIN}
FRAME = {
    "flow": "pay", "version": "v", "step": "1", "slots": {"pin": HIDDEN, "n": 3},
    "saved": {"home": {"$": "hidden", "v": to_json(Location(latitude=1.5, longitude=2.25))}},
    "retries": 0, "awaiting": "", "loops": {"4": {"n": 1, "items": [PIN]}}, "since": None,
    "asked_at": None, "save_as": "", "called": False,
    "notes": {"pending": {"kind": "confirm", "value": PIN}},
}  # fmt: skip
STATE = {"last_reply": f"Is {PIN} right?", "last_message_at": None, "frames": [FRAME],
         "is_hushed": True, "handoff": ["desk", NOW.isoformat(), f"pin {PIN}", ""]}  # fmt: skip
REQUEST = {"key": "c|http|1", "method": "POST", "url": f"https://bank.example/{PIN}",
           "headers": {}, "json": {"pin": PIN}, "form": None, "timeout": 5, "retries": 0,
           "awaited": True}  # fmt: skip


def older(path: Path) -> None:
    """Make a database of the version before values were sealed, in the middle of a flow."""
    Database(path).close()
    db = open_connection(str(path))
    db.execute("INSERT INTO contacts VALUES (1,'','Ana',NULL,NULL,'unknown',?,?,NULL)",
               (json.dumps({"pin": HIDDEN, "vip": True}), STAMP))  # fmt: skip
    db.execute("INSERT INTO identities VALUES (?, 1)", (ANA,))
    db.execute("INSERT INTO conversations VALUES (?,?,1,7,?,'pay','1',NULL,?,0,'')",
               (ACCOUNT, ANA, json.dumps(STATE), STAMP))  # fmt: skip
    payload = {"version": "v", "step": "9", "flow": "pay", "values": {"pin": PIN, "n": 3},
               "sensitive": ["pin"]}  # fmt: skip
    db.execute("INSERT INTO timers (id, account, chat, key, kind, due_at, payload, cancel_on_reply,"
               " late) VALUES (1,?,?,'later:x','later',?,?,0,NULL)",
               (ACCOUNT, ANA, STAMP, json.dumps(payload)))  # fmt: skip
    db.execute("INSERT INTO calls (key, account, chat, kind, request, awaited, state, attempts,"
               " due_at, created_at, answer)"
               " VALUES ('c|http|1',?,?,'http',?,1,'waiting',0,?,?,'')",
               (ACCOUNT, ANA, json.dumps(REQUEST), STAMP, STAMP))  # fmt: skip
    db.execute("INSERT INTO leads VALUES (1,1,'new',0,'',?,?,?,?,0,0,NULL)",
               (json.dumps({"pin": PIN, "area": "x"}), json.dumps([f"pin {PIN}", "nice"]),
                STAMP, STAMP))  # fmt: skip
    draft = drafts.Draft(
        account=ACCOUNT, chat=ANA, text=f"Is {PIN} right?", why=outbox.Why.ANSWER, by="x",
        due_at=NOW,
    )  # fmt: skip
    drafts.reserve(db, b"s", "c", [draft], NOW)
    db.execute(
        "INSERT INTO inbox (account, chat, participant, message_id, sender, sender_name, text,"
        " kind, sent_at, received_at, from_me, origin, extra, state, attempts, detail) VALUES"
        " (?,?,'','M',?,'',?,'text',?,?,0,'live','','waiting',0,'')",
        (ACCOUNT, ANA, ANA, PIN, STAMP, STAMP),
    )
    db.execute("DELETE FROM meta WHERE key IN (?, ?)", (OWNER, DATA))
    for version in range(SCHEMA_VERSION - 1, UNSEALED - 1, -1):
        undo(db, version)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    (path.parent / FILE_NAME).unlink()
    assert PIN.encode() in path.read_bytes()


def at_rest(path: Path) -> bytes:
    return b"".join(one.read_bytes() for one in path.parent.glob("alexia.db*"))


def test_what_an_older_version_left_readable_is_sealed_and_wiped(tmp_path):
    path = tmp_path / "alexia.db"
    older(path)
    database = Database(path)
    db = database._reader

    assert PIN.encode() not in at_rest(path)
    frame = conversations.load(db, ACCOUNT, ANA).frames[0]
    assert frame.slots == {"pin": PIN, "n": 3}
    assert frame.saved == {"home": Location(latitude=1.5, longitude=2.25)}
    assert frame.sensitive == {"pin", "home"}
    assert frame.notes["pending"]["value"] == PIN
    assert conversations.load(db, ACCOUNT, ANA).last_reply == f"Is {PIN} right?"
    assert contacts.find(db, ANA).fields == {"pin": PIN, "vip": True}
    assert timers.next_due(db, ACCOUNT, ANA, NOW).fired.payload["values"] == {"pin": PIN, "n": 3}
    assert calls.next_due(db, NOW, 9)[0].json == {"pin": PIN}
    assert leads.load(db, 1, NOW).fields == {"pin": PIN, "area": "x"}
    assert leads.load(db, 1, NOW).notes == ("•••", "nice")
    assert outbox.next_due(db, ACCOUNT, NOW, 9)[0].text == f"Is {PIN} right?"
    assert [row["text"] for row in db.execute("SELECT text FROM inbox")] == ["•••"]
    database.close()


def test_a_death_before_the_wiping_is_made_up_for(tmp_path):
    path = tmp_path / "alexia.db"
    older(path)
    database = Database(path)
    database.write_now(
        lambda db: db.execute("INSERT INTO meta VALUES ('sealing.wipe', '1')") and None
    )
    database.close()
    Database(path).close()
    db = open_connection(str(path))
    left = db.execute("SELECT count(*) FROM meta WHERE key LIKE 'sealing.wipe'").fetchone()[0]
    db.close()

    assert left == 0


def test_an_owner_may_give_the_key_and_change_it(tmp_path):
    path, first, second = tmp_path / "alexia.db", "11" * 32, "22" * 32
    database = Database(path, read_keys(first, "storage.key"))
    database.write_now(lambda db: variables.keep(db, "pin", PIN, sensitive=True))
    database.close()
    with pytest.raises(KeyRefused, match="nothing was changed"):
        Database(path, read_keys(second, "storage.key"))
    Database(path, read_keys(f"{second} {first}", "storage.key")).close()
    database = Database(path, read_keys(second, "storage.key"))
    opened = database.read_now(variables.load)
    database.close()

    assert opened == {"pin": PIN}
    assert not (tmp_path / FILE_NAME).exists()
    with pytest.raises(KeyRefused):
        Database(path, read_keys(first, "storage.key"))


@pytest.mark.parametrize("text", ["", "hunter2", "11" * 31, "11" * 32 + " x"])
def test_what_is_no_key_is_refused_and_not_told(text):
    with pytest.raises(KeyRefused, match="holds no key") as refused:
        read_keys(text, "storage.key")

    assert text not in str(refused.value).split() or not text


def test_a_keyring_shows_no_key():
    assert repr(read_keys("ab" * 32, "here")) == "Keyring(1 keys of here)"
    assert Keyring((b"k",), "here").find("x") is None


def run(folder: Path, *words: str):
    return CliRunner().invoke(main, [*words, "--config", str(folder)])


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "config.yaml").touch()
    (tmp_path / "state").mkdir()
    database = Database(tmp_path / "state" / "alexia.db")
    database.write_now(lambda db: variables.keep(db, "pin", PIN, sensitive=True))
    database.close()
    return tmp_path


def held(folder: Path) -> dict[str, object]:
    database = Database(folder / "state" / "alexia.db")
    found = database.read_now(variables.load)
    database.close()
    return found


def test_rekey_takes_another_key_and_loses_nothing(folder):
    file = folder / "state" / FILE_NAME
    before = read_file(file)
    done = run(folder, "rekey")
    after = read_file(file)

    assert done.exit_code == 0, done.output
    assert before.keys[0] not in after.keys
    assert held(folder) == {"pin": PIN}


def test_a_rekey_that_was_cut_off_is_gone_on_with(folder):
    file = folder / "state" / FILE_NAME
    before = file.read_text()
    file.write_text("33" * 32 + "\n" + before)
    assert held(folder) == {"pin": PIN}
    done = run(folder, "rekey")

    assert done.exit_code == 0, done.output
    assert len(read_file(file).keys) == 1
    assert held(folder) == {"pin": PIN}


def test_without_its_key_a_command_tells_what_to_do(folder):
    (folder / "state" / FILE_NAME).unlink()
    done = run(folder, "rekey")

    assert done.exit_code == 1
    assert "sealing.key: is missing" in done.output
    assert "alexia rekey --lost" in done.output


def test_a_key_that_is_lost_for_good_can_be_given_up(folder):
    file = folder / "state" / FILE_NAME
    file.unlink()
    done = run(folder, "rekey", "--lost", "--yes")

    assert done.exit_code == 0, done.output
    assert held(folder) == {}
    assert file.exists()


def test_a_flow_that_worked_on_a_lost_value_ends_and_nothing_is_said(tmp_path):
    (tmp_path / "config.yaml").touch()
    (tmp_path / "state").mkdir()
    path = tmp_path / "state" / "alexia.db"
    older(path)
    Database(path).close()
    (tmp_path / "state" / FILE_NAME).unlink()
    done = run(tmp_path, "rekey", "--lost", "--yes")
    assert done.exit_code == 0, done.output
    database = Database(path)
    db = database._reader
    state = conversations.load(db, ACCOUNT, ANA)

    assert (state.frames, state.last_reply, state.handoff.note) == ((), "", "")
    assert contacts.find(db, ANA).fields == {"vip": True}
    assert leads.load(db, 1, NOW).fields == {"area": "x"}
    assert outbox.next_due(db, ACCOUNT, NOW, 9) == []
    assert calls.next_due(db, NOW, 9) == []
    assert timers.next_due(db, ACCOUNT, ANA, NOW) is None
    assert [row["state"] for row in db.execute("SELECT state FROM inbox")] == ["ignored"]
    database.close()


def test_an_owner_who_gave_the_key_is_told_how_to_change_it(folder):
    (folder / "config.yaml").write_text(f"storage: {{key: {'11' * 32}}}\n")
    done = run(folder, "rekey")

    assert done.exit_code == 1
    assert "write a new one before it" in done.output


def test_there_is_no_key_without_a_database(tmp_path):
    (tmp_path / "config.yaml").touch()
    done = run(tmp_path, "rekey")

    assert done.exit_code == 1
    assert "no database" in done.output
