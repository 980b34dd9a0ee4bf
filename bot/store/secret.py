"""The secret of a database: what ids and hashes are made with, the same in each copy of it."""

import sqlite3


def secret_of(db: sqlite3.Connection) -> bytes:
    """Return it: 32 bytes."""
    return bytes.fromhex(db.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()[0])
