"""`alexia contacts export` and the like: tables for other programs."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import click

from bot.cli.moments import read_moment
from bot.cli.options import config_of, config_option, session_option
from bot.cli.segments import members_of
from bot.cli.talk import counted

if TYPE_CHECKING:
    from bot.audience.tables import Table
    from bot.config import Config

Command = TypeVar("Command", bound=Callable[..., object])
Make = Callable[[sqlite3.Connection, ZoneInfo], "Table"]


def table_options(command: Command) -> Command:
    """Add ``--format`` and ``--output``."""
    form = click.option(
        "--format", "form", type=click.Choice(["csv", "xlsx", "json"]),
        help="[default: by the name of the file, else csv]",
    )  # fmt: skip
    output = click.option(
        "--output", "-o", type=click.Path(path_type=Path, dir_okay=False),
        help="Write there, for your eyes only; an XLSX needs it.",
    )  # fmt: skip
    return form(output(command))


@click.command("export")
@click.option("--consents", is_flag=True, help="The ledger of consent instead of the people.")
@click.option("--tag", default="", help="Who wears this tag.")
@click.option("--language", default="", help="Who writes this language, such as pt.")
@click.option("--stage", default="", help="Whose lead is at this stage.")
@click.option("--segment", default="", help="Who is in this segment of the rule files.")
@click.option("--since", help="Heard from then on: 12h, 7d, 2026-11-23 or 2026-11-23T09:00.")
@click.option("--until", help="Last heard before then, written likewise.")
@table_options
@session_option
@config_option
def export_contacts(  # noqa: PLR0913 - one for each option
    consents: bool, tag: str, language: str, stage: str, segment: str, since: str | None,
    until: str | None, form: str | None, output: Path | None, config_path: Path | None,
) -> None:  # fmt: skip
    """Export people as a table that `alexia contacts import` reads back."""
    from bot.audience import tables
    from bot.store.people import WantedPeople

    config = config_of(config_path)
    zone = ZoneInfo(config.timezone)
    now = datetime.now(zone)
    wanted = WantedPeople(
        tag=tag, language=language, stage=stage,
        seen_since=read_moment(since, now, zone, "--since"),
        seen_before=read_moment(until, now, zone, "--until"),
        among=members_of(config, segment) if segment else None,
    )  # fmt: skip
    if consents and wanted != WantedPeople():
        raise click.UsageError("--consents exports the whole ledger: leave the other options out")
    if consents:
        write(config, tables.ledger, form, output)
    else:
        write(config, lambda db, zone: tables.people(db, zone, wanted), form, output)


@click.command("export")
@table_options
@session_option
@config_option
def export_leads(form: str | None, output: Path | None, config_path: Path | None) -> None:
    """Export leads as a table."""
    from bot.audience import tables

    write(config_of(config_path), tables.leads, form, output)


def write(config: "Config", make: Make, form: str | None, output: Path | None) -> None:
    """Write a table of the database to a file, or to the standard output."""
    from bot.audience.exporting import format_of, write_table
    from bot.store.reading import reading

    kind = format_of(output, form or "")
    if kind == "xlsx" and output is None:
        raise click.UsageError("an XLSX needs --output FILE")
    if output is not None and not output.parent.is_dir():
        told = f"there is no folder {output.parent}; make it first"
        raise click.BadParameter(told, param_hint="--output")
    with reading(config.database) as db:
        written = write_table(make(db, ZoneInfo(config.timezone)), kind, output)
    if output is not None:
        click.echo(f"{output}: {counted(written, 'row')}")
