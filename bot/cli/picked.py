"""Rows of a list that a person picks by their ids: asked of the running bot, or of its database."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.cli.talk import fail, print_json
from bot.cli.writing import write_here

if TYPE_CHECKING:
    from bot.config import Config

Found = TypeVar("Found")
Command = TypeVar("Command", bound=Callable[..., object])


def ids_argument(everything: str) -> Callable[[Command], Command]:
    """Add ``IDS``, and ``--all`` with its help, which `picked` reads."""

    def add(command: Command) -> Command:
        wanted = click.option("--all", "everything", is_flag=True, help=everything)(command)
        return click.argument("ids", nargs=-1)(wanted)

    return add


def picked(ids: Sequence[str], everything: bool) -> list[str] | None:
    """Return the ids that are meant, None for all. Raises click.UsageError where neither is."""
    if bool(ids) is everything:
        raise click.UsageError("name IDS, or say --all")
    return None if everything else list(dict.fromkeys(ids))


def write_there(config: "Config", work: Callable[[sqlite3.Connection], Found]) -> Found:
    """Write into the database of a bot that does not run.

    Raises:
        DatabaseRefused: There is none.
        DataFolderHeld: A bot runs.
    """
    from bot.store.reading import reading

    with reading(config.database):
        pass  # there is one
    return write_here(config, work)


def tell(
    answer: dict[str, Any], wanted: list[str] | None, what: str, listing: str, *, as_json: bool
) -> None:
    """Say how many were ``done``, and why others were ``kept``; ends with 1 where one is left.

    Args:
        listing: The command that names what there is.
    """
    done, kept = int(answer["done"]), answer.get("kept") or {}
    if as_json:
        print_json(answer)
    else:
        click.echo(f"{done} {what}")
    for one, reason in kept.items():
        click.echo(f"{one}: {reason}", err=True)
    missing = 0 if wanted is None else len(wanted) - done - len(kept)
    if missing:
        fail(f"{missing} of them are not there; see `{listing}`")
    if kept:
        raise click.exceptions.Exit(1)
