"""`alexia resume`, `handoff` and `end`: who speaks in a chat."""

from pathlib import Path

import click

from bot.cli.options import config_of, config_option, session_option
from bot.cli.talk import ask_daemon, fail


def _tell(config_path: Path | None, do: str, contact: str, done: str) -> None:
    answer = ask_daemon(config_of(config_path), do, contact=contact)
    if not answer.get("done", True):
        fail(str(answer.get("reason", "it was not done")))
    click.echo(done)


@click.command()
@click.argument("contact")
@session_option
@config_option
def resume(contact: str, config_path: Path | None) -> None:
    """Let the bot speak again with CONTACT (a number, an id or a name)."""
    _tell(config_path, "resume", contact, "the bot answers there again")


@click.command()
@click.argument("contact")
@session_option
@config_option
def handoff(contact: str, config_path: Path | None) -> None:
    """Keep the bot quiet with CONTACT: a person takes over."""
    _tell(config_path, "handoff", contact, "the bot is quiet there; `alexia resume` undoes it")


@click.command()
@click.argument("contact")
@session_option
@config_option
def end(contact: str, config_path: Path | None) -> None:
    """End the flow that CONTACT is in."""
    _tell(config_path, "end", contact, "the flow is ended")
