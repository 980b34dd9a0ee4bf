from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.effects import StartTimer
from bot.engine.schedules import next_moment
from bot.language.triggers import Schedule
from tests.engine.talk import Talk

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "moment"),
    [
        ("30 9 * * *", "2026-01-05 09:30"),
        ("0 9 * * *", "2026-01-06 09:00"),
        ("0 9 * * mon", "2026-01-12 09:00"),
        ("0 9 * * sat-sun", "2026-01-10 09:00"),
        ("0 9 * * fri-mon", "2026-01-09 09:00"),
        ("*/20 * * * *", "2026-01-05 09:20"),
        ("5,35 8-10 * * *", "2026-01-05 09:05"),
        ("0 0 1 * *", "2026-02-01 00:00"),
        ("0 0 29 feb *", "2028-02-29 00:00"),
        ("0 12 1 * fri", "2026-01-09 12:00"),
    ],
)
def test_a_cron_line_names_its_next_moment(cron, moment):
    found = next_moment(Schedule(cron=cron), MONDAY, UTC)

    assert f"{found:%Y-%m-%d %H:%M}" == moment


def test_a_cron_line_is_local_and_an_interval_the_same_whenever_it_is_asked_for():
    local = next_moment(Schedule(cron="0 9 * * *"), MONDAY, ZoneInfo("America/Sao_Paulo"))
    every = Schedule(every=timedelta(minutes=30))

    assert local == datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    assert next_moment(every, MONDAY, UTC) == MONDAY + timedelta(minutes=30)
    assert next_moment(every, MONDAY + timedelta(minutes=7), UTC) == MONDAY + timedelta(minutes=30)


@pytest.mark.parametrize("cron", ["0 9 31 feb *", "x 9 * * *", "99 9 * * *", "0 9 * * *  extra"])
def test_what_never_comes_round_has_no_moment(cron):
    assert next_moment(Schedule(cron=cron), MONDAY, UTC) is None


def test_a_schedule_starts_rules_in_every_chat_and_comes_round_again():
    talk = Talk("""rules:
  - {id: morning, when: {schedule: 0 9 * * mon-fri}, if: {tag: reader}, do: {reply: Good morning}}
  - {id: join, when: {keyword: join}, do: {tag: reader}}
  - {id: tick, when: {schedule: every 1h}, do: {tag: ticked}}""")
    talk.user("join")
    timers = {timer.key: timer for timer in talk.of(StartTimer)}

    assert talk.fire(timers["schedule:0 9 * * mon-fri"]) == ["Good morning"]
    assert [timer.due.day for timer in talk.of(StartTimer)] == [7]
    assert talk.fire(timers["schedule:every 1:00:00"]) == []
    assert "ticked" in talk.contact.tags
