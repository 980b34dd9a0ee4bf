"""The one door to the database: one writer thread, group commit, readers beside it."""

import asyncio
import logging
import secrets
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from typing import Generic, TypeVar

from bot import crash
from bot.domain.errors import DatabaseRefused

logger = logging.getLogger("alexia.store")

Found = TypeVar("Found")

MOST_JOBS_A_COMMIT = 256
COMMITS_A_CHECKPOINT = 200
TRY_AGAIN = 1.0  # seconds before a write is tried again that met trouble
PASSING = frozenset((
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
))  # fmt: skip
"""What may pass by itself: somebody's lock, a full or absent disk."""
BUSY_TIMEOUT = 30.0  # seconds that SQLite waits for somebody else's lock


class _Job(Generic[Found]):
    """One piece of work for the writer, and where its result goes."""

    def __init__(self, work: Callable[[sqlite3.Connection], Found]) -> None:
        self.work = work
        self.future: Future[Found] = Future()
        self.found: Found | None = None
        self.failure: BaseException | None = None

    def run(self, db: sqlite3.Connection) -> None:
        """Do the work inside a savepoint, so that its failure undoes only itself."""
        db.execute("SAVEPOINT job")
        try:
            self.found = self.work(db)
        except Exception as failure:
            if not db.in_transaction:
                raise  # a full disk undoes the whole transaction: everybody's work
            db.execute("ROLLBACK TO job")
            self.failure = failure
        db.execute("RELEASE job")

    def settle(self, failure: BaseException | None) -> None:
        """Tell the caller, once the commit is durable or has failed."""
        if not self.future.set_running_or_notify_cancel():
            return
        told = self.failure or failure
        if told is not None:
            self.future.set_exception(told)
        else:
            self.future.set_result(self.found)  # type: ignore[arg-type]  # work has run: found is its result


