"""The report for programs: every figure under its name; times in seconds, moments in ISO 8601."""

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from bot.reports.candidates import as_rules
from bot.reports.report import Report


def as_json(report: Report) -> str:
    """Return the report as JSON."""
    return json.dumps(as_data(report), indent=2, ensure_ascii=False) + "\n"


def all_as_json(reports: Sequence[Report]) -> str:
    """Return one report as JSON, or those of several sessions by their names."""
    if len(reports) == 1:
        return as_json(reports[0])
    told = {"sessions": {one.session: as_data(one) for one in reports}}
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as plain data, in the shape that programs rely on."""
    period, zone = report.wanted.period, report.wanted.period.zone
    figures = _plain(report)
    del figures["wanted"]
    volume, readings = figures["volume"], figures["readings"]
    volume["days"] = [
        {"day": day, **said, "active_chats": active}
        for (day, said), active in zip(volume["days"], volume.pop("active"), strict=True)
    ]
    volume["hours"] = [{"hour": hour, **said} for hour, said in enumerate(volume["hours"])]
    readings["days"] = [{"day": day, **tone} for day, tone in readings["days"]]
    figures["unanswered"]["rules"] = list(as_rules(report.unanswered.alike))
    return {
        "since": period.since.astimezone(zone).isoformat(),
        "until": period.until.astimezone(zone).isoformat(),
        "timezone": zone.key,
        "made_at": report.wanted.now.astimezone(zone).isoformat(),
        "tag": report.wanted.tag or None,
        **figures,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - any data of a report
    if is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: _plain(getattr(value, one.name))
            for one in fields(value)
            if one.name not in ("wanted", "folded")
        } | ({"wanted": None} if isinstance(value, Report) else {})
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
