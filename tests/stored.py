"""A store in memory, for tests of what is kept in one."""

from bot.store.cipher import Connection
from bot.store.opening import open_connection, prepare


def fresh() -> Connection:
    """Return the connection to an empty store, made as the newest version makes it."""
    db = open_connection(":memory:")
    prepare(db, ":memory:")
    return db
