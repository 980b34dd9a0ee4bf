"""Days and hours are those that the clocks of the business show, whatever they do at night."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.period import Period, day_and_hour, days_before

ZONES = ("UTC", "Europe/Madrid", "America/Sao_Paulo", "America/New_York", "Asia/Kolkata",
         "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns", "Asia/Tehran",
         "Pacific/Apia")  # fmt: skip
SQL = sqlite3.connect(":memory:")
MOMENTS = st.integers(
    int(datetime(2008, 1, 1, tzinfo=UTC).timestamp()),
    int(datetime(2030, 1, 1, tzinfo=UTC).timestamp()),
)


@given(
    zone=st.sampled_from(ZONES), since=MOMENTS, days=st.integers(1, 400),
    part=st.integers(0, 999_999),
)  # fmt: skip
def test_every_moment_falls_on_the_day_and_hour_of_its_zone(zone, since, days, part):
    place = ZoneInfo(zone)
    begin = datetime.fromtimestamp(since, UTC)
    period = Period(since=begin, until=begin + timedelta(days=days), zone=place)
    at = since + days * 86400 * part / 1_000_000

    (number,) = SQL.execute(f"SELECT {period.hour('?1')}", (at,)).fetchone()

    local = datetime.fromtimestamp(at, place)
    assert day_and_hour(number) == (local.date(), local.hour)
    assert local.date() in period.days()


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)]
)
def test_a_day_on_which_the_clocks_change_has_its_own_length(day, hours):
    zone = ZoneInfo("Europe/Madrid")
    now = datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
    begin, end = days_before(1, now, zone), days_before(0, now, zone)
    period = Period(since=begin, until=end, zone=zone)

    assert period.days() == [day]
    assert period.end - period.begin == hours * 3600


def test_the_hour_that_comes_twice_is_counted_as_one():
    zone = ZoneInfo("Europe/Madrid")
    period = Period(
        since=datetime(2026, 10, 25, tzinfo=zone), until=datetime(2026, 10, 26, tzinfo=zone),
        zone=zone,
    )  # fmt: skip
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC).timestamp() for hour in (0, 1))

    (numbers,) = SQL.execute(f"SELECT {period.hour('?1')}, {period.hour('?2')}", (first, second))
    assert [day_and_hour(one) for one in numbers] == [(date(2026, 10, 25), 2)] * 2
