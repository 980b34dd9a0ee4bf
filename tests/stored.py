"""A store, in memory or in a bot's folder, for tests of what is kept in one."""

from bot.store.cipher import Connection
from bot.store.database import Database
from bot.store.opening import open_connection, prepare


def fresh() -> Connection:
    """Return the connection to an empty store, made as the newest version makes it."""
    db = open_connection(":memory:")
    prepare(db, ":memory:")
    return db


def folder_with(folder, fill, config=""):
    """Make a bot's folder that keeps what ``fill`` writes; its bot does not run."""
    (folder / "config.yaml").write_text(config, "utf-8")
    (folder / "state").mkdir(mode=0o700)
    database = Database(folder / "state" / "alexia.db")
    database.write_now(fill)
    database.close()
    return folder
