"""Reckoning with days, moments and times of day in expressions. Pure: nobody reads a clock here."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.language.durations import parse_duration

When = datetime | date | time
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # as in `days:`
MOST = 40_000  # of any unit that is added: more than a century of days


class NoSuchTime(ValueError):
    """What was written says no time, or none that can be reckoned with; the text says why."""


def when_of(value: object) -> When | None:
    """Return the day, moment or time of day that a value is, or that an ISO text says."""
    if isinstance(value, date | time):
        return value
    if not isinstance(value, str):
        return None
    for read in (date.fromisoformat, datetime.fromisoformat, time.fromisoformat):
        try:
            return read(value.strip())
        except ValueError:
            continue
    return None


def day_of(value: object) -> date | None:
    """Return the day of a day or a moment, or of an ISO text; None when it has none."""
    match when_of(value):
        case datetime() as moment:
            return moment.date()
        case date() as day:
            return day
        case _:
            return None


def moment_of(value: object, zone: tzinfo) -> datetime | None:
    """Return the moment that a value or an ISO text says; a day's is its midnight in the zone."""
    match when_of(value):
        case datetime() as moment:
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        case date() as day:
            return datetime(day.year, day.month, day.day, tzinfo=zone)
        case _:
            return None


def span_of(value: object) -> timedelta | None:
    """Return the length of time that a value is, or that a text such as 1h30m says."""
    return parse_duration(value) if isinstance(value, str) else (
        value if isinstance(value, timedelta) else None
    )  # fmt: skip


# ---------------------------------------------------------------------- adding


def moved(value: object, span: object = None, sign: int = 1, **parts: object) -> When | None:
    """Return a time moved by a span and by parts of the calendar, None when it is no time.

    Days, weeks, months and years go by the calendar: the time of day stays, whatever the clocks
    do meanwhile; of a month that is too short its last day is taken. Hours and minutes pass.

    Raises:
        NoSuchTime: The span is none, or the time has nothing that it could move.
    """
    when = when_of(value)
    if when is None:
        return None
    length = timedelta() if span is None else span_of(span)
    if length is None:
        raise NoSuchTime("what is added is no length of time such as 30m, 3d or 1h30m")
    counts = {unit: sign * _count(count) for unit, count in parts.items()}
    length = sign * length + timedelta(
        weeks=counts.pop("weeks", 0), days=counts.pop("days", 0),
        hours=counts.pop("hours", 0), minutes=counts.pop("minutes", 0),
    )  # fmt: skip
    months = counts.pop("months", 0) + 12 * counts.pop("years", 0)
    return _passed(_months_on(when, months), length)


def _count(value: object) -> int:
    if value is None:
        return 0
    try:
        count = int(str(value))
    except ValueError:
        raise NoSuchTime("only whole numbers of days, months … are added") from None
    if abs(count) > MOST:
        raise NoSuchTime(f"at most {MOST} days, months … are added")
    return count


def _months_on(when: When, months: int) -> When:
    if not months:
        return when
    if not isinstance(when, date):
        raise NoSuchTime("a time of day has no months")
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        raise NoSuchTime("the year is out of reach")
    last = monthrange(year, month + 1)[1]
    return when.replace(year=year, month=month + 1, day=min(when.day, last))


def _passed(when: When, length: timedelta) -> When:
    try:
        match when:
            case datetime():
                days = timedelta(days=length.days)
                return _later(when + days, length - days)
            case date():
                if length.seconds:
                    raise NoSuchTime("a day is moved by whole days; use now for hours and minutes")
                return when + length
            case _:
                moment = datetime.combine(date(2000, 1, 1), when) + length
                return moment.timetz()
    except OverflowError:
        raise NoSuchTime("the year is out of reach") from None


def _later(moment: datetime, length: timedelta) -> datetime:
    """Return the moment after some time has passed, over a change of the clocks too."""
    if moment.tzinfo is None or not length:
        return moment + length
    return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)


# ---------------------------------------------------------------------- between


def between(first: object, second: object) -> timedelta | None:
    """Return how long it is from one time to another, in whole days where one is a day."""
    match when_of(first), when_of(second):
        case datetime() as one, datetime() as other:
            one, other = _same_zone(one, other), _same_zone(other, one)
            return other - one
        case date() | datetime(), date() | datetime():
            start, end = day_of(first), day_of(second)
            return None if start is None or end is None else end - start
        case time() as one, time() as other:
            start_of = date(2000, 1, 1)
            return datetime.combine(start_of, other.replace(tzinfo=None)) - datetime.combine(
                start_of, one.replace(tzinfo=None)
            )
        case _:
            return None


def _same_zone(moment: datetime, other: datetime) -> datetime:
    """Return a moment with the other's zone, where it names none."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=other.tzinfo)


def days_between(first: object, second: object) -> int | None:
    """Return the days from one day to another, negative when the second comes first."""
    start, end = day_of(first), day_of(second)
    return None if start is None or end is None else (end - start).days


def months_between(first: object, second: object) -> int | None:
    """Return the full months from one day to another."""
    start, end = day_of(first), day_of(second)
    if start is None or end is None:
        return None
    if end < start:
        back = months_between(end, start)
        return None if back is None else -back
    months = (end.year - start.year) * 12 + end.month - start.month
    last = monthrange(end.year, end.month)[1]
    return months - (end.day < min(start.day, last))


def age(born: object, on: date) -> int | None:
    """Return the full years since a day; None for what is no day, or lies ahead."""
    start = day_of(born)
    if start is None or start > on:
        return None
    return on.year - start.year - ((on.month, on.day) < (start.month, start.day))


def weekday(value: object) -> str | None:
    """Return the day of the week as `days:` writes it, such as mon."""
    day = day_of(value)
    return None if day is None else WEEKDAYS[day.weekday()]


# ---------------------------------------------------------------------- comparing


def alike(left: object, right: object) -> tuple[object, object]:
    """Return two values in one kind, where one is a time or a span and the other can be read so.

    A moment beside a day counts as its day; a moment without a zone is in the other's.
    """
    if isinstance(left, timedelta) or isinstance(right, timedelta):
        first, second = span_of(left), span_of(right)
        return (left, right) if first is None or second is None else (first, second)
    if not isinstance(left, date | time) and not isinstance(right, date | time):
        return left, right
    match when_of(left), when_of(right):
        case datetime() as one, datetime() as other:
            return _same_zone(one, other), _same_zone(other, one)
        case date() as one, date() as other:
            return day_of(one), day_of(other)
        case time() as one, time() as other:
            return one.replace(tzinfo=None), other.replace(tzinfo=None)
        case _:
            return left, right
