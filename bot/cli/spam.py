"""`alexia spam`: whom the guard against spam keeps quiet, and how a person undoes it."""

from pathlib import Path

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_daemon, fail, print_json, print_table

COLUMNS = {
    "id": "id", "number": "number", "name": "name", "muted until": "muted_until",
    "why": "muted_why",
}  # fmt: skip


@click.group()
def spam() -> None:
    """Floods, repeated texts, links from strangers and blocked words: who is muted, and why."""


@spam.command("list")
@session_option
@config_option
@json_option
def list_spam(config_path: Path | None, as_json: bool) -> None:
    """List who is muted now, without what they wrote."""
    from bot.daemon.clock import now
    from bot.store.mutes import list_muted
    from bot.store.reading import reading

    with reading(config_of(config_path).database) as db:
        rows = [row for row in list_muted(db, now()) if row["muted_by"] == "spam"]
    if as_json:
        print_json(rows)
        return
    print_table(rows, COLUMNS)


@spam.command()
@click.argument("contact")
@session_option
@config_option
def unmute(contact: str, config_path: Path | None) -> None:
    """Answer CONTACT again; what was written until now does not count any more."""
    _tell(config_path, "resume", contact, "", "the bot answers there again")


@spam.command()
@click.argument("contact")
@session_option
@config_option
def allow(contact: str, config_path: Path | None) -> None:
    """Never judge CONTACT again: a tag of `spam.allow_tags` is put on, and the mute ends."""
    tags = config_of(config_path).spam.allow_tags
    if not tags:
        fail("no tag is trusted: name one below  spam: {allow_tags: [...]}  in the config")
    _tell(config_path, "allow", contact, tags[0], f"trusted from now on (tag {tags[0]!r})")


def _tell(config_path: Path | None, do: str, contact: str, argument: str, done: str) -> None:
    answer = ask_daemon(config_of(config_path), do, contact=contact, argument=argument)
    if not answer.get("done", True):
        fail(str(answer.get("reason", "it was not done")))
    click.echo(done)
