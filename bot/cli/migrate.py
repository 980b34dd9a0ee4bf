"""`alexia migrate`: live conversations go on in the newest version of their flow."""

from pathlib import Path

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_daemon, fail, print_json


@click.command()
@click.argument("flow")
@click.option("--force-restart", is_flag=True, help="Who cannot be moved is told and begins again.")
@session_option
@config_option
@json_option
def migrate(flow: str, force_restart: bool, config_path: Path | None, as_json: bool) -> None:
    """Move those who are in an older version of FLOW to the newest, where that is safe."""
    answer = ask_daemon(config_of(config_path), "migrate", flow=flow, force=force_restart)
    if not answer.get("done", True):
        fail(str(answer.get("reason", "it was not done")))
    if as_json:
        print_json(answer)
        return
    parts = [f"{answer[name]} {word}" for name, word in WORDS.items() if answer.get(name)]
    click.echo(f"{flow}: {answer.get('live', 0)} live{''.join(f', {part}' for part in parts)}")


WORDS = {"moved": "moved", "restarted": "begin again", "left": "finish on their older version"}
