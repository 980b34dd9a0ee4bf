"""`alexia messages`: what was said, found by its words."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot.cli.moments import read_moment
from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_daemon, fail, print_json, print_table, value_shown
from bot.domain.contacts import nobody_known


@click.group()
def messages() -> None:
    """What was said, both ways: found, read back, forwarded, taken back."""


@messages.command("search")
@click.argument("words", nargs=-1)
@click.option("--contact", help="Only with this person: a number, an id, a name or a chat.")
@click.option("--since", help="From then on: 12h, 7d, 2026-11-23 or 2026-11-23T09:00.")
@click.option("--until", help="Before then, written likewise.")
@click.option("--type", "kind", default="", help="Only of this type: text, image, voice, …")
@click.option("--tag", help="Only with people who wear this tag.")
@click.option(
    "--most", default=50, show_default=True, type=click.IntRange(1, 10_000),
    help="No more than so many.",
)  # fmt: skip
@config_option
@session_option
@json_option
def search_messages(  # noqa: PLR0913 - one for each option
    words: tuple[str, ...], contact: str | None, since: str | None, until: str | None,
    kind: str, tag: str | None, most: int, config_path: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Find messages that hold all WORDS, the latest first.

    Case and accents do not count; begin* finds what begins so, '"two words"' what stands together.
    """
    from bot.store import search
    from bot.store.reading import reading

    config = config_of(config_path)
    zone, now = ZoneInfo(config.timezone), datetime.now(ZoneInfo(config.timezone))
    begin, end = read_moment(since, now, zone, "--since"), read_moment(until, now, zone, "--until")
    with reading(config.database) as db:
        chats = None if contact is None else search.chats_of(db, contact)
        if chats is not None and not chats:
            fail(nobody_known(contact))
        if tag is not None:
            wearing = search.chats_tagged(db, tag)
            chats = wearing if chats is None else tuple(set(chats) & set(wearing))
        wanted = search.Wanted(
            words=" ".join(words), chats=chats, since=begin, until=end, kind=kind.lower()
        )
        found = search.find_messages(db, wanted, most)
    if as_json:
        print_json(found)
        return
    columns = {"time": "t", "": "direction", "chat": "chat", "name": "contact.name",
               "type": "type", "text": "text", "changed": "changed"}  # fmt: skip
    print_table([{**row, "changed": _changed(row)} for row in found], columns)


def _changed(row: Mapping[str, Any]) -> str:
    """Return what became of a message after it was sent."""
    if "revoked_at" in row:
        return "taken back"
    return f"was: {row['before'][-1]}" if "before" in row else ""


@messages.command()
@click.option("--chat", required=True, help="A number, or an address.")
@click.option(
    "--more", default=100, show_default=True, type=click.IntRange(1, 100_000),
    help="So many older ones.",
)  # fmt: skip
@config_option
@session_option
@json_option
def history(chat: str, more: int, config_path: Path | None, as_json: bool) -> None:
    """Read a chat back: store so many messages more from before the oldest that is stored.

    Nothing follows from them: no rule hears what was said long ago.
    """
    answer = ask_daemon(config_of(config_path), "history", 600.0, chat=chat, more=more)
    if as_json:
        print_json(answer)
    else:
        click.echo(f"{answer['stored']} older messages are stored now")


@messages.command("status")
@click.argument("message")
@config_option
@session_option
@json_option
def show_status(message: str, config_path: Path | None, as_json: bool) -> None:
    """Show how far our MESSAGE came, and when; in a group with each who got it."""
    from bot.store import receipts
    from bot.store.reading import reading

    with reading(config_of(config_path).database) as db:
        row = receipts.of_message(db, message)
    if row is None:
        fail(f"no message of ours is {message!r}; `alexia messages search --json` tells their ids")
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        if name != "readers":
            click.echo(f"{name}: {value_shown(name, value)}")
    if row["readers"]:
        columns = ("number", "name", "delivered", "read", "played")
        print_table(row["readers"], {name: name for name in columns})


@messages.command()
@click.argument("message")
@click.argument("chat")
@config_option
@session_option
@json_option
def forward(message: str, chat: str, config_path: Path | None, as_json: bool) -> None:
    """Forward the stored MESSAGE, by its id, to CHAT."""
    key = secrets.token_hex(8)
    answer = ask_daemon(
        config_of(config_path), "forward", 130.0, message=message, to=chat, key=key
    )  # fmt: skip
    if not answer.get("done", True):
        fail(str(answer["reason"]))
    if as_json:
        print_json(answer)
    else:
        click.echo(f"forwarded as {', '.join(answer['ids'])}")


@messages.command()
@click.argument("message")
@config_option
@session_option
def revoke(message: str, config_path: Path | None) -> None:
    """Take our MESSAGE, named by its id, back for everyone."""
    answer = ask_daemon(config_of(config_path), "revoke", message=message)
    if not answer.get("done", True):
        fail(str(answer["reason"]))
    click.echo("taken back")
