"""`alexia crm`: the systems that are kept current, through the running bot."""

from collections.abc import Callable
from pathlib import Path

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_daemon, fail, print_json, shown

target_argument = click.argument(
    "target", type=click.Choice(["hubspot", "chatwoot"]), required=False, default=None
)


@click.group()
def crm() -> None:
    """Other systems that are kept current: HubSpot and Chatwoot."""


@crm.command()
@session_option
@config_option
@json_option
def status(config_path: Path | None, as_json: bool) -> None:
    """Show what is still to be told, and which system takes nothing."""
    from bot.cli.daemon import crm_lines

    config = config_of(config_path)
    named = config.names[0]
    sessions = ask_daemon(config, "status")["sessions"]
    found = next(one for one in sessions if one["name"] == named)["crm"]
    if as_json:
        print_json(found)
        return
    for line in crm_lines(found) or ["no other system is configured; see crm: in config.yaml"]:
        click.echo(line)


def _verb(action: str, told: str) -> Callable[..., None]:
    def asked(config_path: Path | None, target: str | None, as_json: bool) -> None:
        answer = ask_daemon(config_of(config_path), "crm", 60.0, action=action, target=target)
        if not answer["done"]:
            fail(str(answer["reason"]))
        found = answer["found"]
        if as_json:
            print_json(found)
        else:
            for name, lines in found.items():
                for line in lines or ["all is well"]:
                    click.echo(f"{name}: {shown(line)}")
        if action == "test" and any(found.values()):
            raise click.exceptions.Exit(1)

    asked.__doc__ = told
    return asked


for _action, _told in {
    "test": "Ask TARGET, or each, whether all is there that is needed; exit code 1 when not.",
    "setup": "Make in TARGET what is needed there and may be made: our own properties.",
    "sync": "Tell TARGET every lead anew, such as those of before it was configured.",
}.items():
    crm.command(_action)(
        target_argument(session_option(config_option(json_option(_verb(_action, _told)))))
    )
