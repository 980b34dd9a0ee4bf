"""From the configured pacing to the limits in force."""

from dataclasses import replace
from datetime import timedelta

from bot.config import PacingSettings
from bot.delivery.pacing import PRESETS, Pace, Pacing

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def pacing_of(settings: PacingSettings) -> Pacing:
    """Return the preset with whatever the configuration says otherwise."""
    preset = PRESETS[settings.preset]
    shortest, longest = preset.reading
    return replace(
        preset,
        account=_account(preset, settings),
        started=_replaced(preset.started, settings.started_per_hour, HOUR),
        reading=(settings.reading_min or shortest, settings.reading_max or longest),
        letters=preset.letters
        if settings.letters_per_second is None
        else settings.letters_per_second,
        longest=settings.longest_typing or preset.longest,
    )


def _account(preset: Pacing, settings: PacingSettings) -> tuple[Pace, ...]:
    paces = _replaced(preset.account, settings.per_minute, MINUTE)
    return _replaced(paces, settings.per_hour, HOUR)


def _replaced(paces: tuple[Pace, ...], most: int | None, window: timedelta) -> tuple[Pace, ...]:
    if most is None:
        return paces
    return (*(pace for pace in paces if pace.window != window), Pace(most=most, window=window))
