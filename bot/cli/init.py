"""`alexia init`."""

from pathlib import Path

import click

from bot.cli.options import unused_config_option
from bot.cli.shipped import TEMPLATES, copy_template


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option(
    "--template",
    type=click.Choice(TEMPLATES),
    default="shop",
    show_default=True,
    help="An example business, or next to nothing.",
)
@unused_config_option
def init(folder: Path, template: str) -> None:
    """Write a folder with config, rules, flows and tests to start from.

    Files that are there stay as they are.
    """
    written = copy_template(template, folder)
    for name in written:
        click.echo(f"wrote {folder / name}")
    if not written:
        click.echo(f"everything is there already in {folder}")
    here = "" if folder == Path() else f"cd {folder} && "
    click.echo(f"next: {here}alexia check && alexia chat")
