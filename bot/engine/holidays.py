"""The days on which a business is closed: those it names, and its country's."""

from datetime import date
from functools import lru_cache

from bot.language.hours import Hours


def is_holiday(hours: Hours, day: date) -> bool:
    """Tell whether hours are closed all day for a holiday."""
    return day in hours.holidays or any(
        day in public_holidays(country, day.year) for country in hours.countries
    )


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Return a country's public holidays in a year; none for a country that nobody knows.

    Args:
        country: ISO 3166-1 code of two letters.
    """
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
