"""`alexia contacts set`: a person's fields, each in its type."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_if_running, fail, print_json
from bot.cli.writing import write_here

if TYPE_CHECKING:
    from bot.config import Config


@click.command("set")
@click.argument("contact")
@click.argument("changes", nargs=-1, required=True, metavar="FIELD=VALUE...")
@session_option
@config_option
@json_option
def set_fields(
    contact: str, changes: tuple[str, ...], config_path: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Set fields of CONTACT, and name, language or timezone; FIELD= empties one.

    A value that does not fit its field's type changes nothing.
    """
    said: dict[str, str] = {}
    for one in changes:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise click.UsageError(f"write FIELD=VALUE, not {one!r}")
        said[name] = value
    answer = _changed(config_of(config_path), contact, said)
    if not answer["done"]:
        fail(str(answer["reason"]))
    if as_json:
        print_json(answer)
    else:
        click.echo(f"set: {', '.join(answer['changed'])}")


def _changed(config: "Config", contact: str, said: dict[str, str]) -> dict[str, Any]:
    answer = ask_if_running(config, "change", contact=contact, said=said)
    return _changed_here(config, contact, said) if answer is None else answer


def _changed_here(config: "Config", contact: str, said: dict[str, str]) -> dict[str, Any]:
    from bot.cli.check import rulebook_of
    from bot.daemon.changing import change

    fields = rulebook_of(config).kept
    return write_here(config, lambda db: change(db, contact, said, fields, config.timezone))
