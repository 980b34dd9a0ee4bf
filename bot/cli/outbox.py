"""`alexia outbox`: what we sent and did not arrive, through the running bot or on its database."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.picked import ids_argument, picked, tell, write_there
from bot.cli.talk import ask_if_running, counted, fail, print_json, print_table
from bot.cli.writing import writer

if TYPE_CHECKING:
    from bot.config import Config

IDS = ids_argument("All that failed or is stuck.")
LISTING = "alexia outbox list"
COLUMNS = {
    "id": "id", "chat": "chat", "at": "at", "state": "state", "tries": "attempts", "from": "by",
    "why": "reason", "text": "text",
}  # fmt: skip
STATES = ("reserved", "handed", "accepted", "uncertain", "stuck", "failed")


@click.group()
def outbox() -> None:
    """What the bot said and did not arrive: listed, sent again, let go.

    What could not be handled at all is another matter: `alexia dlq`.
    """


@outbox.command("list")
@click.option(
    "--state", "states", multiple=True, type=click.Choice(STATES),
    help="Only in this state; may be given several times.  [default: uncertain, stuck, failed]",
)  # fmt: skip
@click.option("--dropped", is_flag=True, help="What was let go instead: who did it, and when.")
@session_option
@config_option
@json_option
def list_(states: tuple[str, ...], dropped: bool, config_path: Path | None, as_json: bool) -> None:
    """List what did not arrive, and what to do about it."""
    rows = _listed(config_of(config_path), states, dropped=dropped)
    if as_json:
        print_json(rows)
        return
    if not rows:
        click.echo(_nothing(states, dropped=dropped))
        return
    more = {"dropped": "dropped.at", "by": "dropped.by"} if dropped else {}
    print_table(rows, COLUMNS | more)
    steps = {row["state"]: str(row["next"]).replace(row["id"], "ID") for row in rows if row["next"]}
    for state, step in steps.items():
        click.echo(f"{state}: {step}")


def _nothing(states: tuple[str, ...], *, dropped: bool) -> str:
    if dropped:
        return "nothing was let go"
    return f"nothing is {' or '.join(states)}" if states else "nothing failed, nothing is stuck"


@outbox.command()
@IDS
@click.option("--yes", is_flag=True, help="Do not ask back, also about what is stuck.")
@session_option
@config_option
@json_option
def retry(
    ids: tuple[str, ...], everything: bool, yes: bool, config_path: Path | None, as_json: bool
) -> None:
    """Send IDS again under the same id, as `alexia outbox list` names them.

    What is stuck may be on its way, or have arrived: sent again, it may come twice. So you are
    asked first; look at the chat on the phone.
    """
    from bot.daemon.clock import now
    from bot.store import undelivered

    wanted, config = picked(ids, everything), config_of(config_path)
    stuck = yes or _agreed(config, wanted)
    answer = ask_if_running(config, "outbox", action="retry", ids=wanted, stuck=stuck, by=writer())
    if answer is None:
        done = write_there(config, lambda db: undelivered.retry(db, wanted, now(), stuck=stuck))
        answer = {"done": done.done, "kept": done.kept}
    tell(answer, wanted, "sent again", LISTING, as_json=as_json)


@outbox.command()
@IDS
@session_option
@config_option
@json_option
def drop(ids: tuple[str, ...], everything: bool, config_path: Path | None, as_json: bool) -> None:
    """Let go of IDS: not sent, no more counted.

    They stay in the history with who let them go, and when: `alexia outbox list --dropped`.
    """
    from bot.daemon.clock import now
    from bot.store import undelivered

    wanted, config = picked(ids, everything), config_of(config_path)
    answer = ask_if_running(config, "outbox", action="drop", ids=wanted, by=writer()) or {
        "done": write_there(config, lambda db: undelivered.drop(db, wanted, writer(), now()))
    }
    tell(answer, wanted, "dropped", LISTING, as_json=as_json)


def _agreed(config: "Config", wanted: list[str] | None) -> bool:
    """Tell whether a person wants what is stuck sent again; nobody is asked where nothing is."""
    stuck = [
        row for row in _listed(config, ("stuck",)) if wanted is None or row["id"] in wanted
    ]  # fmt: skip
    if not stuck:
        return False
    for row in stuck:
        click.echo(f"{row['id']} to {row['chat']}: {row['reason']}", err=True)
    click.echo(
        f"{counted(len(stuck), 'message')} may be on the way or have arrived, and may come twice"
        " then; look at the chat on the phone first.",
        err=True,
    )
    if not click.confirm("send again all the same?", err=True):
        fail("nothing was sent again; name the others alone, or say --yes")
    return True


def _listed(
    config: "Config", states: tuple[str, ...] = (), *, dropped: bool = False
) -> list[dict[str, Any]]:
    from bot.domain.outgoing import OutboxState
    from bot.store.reading import reading
    from bot.store.undelivered import ASKS, list_undelivered

    wanted = [OutboxState(one) for one in states] or list(ASKS)
    answer = ask_if_running(config, "outbox", action="list", states=wanted, dropped=dropped)
    if answer is not None:
        rows: list[dict[str, Any]] = answer["outbox"]
        return rows
    with reading(config.database) as db:
        return list_undelivered(db, wanted, dropped=dropped)
