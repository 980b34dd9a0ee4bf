"""`alexia models`."""

from pathlib import Path

import click

from bot.cli.options import config_of, config_option, json_option
from bot.cli.talk import print_json, print_table


@click.group()
def models() -> None:
    """The models that read texts."""


@models.command("list")
@config_option
@json_option
def list_models(config_path: Path | None, as_json: bool) -> None:
    """List what the models know and where it lies."""
    from bot.nlu.admin import describe

    rows = describe(config_of(config_path, or_shipped=True).models_folder)
    if as_json:
        print_json(rows)
    else:
        print_table(rows, {name: name for name in ("kind", "name", "state", "detail")})
