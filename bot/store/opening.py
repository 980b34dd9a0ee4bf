"""A database file: made whole or not at all, checked, brought to this version, unlocked."""

import secrets
import sqlite3
from pathlib import Path

from bot import crash
from bot.domain.errors import DatabaseRefused
from bot.store import ageing, sieve_expressions
from bot.store.cipher import Connection, establish
from bot.store.keyring import Keyring
from bot.store.sealing import is_readable, is_to_be_wiped, note_wiped, seal_all

MOST_STATEMENTS = 512  # kept ready a connection; more than we have
BUSY_TIMEOUT = 30.0  # seconds that SQLite waits for somebody else's lock


def open_connection(path: str) -> Connection:
    """Return a connection with our settings; transactions are begun by hand."""
    db = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False,
        cached_statements=MOST_STATEMENTS, factory=Connection,
    )  # fmt: skip
    db.row_factory = sqlite3.Row
    ageing.register(db)
    sieve_expressions.register(db)
    return db


def prepare(db: Connection, path: str, keys: Keyring | None = None) -> None:
    """Check that the file is a database of ours and of this version, or make it one; set it up.

    Raises:
        DatabaseRefused: Corrupt, foreign or newer; the file was not changed.
        KeyRefused: Its key is missing, or another one; nothing was changed.
    """
    bring_up(db, path)
    _unlock(db, path, keys)


def bring_up(db: sqlite3.Connection, path: str) -> None:
    """Bring a database to this version, whether or not its key is here.

    Raises:
        DatabaseRefused: Corrupt, foreign or newer; the file was not changed.
    """
    from bot.store.migrations import SCHEMA_VERSION

    try:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        has_tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 0
    except sqlite3.DatabaseError as reason:
        raise DatabaseRefused(
            path,
            f"is not a readable database ({reason}); `alexia restore FILE --replace` puts a"
            " backup back",
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


def _unlock(db: Connection, path: str, keys: Keyring | None) -> None:
    """Give it its cipher; what an older version left readable is sealed now, and wiped."""
    db.execute("BEGIN")
    try:
        establish(db, path, keys)
        if is_readable(db):
            seal_all(db)
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    if is_to_be_wiped(db):
        scrub(db)
        note_wiped(db)


def create_whole(path: Path, keys: Keyring | None) -> None:
    """Make a database where there is none; it takes its name only when it is whole.

    Raises:
        DatabaseRefused: The file is there and empty: it held something once.
    """
    if path.exists():
        if not path.stat().st_size:
            raise DatabaseRefused(
                str(path), "is empty, so what it held is lost; `alexia restore FILE --replace` "
                "puts a backup back. Or delete it to "
                "begin anew: then nothing older is known or answered",
            )  # fmt: skip
        return
    new = path.with_name(f"{path.name}.new")
    for left in path.parent.glob(f"{new.name}*"):
        left.unlink()
    db = open_connection(str(new))
    prepare(db, str(new), keys)
    db.close()
    new.replace(path)


def _create(db: sqlite3.Connection, version: int) -> None:
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable
    from sqlmodel import SQLModel

    import bot.store.campaign_tables
    import bot.store.people_tables
    import bot.store.tables  # noqa: F401 - they fill the metadata
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


def scrub(db: sqlite3.Connection) -> None:
    """Rewrite the file, so that nothing of what was deleted is left in it."""
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
