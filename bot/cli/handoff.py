"""`alexia resume`, `handoff` and `end`: who speaks in a chat."""

from datetime import timedelta
from pathlib import Path
from shlex import quote

import click

from bot.cli.options import config_of, config_option, session_option
from bot.cli.talk import ask_daemon, fail

USUAL = "12h"  # how long a handoff lasts unless it says otherwise


def _tell(config_path: Path | None, do: str, contact: str, done: str, mute: int = 0) -> None:
    """Have a command done in somebody's chat.

    Args:
        done: What is said then.
        mute: Seconds that a handoff lasts; 0 for as long as any.
    """
    answer = ask_daemon(config_of(config_path), do, contact=contact, mute=mute)
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
@click.option("--for", "length", default=USUAL, show_default=True, help="For how long: 2h, 30d.")
@session_option
@config_option
def handoff(contact: str, length: str, config_path: Path | None) -> None:
    """Keep the bot quiet with CONTACT: a person takes over."""
    from bot.language.durations import parse_duration

    span = parse_duration(length)
    if not isinstance(span, timedelta) or span < timedelta(seconds=1):
        raise click.BadParameter("write 2h, 7d or 30m", param_hint="--for")
    done = f"the bot is quiet there for {length}; `alexia resume {quote(contact)}` ends it"
    _tell(config_path, "handoff", contact, done, mute=int(span.total_seconds()))


@click.command()
@click.argument("contact")
@session_option
@config_option
def end(contact: str, config_path: Path | None) -> None:
    """End the flow that CONTACT is in."""
    _tell(config_path, "end", contact, "the flow is ended")
