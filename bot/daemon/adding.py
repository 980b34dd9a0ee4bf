"""Takes accounts in that config.yaml names since, writes a new one there, or takes one out."""

import re
from dataclasses import replace

from bot.config import Config, load_config
from bot.config.accounts import SHAPE, TAKEN
from bot.config.rewriting import added, put_text, without
from bot.domain.errors import AddRefused, RemoveRefused


def add(config: Config, name: str) -> Config:
    """Write another account into config.yaml, and return the configuration as it is then.

    Raises:
        AddRefused: The name cannot be had, or config.yaml cannot be changed.
    """
    if not re.fullmatch(SHAPE, name) or name.casefold() in TAKEN:
        raise AddRefused(name[:50], "it is not a short name of letters, digits, - and _")
    if name.casefold() in {one.casefold() for one in config.names}:
        raise AddRefused(name, "there is one already")
    text, after = added(config, name)
    assert config.file is not None
    try:
        put_text(config.file, text)
    except OSError as failure:
        raise AddRefused(name, f"{config.file} cannot be written: {failure.strerror}") from None
    return after


def remove(config: Config, name: str) -> Config:
    """Take an account out of config.yaml, and return the configuration as it is then.

    Raises:
        RemoveRefused: It is the only one, or config.yaml cannot be changed.
    """
    text, after = without(config, name)
    assert config.file is not None
    try:
        put_text(config.file, text)
    except OSError as failure:
        raise RemoveRefused(name, f"{config.file} cannot be written: {failure.strerror}") from None
    return after


def named_now(config: Config) -> Config:
    """Return the configuration with the accounts that config.yaml names now, all else as it was.

    Raises:
        ConfigBroken: It cannot be read.
    """
    if config.file is None or not config.file.exists():
        return config
    found = load_config(config.file, config.environ)
    if found.names == config.names:
        return config
    return replace(config, sessions=found.sessions, origins=found.origins)
