"""The one door to the database: one writer thread, group commit, readers beside it."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from bot import crash
from bot.store import words
from bot.store.keyring import Keyring
from bot.store.opening import create_whole, open_connection, prepare, scrub
from bot.store.secret import secret_of

logger = logging.getLogger("alexia.store")

Found = TypeVar("Found")
Item = TypeVar("Item")
Work = Callable[[sqlite3.Connection, list[Any]], Sequence[Any]]
"""Does the work of many jobs at once: items in, as many results out, in the same order."""

MOST_JOBS_A_COMMIT = 256
COMMITS_A_CHECKPOINT = 200
TRY_AGAIN = 1.0  # seconds before a write is tried again that met trouble
PASSING = frozenset((
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
))  # fmt: skip
"""What may pass by itself: somebody's lock, a full or absent disk."""


class Job(Generic[Found]):
    """One piece of work for the writer, and where its result goes.

    Attributes:
        loop: The loop in which the caller waits, None when a thread does.
        together: Jobs whose work is equal are done by one call; None: it is done alone.
        outside: It cannot be done in a transaction.
        is_held_up: It met trouble and is not done yet.
    """

    __slots__ = (
        "_work", "failure", "found", "future", "is_held_up", "item", "loop", "outside",
        "together",
    )  # fmt: skip

    def __init__(
        self,
        work: Callable[[sqlite3.Connection], Found] | None,
        future: "asyncio.Future[Found] | Future[Found]",
        loop: asyncio.AbstractEventLoop | None,
        *,
        together: Work | None = None,
        item: object = None,
        outside: bool = False,
    ) -> None:
        self._work = work
        self.future = future
        self.loop = loop
        self.together = together
        self.item = item
        self.outside = outside
        self.found: Found | None = None
        self.failure: BaseException | None = None
        self.is_held_up = False

    def run(self, db: sqlite3.Connection) -> None:
        """Do this work alone."""
        if self.together is not None:
            self.found = self.together(db, [self.item])[0]
        elif self._work is not None:
            self.found = self._work(db)

    def settle(self) -> None:
        """Tell the caller; in the thread of its loop."""
        future = self.future
        if future.done():
            return  # nobody waits any more
        if self.failure is not None:
            future.set_exception(self.failure)
        else:
            future.set_result(self.found)  # type: ignore[arg-type]  # work has run: it is the result


