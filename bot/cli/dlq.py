"""`alexia dlq`: what was set aside, through the running bot or on its database."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import fail, print_json, print_table

if TYPE_CHECKING:
    from bot.config import Config

Found = TypeVar("Found")

COLUMNS = {"id": "id", "what": "what", "at": "at", "tries": "attempts", "why": "reason"}


@click.group()
def dlq() -> None:
    """What was set aside: messages and events that failed, webhooks that never answered."""


@dlq.command("list")
@session_option
@config_option
@json_option
def list_(config_path: Path | None, as_json: bool) -> None:
    """List everything, without what the messages say."""
    from bot.store.dead import list_dead
    from bot.store.reading import reading

    config = config_of(config_path)
    answer = _asked(config, "list", None)
    if answer is not None:
        rows = answer["dead"]
    else:
        with reading(config.database) as db:
            rows = list_dead(db)
    if as_json:
        print_json(rows)
        return
    print_table([{**row, "what": row.get("event") or row.get("chat")} for row in rows], COLUMNS)


@dlq.command()
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that was set aside.")
@session_option
@config_option
@json_option
def retry(ids: tuple[str, ...], everything: bool, config_path: Path | None, as_json: bool) -> None:
    """Try IDS again, as `alexia dlq list` names them."""
    from bot.daemon.clock import now
    from bot.store.dead import retry as retry_in

    wanted = _wanted(ids, everything)
    config = config_of(config_path)
    answer = _asked(config, "retry", wanted)
    done = answer["done"] if answer else _write(config, lambda db: retry_in(db, wanted, now())[0])
    _tell(done, wanted, "tried again", as_json)


@dlq.command()
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that was set aside.")
@session_option
@config_option
@json_option
def drop(ids: tuple[str, ...], everything: bool, config_path: Path | None, as_json: bool) -> None:
    """Close IDS for good; a message stays stored, nobody answers it."""
    from bot.daemon.clock import now
    from bot.store.dead import drop as drop_in

    wanted = _wanted(ids, everything)
    config = config_of(config_path)
    answer = _asked(config, "drop", wanted)
    done = answer["done"] if answer else _write(config, lambda db: drop_in(db, wanted, now()))
    _tell(done, wanted, "dropped", as_json)


def _wanted(ids: Sequence[str], everything: bool) -> list[str] | None:
    """Return the ids that are meant, None for all."""
    if bool(ids) is everything:
        raise click.UsageError("name IDS, or say --all")
    for one in ids:
        if "-" not in one.strip("-"):
            raise click.UsageError(f"{one!r} is no id; `alexia dlq list` names them: webhook-1")
    return None if everything else list(ids)


def _asked(config: "Config", action: str, ids: list[str] | None) -> dict[str, Any] | None:
    """Return the running bot's answer; None when none runs."""
    from bot.cli.talk import ask_daemon
    from bot.domain.errors import NoDaemon

    try:
        return ask_daemon(config, "dlq", action=action, ids=ids)
    except NoDaemon:
        return None


def _write(config: "Config", work: Callable[[sqlite3.Connection], Found]) -> Found:
    """Work on the database of a bot that does not run."""
    from bot.control import hold_folder
    from bot.store.keyring import configured
    from bot.store.opening import open_connection, prepare
    from bot.store.reading import reading

    with reading(config.database):
        pass  # there is one
    with hold_folder(config.data_folder):
        db = open_connection(str(config.database))
        try:
            prepare(db, str(config.database), configured(config.storage.key.value))
            db.execute("BEGIN IMMEDIATE")
            found = work(db)
            db.execute("COMMIT")
        finally:
            db.close()
    return found


def _tell(done: int, wanted: list[str] | None, what: str, as_json: bool) -> None:
    if as_json:
        print_json({"done": done})
    else:
        click.echo(f"{done} {what}")
    if wanted is not None and done < len(set(wanted)):
        fail(f"{len(set(wanted)) - done} of them are not there; see `alexia dlq list`")
