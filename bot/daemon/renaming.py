"""Gives an account another name: in config.yaml and on the disk, whole even if it is cut off."""

import json
import logging
import re
from pathlib import Path

from bot.config import Config
from bot.config.accounts import MAIN, SHAPE, TAKEN
from bot.config.rewriting import put_text, renamed, with_name
from bot.daemon.keeper import STOPPED
from bot.domain.errors import RenameRefused
from bot.store.keyring import FILE_NAME as KEY_FILE
from bot.store.media_files import FOLDER as MEDIA

logger = logging.getLogger("alexia.daemon")

JOURNAL = "renaming.json"
"""In the data folder while a rename is under way: the names of before and after."""
OWN = ("alexia.db-wal", "alexia.db-shm", "profile", MEDIA, STOPPED, KEY_FILE, "alexia.db")
"""What an account has in its folder; the database last, since by it one sees what is done."""


def rename(config: Config, old: str, new: str) -> Config:
    """Rename an account that does not run, and return the configuration as it is then.

    Raises:
        UnknownSession: There is none of the old name.
        RenameRefused: The new name cannot be had, or config.yaml cannot be changed.
    """
    before = config.alone(config.meant(old))
    _check(config, old, new)
    text, after = renamed(config, old, new)
    target = after.alone(new).home
    if (target / "alexia.db").exists():
        raise RenameRefused(old, f"somebody's data are in {target}; move them away first")
    assert config.file is not None
    journal = config.data_folder / JOURNAL
    try:
        config.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        put_text(journal, json.dumps({"old": old, "new": new}))
        put_text(config.file, text)
    except OSError as failure:
        journal.unlink(missing_ok=True)
        raise RenameRefused(old, f"{config.file} cannot be written: {failure.strerror}") from None
    try:
        _move(before.home, target)
    except OSError as failure:
        said = f"its data cannot be moved ({failure}); the next start of the bot tries again"
        raise RenameRefused(old, said, cut_off=True) from None
    journal.unlink()
    return after


def _check(config: Config, old: str, new: str) -> None:
    if not re.fullmatch(SHAPE, new) or new.casefold() in TAKEN:
        raise RenameRefused(old, f"{new[:50]!r} is not a short name of letters, digits, - and _")
    if new.casefold() in {one.casefold() for one in config.names if one != old}:
        raise RenameRefused(old, f"there is a session {new!r} already")


def settle_names(config: Config) -> None:
    """Finish a rename that was cut off, and find the data of an only account that got a name.

    To be called while the data folder is held, before anything in it is opened.
    """
    journal = config.data_folder / JOURNAL
    if journal.exists():
        names = json.loads(journal.read_text(encoding="utf-8"))
        if names["new"] in config.names and names["old"] not in config.names:
            _move(_home(config, names["old"]), config.alone(names["new"]).home)
            logger.info("the session %s is called %s now", names["old"], names["new"])
        journal.unlink()
    (name, *others) = config.names
    had = config.data_folder / "alexia.db"
    if not others and name != MAIN and had.exists() and not config.database.exists():
        _move(config.data_folder, config.home)
        logger.info("the data of the only session moved to %s", config.home)


def _home(config: Config, name: str) -> Path:
    """Return where an account of that name has its data, though none is configured."""
    return with_name(config.alone(config.names[0]), config.names[0], name).home


def _move(source: Path, target: Path) -> None:
    """Move what an account has; what was moved before is left as it is."""
    for folder in (target.parent, target):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in OWN:
        if (source / name).exists():
            (source / name).rename(target / name)
    if source.exists() and not any(source.iterdir()):
        source.rmdir()
