"""`alexia config show`."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from bot.cli.options import config_of, config_option, json_option
from bot.cli.talk import print_json

DEFAULT = "default"


@click.group()
def config() -> None:
    """The configuration in force."""


@config.command()
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
@config_option
@json_option
def show(origin: bool, config_path: Path | None, as_json: bool) -> None:
    """Print the configuration in force; secrets stay hidden."""
    found = config_of(config_path, or_shipped=True)
    values = flat(found)
    if as_json:
        print_json(
            {name: {"value": value, "origin": origin_of(name, found.origins)}
             for name, value in values.items()} if origin else values
        )  # fmt: skip
        return
    for name, value in values.items():
        where = f"  ({origin_of(name, found.origins)})" if origin else ""
        click.echo(f"{name}: {value}{where}")


def origin_of(name: str, origins: Mapping[str, str]) -> str:
    """Return where a key was written: itself, or the key above that stood for all of it."""
    above = name
    while above:
        if above in origins:
            inner = any(other.startswith(f"{above}.") for other in origins)
            return DEFAULT if inner else origins[above]
        above = above.rpartition(".")[0]
    return DEFAULT


def flat(table: Any, above: str = "") -> dict[str, Any]:  # noqa: ANN401 - any dataclass of the config
    """Return every key by its path, as it would be written."""
    from bot.config.keys import readers

    found: dict[str, Any] = {}
    for name in readers(type(table)):
        value = getattr(table, name)
        found |= _flat_value(value, above + name)
    return found


def _flat_value(value: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 - any value of the config
    if is_dataclass(value) and any("read" in one.metadata for one in fields(value)):
        return flat(value, f"{name}.")
    if isinstance(value, tuple) and any(is_dataclass(one) for one in value):
        found: dict[str, Any] = {}
        for n, one in enumerate(value):
            found |= _flat_value(one, f"{name}[{n}]")
        return found
    return {name: _written(value)}


def _written(value: Any) -> Any:  # noqa: ANN401 - any value of the config
    from bot.config import Secret

    match value:
        case Secret():
            return "•••" if value else ""
        case timedelta():
            return _duration(value)
        case Path():
            return str(value)
        case tuple():
            return list(value)
        case _:
            return value


def _duration(span: timedelta) -> str:
    if span == timedelta.max:
        return "forever"
    rest, said = round(span.total_seconds() * 1000), ""
    for unit, length in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        count, rest = divmod(rest, length)
        said += f"{count}{unit}" if count else ""
    said += f"{rest}ms" if rest else ""
    return said or "0"
