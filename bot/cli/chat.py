"""`alexia chat`."""

import sys
from pathlib import Path

import click

from bot.cli.options import config_of, config_option


@click.command()
@click.option("--as", "contact", metavar="CONTACT", help="Name of the customer that you play.")
@config_option
def chat(contact: str | None, config_path: Path | None) -> None:
    """Talk to the rules in the terminal; nothing is sent.

    An empty line or Ctrl-D ends the talk.
    """
    from bot.cli.check import rulebook_of
    from bot.testing import ChatRoom

    config = config_of(config_path, or_shipped=True)
    rulebook_of(config)
    room = ChatRoom(config.folder, config, contact or "")
    asks = sys.stdin.isatty()
    while text := _read(asks):
        for reply in room.say(text):
            click.echo(click.style("bot: ", bold=True) + reply.replace("\n", "\n     "))


def _read(asks: bool) -> str:
    try:
        if asks:
            return str(click.prompt("you", default="", show_default=False, prompt_suffix=": "))
        return sys.stdin.readline().strip()
    except (click.Abort, EOFError):
        return ""
