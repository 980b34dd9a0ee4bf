"""`alexia contacts import`: people from CSV and XLSX."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.cli.moments import read_moment
from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_daemon, counted, fail, print_json
from bot.cli.writing import own_database

if TYPE_CHECKING:
    from bot.audience.cells import Person, Rules
    from bot.audience.importing import Asked, Plan
    from bot.config import Config
    from bot.store.imports import Counts

MOST_SHOWN = 20  # refused rows that a real import prints; a dry run prints all
PATIENCE = 120.0  # seconds that a batch may wait for a busy bot

Take = Callable[[list["Person"]], dict[str, int]]


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="What a column holds: number, name, tags …, a field of yours; - leaves it out.",
)
@click.option("--dry-run", is_flag=True, help="Store nothing; list every refused row.")
@click.option("--strict", is_flag=True, help="Store nothing when a row is refused.")
@click.option("--keep", is_flag=True, help="Of who is known fill in only what is not known.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the refused rows there as CSV, with reasons and remedies.",
)
@click.option("--tag", "tags", multiple=True, help="A tag for everybody. Can be repeated.")
@click.option("--language", default="", help="Of who has none in the file: pt, es, en.")
@click.option("--country", default="", help="Of numbers without one: BR.  [default: the bot's]")
@click.option(
    "--possible-numbers",
    "possible",
    is_flag=True,
    help="Take numbers of ranges that are not known to be given out.",
)
@click.option("--consent-source", default="", help="Everybody agreed: where.")
@click.option("--consent-wording", default="", help="To what, in its words.")
@click.option("--consent-proof", default="", help="What shows it.")
@click.option("--consent-at", help="When, if not now: 2d, 2026-11-23.")
@click.option(
    "--encoding", default="", help="Of a CSV: utf-8, cp1252, utf-16.  [default: found out]"
)
@click.option("--separator", default="", help="Of a CSV: comma, semicolon, tab, pipe.")
@click.option("--sheet", default="", help="Of an XLSX.  [default: the first]")
@session_option
@config_option
@json_option
def import_contacts(
    file: Path, config_path: Path | None, as_json: bool, **asked: Any,  # noqa: ANN401 - the options
) -> None:  # fmt: skip
    """Import people from FILE, a CSV or XLSX whose first row names its columns.

    Numbers are normalised, people who are known are found by them and get what the file says.
    Doing it twice changes nothing. Formulas are text. Nothing is stored when the file cannot be
    read as a whole.
    """
    from bot.audience.importing import Plan

    rejects = asked["rejects"]
    if rejects is not None and rejects.exists() and file.exists() and rejects.samefile(file):
        raise click.BadParameter("that is the file to import", param_hint="--rejects")
    config = config_of(config_path)
    with _progress("rows read") as told, Plan(_asked(config, file, asked), told) as plan:
        pass_on = not asked["dry_run"] and not (asked["strict"] and plan.refused)
        if rejects is not None:
            plan.write_refused(rejects)
        result = {
            **_told(plan),
            **(_taken(config, plan, asked) if pass_on else _known(config, plan)),
        }
        result["dry_run"] = asked["dry_run"]
        _print(plan, result, as_json=as_json, whole=asked["dry_run"], rejects=rejects)
    if asked["strict"] and plan.refused:
        fail("nothing was imported: rows were refused, and --strict was said")


def _asked(config: "Config", file: Path, asked: dict[str, Any]) -> "Asked":
    from bot.audience.importing import Asked
    from bot.audience.sheets import SEPARATOR_NAMES, Reading

    columns: dict[str, str] = {}
    for said in asked["columns"]:
        column, equals, target = said.rpartition("=")
        if not equals or not column or not target:
            raise click.BadParameter(f"write COLUMN=FIELD, not {said!r}", param_hint="--map")
        columns[column] = target
    separator = SEPARATOR_NAMES.get(asked["separator"], asked["separator"])
    if len(separator) > 1:
        raise click.BadParameter("write comma, semicolon, tab or pipe", param_hint="--separator")
    reading = Reading(encoding=asked["encoding"], separator=separator, sheet=asked["sheet"])
    return Asked(path=file, reading=reading, columns=columns, rules=_rules(config, asked))


def _rules(config: "Config", asked: dict[str, Any]) -> "Rules":
    from bot.audience.cells import Consenting, Rules
    from bot.audience.columns import NAMES
    from bot.cli.check import rulebook_of
    from bot.language.fields import Where

    source, wording = asked["consent_source"], asked["consent_wording"]
    others = (wording, asked["consent_proof"], asked["consent_at"])
    if any(others) and not source:
        raise click.UsageError("say --consent-source too: where did they agree?")
    zone = ZoneInfo(config.timezone)
    now = datetime.now(zone)
    said_at = read_moment(asked["consent_at"], now, zone, "--consent-at")
    if said_at is not None and said_at > now:
        raise click.BadParameter("that moment lies in the future", param_hint="--consent-at")
    consent = Consenting(
        source=source, wording=wording, proof=asked["consent_proof"],
        when="" if said_at is None else said_at.isoformat(),
    )  # fmt: skip
    region = asked["country"].upper() or _region(config)
    rulebook = rulebook_of(config)
    kept = rulebook.kept
    fields = {name: slot for name, slot in kept.items() if name not in NAMES}
    return Rules(
        fields=fields, where=Where(region=region, zone=zone), now=now,
        tags=asked["tags"], language=asked["language"], consent=consent,
        possible=asked["possible"], stages=rulebook.leads.stages,
    )  # fmt: skip


def _region(config: "Config") -> str:
    """Return the country of the bot's own number, "" before its first login."""
    from bot.domain.numbers import region_of
    from bot.store import accounts
    from bot.store.reading import reading

    if not config.database.exists():
        return ""
    with reading(config.database) as db:
        account = accounts.latest(db)
    return region_of(account) if account else ""


