"""`alexia canned`: replies that are ready to be sent."""

from pathlib import Path

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import print_json, print_table


@click.group()
def canned() -> None:
    """Ready-made replies of the rule files; `alexia send CHAT --canned NAME` sends one."""


@canned.command("list")
@session_option
@config_option
@json_option
def list_canned(config_path: Path | None, as_json: bool) -> None:
    """List them by name."""
    from bot.cli.check import rulebook_of
    from bot.language.canned import wordings

    rulebook = rulebook_of(config_of(config_path))
    rows = [
        {"name": name, "language": language, "text": text}
        for name, reply in sorted(rulebook.canned.items())
        for language, text in wordings(reply, rulebook).items()
    ]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, {"name": "name", "language": "language", "text": "text"})
    else:
        click.echo("there are none; write them under canned: of a rule file")
