"""Options that many commands take, and the configuration they lead to."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli.moments import ZONE

if TYPE_CHECKING:
    from bot.config import Config

Command = TypeVar("Command", bound=Callable[..., object])
SESSION = "alexia.session"  # under which a command's context keeps what --session says


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


def session_option(command: Command) -> Command:
    """Add ``--session NAME``: then `config_of` gives the configuration of that account alone."""
    return click.option(
        "--session",
        metavar="NAME",
        expose_value=False,
        callback=_note_session,
        help="Of this session, where there are several.  [default: the one named default]",
    )(command)


def _note_session(ctx: click.Context, _: click.Parameter, name: str | None) -> None:
    if name or SESSION not in ctx.meta:  # a group may have heard it before its command
        ctx.meta[SESSION] = name or ""


def config_of(
    path: Path | None, *, or_shipped: bool = False, every: bool = False
) -> "Config":  # fmt: skip
    """Return the configuration that the command works under; its warnings go to stderr.

    A command with a `session_option` gets it as the account that is meant sees it.

    Args:
        or_shipped: Without a config.yaml here, take the example business.
        every: Of all sessions, whatever --session says.

    Raises:
        ConfigBroken: There is none, or it has mistakes.
        UnknownSession: No session has the name that was given, or one must be named.
    """
    config = _loaded(path, or_shipped=or_shipped)
    ctx = click.get_current_context(silent=True)
    if ctx is not None:
        ctx.meta[ZONE] = config.timezone
    if every or ctx is None or SESSION not in ctx.meta:
        return config
    return config.alone(config.meant(str(ctx.meta[SESSION])))


def _loaded(path: Path | None, *, or_shipped: bool) -> "Config":
    from bot.config import CONFIG_NAME, load_config

    if path is not None and path.is_dir():
        path = path / CONFIG_NAME
    if path is None and or_shipped and not Path(CONFIG_NAME).exists():
        from bot.cli.shipped import shipped_folder

        path = shipped_folder() / "config.example.yaml"
        click.echo(f"no {CONFIG_NAME} here; using the shipped example, {path.parent}", err=True)
    config = load_config(path)
    for warning in config.warnings:
        click.echo(f"warning: {warning}", err=True)
    return config