def _told(plan: "Plan") -> dict[str, Any]:
    return {
        "import": plan.id, "read_as": plan.said, "notes": plan.notes, "rows": plan.rows,
        "accepted": plan.accepted, "refused_rows": plan.refused, "repeated": plan.repeated,
        "leads": plan.leads,
        "duplicates": [{"row": row, "same_as": first} for row, first in plan.duplicates],
    }  # fmt: skip


def _known(config: "Config", plan: "Plan") -> dict[str, int]:
    """Return how many would be added, and how many are known."""
    from bot.store.imports import known_numbers
    from bot.store.reading import reading

    known = 0
    if config.database.exists():
        with reading(config.database) as db:
            for batch in plan.batches():
                known += len(known_numbers(db, list({one["number"] for one in batch})))
    return {"would_add": plan.accepted - plan.repeated - known, "would_meet": known}


def _taken(config: "Config", plan: "Plan", asked: dict[str, Any]) -> dict[str, Any]:
    """Take the people in: through the bot that runs, or here while none does."""
    from dataclasses import asdict

    from bot.store.imports import Counts

    counts = Counts()
    with _taker(config, f"import:{plan.id}", keep=asked["keep"]) as take:
        _each(plan, take, counts)
    return asdict(counts)


def _each(plan: "Plan", take: Take, counts: "Counts") -> None:
    with _bar(plan.accepted) as step:
        for batch in plan.batches():
            counts.add(take(batch))
            step(len(batch))


@contextmanager
def _taker(config: "Config", who: str, *, keep: bool) -> Iterator[Take]:
    from dataclasses import asdict

    from bot.daemon.clock import now
    from bot.domain.errors import NoDaemon
    from bot.store.imports import take_in

    try:
        ask_daemon(config, "import", PATIENCE, people=[], who=who, keep=keep)
    except NoDaemon:
        with own_database(config) as database:
            yield lambda people: asdict(
                database.write_now(lambda db: take_in(db, people, who, now(), keep=keep))
            )
        return
    yield lambda people: ask_daemon(
        config, "import", PATIENCE, people=people, who=who, keep=keep
    )["counts"]  # fmt: skip


# ---------------------------------------------------------------------- what is seen


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int], None]]:
    """Count on a terminal."""
    shown = sys.stderr.isatty()

    def told(count: int) -> None:
        if shown:
            click.echo(f"\r{count:,} {what}", nl=False, err=True)

    yield told
    if shown:
        click.echo(err=True)


@contextmanager
def _bar(length: int) -> Iterator[Callable[[int], None]]:
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=length, label="importing", file=sys.stderr) as bar:
        yield bar.update


def _print(
    plan: "Plan", result: dict[str, Any], *, as_json: bool, whole: bool, rejects: Path | None
) -> None:
    if as_json:
        refused = [
            {"row": one.row, "column": one.column, "reason": one.reason, "remedy": one.remedy}
            for one in plan.refusals()
        ]
        print_json({**result, "refused": refused})
        return
    click.echo(f"{counted(plan.rows, 'row')}, {plan.said}")
    for note in plan.notes:
        click.echo(f"note: {note}")
    _print_refused(plan, whole=whole, rejects=rejects)
    for line in _summary(result):
        click.echo(line)


def _print_refused(plan: "Plan", *, whole: bool, rejects: Path | None) -> None:
    from bot.telemetry import escaped

    for at, one in enumerate(plan.refusals()):
        if at == MOST_SHOWN and not whole:
            where = str(rejects) if rejects else "--dry-run or --rejects FILE"
            click.echo(f"… more rows were refused: {where} tells of all")
            break
        column = f"{one.column}: " if one.column else ""
        click.echo(escaped(f"row {one.row}: {column}{one.reason} -> {one.remedy}"))


def _summary(result: dict[str, Any]) -> Iterator[str]:
    if result["repeated"]:
        again = counted(result["repeated"], "row")
        yield f"about somebody whom an earlier row named, so merged: {again}"
    if result["leads"]:
        yield f"with something of a lead: {counted(result['leads'], 'row')}"
    refused = f"{result['refused_rows']:,} refused"
    if "would_add" in result:
        said = "nothing is stored yet" if result["dry_run"] else "nothing was stored"
        yield (
            f"{said}: {result['would_add']:,} would be new,"
            f" {result['would_meet']:,} are known, {refused}"
        )
        return
    yield (
        f"imported: {result['added']:,} new, {result['changed']:,} changed,"
        f" {result['unchanged']:,} as before, {refused}"
    )
    if result["still_withdrawn"]:
        yield f"{result['still_withdrawn']:,} had withdrawn their consent: it stays withdrawn"
