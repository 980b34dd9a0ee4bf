"""`alexia why` and `trace`: what would happen, and what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import fail, moment_shown, print_json, shown
from bot.domain.contacts import nobody_known, where_to_look

if TYPE_CHECKING:
    from bot.testing.ranking import Ranked

MOST_UNFIT = 30  # rules without a match that are listed one by one


@click.command()
@click.argument("text")
@click.option("--as", "contact", metavar="CONTACT", help="Somebody who wrote before.")
@session_option
@config_option
@json_option
def why(text: str, contact: str | None, config_path: Path | None, as_json: bool) -> None:
    """Show what would win for TEXT, and why each other rule loses. Nothing is sent."""
    from bot.cli import asking
    from bot.cli.check import rulebook_of

    config = config_of(config_path, or_shipped=True)
    told = asking.why(config, rulebook_of(config), text, contact)
    if told.pop("unknown", None):
        fail(nobody_known(contact))
    if as_json:
        told["candidates"] = [asdict(one) for one in told["candidates"]]
        print_json(told)
        return
    click.echo(f"winner: {told['winner'] or 'nobody'}")
    for line in told["lines"]:
        if line["path"].startswith(("spam:", "guard:spam")):
            click.echo(f"    {line['outcome']:<8} {line['path']}: {shown(line['why'])}")
    print_ranked(told["candidates"])
    for reply in told["replies"]:
        click.echo(f"bot: {shown(reply)}")
    for error in told["errors"]:
        click.echo(f"error: {shown(error)}")
    if told["waiting"]:
        click.echo("waits to leave before it:")
        print_sends(told["waiting"])


@click.command()
@click.argument("contact", required=False)
@click.option(
    "--last", type=click.IntRange(1, 1000), default=10, show_default=True,
    help="So many turns, the latest.",
)  # fmt: skip
@session_option
@config_option
@json_option
def trace(contact: str | None, last: int, config_path: Path | None, as_json: bool) -> None:
    """Show what happened with CONTACT in the last turns, and why; without CONTACT with all."""
    from bot.store import reading

    if contact is not None and not contact.strip():
        raise click.UsageError("the CONTACT is empty; leave it out to see everybody")
    rows = reading.list_traces(config_of(config_path).database, contact, last)
    if as_json:
        print_json(rows)
        return
    if not rows:
        if contact:
            fail(f"nothing happened with {contact!r} yet; {where_to_look(contact)}")
        fail("nothing happened yet; it is told once somebody has written")
    for row in rows:
        click.echo(
            f"{moment_shown(row['at'])}  {shown(row['contact']['name'])}  {row['event']}"
            f"  →  {row['winner'] or 'nobody'}  ({row['milliseconds']} ms)"
        )
        _print_lines(row)
        print_sends(row["sends"])
        for error in row["errors"]:
            click.echo(f"    error: {shown(error)}")


def print_ranked(ranked: "Sequence[Ranked]") -> None:
    """Print who could have spoken; of those that do not fit only how many, when they are many."""
    unfit = [one for one in ranked if one.outcome == "no match"]
    shown_ones = [one for one in ranked if one.outcome != "no match"]
    few = len(unfit) <= MOST_UNFIT
    for one in [*shown_ones, *(unfit if few else [])]:
        click.echo(f"    {one.outcome:<8} {shown(one.path)}: {shown(one.why)}".rstrip(": -"))
    if not few:
        click.echo(f"    no match {len(unfit)} rules and flows whose triggers do not fit")


def print_sends(sends: "Sequence[Mapping[str, Any]]") -> None:
    """Print what became of messages, and why they waited or were not sent."""
    for one in sends:
        reason = f": {shown(one['reason'])}" if one["reason"] else ""
        click.echo(f"    message  {shown(one['by'])}  →  {one['state']}{reason}")


def _print_lines(told: Mapping[str, Any]) -> None:
    for line in told["lines"]:
        reason = f": {shown(line['why'])}" if line["why"] else ""
        click.echo(f"    {line['outcome']:<8} {shown(line['path'])}{reason}")