class Database:
    """An open database.

    Attributes:
        trouble: Why nothing can be written now (the disk is full, …); "" when all is well.

    Writes go through one thread that commits many at once (WAL, ``synchronous=FULL``): a write's
    coroutine returns when it is on disk. Reads run beside on their own connection.
    """

    def __init__(self, path: Path | str, keys: Keyring | None = None) -> None:
        """Open it, or make it.

        Args:
            keys: Open its sensitive values; None: those of the key file beside it.

        Raises:
            DatabaseRefused: Corrupt, foreign or newer.
            KeyRefused: Its key is missing, or another one.
        """
        self.path = str(path)
        if self.path != ":memory:":
            create_whole(Path(self.path), keys)
        self._writer = open_connection(self.path)
        prepare(self._writer, self.path, keys)
        self.secret = secret_of(self._writer)
        self.epoch = _next_epoch(self._writer)
        self._reader = open_connection(self.path)
        self._reader.cipher = self._writer.cipher
        self._reading = threading.Lock()
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="alexia-reader")
        self._commits = 0
        self._queue: SimpleQueue[list[Job[Any] | None]] = SimpleQueue()
        self._asked: dict[asyncio.AbstractEventLoop, list[Job[Any] | None]] = {}
        self._thread = threading.Thread(target=self._write_on, name="alexia-writer", daemon=True)
        self._thread.start()
        self._closed = False
        self.trouble = ""
        self._held_up = 0  # writes that met trouble and are not done yet

    async def write(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Run ``work`` in a transaction and return its result once it is durable.

        While the disk is full or somebody holds the database, it waits and tries again; `trouble`
        says so meanwhile.

        Raises:
            Whatever else ``work`` raised (its changes are undone), or sqlite3.Error of the commit.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Found] = loop.create_future()
        self._ask(loop, Job(work, future, loop))
        return await future

    async def write_each(
        self, work: Callable[[sqlite3.Connection, list[Item]], Sequence[Found]], item: Item
    ) -> Found:
        """Do as `write` does, ``work`` taking the items of all who ask at the same time.

        Args:
            work: Returns a result for each item. When it raises, it is called again with each
                item alone, so that one failure undoes only itself.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Found] = loop.create_future()
        self._ask(loop, Job(None, future, loop, together=work, item=item))
        return await future

    def _ask(self, loop: asyncio.AbstractEventLoop, job: Job[Any]) -> None:
        """Give a job to the writer, with all that this turn of the loop asks for."""
        asked = self._asked.get(loop)
        if asked is None:
            asked = self._asked[loop] = []
            loop.call_soon(self._hand_over, loop)
        asked.append(job)

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        asked = self._asked.pop(loop, None)  # None: `close` gave it on already
        if asked is not None:
            self._queue.put(asked)

    async def scrub(self) -> None:
        """Rewrite the file, so that nothing of what was deleted is left in it.

        Takes seconds for a large one; whoever writes waits meanwhile.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._queue.put([Job(scrub, future, loop, outside=True)])
        await future

    def write_now(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Do as `write` does, from a thread that may wait."""
        future: Future[Found] = Future()
        self._queue.put([Job(work, future, None)])
        return future.result()

    async def read(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Run ``work`` on the latest committed state.

        Reads wait for each other on a thread of their own: those of one account hold up no other.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self.read_now, work)

    def read_now(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Do as `read` does, from a thread that may wait."""
        with self._reading:
            return work(self._reader)

    def close(self) -> None:
        """Finish what was asked for and close. Can be called twice."""
        if self._closed:
            return
        self._closed = True
        for loop in list(self._asked):
            self._hand_over(loop)
        self._queue.put([None])
        self._thread.join()
        self._readers.shutdown()
        with self._reading:
            self._reader.close()
        self._writer.close()

    def _note_trouble(self, said: str) -> None:
        if said and not self.trouble:
            logger.error("the database cannot be written (%s); all waits until it can", said)
        if self.trouble and not said:
            logger.info("the database can be written again")
        self.trouble = said

    def _write_on(self) -> None:
        while True:
            jobs = self._next_jobs()
            inside = [job for job in jobs if job is not None and not job.outside]
            fresh = [job for job in inside if not job.is_held_up]
            held_up = [job for job in inside if job.is_held_up]  # told before any is tried anew
            if fresh:
                self._commit(fresh)
            for held in held_up:
                self._commit([held])  # what does not fit in would undo all that does
            for job in jobs:
                if job is not None and job.outside:
                    self._run_outside(job)
            if not jobs or jobs[-1] is None:
                return

    def _next_jobs(self) -> list[Job[Any] | None]:
        jobs = [*self._queue.get()]
        while jobs[-1] is not None and len(jobs) < MOST_JOBS_A_COMMIT and not self._queue.empty():
            jobs += self._queue.get()
        return jobs

    def _commit(self, jobs: list[Job[Any]]) -> None:
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            self._run(jobs)
            words.add_new(self._writer)
            self._writer.execute("COMMIT")
        except Exception as failure:  # noqa: BLE001 - told to who waits; the thread lives on
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            for job in jobs:
                job.failure = job.failure or failure
        self._settle(jobs)
        self._fold_log()

    def _run_outside(self, job: Job[Any]) -> None:
        try:
            job.run(self._writer)
        except Exception as failure:  # noqa: BLE001 - told to who waits; the thread lives on
            job.failure = failure
        self._settle([job])

    def _settle(self, jobs: Iterable[Job[Any]]) -> None:
        """Tell all callers what became of their work: each loop is woken once."""
        by_loop: dict[asyncio.AbstractEventLoop | None, list[Job[Any]]] = {}
        for job in jobs:
            by_loop.setdefault(job.loop, []).append(job)
        for loop, told in by_loop.items():
            if loop is None:
                for job in told:
                    job.settle()
            elif not loop.is_closed():
                loop.call_soon_threadsafe(self._settle_in, loop, told)

    def _settle_in(self, loop: asyncio.AbstractEventLoop, jobs: Iterable[Job[Any]]) -> None:
        """Tell callers in their loop; what met trouble that may pass is tried again there."""
        for job in jobs:
            if _is_passing(job.failure) and not job.outside:
                self._hold_up(loop, job)
                continue
            self._let_go(job)
            if self.trouble and job.failure is None and not self._held_up:
                self._note_trouble("")  # while others are held up, a small one may fit in
            job.settle()

    def _hold_up(self, loop: asyncio.AbstractEventLoop, job: Job[Any]) -> None:
        if job.future.done():
            return  # nobody waits any more
        if not job.is_held_up:
            job.is_held_up = True
            self._held_up += 1
            job.future.add_done_callback(lambda _: self._let_go(job))
        self._note_trouble(str(job.failure))
        job.failure = None
        loop.call_later(TRY_AGAIN, self._try_again, job)

    def _try_again(self, job: Job[Any]) -> None:
        """Give it to the writer by itself: another one may fit in where this one does not."""
        if not job.future.done():
            self._queue.put([job])

    def _let_go(self, job: Job[Any]) -> None:
        if job.is_held_up:
            job.is_held_up = False
            self._held_up -= 1

    def _run(self, jobs: list[Job[Any]]) -> None:
        """Do all work at once; when any of it fails, again, each piece for itself."""
        db = self._writer
        try:
            for group in _groups(jobs):
                _run_together(db, group)
        except Exception as failure:
            if not db.in_transaction:
                raise  # a full disk undoes the whole transaction: everybody's work
            db.execute("ROLLBACK")
            db.execute("BEGIN IMMEDIATE")
            if len(jobs) == 1:
                jobs[0].failure = failure
                return
            for job in jobs:
                _run_apart(db, job)

    def _fold_log(self) -> None:
        """Fold the log into the database now and then, between two commits."""
        self._commits += 1
        if self._commits % COMMITS_A_CHECKPOINT:
            return
        try:
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error:
            logger.exception("the log cannot be folded now; it is tried again later")
        crash.here("checkpoint")


def _is_passing(failure: BaseException | None) -> bool:
    """Tell whether trouble may pass by itself."""
    is_trouble = isinstance(failure, sqlite3.OperationalError)
    return is_trouble and failure.sqlite_errorcode & 0xFF in PASSING  # type: ignore[union-attr]


def _groups(jobs: Iterable[Job[Any]]) -> Iterable[list[Job[Any]]]:
    """Return the jobs, those that are done together in one list, in the order of the first."""
    groups: dict[object, list[Job[Any]]] = {}
    for job in jobs:
        groups.setdefault(job.together or job, []).append(job)
    return groups.values()


def _run_together(db: sqlite3.Connection, jobs: list[Job[Any]]) -> None:
    together = jobs[0].together
    if together is None:
        jobs[0].run(db)
        return
    found = together(db, [job.item for job in jobs])
    for job, one in zip(jobs, found, strict=True):
        job.found = one


def _run_apart(db: sqlite3.Connection, job: Job[Any]) -> None:
    """Do the work inside a savepoint, so that its failure undoes only itself."""
    db.execute("SAVEPOINT job")
    try:
        job.run(db)
    except Exception as failure:
        if not db.in_transaction:
            raise
        db.execute("ROLLBACK TO job")
        job.failure = failure
    db.execute("RELEASE job")


def _meta(db: sqlite3.Connection, key: str) -> str:
    return str(db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()[0])


def _next_epoch(db: sqlite3.Connection) -> int:
    epoch = int(_meta(db, "epoch")) + 1
    db.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (str(epoch),))
    return epoch
