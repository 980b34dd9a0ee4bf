import asyncio
import sqlite3
import threading

import pytest

from bot.domain.errors import DatabaseRefused
from bot.store.database import Database


async def test_a_failed_write_undoes_only_itself(database):
    def fails(db):
        db.execute("INSERT INTO variables VALUES ('bad', '1')")
        raise ValueError("mine")

    good = database.write(lambda db: db.execute("INSERT INTO variables VALUES ('good', '1')"))
    bad = database.write(fails)
    await good
    with pytest.raises(ValueError, match="mine"):
        await bad

    names = await database.read(
        lambda db: [r["name"] for r in db.execute("SELECT * FROM variables")]
    )
    assert names == ["good"]


def test_a_database_opens_again_with_the_same_secret_and_a_new_epoch(tmp_path):
    first = Database(tmp_path / "a.db")
    first.close()
    second = Database(tmp_path / "a.db")
    second.close()

    assert second.secret == first.secret
    assert second.epoch == first.epoch + 1


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough", b"SQLite format 3\0zz"]
)
def test_a_corrupt_file_is_refused_and_left_as_it_was(tmp_path, content):
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(DatabaseRefused, match="not a readable database"):
        Database(path)

    assert path.read_bytes() == content


def test_an_empty_file_is_refused_as_it_held_something(tmp_path):
    (tmp_path / "a.db").touch()

    with pytest.raises(DatabaseRefused, match="is empty, so what it held is lost"):
        Database(tmp_path / "a.db")

    assert (tmp_path / "a.db").read_bytes() == b""


def test_a_birth_that_was_cut_off_leaves_no_database(tmp_path):
    (tmp_path / "a.db.new").write_bytes(b"half of it")

    Database(tmp_path / "a.db").close()

    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.db", "sealing.key"]


