"""Who was erased, and when: so that a backup which is put back does not bring them back.

Of each address a hash is kept, keyed with the database's secret, and nothing else.
"""

import hmac
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.store.erasing import Erased, erase
from bot.store.secret import secret_of
from bot.store.times import seconds

ERASED = "erased:"
"""Before the hash of an address in `meta`; its value is when its owner was erased."""


def erase_for_good(db: sqlite3.Connection, contact: int, now: datetime) -> Erased:
    """Take a person out, and note that it was done; see `erase`."""
    _note(db, dict.fromkeys(_marks(db, contact), seconds(now)))
    return erase(db, contact)


def erased(db: sqlite3.Connection) -> dict[str, float]:
    """Return when each address was erased, by its hash."""
    rows = db.execute(
        "SELECT key, value FROM meta WHERE key BETWEEN ?1 AND ?1 || 'g'", (ERASED,)
    ).fetchall()
    return {row["key"].removeprefix(ERASED): float(row["value"]) for row in rows}


def erase_again(
    db: sqlite3.Connection, known: Mapping[str, float], since: datetime
) -> tuple[int, tuple[str, ...]]:
    """Take out of an older copy who was erased after it was made.

    Args:
        known: As `erased` tells them of the database that the copy takes the place of.
        since: When the copy was made.

    Returns:
        How many people went, and the files of theirs that nobody else uses.
    """
    later = {mark: at for mark, at in known.items() if at >= seconds(since)}
    people = [int(row["id"]) for row in db.execute("SELECT id FROM contacts")] if later else []
    meant = [one for one in people if not later.keys().isdisjoint(_marks(db, one))]
    files = [file for one in meant for file in erase(db, one).files]
    _note(db, known)
    return len(meant), tuple(files)


def _note(db: sqlite3.Connection, marks: Mapping[str, float]) -> None:
    rows = [(f"{ERASED}{mark}", str(at)) for mark, at in marks.items()]
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)


def _marks(db: sqlite3.Connection, contact: int) -> Iterable[str]:
    """Return a hash of each address of a person."""
    secret = secret_of(db)
    rows = db.execute("SELECT address FROM identities WHERE contact_id = ?", (contact,))
    return [hmac.digest(secret, row["address"].encode(), "sha256").hex() for row in rows]
