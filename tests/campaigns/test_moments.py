from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaigns.moments import instant, moments, next_one
from bot.language.campaigns import Campaign

PARIS, SAO_PAULO, KOLKATA = "Europe/Paris", "America/Sao_Paulo", "Asia/Kolkata"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def every(cron):
    return Campaign(name="x", audience=(), cron=cron)


def locals_of(found):
    return [f"{one.local:%a %d %H:%M}" for one in found]


def test_weekday_names_mean_those_days():
    found = moments(every("30 9 * * mon,thu"), ["UTC"], at("2026-11-01"), at("2026-11-10"))

    assert locals_of(found) == ["Mon 02 09:30", "Thu 05 09:30", "Mon 09 09:30"]


def test_a_time_that_the_clocks_leave_out_comes_once_when_they_pass_it():
    # on 29 March 2026 the clocks of Paris go from 02:00 to 03:00
    found = moments(every("30 2 * * *"), [PARIS], at("2026-03-28 12:00"), at("2026-03-30 12:00"))

    assert [one.begins for one in found] == [at("2026-03-29 01:30"), at("2026-03-30 00:30")]


def test_a_time_that_the_clocks_show_twice_comes_once_the_first_time():
    # on 25 October 2026 the clocks of Paris go from 03:00 back to 02:00
    found = moments(every("30 2 * * *"), [PARIS], at("2026-10-24 12:00"), at("2026-10-26 12:00"))

    assert [one.begins for one in found] == [at("2026-10-25 00:30"), at("2026-10-26 01:30")]


def test_two_times_that_fall_on_one_instant_are_one_moment():
    found = moments(every("0 2,3 * * *"), [PARIS], at("2026-03-28 12:00"), at("2026-03-29 12:00"))

    assert [one.begins for one in found] == [at("2026-03-29 01:00")]


def test_in_the_contacts_zones_the_first_zone_begins_it():
    campaign = Campaign(
        name="x", audience=(), at=datetime.fromisoformat("2026-12-01T10:00"), timezone="contact"
    )

    found = next_one(campaign, [SAO_PAULO, KOLKATA, "UTC"], at("2026-11-01"))

    assert found.begins == at("2026-12-01 04:30")
    assert instant(found.local, SAO_PAULO) == at("2026-12-01 13:00")


def test_a_moment_that_has_passed_never_comes():
    campaign = Campaign(name="x", audience=(), at=datetime.fromisoformat("2026-01-01T10:00"))

    assert next_one(campaign, ["UTC"], at("2026-01-01 10:00")) is None
    assert next_one(every("0 0 30 feb *"), ["UTC"], at("2026-01-01")) is None


@pytest.mark.parametrize("zone", [PARIS, SAO_PAULO, "America/New_York", "Australia/Lord_Howe"])
@given(
    begin=st.integers(0, 365 * 24), steps=st.lists(st.integers(1, 60 * 30), max_size=12),
    minute=st.integers(0, 59), hours=st.sets(st.integers(0, 23), min_size=1, max_size=4),
)  # fmt: skip
def test_however_often_one_looks_each_moment_comes_exactly_once(zone, begin, steps, minute, hours):
    campaign = every(f"{minute} {','.join(map(str, sorted(hours)))} * * *")
    start = at("2026-01-01") + timedelta(hours=begin)
    now, found = start, []
    for step in steps:
        found += moments(campaign, [zone], now, now + timedelta(minutes=step))
        now += timedelta(minutes=step)

    assert found == moments(campaign, [zone], start, now)
    assert len({one.begins for one in found}) == len(found)
    assert all(a.begins < b.begins for a, b in pairwise(found))