def test_a_newer_database_is_refused(tmp_path):
    Database(tmp_path / "a.db").close()
    db = sqlite3.connect(tmp_path / "a.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(DatabaseRefused, match="newer Alexia"):
        Database(tmp_path / "a.db")


def test_somebody_elses_database_is_refused(tmp_path):
    db = sqlite3.connect(tmp_path / "a.db")
    db.execute("CREATE TABLE theirs (id)")
    db.close()
    with pytest.raises(DatabaseRefused, match="somebody else's"):
        Database(tmp_path / "a.db")


async def until_troubled(database):
    async with asyncio.timeout(10):
        while not database.trouble:
            await asyncio.sleep(0.001)


async def test_a_full_disk_is_waited_out_and_nothing_is_lost(database, monkeypatch):
    monkeypatch.setattr("bot.store.database.TRY_AGAIN", 0.001)
    pages = await database.read(lambda db: db.execute("PRAGMA page_count").fetchone()[0])

    def most_pages(most):
        return database.write(lambda db: db.execute(f"PRAGMA max_page_count = {most}").fetchall())

    await most_pages(pages + 1)
    long = "y" * 99_999
    writing = asyncio.create_task(
        database.write(lambda db: db.execute("INSERT INTO variables VALUES ('x', ?)", (long,)))
    )
    await until_troubled(database)
    assert "full" in database.trouble
    await most_pages(1_000_000)
    async with asyncio.timeout(10):
        await writing

    assert database.trouble == ""
    names = await database.read(lambda db: db.execute("SELECT name FROM variables").fetchall())
    assert [row["name"] for row in names] == ["x"]


async def test_a_write_that_met_trouble_is_tried_again_once_and_not_at_once_too(
    database, monkeypatch
):
    monkeypatch.setattr("bot.store.database.TRY_AGAIN", 0.001)
    monkeypatch.setattr("bot.store.database.COMMITS_A_CHECKPOINT", 1)
    is_held_up = threading.Event()
    monkeypatch.setattr("bot.store.database.crash.here", lambda _: is_held_up.wait(10))
    tries = []

    def write(db):
        tries.append(len(tries))
        db.execute("INSERT INTO variables VALUES (?, 'x')", (f"try {len(tries)}",))
        if len(tries) == 1:
            failure = sqlite3.OperationalError("database or disk is full")
            failure.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise failure

    writing = asyncio.create_task(database.write(write))
    await until_troubled(database)
    is_held_up.set()
    async with asyncio.timeout(10):
        await writing

    names = await database.read(lambda db: db.execute("SELECT name FROM variables").fetchall())
    assert [row["name"] for row in names] == ["try 2"]
    database.close()  # what was asked for is done by now
    assert tries == [0, 1]


async def test_writes_that_were_held_up_together_end_the_trouble_together(database, monkeypatch):
    monkeypatch.setattr("bot.store.database.TRY_AGAIN", 0.001)
    is_full = [True]

    def fill(db):
        if is_full[0]:
            failure = sqlite3.OperationalError("database or disk is full")
            failure.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise failure

    writing = [asyncio.create_task(database.write(fill)) for _ in range(3)]
    await until_troubled(database)
    is_full[0] = False
    async with asyncio.timeout(10):
        await asyncio.gather(*writing)

    assert database.trouble == ""


async def test_a_small_write_that_fits_in_does_not_end_the_trouble(database, monkeypatch):
    monkeypatch.setattr("bot.store.database.TRY_AGAIN", 0.001)
    pages = await database.read(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    await database.write(lambda db: db.execute(f"PRAGMA max_page_count = {pages + 1}").fetchall())
    writing = asyncio.create_task(
        database.write(
            lambda db: db.execute("INSERT INTO variables VALUES ('x', ?)", ("y" * 99_999,))
        )
    )
    await until_troubled(database)

    await database.write(lambda db: db.execute("INSERT INTO variables VALUES ('z', '1')"))

    assert "full" in database.trouble
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await database.write(lambda db: db.execute("DELETE FROM variables"))
    assert database.trouble == ""


async def test_a_lock_of_somebody_else_is_waited_out(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.store.database.TRY_AGAIN", 0.001)
    monkeypatch.setattr("bot.store.opening.BUSY_TIMEOUT", 0.001)
    database = Database(tmp_path / "a.db")
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(
        database.write(lambda db: db.execute("INSERT INTO variables VALUES ('x', '1')"))
    )
    await until_troubled(database)
    other.execute("COMMIT")
    async with asyncio.timeout(10):
        await writing
    other.close()
    database.close()

    assert database.trouble == ""


async def test_of_work_that_is_done_together_a_failure_undoes_only_itself(database):
    def note_all(db, names):
        db.executemany("INSERT INTO variables VALUES (?, '1')", [(name,) for name in names])
        if "bad" in names:
            raise ValueError("mine")
        return [name.upper() for name in names]

    told = await asyncio.gather(
        *(database.write_each(note_all, name) for name in ("a", "bad", "b")),
        return_exceptions=True,
    )

    assert told[0] == "A"
    assert isinstance(told[1], ValueError)
    assert told[2] == "B"
    names = await database.read(
        lambda db: [r["name"] for r in db.execute("SELECT * FROM variables ORDER BY name")]
    )
    assert names == ["a", "b"]


async def test_work_asked_for_at_the_same_time_is_done_by_one_call(database):
    calls: list[int] = []
    hold = threading.Event()

    def add_all(db, numbers):
        calls.append(len(numbers))
        return [number + 1 for number in numbers]

    first = asyncio.create_task(database.write(lambda db: hold.wait(10)))
    await asyncio.sleep(0)
    asked = [asyncio.create_task(database.write_each(add_all, number)) for number in range(20)]
    await asyncio.sleep(0)
    hold.set()

    assert await first
    assert await asyncio.gather(*asked) == list(range(1, 21))
    assert sum(calls) == 20
    assert max(calls) > 1


async def test_what_was_asked_for_right_before_the_close_is_done(tmp_path):
    database = Database(tmp_path / "a.db")
    writing = asyncio.create_task(
        database.write(lambda db: db.execute("INSERT INTO variables VALUES ('x', '1')"))
    )
    await asyncio.sleep(0)
    database.close()

    async with asyncio.timeout(5):
        await writing
