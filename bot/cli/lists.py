"""`alexia conversations`, `leads` and `tags`, read straight from the database."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from bot.cli import lead_history
from bot.cli.exporting import export_leads, write
from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import fail, moment_shown, print_json, print_table, value_shown
from bot.domain.contacts import nobody_known
from bot.telemetry import escaped

Rows = Sequence[Mapping[str, Any]]

OLD = click.option(
    "--old", is_flag=True, help="Only those in an older version of a flow that was edited."
)


@click.group(invoke_without_command=True)
@OLD
@session_option
@config_option
@json_option
@click.pass_context
def conversations(
    ctx: click.Context, old: bool, config_path: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Chats: where they stand and what was said."""
    if ctx.invoked_subcommand is not None:
        return
    if not old:
        click.echo(ctx.get_help())
        ctx.exit(2)
    _list_conversations(config_path, old=old, as_json=as_json)


@conversations.command("list")
@OLD
@session_option
@config_option
@json_option
def list_conversations(old: bool, config_path: Path | None, as_json: bool) -> None:
    """List them, the latest first."""
    _list_conversations(config_path, old=old, as_json=as_json)


def _list_conversations(config_path: Path | None, *, old: bool, as_json: bool) -> None:
    from bot.store import reading

    rows = reading.list_conversations(config_of(config_path).database, old=old)
    columns = {"chat": "chat", "name": "contact.name", "flow": "flow", "step": "step",
               "team": "team", "member": "member", "muted until": "muted_until",
               "last message": "last_message_at"}  # fmt: skip
    _print(rows, as_json, {**columns, "version": "version"} if old else columns)


@conversations.command("show")
@click.argument("chat")
@session_option
@config_option
@json_option
def show_conversation(chat: str, config_path: Path | None, as_json: bool) -> None:
    """Show one: by its chat, or the contact's number or name."""
    from bot.store import reading

    rows = reading.list_conversations(config_of(config_path).database)
    found = _one("conversations", rows, chat, ("chat", "contact.number", "contact.name"))
    _print_one(found, as_json)


@conversations.command("export")
@click.argument("contact", required=False)
@session_option
@config_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv", "xlsx", "txt"]),
    help="[default: by the name of the file, else json]",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write there, for your eyes only; an XLSX needs it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (the default).")
def export_messages(
    contact: str | None,
    config_path: Path | None,
    form: str | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Print all messages, or those with CONTACT: a chat, a number, an id or a name."""
    from bot.audience import tables
    from bot.store import search
    from bot.store.reading import reading

    config = config_of(config_path)
    with reading(config.database) as db:
        chats = None if contact is None else search.chats_of(db, contact)
        if chats is not None and not chats:
            fail(nobody_known(contact))
        if form == "txt":
            for row in search.messages_of(db, chats):
                click.echo(_line(row))
            return
    kind = "json" if as_json or (form is None and output is None) else form
    write(config, lambda db, zone: tables.messages(db, zone, chats), kind, output)


@click.group()
def leads() -> None:
    """People with a score."""


leads.add_command(export_leads)


@leads.command("list")
@session_option
@config_option
@json_option
def list_leads(config_path: Path | None, as_json: bool) -> None:
    """List them, oldest first."""
    from bot.store import reading

    rows = reading.list_leads(config_of(config_path).database)
    columns = {"id": "id", "number": "contact.number", "name": "contact.name", "stage": "stage",
               "score": "score", "owner": "owner", "tags": "tags", "fields": "fields"}  # fmt: skip
    _print(rows, as_json, columns)


@leads.command("show")
@click.argument("lead")
@session_option
@config_option
@json_option
def show_lead(lead: str, config_path: Path | None, as_json: bool) -> None:
    """Show one: by its id, or the contact's number or name."""
    from bot.store import reading

    rows = reading.list_leads(config_of(config_path).database)
    _print_one(_one("leads", rows, lead, ("id", "contact.number", "contact.name")), as_json)


leads.add_command(lead_history.why)
leads.add_command(lead_history.undo)


@click.group()
def tags() -> None:
    """Labels that people wear."""


@tags.command("list")
@session_option
@config_option
@json_option
def list_tags(config_path: Path | None, as_json: bool) -> None:
    """List them with the number of people."""
    from bot.store import reading

    rows = reading.list_tags(config_of(config_path).database)
    _print(rows, as_json, {"tag": "tag", "contacts": "contacts"})


@tags.command("show")
@click.argument("tag")
@session_option
@config_option
@json_option
def show_tag(tag: str, config_path: Path | None, as_json: bool) -> None:
    """List the people who wear TAG."""
    from bot.store.people import WantedPeople, find_people
    from bot.store.reading import reading

    with reading(config_of(config_path).database) as db:
        wearing = find_people(db, WantedPeople(tag=tag))
    if not wearing:
        fail(f"nobody wears the tag {tag!r}; `alexia tags list` shows which there are")
    _print(wearing, as_json, {name: name for name in ("id", "number", "name", "tags")})


def _line(row: Mapping[str, Any]) -> str:
    """Return a message as a line of a talk; further lines of its text stand indented."""
    arrow = {"in": "<", "out": ">"}[row["direction"]]
    kind = "" if row["type"] == "text" else f"[{row['type']}] "
    text = "\n    ".join(escaped(line) for line in str(row["text"]).splitlines())
    return f"{moment_shown(row['t'])} {row['chat']} {arrow} {kind}{text}".rstrip()


def _print(rows: Rows, as_json: bool, columns: Mapping[str, str]) -> None:
    if as_json:
        print_json(list(rows))
    else:
        print_table(rows, columns)


def _print_one(row: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        click.echo(f"{name}: {value_shown(name, value)}")


def _one(kind: str, rows: Rows, wanted: str, keys: Sequence[str]) -> Mapping[str, Any]:
    plain = wanted.lower().strip().lstrip("+")
    meant = {plain, plain.split("@")[0]} - {""}
    for key in keys:
        for row in rows:
            value: Any = row
            for part in key.split("."):
                value = value.get(part)
            if value is not None and str(value).lower().lstrip("+").split("@")[0] in meant:
                return row
    return fail(f"none of the {kind} is {wanted!r}; `alexia {kind} list` names those there are")
