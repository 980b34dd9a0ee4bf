"""An older database becomes what a fresh one is."""

import pytest

from benchmarks.older import undo
from bot.domain.outgoing import Why
from bot.store import drafts
from bot.store.migrations import SCHEMA_VERSION, STEPS
from bot.store.opening import open_connection, prepare
from tests.make import ACCOUNT, ANA, NOW
from tests.stored import fresh


def columns(db):
    tables = [
        row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")
    ]
    return {
        table: [(row["name"], row["notnull"]) for row in
                db.execute(f"PRAGMA table_info({table})")]
        for table in tables
    }  # fmt: skip


def indexes(db):
    kinds = "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger')"
    return {row["name"] for row in db.execute(kinds)}


@pytest.mark.parametrize("version", STEPS)
def test_each_older_schema_becomes_the_present_one(version):
    fresh, older = open_connection(":memory:"), open_connection(":memory:")
    for db in (fresh, older):
        prepare(db, ":memory:")
    for step in range(SCHEMA_VERSION - 1, version - 1, -1):
        undo(older, step)
    assert (columns(older), indexes(older)) != (columns(fresh), indexes(fresh))

    prepare(older, ":memory:")

    for table, held in columns(fresh).items():
        assert sorted(columns(older)[table]) == sorted(held)
    assert indexes(older) == indexes(fresh)
    fresh.close()
    older.close()


def test_receipts_outlive_the_change_of_their_table():
    db = fresh()
    hello = drafts.Draft(
        account=ACCOUNT, chat=ANA, text="hello", why=Why.ANSWER, by="rule:x", due_at=NOW
    )
    drafts.reserve(db, b"secret", "cause", [hello, hello], NOW)
    ids = [row["message_id"] for row in db.execute("SELECT message_id FROM outbox ORDER BY id")]
    undo(db, 23)
    db.execute("DROP TABLE receipts")
    db.execute(next(one for one in STEPS[9] if one.startswith("CREATE TABLE receipts")))
    kept = [(one, "", ack, 60.0 + ack) for one in ids for ack in (1, 2, 3)]
    db.executemany("INSERT INTO receipts VALUES (?,?,?,?)", reversed(kept))

    prepare(db, ":memory:")

    held = "SELECT message_id, reader, ack, at FROM receipts ORDER BY message_id, ack"
    assert [tuple(row) for row in db.execute(held)] == sorted(kept)
    db.execute("DELETE FROM outbox WHERE message_id = ?", (ids[0],))
    assert {row["message_id"] for row in db.execute(held)} == {ids[1]}
    db.close()
