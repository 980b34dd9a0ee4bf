"""What is written under `pacing` becomes limits."""

from datetime import time, timedelta

from bot.config.pace import PacingSettings
from bot.daemon.pace import pacing_of
from bot.delivery.pacing import CAREFUL, DAY, OFF, Growth, Pace, Quiet

HOUR = timedelta(hours=1)


def test_a_preset_alone_is_the_preset():
    assert pacing_of(PacingSettings()) == CAREFUL
    assert pacing_of(PacingSettings(preset="off")) == OFF


def test_single_limits_are_replaced():
    pacing = pacing_of(
        PacingSettings(
            per_day=500, quiet="22:30-07:00", same_text_per_hour=5, new_chats_most=10,
            campaigns_per_hour=9, campaign_pause_min=timedelta(0), campaign_gap=timedelta(days=1),
        )
    )  # fmt: skip

    assert pacing.account == (*CAREFUL.account, Pace(most=500, window=DAY))
    assert pacing.quiet == Quiet(begins=time(22, 30), ends=time(7))
    assert pacing.same_text == Pace(most=5, window=HOUR)
    assert pacing.new_chats == Growth(first=5, factor=1.5, most=10)
    assert pacing.campaigns.hourly == Pace(most=9, window=HOUR)
    assert pacing.campaigns.jitter == (timedelta(0), timedelta(seconds=60))
    assert pacing.campaigns.warm_up == CAREFUL.campaigns.warm_up
    assert pacing.campaigns.gap == timedelta(days=1)


def test_a_single_limit_beside_off_is_the_only_one():
    pacing = pacing_of(PacingSettings(preset="off", new_chats_first=3, quiet="off"))

    assert pacing.new_chats == Growth(first=3, factor=1.5, most=3)
    assert (pacing.quiet, pacing.account, pacing.campaigns) == (None, (), None)


def test_quiet_hours_may_be_off_or_lie_within_a_day():
    assert pacing_of(PacingSettings(quiet="off")).quiet is None
    assert pacing_of(PacingSettings(quiet="12:00-14:00")).quiet == Quiet(
        begins=time(12), ends=time(14)
    )
