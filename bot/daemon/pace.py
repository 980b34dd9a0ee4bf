"""From the configured pacing to the limits in force."""

from dataclasses import replace
from datetime import time, timedelta

from bot.config.pace import PacingSettings
from bot.delivery.pacing import DAY, PRESETS, Campaigns, Growth, Pace, Pacing, Quiet

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FACTOR = 1.5  # by which a day's allowance grows


def pacing_of(settings: PacingSettings) -> Pacing:
    """Return the preset with whatever the configuration says otherwise."""
    preset = PRESETS[settings.preset]
    shortest, longest = preset.reading
    same = settings.same_text_per_hour
    return replace(
        preset,
        account=_account(preset, settings),
        group=_group(preset, settings),
        started=_replaced(preset.started, settings.started_per_hour, HOUR),
        same_text=preset.same_text if same is None else Pace(most=same, window=HOUR),
        new_chats=_growth(preset.new_chats, settings.new_chats_first, settings.new_chats_most),
        quiet=_quiet(preset.quiet, settings.quiet),
        campaigns=_campaigns(preset.campaigns, settings),
        reading=(settings.reading_min or shortest, settings.reading_max or longest),
        letters=preset.letters
        if settings.letters_per_second is None
        else settings.letters_per_second,
        longest=settings.longest_typing or preset.longest,
    )


def _account(preset: Pacing, settings: PacingSettings) -> tuple[Pace, ...]:
    paces = _replaced(preset.account, settings.per_minute, MINUTE)
    paces = _replaced(paces, settings.per_hour, HOUR)
    return _replaced(paces, settings.per_day, DAY)


def _group(preset: Pacing, settings: PacingSettings) -> tuple[Pace, ...]:
    paces = _replaced(preset.group, settings.group_per_minute, MINUTE)
    return _replaced(paces, settings.group_per_hour, HOUR)


def _replaced(paces: tuple[Pace, ...], most: int | None, window: timedelta) -> tuple[Pace, ...]:
    if most is None:
        return paces
    return (*(pace for pace in paces if pace.window != window), Pace(most=most, window=window))


def _growth(preset: Growth | None, first: int | None, most: int | None) -> Growth | None:
    """Return a day's allowance; one number alone is both its beginning and its end."""
    if first is None and most is None:
        return preset
    begins = first or min(most or 1, preset.first if preset else most or 1)
    ends = most or max(begins, preset.most if preset else begins)
    return Growth(first=begins, factor=preset.factor if preset else FACTOR, most=ends)


def _quiet(preset: Quiet | None, written: str | None) -> Quiet | None:
    if written is None:
        return preset
    if written == "off":
        return None
    begins, ends = (time.fromisoformat(part) for part in written.split("-"))
    return Quiet(begins=begins, ends=ends) if begins != ends else None


def _campaigns(preset: Campaigns | None, settings: PacingSettings) -> Campaigns | None:
    own = (
        settings.campaigns_per_hour, settings.campaigns_first, settings.campaigns_most,
        settings.campaign_pause_min, settings.campaign_pause_max, settings.campaign_gap,
    )  # fmt: skip
    if all(one is None for one in own):
        return preset
    base = preset or Campaigns()
    hourly, shortest = settings.campaigns_per_hour, settings.campaign_pause_min
    longest, gap = settings.campaign_pause_max, settings.campaign_gap
    pauses = (
        base.jitter[0] if shortest is None else shortest,
        base.jitter[1] if longest is None else longest,
    )
    warm_up = _growth(base.warm_up, settings.campaigns_first, settings.campaigns_most)
    return Campaigns(
        hourly=base.hourly if hourly is None else Pace(most=hourly, window=HOUR),
        jitter=(min(pauses), max(pauses)),
        warm_up=warm_up or base.warm_up,
        gap=base.gap if gap is None else gap,
    )
