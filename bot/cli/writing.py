"""How commands change the database: the running bot does it, or they do while none runs."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from bot.config import Config
    from bot.store.database import Database

Found = TypeVar("Found")


def write_here(config: "Config", work: Callable[[sqlite3.Connection], Found]) -> Found:
    """Do ``work`` in a transaction on the database of a bot that does not run.

    Raises:
        DataFolderHeld: One runs.
    """
    with own_database(config) as database:
        return database.write_now(work)


@contextmanager
def own_database(config: "Config") -> "Iterator[Database]":
    """Open the database of a bot that does not run, and hold its folder meanwhile.

    Raises:
        DataFolderHeld: One runs.
    """
    from bot.control import hold_folder
    from bot.store.database import Database
    from bot.store.keyring import configured

    before = os.umask(0o077)  # what comes into being there is its owner's alone
    try:
        with hold_folder(config.data_folder):
            database = Database(config.database, configured(config.storage.key.value))
            try:
                yield database
            finally:
                database.close()
    finally:
        os.umask(before)


def writer() -> str:
    """Return who works at this command line, for what is written down."""
    import getpass

    try:
        return f"command:{getpass.getuser()}"
    except (KeyError, OSError):  # a user id without a name
        return "command"
