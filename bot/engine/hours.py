"""When the business is open: now, on a day, next, and so many open days from now."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.engine.holidays import is_holiday
from bot.language.hours import Hours

FARTHEST = 366  # days that are looked through for the next one that is open


def is_open(hours: Hours, when: object, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether hours are open now, or on a day, or at a moment.

    Args:
        when: A moment, without a zone one of the business's; a day; anything else is now.
        zone: Of these hours.
    """
    match when:
        case datetime():
            return _open_at(hours, when.astimezone(zone) if when.tzinfo else when)
        case date():
            return bool(hours.days.get(when.weekday())) and not is_holiday(hours, when)
        case _:
            return _open_at(hours, now.astimezone(zone))


def next_open(hours: Hours, after: object, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the first moment from ``after`` on at which hours are open, None within a year."""
    begin = _moment(after, now, zone)
    if _open_at(hours, begin):
        return begin
    for ahead in range(FARTHEST):
        day = begin.date() + timedelta(days=ahead)
        found = [one for one in _openings(hours, day, zone) if one > begin]
        if found:
            return min(found)
    return None


def open_day(hours: Hours, count: int, after: object, now: datetime, zone: ZoneInfo) -> date | None:
    """Return the day that ``count`` open days lie after a day, None beyond a year."""
    day = _moment(after, now, zone).date()
    if count <= 0:
        return day
    later = (day + timedelta(days=ahead) for ahead in range(1, FARTHEST + 1))
    opened = (one for one in later if is_open(hours, one, now, zone))
    return next(islice(opened, count - 1, None), None)


def _moment(after: object, now: datetime, zone: ZoneInfo) -> datetime:
    match after:
        case datetime():
            return after.astimezone(zone) if after.tzinfo else after.replace(tzinfo=zone)
        case date():
            return datetime(after.year, after.month, after.day, tzinfo=zone)
        case _:
            return now.astimezone(zone)


def _openings(hours: Hours, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    if is_holiday(hours, day):
        return
    for start, _ in hours.days.get(day.weekday(), ()):
        yield datetime(day.year, day.month, day.day, start // 60 % 24, start % 60, tzinfo=zone)


def _open_at(hours: Hours, moment: datetime) -> bool:
    if is_holiday(hours, moment.date()):
        return False
    minute = moment.hour * 60 + moment.minute
    for start, end in hours.days.get(moment.weekday(), ()):
        if start <= minute < end or (end <= start and minute >= start):
            return True
    before = (moment - timedelta(days=1)).weekday()
    return any(end <= start and minute < end for start, end in hours.days.get(before, ()))
