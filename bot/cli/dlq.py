"""`alexia dlq`: what was set aside, through the running bot or on its database."""

from collections.abc import Sequence
from pathlib import Path

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.picked import ids_argument, picked, tell, write_there
from bot.cli.talk import ask_if_running, print_json, print_table

IDS = ids_argument("All that was set aside.")
LISTING = "alexia dlq list"
COLUMNS = {"id": "id", "what": "what", "at": "at", "tries": "attempts", "why": "reason"}


@click.group()
def dlq() -> None:
    """What was set aside: messages and events that failed, webhooks that never answered.

    What the bot said and did not arrive is another matter: `alexia outbox`.
    """


@dlq.command("list")
@session_option
@config_option
@json_option
def list_(config_path: Path | None, as_json: bool) -> None:
    """List everything, without what the messages say."""
    from bot.store.dead import list_dead
    from bot.store.reading import reading

    config = config_of(config_path)
    answer = ask_if_running(config, "dlq", action="list")
    if answer is not None:
        rows = answer["dead"]
    else:
        with reading(config.database) as db:
            rows = list_dead(db)
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo("nothing was set aside")
        return
    print_table([{**row, "what": row.get("event") or row.get("chat")} for row in rows], COLUMNS)


@dlq.command()
@IDS
@session_option
@config_option
@json_option
def retry(ids: tuple[str, ...], everything: bool, config_path: Path | None, as_json: bool) -> None:
    """Try IDS again, as `alexia dlq list` names them."""
    from bot.daemon.clock import now
    from bot.store.dead import retry as retry_in

    wanted = _wanted(ids, everything)
    config = config_of(config_path)
    answer = ask_if_running(config, "dlq", action="retry", ids=wanted) or {
        "done": write_there(config, lambda db: retry_in(db, wanted, now())[0])
    }
    tell(answer, wanted, "tried again", LISTING, as_json=as_json)


@dlq.command()
@IDS
@session_option
@config_option
@json_option
def drop(ids: tuple[str, ...], everything: bool, config_path: Path | None, as_json: bool) -> None:
    """Close IDS for good; a message stays stored, nobody answers it."""
    from bot.daemon.clock import now
    from bot.store.dead import drop as drop_in

    wanted = _wanted(ids, everything)
    config = config_of(config_path)
    answer = ask_if_running(config, "dlq", action="drop", ids=wanted) or {
        "done": write_there(config, lambda db: drop_in(db, wanted, now()))
    }
    tell(answer, wanted, "dropped", LISTING, as_json=as_json)


def _wanted(ids: Sequence[str], everything: bool) -> list[str] | None:
    """Return the ids that are meant, None for all."""
    for one in ids:
        if "-" not in one.strip("-"):
            raise click.UsageError(f"{one!r} is no id; `{LISTING}` names them: webhook-1")
    return picked(ids, everything)
