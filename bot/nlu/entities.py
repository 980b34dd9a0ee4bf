"""Judges the reading of entities: numbers, money, dates, times and the like."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bot.language.amounts import Money
from bot.language.entities import Entity, Place, read_entity
from bot.nlu.entity_rows import kind_of, moment_of, region_of, zone_of
from bot.nlu.evaluation import Judged, code, figures_by_lang, figures_of_labels

Row = Mapping[str, Any]
DURATION = re.compile(
    r"P(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?"
)
SIZES = (604_800, 86_400, 3600, 60, 1)  # seconds


def judge_entities(rows: Sequence[Row], now: datetime) -> Judged:
    """Return what is read of each row's type.

    Args:
        now: The moment that rows without one are read at, UTC.
    """
    predictions = [{"id": row.get("id"), "value": _read(row, now)} for row in rows]
    return Judged(
        predictions=predictions, figures=figures_by_lang(rows, predictions, "value", _figures)
    )


def _read(row: Row, now: datetime) -> Any:  # noqa: ANN401 - a JSON value
    place = Place(
        language=code(row.get("lang") or "en"), region=region_of(row), now=_local(row, now)
    )
    return told(read_entity(kind_of(row.get("type")) or "", str(row.get("text", "")), place))


def _local(row: Row, now: datetime) -> datetime:
    """Return the row's moment as its clock shows it."""
    moment = moment_of(row.get("now")) or now
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(zone_of(row.get("tz")) or UTC).replace(tzinfo=None)


def told(value: Entity | None) -> Any:  # noqa: ANN401 - a JSON value
    """Return a value as it is written in predictions."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Money():
            return {"amount": f"{value.amount:.2f}", "currency": value.currency}
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case timedelta():
            return int(value.total_seconds())
        case _:
            return value


def _figures(rows: Sequence[Row], predictions: Sequence[Row]) -> dict[str, Any]:
    truth = [_comparable(row["value"]) for row in rows]
    return figures_of_labels(truth, [_comparable(one["value"]) for one in predictions])


def _comparable(value: Any) -> str | None:  # noqa: ANN401 - a JSON value
    if value is None:
        return None
    if isinstance(value, dict):
        return f"{Decimal(str(value.get('amount'))).normalize():f} {value.get('currency')}"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(float(value))
    seconds = _seconds(str(value))
    return str(value) if seconds is None else str(seconds)


def _seconds(written: str) -> float | None:
    """Return an ISO 8601 duration of weeks, days, hours, minutes and seconds; None for others."""
    found = DURATION.fullmatch(written)
    if found is None or not any(found.groups()):
        return None
    return sum(float(count or 0) * size for count, size in zip(found.groups(), SIZES, strict=True))
