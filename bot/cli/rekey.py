"""`alexia rekey`: another key for what is sensitive in the database."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import config_of, config_option, session_option
from bot.cli.talk import counted, fail

if TYPE_CHECKING:
    from bot.config import Config


@click.command()
@click.option("--lost", is_flag=True, help="The key is lost for good: give up what it sealed.")
@click.option("--yes", is_flag=True, help="Do not ask back.")
@session_option
@config_option
def rekey(lost: bool, yes: bool, config_path: Path | None) -> None:
    """Give the sensitive values of the database another key; the bot must not run.

    A fresh key takes the place of the one in the key file; copies of the database that were made
    before still need the old one.
    """
    from bot.control import hold_folder

    config = config_of(config_path)
    if not config.database.exists():
        fail(f"there is no database at {config.database} yet; its key comes with it")
    if lost and not yes:
        click.confirm("give up all sensitive values, and the flows that work on them?", abort=True)
    with hold_folder(config.data_folder):
        if lost:
            _give_up(config)
        elif config.storage.key:
            fail(
                "the key is the one of `storage.key`: write a new one before it, separated by a"
                " blank, start the bot once, then take the old one out"
            )
        else:
            _rotate(config)


def _rotate(config: "Config") -> None:
    """Put a fresh key first, let the database take it, and drop the others.

    Cut off anywhere, the file still holds the key that the database is under.
    """
    from bot.store.database import Database
    from bot.store.keyring import file_beside, make_key, name_of, read_file, write_file

    Database(config.database).close()  # it opens, so the file holds its key
    file = file_beside(config.database)
    ring = read_file(file)
    assert ring is not None
    fresh = make_key()
    write_file(file, [fresh, *ring.keys])
    Database(config.database).close()
    write_file(file, [fresh])
    click.echo(f"the key in {file} is {name_of(fresh)} now; keep a copy of it")


def _give_up(config: "Config") -> None:
    from bot.store.database import Database
    from bot.store.keyring import configured
    from bot.store.lost_key import give_up_sealed
    from bot.store.opening import open_connection

    db = open_connection(str(config.database))
    try:
        db.execute("BEGIN IMMEDIATE")
        rows = give_up_sealed(db)
        db.execute("COMMIT")
    finally:
        db.close()
    Database(config.database, configured(config.storage.key.value)).close()
    click.echo(f"given up: what was sealed in {counted(rows, 'row')}; the database has a key again")
