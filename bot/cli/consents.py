"""`alexia contacts consent`: what a person allowed, and a new entry in the ledger of it."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.cli.moments import read_moment
from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_if_running, fail, print_json, print_table, shown
from bot.cli.writing import write_here, writer
from bot.domain.contacts import nobody_known

if TYPE_CHECKING:
    from bot.config import Config

COLUMNS = ("when", "state", "source", "wording", "proof", "who")


@click.command()
@click.argument("contact")
@click.option("--grant", "state", flag_value="granted", help="The person agreed.")
@click.option("--withdraw", "state", flag_value="withdrawn", help="The person took it back.")
@click.option("--source", default="", help="Where: a form, a shop, a call.")
@click.option("--wording", default="", help="What was agreed to, in its words.")
@click.option("--proof", default="", help="What shows it: a form's number, a file.")
@click.option("--at", "said_at", help="When, if not now: 2d, 2026-11-23 or 2026-11-23T09:00.")
@session_option
@config_option
@json_option
def consent(  # noqa: PLR0913 - one for each option
    contact: str, state: str | None, source: str, wording: str, proof: str, said_at: str | None,
    config_path: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Show what CONTACT granted and withdrew; with --grant or --withdraw write a new entry.

    A number that never wrote becomes known by it. Nobody gets a campaign without an entry.
    """
    config = config_of(config_path)
    if state is None:
        if source or wording or proof or said_at:
            raise click.UsageError("say --grant or --withdraw")
        _show(_ledger(config, contact), as_json=as_json)
        return
    if state == "granted" and not (source and wording):
        raise click.UsageError("--grant needs --source (where) and --wording (what was agreed to)")
    entry = {
        "state": state, "source": source or "command", "wording": wording, "proof": proof,
        "who": writer(), "when": _moment(config, said_at),
    }  # fmt: skip
    answer = _written(config, contact, entry)
    if not answer.get("done", True):
        fail(str(answer["reason"]))
    _show(answer, as_json=as_json)


def _moment(config: "Config", said_at: str | None) -> str:
    zone = ZoneInfo(config.timezone)
    now = datetime.now(zone)
    moment = read_moment(said_at, now, zone, "--at") or now
    if moment > now:
        raise click.BadParameter("that moment lies in the future", param_hint="--at")
    return moment.isoformat()


def _ledger(config: "Config", contact: str) -> dict[str, Any]:
    from bot.store import consents
    from bot.store.people import find_contact
    from bot.store.reading import reading

    with reading(config.database) as db:
        person = find_contact(db, contact)
        if person is None:
            fail(nobody_known(contact))
        return consents.told(db, person)


def _written(config: "Config", contact: str, entry: dict[str, Any]) -> dict[str, Any]:
    answer = ask_if_running(config, "consent", contact=contact, **entry)
    return _written_here(config, contact, entry) if answer is None else answer


def _written_here(config: "Config", contact: str, entry: dict[str, Any]) -> dict[str, Any]:
    from bot.daemon.clock import now
    from bot.daemon.consenting import entry_of, note

    said = entry_of(entry)
    return write_here(config, lambda db: note(db, contact, said, now()).answer)


def _show(ledger: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(ledger)
        return
    name = ledger["name"] or ledger["number"]
    click.echo(f"{shown(name)} ({shown(ledger['number'])}): consent {ledger['consent']}")
    if ledger["entries"]:
        print_table(ledger["entries"], {name: name for name in COLUMNS})
