"""The report of one session or of all, for whoever asks over HTTP while the bot runs."""

import asyncio
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.daemon.clock import now
from bot.domain.errors import ReportRefused
from bot.reports.as_html import page
from bot.reports.as_json import all_as_json
from bot.reports.asked import period_of, report_of, sections_of, together
from bot.reports.report import Report
from bot.reports.wanted import Wanted
from bot.store.reading import reading

FORMS = ("json", "html")


async def written(config: Config, names: Sequence[str], asked: Mapping[str, str]) -> str:
    """Return the report of these sessions in the form that is asked for.

    Args:
        config: Of all sessions.
        asked: ``since``, ``until``, ``tag``, ``texts`` (true) and ``format``, as `alexia report`.

    Raises:
        ReportRefused: There is no such report.
        DatabaseRefused: A session has no database yet.
    """
    form = asked.get("format") or FORMS[0]
    if form not in FORMS:
        raise ReportRefused("format", f"one of {', '.join(FORMS)}")
    zone = ZoneInfo(config.timezone)
    moment = now().astimezone(zone)
    wanted = Wanted(
        period=period_of(asked.get("since") or None, asked.get("until") or None, moment, zone),
        now=moment, tag=asked.get("tag", ""), texts=asked.get("texts") == "true",
    )  # fmt: skip
    # beside the bot's own readers: a report of a busy month takes seconds
    found = await asyncio.to_thread(_all, config, names, wanted)
    return page(together(found), sections_of(found)) if form == "html" else all_as_json(found)


def _all(config: Config, names: Sequence[str], wanted: Wanted) -> list[Report]:
    return [_one(config.alone(name), wanted) for name in names]


def _one(config: Config, wanted: Wanted) -> Report:
    with reading(config.database) as db:
        return report_of(db, config.names[0], wanted)
