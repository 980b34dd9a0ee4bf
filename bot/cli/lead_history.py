"""`alexia leads why` and `undo`: each point of a lead explained, and taken back."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_if_running, fail, print_json, print_table, shown
from bot.cli.writing import write_here, writer
from bot.domain.contacts import nobody_known

if TYPE_CHECKING:
    from bot.config import Config
    from bot.domain.leads import LeadChange

COLUMNS = ("change", "when", "by", "score", "stage", "owner", "note")


@click.command()
@click.argument("contact")
@session_option
@config_option
@json_option
def why(contact: str, config_path: Path | None, as_json: bool) -> None:
    """Tell why CONTACT's lead stands where it does: each change, and what made it."""
    from bot.daemon.clock import now
    from bot.store import lead_history
    from bot.store.people import find_contact
    from bot.store.reading import reading

    with reading(config_of(config_path).database) as db:
        person = find_contact(db, contact)
        if person is None:
            fail(nobody_known(contact))
        changes = lead_history.explained(db, person, now())
    if as_json:
        print_json([_plain(one) for one in changes])
        return
    if not changes:
        click.echo("nothing has changed this person's lead")
        return
    print_table([_row(one) for one in changes], {name: name for name in COLUMNS})


@click.command()
@click.argument("contact")
@click.argument("change", type=int)
@session_option
@config_option
@json_option
def undo(contact: str, change: int, config_path: Path | None, as_json: bool) -> None:
    """Take CHANGE of CONTACT's lead back: its points, and its stage and owner if they still hold.

    `alexia leads why` shows the numbers of the changes.
    """
    answer = _undone(config_of(config_path), contact, change)
    if not answer["done"]:
        fail(str(answer["reason"]))
    if as_json:
        print_json(answer)
        return
    owner = f", {shown(answer['owner'])}" if answer["owner"] else ""
    click.echo(f"taken back: stage {shown(answer['stage'])}, score {answer['score']}{owner}")


def _undone(config: "Config", contact: str, change: int) -> dict[str, Any]:
    from bot.daemon.clock import now
    from bot.daemon.lead_undoing import undo as take_back

    by = writer()
    answer = ask_if_running(config, "lead_undo", contact=contact, change=change, by=by)
    if answer is not None:
        return answer
    return write_here(config, lambda db: take_back(db, contact, change, by, now()))


def _row(change: "LeadChange") -> dict[str, str]:
    before, after = change.before, change.after
    return {
        "change": str(change.id or ""),
        "when": change.when.isoformat(),
        "by": change.by,
        "score": f"{change.points:+d} = {after.score}" if change.points else "",
        "stage": f"{before.stage or 'none'} → {after.stage}" if before.stage != after.stage else "",
        "owner": f"{before.owner or 'nobody'} → {after.owner or 'nobody'}"
        if before.owner != after.owner
        else "",
        "note": f"{change.note} (taken back)".strip() if change.undone else change.note,
    }


def _plain(change: "LeadChange") -> dict[str, Any]:
    """Return a change in the shape that programs rely on."""
    before, after = change.before, change.after
    return {
        "change": change.id or None, "when": change.when.isoformat(), "by": change.by,
        "points": change.points, "score": after.score,
        "stage": {"from": before.stage or None, "to": after.stage},
        "owner": {"from": before.owner or None, "to": after.owner or None},
        "note": change.note, "undone": change.undone,
    }  # fmt: skip
