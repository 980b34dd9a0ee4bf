"""Months by name, and days that a calendar may not have."""

import calendar
from datetime import date

MONTHS = {
    name: number
    for number, names in enumerate((
        "january jan enero ene janeiro", "february feb febrero fevereiro fev",
        "march mar marzo marco", "april apr abril abr", "may mayo maio mai",
        "june jun junio junho", "july jul julio julho", "august aug agosto ago",
        "september sep sept septiembre setiembre setembro set", "october oct octubre outubro out",
        "november nov noviembre novembro", "december dec diciembre dic dezembro dez",
    ), start=1)
    for name in names.split()
}  # fmt: skip
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))


class NoSuchDay(ValueError):
    """A text names a day that no calendar has, such as 31/02."""


def day_or_none(year: int, month: int, day: int) -> date | None:
    """Return a day, None when no calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def next_such(today: date, month: int, day: int) -> date:
    """Return the first such day from today on. Raises NoSuchDay for 31/02."""
    for year in range(today.year, today.year + 5):  # 29 February may be years away
        made = day_or_none(year, month, day)
        if made is not None and made >= today:
            return made
    raise NoSuchDay(f"{day}/{month}")


def sure_day(year: int, month: int, day: int) -> date:
    """Return a day. Raises NoSuchDay when no calendar has it."""
    made = day_or_none(year, month, day)
    if made is None:
        raise NoSuchDay(f"{day}/{month}/{year}")
    return made


def months_on(today: date, count: int) -> date:
    """Return the day so many months later; the last of a month that is too short."""
    month = today.month - 1 + count
    year, month = today.year + month // 12, month % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
