"""`alexia report`: the figures of a period, in the terminal or as a file."""

import os
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli.moments import read_moment
from bot.cli.options import config_of, config_option, session_option
from bot.cli.talk import fail

if TYPE_CHECKING:
    from sqlite3 import Connection

    from bot.config import Config
    from bot.reports.layout import Section
    from bot.reports.period import Period
    from bot.reports.report import Report

FORMS = ("text", "html", "pdf", "csv", "json")
ENDINGS = {".txt": "text", ".html": "html", ".pdf": "pdf", ".csv": "csv", ".zip": "csv",
           ".json": "json"}  # fmt: skip
DAYS = 7  # before today, when no --since is given
MOST_DAYS = 366
PIPED = 120  # columns of a report that no terminal shows


@click.command()
@click.option("--since", help="From: 7d (whole days), 12h, or 2026-11-16.  [default: 7d]")
@click.option(
    "--until",
    help="To the end of this day, or this moment.  [default: yesterday; now with --since]",
)
@click.option("--tag", default="", help="Only people who wear it.")
@click.option("--format", "form", type=click.Choice(FORMS), help="[default: what FILE ends with]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Write there: .txt, .html, .pdf, .csv, .zip (a CSV a table) or .json.",
)  # fmt: skip
@click.option("--texts/--no-texts", default=True, help="With words of customers, or without.")
@session_option
@config_option
def report(  # noqa: PLR0913 - one for each option
    since: str | None, until: str | None, tag: str, form: str | None, as_json: bool,
    output: Path | None, texts: bool, config_path: Path | None,
) -> None:  # fmt: skip
    """Figures of a period: messages, answers, flows, leads and more.

    Without --since of the last seven whole days. The bot may run meanwhile or not.
    """
    config = config_of(config_path)
    form = "json" if as_json else form or _form_of(output)
    if form == "pdf" and output is None:
        raise click.UsageError("a PDF needs --output FILE")
    now = datetime.now(ZoneInfo(config.timezone))
    found = _report(config, _period(since, until, now), now, tag, texts=texts)
    if form == "text" and output is None:
        _print(found, may_lack_today=since is None and until is None)
        return
    written = _written(config, found, form, zipped=output is not None and output.suffix == ".zip")
    if output is None:
        click.echo(written, nl=False)
    else:
        _keep(output, written)


def _form_of(output: Path | None) -> str:
    if output is None:
        return "text"
    form = ENDINGS.get(output.suffix.lower())
    if form is None:
        raise click.UsageError(f"say --format, or end FILE with one of {', '.join(ENDINGS)}")
    return form


def _period(since: str | None, until: str | None, now: datetime) -> "Period":
    from bot.reports.period import Period, days_before

    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    begin = days_before(DAYS, now, zone) if since is None else _since(since, now, zone)
    today = days_before(0, now, zone)
    end = (now if since else today) if until is None else _until(until, now, zone)
    end = min(end, days_before(-1, now, zone))
    if begin >= end:
        raise click.BadParameter("it lies before --since", param_hint="--until")
    if end - begin > timedelta(days=MOST_DAYS + 1):
        raise click.BadParameter(f"at most {MOST_DAYS} days", param_hint="--since")
    return Period(since=begin, until=end, zone=zone)


def _since(written: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment; so many whole days ago is the beginning of that day."""
    from bot.language.durations import parse_duration
    from bot.reports.period import days_before

    ago = parse_duration(written)
    if isinstance(ago, timedelta) and ago >= timedelta(days=1) and not ago % timedelta(days=1):
        return days_before(ago.days, now, zone)
    moment = read_moment(written, now, zone, "--since")
    assert moment is not None
    return moment


def _until(written: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment; a day is meant to its end."""
    from bot.reports.period import midnight

    try:
        day = date.fromisoformat(written)
    except ValueError:
        moment = read_moment(written, now, zone, "--until")
        assert moment is not None
        return moment
    return midnight(day + timedelta(days=1), zone)


def _report(
    config: "Config", period: "Period", now: datetime, tag: str, *, texts: bool
) -> "Report":
    from bot.reports.report import report as read
    from bot.reports.wanted import Wanted
    from bot.store.reading import reading

    with reading(config.database) as db:
        _check_version(db)
        known = db.execute("SELECT 1 FROM tags WHERE tag = ? LIMIT 1", (tag,)).fetchone()
        if tag and known is None:
            fail(f"nobody wears the tag {tag!r}; `alexia tags list` shows which there are")
        wanted = Wanted(period=period, now=now, tag=tag, texts=texts)
        return read(db, config.names[0], wanted)


def _check_version(db: "Connection") -> None:
    """End the command when the database is one of an older Alexia: only the bot changes it."""
    from bot.store.migrations import SCHEMA_VERSION

    if db.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
        fail("the database was written by an older Alexia; (re)start the bot once, then try again")


def _print(found: "Report", *, may_lack_today: bool) -> None:
    from bot.reports.as_text import print_text
    from bot.reports.figures.volume import Said
    from bot.reports.showing import heading, sections

    width = None if sys.stdout.isatty() else PIPED
    print_text(heading(found), sections(found), sys.stdout, width)
    if may_lack_today and found.volume.whole == Said():
        click.echo("\nNothing was said in these days. Today is none of them: --since 1d")


def _written(config: "Config", found: "Report", form: str, *, zipped: bool) -> str | bytes:
    from bot.reports.showing import sections

    shown = sections(found)
    match form:
        case "json":
            from bot.reports.as_json import as_json

            return as_json(found)
        case "csv":
            from bot.reports.as_csv import as_csv, as_zip

            return as_zip(shown) if zipped else as_csv(shown)
        case "text":
            return _plain(found, shown)
        case _:
            from bot.reports.as_html import page

            html = page(found, shown)
            return _printed(config, html) if form == "pdf" else html


def _plain(found: "Report", shown: "tuple[Section, ...]") -> str:
    from io import StringIO

    from bot.reports.as_text import print_text
    from bot.reports.showing import heading

    held = StringIO()
    print_text(heading(found), shown, held, PIPED)
    return held.getvalue()


def _printed(config: "Config", html: str) -> bytes:
    from bot.whatsapp.printing import print_page

    settings = config.whatsapp
    alone = settings.no_sandbox or os.geteuid() == 0
    return print_page(html, settings.browser, no_sandbox=alone)


def _keep(output: Path, written: str | bytes) -> None:
    """Write a file that only its owner may read; one that is there is replaced whole."""
    new = output.with_name(f".{output.name}.new")
    try:
        new.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(new, flags, 0o600), "wb") as file:
            file.write(written.encode() if isinstance(written, str) else written)
        new.replace(output)
    except OSError as failure:
        fail(f"{output}: cannot be written ({failure.strerror})")
    click.echo(f"written: {output}", err=True)
