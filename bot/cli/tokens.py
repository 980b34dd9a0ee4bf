"""`alexia tokens`: the keys of the API."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import config_of, config_option, json_option
from bot.cli.talk import fail, print_json

if TYPE_CHECKING:
    from bot.console.keys import KeyFile

ROLES = ("viewer", "operator", "admin")
FIRST = "admin"


@click.group()
def tokens() -> None:
    """The keys of the API, sent in the header X-Api-Key. A running bot takes a change at once."""


@tokens.command()
@click.argument("name", required=False)
@config_option
@json_option
def show(name: str | None, config_path: Path | None, as_json: bool) -> None:
    """Print the keys; of NAME alone just the key, for scripts."""
    kept = _file(config_path).keys()
    if name is not None:
        found = [key for key in kept if key.name == name]
        if not found:
            fail(_no_key(name))
        click.echo(found[0].secret)
        return
    rows = [{"name": key.name, "role": key.role.name.lower(), "key": key.secret} for key in kept]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['name']}  {row['role']}  {row['key']}")
    if not rows:
        fail("there is none yet; `alexia run` or `alexia tokens rotate` makes one")


@tokens.command()
@click.argument("name", default=FIRST)
@config_option
def rotate(name: str, config_path: Path | None) -> None:
    """Give NAME a fresh key; the one before is refused from now on."""
    from bot.console.keys import KeysRefused

    file = _file(config_path)
    try:
        known = [key.name for key in file.keys()]  # noqa: SIM118 - not a mapping
    except KeysRefused:
        file.path.unlink()
        known = []
    if name != FIRST and name not in known:
        fail(f"there is no key {name!r}; `alexia tokens add {name}` makes one")
    click.echo(file.put(name).secret)


@tokens.command()
@click.argument("name")
@click.option(
    "--role", type=click.Choice(ROLES), default="operator", show_default=True,
    help="viewer reads, operator also sends, admin also changes the bot.",
)  # fmt: skip
@config_option
def add(name: str, role: str, config_path: Path | None) -> None:
    """Make a key NAME and print it."""
    from bot.console.keys import Role

    file = _file(config_path)
    if any(key.name == name for key in file.keys()):  # noqa: SIM118 - not a mapping
        fail(f"there is a key {name!r} already; `alexia tokens rotate {name}` changes it")
    click.echo(file.put(name, Role[role.upper()]).secret)


@tokens.command()
@click.argument("name")
@config_option
def remove(name: str, config_path: Path | None) -> None:
    """Take the key NAME away."""
    if not _file(config_path).remove(name):
        fail(_no_key(name))
    click.echo(f"{name} is removed")


def _file(config_path: Path | None) -> "KeyFile":
    from bot.console.keys import KeyFile

    return KeyFile(config_of(config_path).data_folder)


def _no_key(name: str) -> str:
    return f"there is no key {name!r}; `alexia tokens show` lists those there are"
