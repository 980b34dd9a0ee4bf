"""`alexia send`."""

from pathlib import Path

import click

from bot.cli.options import config_of, config_option, json_option
from bot.cli.talk import ask_daemon, fail, print_json


@click.command()
@click.argument("chat")
@click.argument("text")
@config_option
@json_option
def send(chat: str, text: str, config_path: Path | None, as_json: bool) -> None:
    """Send TEXT to CHAT, a number or an address.

    The message goes into the outbox and leaves as soon as WhatsApp is ready.
    """
    answer = ask_daemon(config_of(config_path), "send", chat=chat, text=text)
    if not answer.get("sent", True):
        fail(str(answer.get("reason", "it was not taken")))
    if as_json:
        print_json(answer)
    else:
        click.echo(f"in the outbox as {answer.get('id')}")
