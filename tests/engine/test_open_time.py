"""Open time: what counts of a span, and when so much of it is over."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.hours import is_open
from bot.engine.open_time import due_after, open_between
from bot.language.hours import Hours

SHOP = Hours(
    name="shop",
    days={**dict.fromkeys(range(5), ((540, 720), (780, 1080))), 5: ((540, 720),)},
    holidays=frozenset((date(2026, 1, 7),)),
)
BAR = Hours(name="bar", days={4: ((1200, 120),), 5: ((1200, 120), (60, 240))})
BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def at(text, zone=UTC):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("begin", "minutes", "due"),
    [
        ("2026-01-05 09:00", 30, "2026-01-05 09:30"),
        ("2026-01-05 11:45", 30, "2026-01-05 13:15"),
        ("2026-01-05 03:00", 180, "2026-01-05 12:00"),
        ("2026-01-06 17:50", 20, "2026-01-08 09:10"),  # over a holiday
        ("2026-01-09 17:50", 480, "2026-01-12 14:50"),  # over a weekend with a short Saturday
    ],
)
def test_only_open_minutes_count(begin, minutes, due):
    span = timedelta(minutes=minutes)

    assert due_after(SHOP, at(begin), span, UTC) == at(due)
    assert open_between(SHOP, at(begin), at(due), UTC) == span


def test_a_night_goes_on_after_midnight_and_spans_that_meet_count_once():
    begin = at("2026-01-09 19:00")

    assert due_after(BAR, begin, timedelta(hours=6), UTC) == at("2026-01-10 02:00")
    assert due_after(BAR, begin, timedelta(hours=7), UTC) == at("2026-01-10 03:00")
    assert open_between(BAR, begin, at("2026-01-11 12:00"), UTC) == timedelta(hours=14)


def test_clocks_that_change_lose_and_win_an_hour():
    night = Hours(name="night", days=dict.fromkeys(range(7), ((0, 360),)))
    spring, autumn = at("2026-03-29 00:00", BERLIN), at("2026-10-25 00:00", BERLIN)

    for begin, hours in ((spring, 5), (autumn, 7)):
        end = begin + timedelta(hours=12)
        assert open_between(night, begin, end, BERLIN) == timedelta(hours=hours)


def test_without_hours_all_time_counts():
    begin = at("2026-01-05 09:00")

    assert due_after(None, begin, timedelta(hours=2), UTC) == at("2026-01-05 11:00")
    assert open_between(None, begin, at("2026-01-05 11:00"), UTC) == timedelta(hours=2)
    assert open_between(None, begin, at("2026-01-05 08:00"), UTC) == timedelta(0)


def test_what_is_never_open_is_never_due():
    assert due_after(Hours(name="never"), at("2026-01-05 09:00"), timedelta(hours=1), UTC) is None


@given(begin=moments, minutes=st.integers(1, 5000), hours=st.sampled_from([SHOP, BAR]))
def test_so_much_open_time_lies_before_what_is_due(begin, minutes, hours):
    span = timedelta(minutes=minutes)
    due = due_after(hours, begin, span, BERLIN)

    assert open_between(hours, begin, due, BERLIN) == span
    assert is_open(hours, due - timedelta(seconds=1), begin, BERLIN)
