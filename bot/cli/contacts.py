"""`alexia contacts`: who wrote, and who is who."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.changing import set_fields
from bot.cli.consents import consent
from bot.cli.exporting import export_contacts
from bot.cli.importing import import_contacts
from bot.cli.moments import read_moment
from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.segments import members_of, segments
from bot.cli.talk import ask_daemon, fail, print_json, print_table, value_shown
from bot.domain.contacts import nobody_known

COLUMNS = ("id", "number", "name", "language", "tags", "consent")
NOT_MUTED = {"muted_until": None, "muted_by": None, "muted_why": None}
MERGES = ("id", "at", "by", "name", "number", "kept", "merged", "undone_at")


@click.group()
def contacts() -> None:
    """People who wrote: found, and told apart."""


contacts.add_command(consent)
contacts.add_command(import_contacts)
contacts.add_command(export_contacts)
contacts.add_command(segments)
contacts.add_command(set_fields)


@contacts.command("list")
@click.argument("words", nargs=-1)
@click.option("--number", default="", help="A number in any writing, or some of its digits.")
@click.option("--tag", default="", help="Who wears this tag.")
@click.option("--language", default="", help="Who writes this language, such as pt.")
@click.option("--stage", default="", help="Whose lead is at this stage.")
@click.option("--segment", default="", help="Who is in this segment of the rule files.")
@click.option("--since", help="Heard from then on: 12h, 7d, 2026-11-23 or 2026-11-23T09:00.")
@click.option("--until", help="Last heard before then, written likewise.")
@click.option("--business/--private", default=None, help="Only businesses, or only others.")
@click.option("--blocked/--not-blocked", default=None, help="Only who is blocked, or is not.")
@click.option("--muted", is_flag=True, help="Only in whose chats the bot keeps quiet now.")
@session_option
@config_option
@json_option
def list_contacts(  # noqa: PLR0913 - one for each option
    words: tuple[str, ...], number: str, tag: str, language: str, stage: str, segment: str,
    since: str | None, until: str | None, business: bool | None, blocked: bool | None,
    muted: bool, config_path: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """List people, oldest first; with WORDS those whose names have words that begin so."""
    from bot.store.mutes import mutes_of
    from bot.store.people import WantedPeople, find_people
    from bot.store.reading import reading

    config = config_of(config_path)
    zone, now = ZoneInfo(config.timezone), datetime.now(ZoneInfo(config.timezone))
    wanted = WantedPeople(
        words=" ".join(words), number=number, tag=tag, language=language, stage=stage,
        seen_since=read_moment(since, now, zone, "--since"),
        seen_before=read_moment(until, now, zone, "--until"), business=business, blocked=blocked,
        among=members_of(config, segment) if segment else None,
    )  # fmt: skip
    with reading(config.database) as db:
        mutes = mutes_of(db, now)
        rows = [{**row, **mutes.get(row["id"], NOT_MUTED)} for row in find_people(db, wanted)]
    if muted:
        rows = [row for row in rows if row["muted_until"]]
    if as_json:
        print_json(rows)
    else:
        columns = {**{name: name for name in COLUMNS}, "stage": "lead.stage"}
        print_table(rows, {**columns, "saved": "saved_name", "blocked": "blocked",
                           "muted": "muted_why" if muted else "muted_by"})  # fmt: skip


@contacts.command("show")
@click.argument("contact")
@session_option
@config_option
@json_option
def show_contact(contact: str, config_path: Path | None, as_json: bool) -> None:
    """Show one: by number, id, address or name."""
    from bot.daemon.clock import now
    from bot.store.mutes import mutes_of
    from bot.store.people import show_person
    from bot.store.reading import reading

    with reading(config_of(config_path).database) as db:
        row = show_person(db, contact)
        mutes = mutes_of(db, now())
    if row is None:
        fail(nobody_known(contact))
    row |= mutes.get(row["id"], NOT_MUTED)
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        click.echo(f"{name}: {value_shown(name, value)}")


def _blocking(name: str, told: str, said: str) -> click.Command:
    """Return the command that blocks somebody, or does so no longer."""

    @click.command(name, help=told)
    @click.argument("contact")
    @session_option
    @config_option
    def change(contact: str, config_path: Path | None) -> None:
        answer = ask_daemon(config_of(config_path), "people", action=name, contact=contact)
        if not answer["done"]:
            fail(str(answer["reason"]))
        click.echo(said)

    return change


contacts.add_command(
    _blocking(
        "block", "Block CONTACT: WhatsApp delivers nothing, the bot writes nothing.", "blocked"
    )
)
contacts.add_command(_blocking("unblock", "Block CONTACT no longer.", "no longer blocked"))


@contacts.command("check")
@click.argument("number")
@session_option
@config_option
@json_option
def check_number(number: str, config_path: Path | None, as_json: bool) -> None:
    """Ask whether NUMBER is on WhatsApp; exits with 1 when it is not."""
    answer = ask_daemon(config_of(config_path), "people", action="check", contact=number)
    if as_json:
        print_json(answer)
    elif answer["exists"]:
        click.echo(f"{number} is on WhatsApp, as {answer['chat']}")
    if not answer["exists"]:
        fail(f"{number} is not on WhatsApp")


@contacts.command("merge")
@click.argument("contact")
@click.argument("other")
@session_option
@config_option
@json_option
def merge(contact: str, other: str, config_path: Path | None, as_json: bool) -> None:
    """Make one person of CONTACT and OTHER; `alexia contacts unmerge` takes it back.

    Tags, fields, lead, talks and consent of both are kept; where both have one, CONTACT's goes
    first, and what either withdrew stays withdrawn.
    """
    answer = ask_daemon(config_of(config_path), "merge", contact=contact, other=other)
    if not answer.get("done", True):
        fail(str(answer.get("reason", "it was not done")))
    if as_json:
        print_json(answer)
    else:
        click.echo(f"merged as number {answer['merge']}")


@contacts.command("unmerge")
@click.argument("contact", required=False)
@click.option("--merge", "number", type=int, help="This merge, instead of the person's last.")
@session_option
@config_option
@json_option
def unmerge(
    contact: str | None, number: int | None, config_path: Path | None, as_json: bool
) -> None:
    """Take the last merge of CONTACT back: both people are as they were before.

    What changed since then stays with the person that was kept.
    """
    if (contact is None) == (number is None):
        raise click.UsageError("name a CONTACT, or a --merge")
    answer = ask_daemon(config_of(config_path), "unmerge", contact=contact, merge=number)
    if not answer.get("done", True):
        fail(str(answer.get("reason", "it was not done")))
    if as_json:
        print_json(answer)
    else:
        click.echo(f"merge {answer['merge']} is undone")


@contacts.command("merges")
@session_option
@config_option
@json_option
def list_merges(config_path: Path | None, as_json: bool) -> None:
    """List who became whom, when, and who said so; the latest first."""
    from bot.store import journal
    from bot.store.reading import reading

    with reading(config_of(config_path).database) as db:
        rows = journal.entries(db)
    if as_json:
        print_json(rows)
    else:
        print_table(rows, {name: name for name in MERGES})
