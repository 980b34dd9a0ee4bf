"""Who was read of a table so far: in a file without a name, so that a million takes no memory.

A dictionary of a million numbers takes over a hundred megabytes; this takes its cache.
"""

import json
import sqlite3
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from bot.audience.cells import Person

CACHE = 8_000  # kB


class Seen(AbstractContextManager["Seen"]):
    """By number: where somebody was read first, and what several rows say of one person."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)  # "": a file that has no name
        self._db.execute(f"PRAGMA cache_size = -{CACHE}")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("CREATE TABLE places (number INTEGER PRIMARY KEY, place INTEGER)")
        self._db.execute("CREATE TABLE merged (number INTEGER PRIMARY KEY, person TEXT)")
        self._db.execute("BEGIN")
        self._merged = False

    def first(self, number: int, place: int) -> int | None:
        """Note where somebody stands; return where they stood already, None: nowhere."""
        took = self._db.execute("INSERT OR IGNORE INTO places VALUES (?, ?)", (number, place))
        if took.rowcount:
            return None
        row = self._db.execute("SELECT place FROM places WHERE number = ?", (number,)).fetchone()
        return int(row[0])

    def merge(self, number: int, person: Person) -> None:
        """Keep what several rows say of one person."""
        self._merged = True
        said = json.dumps(person, ensure_ascii=False)
        self._db.execute("INSERT OR REPLACE INTO merged VALUES (?, ?)", (number, said))

    def merged(self, number: int) -> Person | None:
        """Return what several rows say of one person, None where one row tells all."""
        if not self._merged:
            return None
        row = self._db.execute("SELECT person FROM merged WHERE number = ?", (number,)).fetchone()
        found: Person | None = None if row is None else json.loads(row[0])
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        """Forget everybody."""
        self._db.close()
