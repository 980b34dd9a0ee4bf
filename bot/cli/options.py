"""Options that many commands take, and the configuration they lead to."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from bot.config import Config

Command = TypeVar("Command", bound=Callable[..., object])


def config_option(command: Command) -> Command:
    """Add ``--config PATH``."""
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        envvar="ALEXIA_CONFIG",
        help="The config.yaml, or its folder.  [default: ./config.yaml]",
    )(command)


def unused_config_option(command: Command) -> Command:
    """Take ``--config`` where it changes nothing, so that every command takes it."""
    return click.option("--config", expose_value=False, hidden=True)(command)


def json_option(command: Command) -> Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def config_of(path: Path | None, *, or_shipped: bool = False) -> "Config":
    """Return the configuration that the command works under; its warnings go to stderr.

    Args:
        or_shipped: Without a config.yaml here, take the example business.

    Raises:
        ConfigBroken: There is none, or it has mistakes.
    """
    from bot.config import CONFIG_NAME, load_config

    if path is not None and path.is_dir():
        path = path / CONFIG_NAME
    if path is None and or_shipped and not Path(CONFIG_NAME).exists():
        from bot.cli.shipped import shipped_folder

        path = shipped_folder() / "config.example.yaml"
        click.echo(f"no {CONFIG_NAME} here; using the shipped example", err=True)
    config = load_config(path)
    for warning in config.warnings:
        click.echo(f"warning: {warning}", err=True)
    return config