class Database:
    """An open database.

    Attributes:
        trouble: Why nothing can be written now (the disk is full, …); "" when all is well.

    Writes go through one thread that commits many at once (WAL, ``synchronous=FULL``): a write's
    coroutine returns when it is on disk. Reads run beside on their own connection.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = str(path)
        self._writer = open_connection(self.path)
        prepare(self._writer, self.path)
        self.secret = bytes.fromhex(_meta(self._writer, "secret"))
        self.epoch = _next_epoch(self._writer)
        self._reader = open_connection(self.path)
        self._reading = threading.Lock()
        self._commits = 0
        self._queue: SimpleQueue[_Job[object] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._write_on, name="alexia-writer", daemon=True)
        self._thread.start()
        self._closed = False
        self.trouble = ""

    async def write(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Run ``work`` in a transaction and return its result once it is durable.

        While the disk is full or somebody holds the database, it waits and tries again; `trouble`
        says so meanwhile.

        Raises:
            Whatever else ``work`` raised (its changes are undone), or sqlite3.Error of the commit.
        """
        while True:
            try:
                found = await asyncio.wrap_future(self._submit(work))
            except sqlite3.OperationalError as failure:
                if failure.sqlite_errorcode & 0xFF not in PASSING:
                    raise
                self._note_trouble(str(failure))
                await asyncio.sleep(TRY_AGAIN)
            else:
                self._note_trouble("")
                return found

    def write_now(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Do as `write` does, from a thread that may wait."""
        return self._submit(work).result()

    async def read(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Run ``work`` on the latest committed state."""
        return await asyncio.to_thread(self.read_now, work)

    def read_now(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Do as `read` does, from a thread that may wait."""
        with self._reading:
            return work(self._reader)

    def close(self) -> None:
        """Finish what was asked for and close. Can be called twice."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join()
        with self._reading:
            self._reader.close()
        self._writer.close()

    def _note_trouble(self, said: str) -> None:
        if said and not self.trouble:
            logger.error("the database cannot be written (%s); all waits until it can", said)
        if self.trouble and not said:
            logger.info("the database can be written again")
        self.trouble = said

    def _submit(self, work: Callable[[sqlite3.Connection], Found]) -> Future[Found]:
        job = _Job(work)
        self._queue.put(job)  # type: ignore[arg-type]  # the queue holds jobs of every result
        return job.future

    def _write_on(self) -> None:
        while True:
            jobs = self._next_jobs()
            if jobs:
                self._commit([job for job in jobs if job is not None])
            if not jobs or jobs[-1] is None:
                return

    def _next_jobs(self) -> list[_Job[object] | None]:
        jobs = [self._queue.get()]
        while jobs[-1] is not None and len(jobs) < MOST_JOBS_A_COMMIT and not self._queue.empty():
            jobs.append(self._queue.get())
        return jobs

    def _commit(self, jobs: list[_Job[object]]) -> None:
        failure: BaseException | None = None
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            for job in jobs:
                job.run(self._writer)
            self._writer.execute("COMMIT")
            self._fold_log()
        except sqlite3.Error as reason:
            failure = reason
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
        for job in jobs:
            job.settle(failure)

    def _fold_log(self) -> None:
        """Fold the log into the database now and then, between two commits."""
        self._commits += 1
        if self._commits % COMMITS_A_CHECKPOINT:
            return
        self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)")
        crash.here("checkpoint")


def open_connection(path: str) -> sqlite3.Connection:
    """Return a connection with our settings; transactions are begun by hand."""
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    return db


def prepare(db: sqlite3.Connection, path: str) -> None:
    """Check that the file is a database of ours and of this version, or make it one; set it up.

    Raises:
        DatabaseRefused: Corrupt, foreign or newer; the file was not changed.
    """
    from bot.store.migrations import SCHEMA_VERSION

    try:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        has_tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
    except sqlite3.DatabaseError as reason:
        raise DatabaseRefused(
            path, f"is not a readable database ({reason}); restore a backup or move it away"
        ) from reason
    if version > SCHEMA_VERSION:
        raise DatabaseRefused(
            path,
            f"was written by a newer Alexia (schema {version}, this one knows {SCHEMA_VERSION}); "
            "update Alexia",
        )
    if version == 0 and has_tables:
        raise DatabaseRefused(path, "is somebody else's database; name another data_dir")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    if version == 0:
        _create(db, SCHEMA_VERSION)
    for older in range(version or SCHEMA_VERSION, SCHEMA_VERSION):
        _migrate(db, older)


def _create(db: sqlite3.Connection, version: int) -> None:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable
    from sqlmodel import SQLModel

    import bot.store.tables  # noqa: F401 - it fills the metadata
    from bot.store.migrations import BESIDE

    dialect = sqlite.dialect()
    db.execute("BEGIN IMMEDIATE")
    for table in SQLModel.metadata.sorted_tables:
        db.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            db.execute(str(CreateIndex(index).compile(dialect=dialect)))
    for statement in BESIDE:
        db.execute(statement)
    db.execute("INSERT INTO meta VALUES ('secret', ?)", (secrets.token_hex(32),))
    db.execute("INSERT INTO meta VALUES ('epoch', '0')")
    db.execute(f"PRAGMA user_version={version:d}")
    db.execute("COMMIT")


def _migrate(db: sqlite3.Connection, version: int) -> None:
    """Bring the schema from a version to the next; a death in between leaves it as it was."""
    from bot.store.migrations import STEPS

    db.execute("BEGIN IMMEDIATE")
    for statement in STEPS[version]:
        db.execute(statement)
    crash.here("migration")
    db.execute(f"PRAGMA user_version={version + 1:d}")
    db.execute("COMMIT")


def _meta(db: sqlite3.Connection, key: str) -> str:
    return str(db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])


def _next_epoch(db: sqlite3.Connection) -> int:
    epoch = int(_meta(db, "epoch")) + 1
    db.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (str(epoch),))
    return epoch
