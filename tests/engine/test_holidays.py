from datetime import date

import pytest

from bot.engine.holidays import is_holiday
from bot.language.hours import Hours


@pytest.mark.parametrize(
    ("countries", "day", "closed"),
    [
        (("ES",), date(2026, 12, 25), True),
        (("ES",), date(2026, 9, 7), False),
        (("BR",), date(2026, 9, 7), True),
        (("ES", "BR"), date(2026, 9, 7), True),
        ((), date(2026, 12, 25), False),
    ],
)
def test_a_countrys_public_holidays_close_the_business(countries, day, closed):
    hours = Hours(name="shop", countries=countries)

    assert is_holiday(hours, day) is closed


def test_a_day_that_the_business_names_closes_it():
    hours = Hours(name="shop", holidays=frozenset({date(2026, 3, 3)}))

    assert is_holiday(hours, date(2026, 3, 3))
