"""Open time: how much of a span a business is open, and when so much of it has passed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.engine.holidays import is_holiday
from bot.language.hours import Hours

FARTHEST = 366  # days that are looked through
DAY = 24 * 60  # minutes


def due_after(
    hours: Hours | None, begin: datetime, span: timedelta, zone: ZoneInfo
) -> datetime | None:
    """Return when so much open time has passed since a moment, None when it never does in a year.

    Args:
        hours: None: it is always open.
        begin: Aware; what comes back is UTC.
    """
    if hours is None:
        return begin.astimezone(UTC) + span
    left = span
    for start, end in _spans(hours, begin, zone):
        if end - start >= left:
            return start + left
        left -= end - start
    return None


def open_between(
    hours: Hours | None, begin: datetime, end: datetime, zone: ZoneInfo
) -> timedelta:  # fmt: skip
    """Return how much of the time between two moments was open."""
    if hours is None:
        return max(end - begin, timedelta(0))
    found = timedelta(0)
    for start, stop in _spans(hours, begin, zone):
        if start >= end:
            break
        found += min(stop, end) - start
    return found


def _spans(hours: Hours, begin: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Yield the open spans from a moment on, in order and without overlap, in UTC."""
    done = begin.astimezone(UTC)
    first = begin.astimezone(zone).date()
    for ahead in range(FARTHEST + 1):
        for start, end in _of_day(hours, first + timedelta(days=ahead)):
            day = first + timedelta(days=ahead)
            opens, closes = _moment(day, start, zone), _moment(day, end, zone)
            if closes > done:
                yield max(opens, done), closes
                done = closes


def _of_day(hours: Hours, day: date) -> list[tuple[int, int]]:
    """Return the open spans of a day in minutes, what the night before left of it among them."""
    if is_holiday(hours, day):
        return []
    before = hours.days.get((day - timedelta(days=1)).weekday(), ())
    nights = [(0, end) for start, end in before if end <= start and end]
    today = hours.days.get(day.weekday(), ())
    return sorted([*nights, *((start, end if end > start else DAY) for start, end in today)])


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    there = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)
    return there.astimezone(UTC)  # what is added to a zone's time is time of its clocks
