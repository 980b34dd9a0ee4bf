"""A copy of a database is whole, and nothing in it happens a second time."""

import sqlite3
from datetime import timedelta

import pytest

from bot.domain.errors import BackupRefused, DatabaseRefused
from bot.domain.outgoing import Why
from bot.store import copies, drafts, outbox
from bot.store.database import Database
from bot.store.migrations import SCHEMA_VERSION
from tests.make import ACCOUNT, ANA, BO, NOW
from tests.stored import fresh

AGE = timedelta(minutes=15)
LATE = NOW + timedelta(days=1)


def draft(text, chat=ANA, why=Why.ANSWER):
    return drafts.Draft(account=ACCOUNT, chat=chat, text=text, why=why, by="rule:x", due_at=NOW)


def reserve(db, *what, **more):
    drafts.reserve(db, b"secret", what[0], [draft(*what, **more)], NOW)


@pytest.fixture
def db():
    db = fresh()
    yield db
    db.close()


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "alexia.db")
    yield database
    database.close()


def said(db):
    return dict(map(tuple, db.execute("SELECT text, state FROM outbox")))


def test_a_copy_is_whole_while_others_write(database, tmp_path):
    database.write_now(lambda db: reserve(db, "kept"))
    other = sqlite3.connect(tmp_path / "alexia.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM outbox")

    copies.copy_database(tmp_path / "alexia.db", tmp_path / "copy.db")

    other.execute("ROLLBACK")
    other.close()
    with copies.opened_copy(tmp_path / "copy.db") as db:
        assert said(db) == {"kept": "reserved"}
    assert sorted(file.name for file in tmp_path.glob("copy*")) == ["copy.db"]


def test_a_copy_that_finds_no_room_is_told_with_what_to_do(database, tmp_path):
    with pytest.raises(BackupRefused, match="name a FILE on a disk with room"):
        copies.copy_database(tmp_path / "alexia.db", tmp_path / "nowhere" / "copy.db")


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda path: path.write_bytes(b""), "empty"),
        (lambda path: path.write_bytes(b"no database at all" * 99), "not a readable database"),
        (lambda path: path.write_bytes(path.read_bytes()[:-8192]), "damaged|readable"),
    ],
)
def test_a_damaged_copy_is_refused(database, tmp_path, harm, told):
    copy = tmp_path / "copy.db"
    copies.copy_database(tmp_path / "alexia.db", copy)
    harm(copy)

    with pytest.raises(DatabaseRefused, match=told), copies.opened_copy(copy):
        pass


def test_a_copy_of_a_newer_version_is_refused(database, tmp_path):
    copies.copy_database(tmp_path / "alexia.db", tmp_path / "copy.db")
    newer = sqlite3.connect(tmp_path / "copy.db")
    newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    newer.close()

    with (
        pytest.raises(DatabaseRefused, match="update Alexia"),
        copies.opened_copy(tmp_path / "copy.db"),
    ):
        pass


def test_what_waited_for_long_is_not_said_any_more(db):
    reserve(db, "reminder", why=Why.STARTED)
    reserve(db, "answer", BO)
    reserve(db, "campaign", why=Why.CAMPAIGN)
    outbox.hand(db, [2], 1, NOW)

    assert copies.settle(db, LATE, AGE) == copies.Settled(messages=2, runs=0)

    assert said(db) == {"reminder": "cancelled", "answer": "stuck", "campaign": "reserved"}


def test_what_waited_a_moment_is_looked_up_before_it_is_said(db):
    reserve(db, "answer")
    soon = NOW + timedelta(minutes=1)

    assert copies.settle(db, soon, AGE).messages == 0

    assert outbox.next_due(db, ACCOUNT, soon, 10) == []
    (doubtful,) = outbox.unsettled(db, ACCOUNT, soon)
    assert (doubtful.text, doubtful.handed_at) == ("answer", soon)


def test_what_is_to_come_stays_to_come(db):
    reserve(db, "later")

    copies.settle(db, NOW - timedelta(hours=1), AGE)

    assert said(db) == {"later": "reserved"}


def test_campaigns_wait_for_a_person(db):
    db.execute(
        "INSERT INTO campaign_runs VALUES (7, 'spring', ?, 0, '', '', 'running', '', 0, NULL)",
        (ACCOUNT,),
    )

    assert copies.settle(db, NOW, AGE).runs == 1

    (state, detail) = db.execute("SELECT state, detail FROM campaign_runs").fetchone()
    assert (state, "look who got it" in detail) == ("paused", True)


def harmed(path):
    held = path.read_bytes()
    path.write_bytes(held[:8192] + b"\xff" * 8192 + held[16384:])


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (harmed, "alexia restore FILE --replace"),
        (lambda path: path.write_bytes(b""), "is empty; `alexia restore"),
        (lambda path: path.write_bytes(b"no database at all" * 99), "alexia restore FILE"),
    ],
)
def test_a_database_that_is_damaged_is_told_with_the_remedy(tmp_path, harm, told):
    Database(tmp_path / "alexia.db").close()
    copies.look_through(tmp_path / "alexia.db")
    harm(tmp_path / "alexia.db")

    with pytest.raises(DatabaseRefused, match=told):
        copies.look_through(tmp_path / "alexia.db")
