"""Copies of a database: made while others write, checked, and made fit to be put back."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.campaigns import RunState
from bot.domain.data import dataclass
from bot.domain.errors import BackupRefused, DatabaseRefused
from bot.store import cipher
from bot.store.migrations import SCHEMA_VERSION
from bot.store.opening import bring_up, open_connection
from bot.store.outbox import UNKNOWN_FATE
from bot.store.reading import reading
from bot.store.times import seconds

REMEDY = "`alexia restore FILE --replace` puts a backup back"
NOT_WRITTEN = frozenset((sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN))
PUT_BACK = "a backup was put back"
MEANWHILE = (
    f"{PUT_BACK}: look who got it since then, then resume it or stop it"  # of a campaign's run
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was kept from happening a second time: messages let go, runs of campaigns paused."""

    messages: int
    runs: int


def copy_database(path: Path, to: Path) -> None:
    """Write a whole copy of a database, also while others write into it.

    It holds what was committed when it began.

    Raises:
        DatabaseRefused: There is none, or it cannot be read.
        BackupRefused: There is no room for the copy.
    """
    with reading(path) as db:
        try:
            db.execute("VACUUM INTO ?", (str(to),))
        except sqlite3.OperationalError as failure:
            to.unlink(missing_ok=True)
            if failure.sqlite_errorcode & 0xFF not in NOT_WRITTEN:
                raise
            raise BackupRefused(
                str(to.parent), f"the copy of {path.name} cannot be written there ({failure});"
                " name a FILE on a disk with room",
            ) from failure  # fmt: skip


def look_through(path: Path) -> None:
    """Look at each page of a database that may be in use; nothing is written.

    Raises:
        DatabaseRefused: It is damaged, empty, or of a newer version.
    """
    if not path.stat().st_size:
        raise DatabaseRefused(str(path), f"is empty; {REMEDY}")
    with reading(path) as db:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        found = [str(row[0]) for row in db.execute("PRAGMA quick_check(3)")]
    if version > SCHEMA_VERSION:
        raise DatabaseRefused(str(path), "was written by a newer Alexia; update Alexia")
    if found != ["ok"]:
        raise DatabaseRefused(str(path), f"is damaged ({'; '.join(found)}); {REMEDY}")


@contextmanager
def opened_copy(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy that nobody else uses; it becomes one of this version, and is checked whole.

    Raises:
        DatabaseRefused: It is damaged, somebody else's, or of a newer version.
    """
    if not path.stat().st_size:
        raise DatabaseRefused(str(path), "is empty; take another backup")
    db = open_connection(str(path))
    try:
        bring_up(db, str(path))
        check_whole(db, path)
        yield db
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode=DELETE")  # no other file belongs to it then
    finally:
        db.close()


def check_whole(db: sqlite3.Connection, path: Path) -> None:
    """Look at each page and index. Raises DatabaseRefused where one is damaged."""
    try:
        found = [row[0] for row in db.execute("PRAGMA integrity_check(3)")]
    except sqlite3.DatabaseError as reason:
        found = [str(reason)]
    if found != ["ok"]:
        said = "; ".join(found)
        raise DatabaseRefused(str(path), f"is damaged ({said}); take another backup")


def key_name(db: sqlite3.Connection) -> str:
    """Return the name of the key that opens what is sensitive, "" where nothing is sealed."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (cipher.OWNER,)).fetchone()
    return "" if row is None else str(row[0])


def settle(db: sqlite3.Connection, now: datetime, max_age: timedelta) -> Settled:
    """Let nothing happen again that may have happened since the copy was made.

    What waited and is older than ``max_age`` is not said any more; what is younger is looked up at
    WhatsApp before it is said. Campaigns wait for a person. The rest is known by its ids: see
    `restored`.
    """
    old = seconds(now - max_age)
    gone = db.execute(
        "UPDATE outbox SET state = 'cancelled', detail = ?, settled_at = ?"
        " WHERE state = 'reserved' AND why != 'campaign' AND due_at < ?",
        (PUT_BACK, seconds(now), old),
    ).rowcount
    gone += db.execute(
        "UPDATE outbox SET state = 'stuck', detail = ? WHERE due_at < ?"
        " AND (state IN ('handed', 'uncertain') OR (state = 'accepted' AND coalesce(ack, 0) < 1))",
        (UNKNOWN_FATE, old),
    ).rowcount
    db.execute(
        "UPDATE outbox SET state = 'uncertain', detail = ?1, handed_at = ?2"
        " WHERE state = 'reserved' AND why != 'campaign' AND due_at <= ?2",
        (PUT_BACK, seconds(now)),
    )
    runs = db.execute(
        "UPDATE campaign_runs SET state = ?, detail = ? WHERE state = ?",
        (RunState.PAUSED.value, MEANWHILE, RunState.RUNNING.value),
    ).rowcount
    db.execute("INSERT OR REPLACE INTO meta VALUES ('put_back', ?)", (str(seconds(now)),))
    return Settled(messages=gone, runs=runs)
