"""`alexia messages`: what was said, found by its words."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.cli.moments import read_moment
from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import fail, print_json, print_table


@click.group()
def messages() -> None:
    """What was said, both ways, found by its words."""


@messages.command("search")
@click.argument("words", nargs=-1)
@click.option("--contact", help="Only with this person: a number, an id, a name or a chat.")
@click.option("--since", help="From then on: 12h, 7d, 2026-11-23 or 2026-11-23T09:00.")
@click.option("--until", help="Before then, written likewise.")
@click.option("--type", "kind", default="", help="Only of this type: text, image, voice, …")
@click.option("--tag", help="Only with people who wear this tag.")
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 10_000))
@session_option
@config_option
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
            fail(f"nobody known is {contact!r}")
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
               "type": "type", "text": "text"}  # fmt: skip
    print_table(found, columns)
