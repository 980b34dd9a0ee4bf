"""APScheduler under a clock of ours: what was missed wakes once, and each moment once."""

import asyncio
from datetime import UTC, datetime, timedelta

import apscheduler.schedulers.base
import pytest

from bot.campaigns.schedule import Coming, Schedule, Waiting
from bot.language.campaigns import Campaign


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Clock:
    now_ = at("2026-10-24 12:00")

    @classmethod
    def now(cls, tz=None):
        return cls.now_.astimezone(tz or UTC)


@pytest.fixture
def clock(monkeypatch):
    class Fake(datetime):
        @classmethod
        def now(cls, tz=None):
            return Clock.now(tz)

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Fake)
    return Clock


def every(cron, since, zone="Europe/Paris"):
    return Waiting(Campaign(name="x", audience=(), cron=cron, hash=cron), (zone,), since)


async def woken(schedule, times):
    schedule.look()
    for _ in range(5):
        await asyncio.sleep(0)
    return list(times)


@pytest.fixture
async def schedule(clock):
    times = []

    async def come(name):
        times.append((name, Clock.now_))

    made = Schedule(come)
    made.times = times
    made.start()
    yield made
    made.close()


async def pass_time(schedule, until, **step):
    while Clock.now_ < until:
        Clock.now_ += timedelta(**step)
        await woken(schedule, schedule.times)


async def test_over_the_change_of_the_clocks_each_day_wakes_once(schedule):
    Clock.now_ = at("2026-10-24 12:00")
    schedule.set({"x": every("30 2 * * *", Clock.now_)})

    await pass_time(schedule, at("2026-10-27 12:00"), minutes=30)

    assert [when for _, when in schedule.times] == [
        at("2026-10-25 00:30"), at("2026-10-26 01:30"), at("2026-10-27 01:30"),
    ]  # fmt: skip


async def test_in_spring_too(schedule):
    Clock.now_ = at("2026-03-28 12:00")
    schedule.set({"x": every("30 2 * * *", Clock.now_)})

    await pass_time(schedule, at("2026-03-30 12:00"), minutes=30)

    assert [when for _, when in schedule.times] == [at("2026-03-29 01:30"), at("2026-03-30 00:30")]


async def test_moments_that_were_missed_wake_once_however_late(schedule):
    Clock.now_ = at("2026-11-10 15:00")
    schedule.set({"x": every("0 9 * * mon-fri", at("2026-11-02 12:00"))})

    await woken(schedule, schedule.times)
    await woken(schedule, schedule.times)

    assert schedule.times == [("x", Clock.now_)]
    assert schedule.next_times["x"] == at("2026-11-11 08:00")


async def test_a_clock_that_jumps_ahead_wakes_what_it_passed(schedule):
    Clock.now_ = at("2026-11-10 07:59")
    schedule.set({"x": every("0 9 * * *", Clock.now_)})

    Clock.now_ += timedelta(hours=1)
    await woken(schedule, schedule.times)

    assert len(schedule.times) == 1


async def test_setting_the_same_again_changes_nothing_and_another_replaces_it(schedule):
    Clock.now_ = at("2026-11-10 07:00")
    schedule.set({"x": every("0 9 * * *", Clock.now_)})
    schedule.set({"x": every("0 9 * * *", Clock.now_)})
    assert schedule.next_times == {"x": at("2026-11-10 08:00")}

    schedule.set({"x": every("0 10 * * *", Clock.now_)})
    assert schedule.next_times == {"x": at("2026-11-10 09:00")}

    schedule.set({})
    assert schedule.next_times == {}


def test_a_trigger_goes_on_behind_the_moment_before():
    waiting = every("0 9 * * *", at("2026-11-10 12:00"), "UTC")
    trigger = Coming(waiting.campaign, waiting.zones, waiting.since)

    first = trigger.get_next_fire_time(None, at("2026-11-10 12:00"))

    assert first == at("2026-11-11 09:00")
    assert trigger.get_next_fire_time(first, first) == at("2026-11-12 09:00")
