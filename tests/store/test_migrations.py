"""An older database becomes what a fresh one is."""

import pytest

from benchmarks.older import undo
from bot.store.migrations import SCHEMA_VERSION, STEPS
from bot.store.opening import open_connection, prepare


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
