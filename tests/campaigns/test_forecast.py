from datetime import UTC, datetime, timedelta

import pytest

from bot.campaigns.forecast import Allowance, Pace, ends_at

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_without_limits_it_ends_when_it_begins():
    assert ends_at(100_000, 0, BEGIN, Allowance(), Pace()) == BEGIN


@pytest.mark.parametrize(
    ("allowance", "pace", "after"),
    [
        (Allowance(per_hour=60), Pace(), timedelta(hours=2)),
        (Allowance(per_hour=60), Pace(per_hour=20), timedelta(hours=6)),
        (Allowance(), Pace(pause=timedelta(minutes=1)), timedelta(hours=2)),
        (Allowance(on_day=lambda day: 20 * 2**day), Pace(), timedelta(days=2)),
        (Allowance(per_hour=10), Pace(on_day=100), timedelta(days=1, hours=2)),
        (Allowance(per_hour=10, hours_a_day=6), Pace(), timedelta(days=1, hours=6)),
    ],
)
def test_it_ends_when_the_narrowest_limit_lets_the_last_one_go(allowance, pace, after):
    assert ends_at(120, 0, BEGIN, allowance, pace) == BEGIN + after


def test_new_chats_have_an_allowance_of_their_own():
    slow = Allowance(new_on_day=lambda day: 5 * (day + 1))

    assert ends_at(100, 50, BEGIN, slow, Pace()) == BEGIN + timedelta(days=3)


def test_days_that_are_closed_are_passed_over():
    pace = Pace(per_hour=1, hours_on=lambda day: 9.0 if day.weekday() == 0 else 0.0)

    assert ends_at(10, 0, BEGIN, Allowance(), pace) == BEGIN + timedelta(days=7, hours=1)


def test_what_never_ends_has_no_end():
    assert ends_at(1, 0, BEGIN, Allowance(on_day=lambda _: 0), Pace()) is None
