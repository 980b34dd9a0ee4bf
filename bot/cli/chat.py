"""`alexia chat`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import config_of, config_option, session_option
from bot.cli.why import print_ranked

if TYPE_CHECKING:
    from bot.config import Config
    from bot.ports import Understander
    from bot.testing import ChatRoom

HELP = """\
/state     flow, slots, tags, lead, timers
/why       who could have spoken, and why each other did not
/wait 10m  let time pass
/help      this"""

NOTHING = "(no answer; /why tells why)"


@click.command()
@click.option("--as", "contact", metavar="CONTACT", help="Name of the customer that you play.")
@session_option
@config_option
def chat(contact: str | None, config_path: Path | None) -> None:
    """Talk to the rules in the terminal; nothing is sent.

    An empty line or Ctrl-D ends the talk. /state shows where the conversation stands, /why who
    could have spoken, /wait 10m lets time pass.
    """
    from bot.cli.check import rulebook_of
    from bot.daemon.clock import now
    from bot.testing import ChatRoom
    from bot.testing.room import EngineFailed

    config = config_of(config_path, or_shipped=True)
    rulebook = rulebook_of(config)
    room = ChatRoom(
        rulebook, config, now=now(), name=contact or "", understander=_understander(config)
    )
    asks = sys.stdin.isatty()
    while text := _read(asks):
        try:
            if not _command(room, text):
                said = room.say(text)
                _print_uncalled(room.uncalled)
                _print(said)
                if not said:
                    click.echo(f"    {NOTHING}")
        except EngineFailed as failure:
            click.echo(f"    the engine failed: {failure}")


def _understander(config: "Config") -> "Understander | None":
    """Return the models, opened when the first text asks for them; None when switched off."""
    if not config.models.enabled:
        return None
    from bot.testing.doubles import PatientUnderstander
    from bot.testing.runs import open_models

    return PatientUnderstander(lambda: open_models(config.folder, config))


def _command(room: "ChatRoom", text: str) -> bool:
    """Do what a line that is for us asks; False when it is the customer's."""
    from bot.language.durations import parse_duration

    word, _, rest = text.partition(" ")
    duration = parse_duration(rest)
    if word == "/state":
        for line in room.state():
            click.echo(f"    {line}")
    elif word == "/why":
        print_ranked(room.why())
    elif word == "/wait" and duration is not None:
        _print(room.wait(duration))
    elif word == "/wait":
        click.echo("    write how long, such as  /wait 10m")
    elif word == "/help" and not rest:
        click.echo(HELP)
    else:
        return False
    return True


def _print_uncalled(calls: list[str]) -> None:
    for call in calls:
        click.echo(f"    not called here, so it fails: {call} (a test can mock it)")


def _print(replies: list[str]) -> None:
    for reply in replies:
        click.echo(click.style("bot: ", bold=True) + reply.replace("\n", "\n     "))


def _read(asks: bool) -> str:
    try:
        if asks:
            return str(click.prompt("you", default="", show_default=False, prompt_suffix=": "))
        return sys.stdin.readline().strip()
    except (click.Abort, EOFError):
        return ""
