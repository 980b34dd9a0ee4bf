"""How commands change the database: the running bot does it, or they do while none runs."""

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bot.config import Config

Found = TypeVar("Found")


def write_here(config: "Config", work: Callable[[sqlite3.Connection], Found]) -> Found:
    """Do ``work`` in a transaction on the database of a bot that does not run.

    Raises:
        DataFolderHeld: One runs.
    """
    from bot.control import hold_folder
    from bot.store.database import Database

    with hold_folder(config.data_folder):
        database = Database(config.database)
        try:
            return database.write_now(work)
        finally:
            database.close()


def writer() -> str:
    """Return who works at this command line, for what is written down."""
    import getpass

    try:
        return f"command:{getpass.getuser()}"
    except (KeyError, OSError):  # a user id without a name
        return "command"
