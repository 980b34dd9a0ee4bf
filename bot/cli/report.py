"""`alexia report`: the figures of a period, in the terminal or as a file."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli.options import config_of, config_option, session_option
from bot.cli.talk import fail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config import Config
    from bot.reports.layout import Section
    from bot.reports.period import Period
    from bot.reports.report import Report
    from bot.reports.wanted import Wanted

FORMS = ("text", "html", "pdf", "csv", "json")
ENDINGS = {".txt": "text", ".html": "html", ".pdf": "pdf", ".csv": "csv", ".zip": "csv",
           ".json": "json"}  # fmt: skip
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
@click.option("--every-session", "every", is_flag=True, help="Of each session, one by one.")
@session_option
@config_option
def report(  # noqa: PLR0913 - one for each option
    since: str | None, until: str | None, tag: str, form: str | None, as_json: bool,
    output: Path | None, texts: bool, every: bool, config_path: Path | None,
) -> None:  # fmt: skip
    """Figures of a period: messages, answers, flows, leads and more.

    Without --since of the last seven whole days. The bot may run meanwhile or not.
    """
    from bot.reports.wanted import Wanted

    config = config_of(config_path, every=every)
    form = "json" if as_json else form or _form_of(output)
    if form == "pdf" and output is None:
        raise click.UsageError("a PDF needs --output FILE")
    now = datetime.now(ZoneInfo(config.timezone))
    wanted = Wanted(period=_period(since, until, now), now=now, tag=tag, texts=texts)
    names = config.names if every else config.names[:1]
    found = [_report(config.alone(name), wanted) for name in names]
    if form == "text" and output is None:
        for one in found:
            if every:
                click.echo(f"session {one.session}")
            _print(one, may_lack_today=since is None and until is None)
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
    from bot.domain.errors import ReportRefused
    from bot.reports.asked import period_of

    zone = now.tzinfo
    assert isinstance(zone, ZoneInfo)
    try:
        return period_of(since, until, now, zone)
    except ReportRefused as refused:
        raise click.BadParameter(refused.reason, param_hint=f"--{refused.option}") from None


def _report(config: "Config", wanted: "Wanted") -> "Report":
    from bot.reports.asked import report_of
    from bot.store.reading import reading

    with reading(config.database) as db:
        return report_of(db, config.names[0], wanted)


def _print(found: "Report", *, may_lack_today: bool) -> None:
    from bot.reports.as_text import print_text
    from bot.reports.figures.volume import Said
    from bot.reports.showing import heading, sections

    width = None if sys.stdout.isatty() else PIPED
    print_text(heading(found), sections(found), sys.stdout, width)
    if may_lack_today and found.volume.whole == Said():
        click.echo("\nNothing was said in these days. Today is none of them: --since 1d")


def _written(
    config: "Config", found: "Sequence[Report]", form: str, *, zipped: bool
) -> str | bytes:  # fmt: skip
    from bot.reports.asked import sections_of, together

    shown, whole = sections_of(found), together(found)
    match form:
        case "json":
            from bot.reports.as_json import all_as_json

            return all_as_json(found)
        case "csv":
            from bot.reports.as_csv import as_csv, as_zip

            return as_zip(shown) if zipped else as_csv(shown)
        case "text":
            return _plain(whole, shown)
        case _:
            from bot.reports.as_html import page

            html = page(whole, shown)
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
