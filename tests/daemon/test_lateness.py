from datetime import UTC, datetime, timedelta

from bot.daemon.lateness import RECENT, Lateness

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_what_came_too_late_is_told_for_a_quarter_of_an_hour():
    late = Lateness()
    assert late.told(NOON) == ""

    late.note(NOON)
    late.note(NOON + timedelta(minutes=5))

    told = late.told(NOON + timedelta(minutes=6))
    assert told.startswith("messages that came too late to be answered (max_reply_age): 2 in the")
    assert ": 1 in the" in late.told(NOON + RECENT + timedelta(minutes=1))
    assert late.told(NOON + RECENT + timedelta(minutes=6)) == ""
