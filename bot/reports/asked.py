"""What is asked of a report, in the words of a person: its period, its people, its sessions."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import ReportRefused
from bot.language.durations import parse_duration
from bot.reports.layout import Section, Table
from bot.reports.period import Period, days_before, midnight
from bot.reports.report import Report, report
from bot.reports.showing import sections
from bot.reports.wanted import Wanted
from bot.store.migrations import SCHEMA_VERSION

DAYS = 7  # before today, when no beginning is asked for
MOST_DAYS = 366


def period_of(since: str | None, until: str | None, now: datetime, zone: ZoneInfo) -> Period:
    """Return the period that is meant; the last seven whole days when nothing is said.

    Args:
        since, until: ``7d`` (whole days), ``12h``, a day (the latter to its end), or a moment.
        now: In ``zone``.

    Raises:
        ReportRefused: There is no such moment, or the period is none.
    """
    begin = days_before(DAYS, now, zone) if since is None else _since(since, now, zone)
    today = days_before(0, now, zone)
    end = (now if since else today) if until is None else _until(until, now, zone)
    end = min(end, days_before(-1, now, zone))
    if begin >= now:
        raise ReportRefused("since", "it lies ahead, and nothing is known of that yet")
    if begin >= end:
        raise ReportRefused("until", "it lies before --since")
    if end - begin > timedelta(days=MOST_DAYS + 1):
        raise ReportRefused("since", f"at most {MOST_DAYS} days")
    return Period(since=begin, until=end, zone=zone)


def _since(written: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment; so many whole days ago is the beginning of that day."""
    ago = parse_duration(written)
    if isinstance(ago, timedelta) and ago >= timedelta(days=1) and not ago % timedelta(days=1):
        return days_before(ago.days, now, zone)
    return _moment(written, now, zone, "since")


def _until(written: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment; a day is meant to its end."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return _moment(written, now, zone, "until")
    return midnight(day + timedelta(days=1), zone)


def _moment(written: str, now: datetime, zone: ZoneInfo, option: str) -> datetime:
    ago = parse_duration(written)
    if isinstance(ago, timedelta):
        return now - ago
    try:
        meant = datetime.fromisoformat(written)
    except ValueError:
        raise ReportRefused(option, "write 12h, 7d or 2026-11-23") from None
    return meant if meant.tzinfo else meant.replace(tzinfo=zone)


def report_of(db: sqlite3.Connection, session: str, wanted: Wanted) -> Report:
    """Return the report of a session.

    Raises:
        ReportRefused: Nobody wears the tag, or the database is of an older Alexia.
    """
    if db.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
        what = "the database was written by an older Alexia; (re)start the bot once, then try again"
        raise ReportRefused("", what)
    known = db.execute("SELECT 1 FROM tags WHERE tag = ? LIMIT 1", (wanted.tag,)).fetchone()
    if wanted.tag and known is None:
        told = f"nobody wears the tag {wanted.tag!r}; `alexia tags list` shows which there are"
        raise ReportRefused("", told)
    return report(db, session, wanted)


def sections_of(reports: Sequence[Report]) -> tuple[Section, ...]:
    """Return what the reports of several sessions show, one session behind the other."""
    if len(reports) == 1:
        return sections(reports[0])
    return tuple(_named(section, one.session) for one in reports for section in sections(one))


def _named(section: Section, session: str) -> Section:
    """Return a section that says of which session it is, in its titles and its keys."""
    return replace(
        section,
        key=f"{session}-{section.key}",
        title=f"{session}: {section.title}",
        tables=tuple(_named_table(table, session) for table in section.tables),
        charts=tuple(
            replace(chart, table=_named_table(chart.table, session)) for chart in section.charts
        ),
    )


def _named_table(table: Table, session: str) -> Table:
    return replace(table, key=f"{session}-{table.key}")


def together(reports: Sequence[Report]) -> Report:
    """Return a report that stands for all of them where only a heading is wanted."""
    return replace(reports[0], session=", ".join(one.session for one in reports))
