"""The real store in memory: one connection, everything at once, wiped between two tests."""

import sqlite3
from collections.abc import Callable, Coroutine, Sequence
from typing import TypeVar

from bot.store import words
from bot.store.database import Database
from bot.store.opening import open_connection, prepare

Found = TypeVar("Found")
Item = TypeVar("Item")

SECRET = bytes(32)  # nothing that is made here leaves the machine


class MemoryDatabase(Database):
    """A database that lives in memory and works in the caller's thread, without any waiting.

    Attributes:
        failure: What a piece of work raised, kept for whoever drives the pipeline.
    """

    def __init__(self) -> None:
        self.path = ":memory:"
        self.secret = SECRET
        self.epoch = 1
        self.failure: Exception | None = None
        self.db = open_connection(":memory:")
        prepare(self.db, ":memory:")
        self.db.execute("BEGIN")
        self.db.execute("SAVEPOINT test")

    def wipe(self) -> None:
        """Forget everything, as if the file were new."""
        self.failure = None
        self.db.execute("ROLLBACK TO test")

    async def write(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Run ``work``; what it did is undone when it raises."""
        return self.write_now(work)

    async def write_each(
        self, work: Callable[[sqlite3.Connection, list[Item]], Sequence[Found]], item: Item
    ) -> Found:
        """Run ``work`` for one item."""
        return self.write_now(lambda db: work(db, [item])[0])

    def write_now(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Do as `write` does."""
        self.db.execute("SAVEPOINT job")
        try:
            found = work(self.db)
            words.add_new(self.db)
        except Exception as failure:
            self.db.execute("ROLLBACK TO job")
            self.failure = failure
            raise
        else:
            return found
        finally:
            self.db.execute("RELEASE job")

    async def read(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Run ``work`` on the state as it stands."""
        return work(self.db)

    def read_now(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Do as `read` does."""
        return work(self.db)

    def close(self) -> None:
        """Let go of everything."""
        self.db.close()


def finish(work: Coroutine[object, object, Found]) -> Found:
    """Run a coroutine that never waits for anything, and return its result."""
    try:
        work.send(None)
    except StopIteration as done:
        result: Found = done.value
        return result
    work.close()
    raise RuntimeError("the work waited for something outside")
