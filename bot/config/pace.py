"""How fast messages leave: a preset, and what differs from it."""

from datetime import timedelta

from bot.config.keys import (
    Reading,
    Written,
    decimal,
    duration,
    key,
    one_of,
    shaped,
    table,
    whole,
)
from bot.domain.data import dataclass

PRESETS = ("careful", "normal", "off")


QUIET = shaped(
    r"off|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", "off, or hours like 21:00-08:00"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PacingSettings:
    """A preset, and what differs from it. None: as the preset says."""

    preset: str = key("careful", one_of(*PRESETS))
    per_minute: int | None = key(None, whole(1, 1000))
    per_hour: int | None = key(None, whole(1, 100_000))
    per_day: int | None = key(None, whole(1, 1_000_000))
    group_per_minute: int | None = key(None, whole(1, 1000))
    group_per_hour: int | None = key(None, whole(1, 100_000))
    started_per_hour: int | None = key(None, whole(1, 1000))
    reading_min: timedelta | None = key(None, duration)
    reading_max: timedelta | None = key(None, duration)
    letters_per_second: float | None = key(None, decimal)
    longest_typing: timedelta | None = key(None, duration)
    quiet: str | None = key(None, QUIET)
    same_text_per_hour: int | None = key(None, whole(1, 100_000))
    new_chats_first: int | None = key(None, whole(1, 10_000))
    new_chats_most: int | None = key(None, whole(1, 10_000))
    campaigns_per_hour: int | None = key(None, whole(1, 10_000))
    campaigns_first: int | None = key(None, whole(1, 100_000))
    campaigns_most: int | None = key(None, whole(1, 100_000))
    campaign_pause_min: timedelta | None = key(None, duration)
    campaign_pause_max: timedelta | None = key(None, duration)
    campaign_gap: timedelta | None = key(None, duration)


def pacing(reading: Reading, name: str, written: Written) -> PacingSettings | None:
    """Read the name of a preset, or a table."""
    if isinstance(written.value, dict):
        return table(PacingSettings)(reading, name, written)
    preset = one_of(*PRESETS)(reading, name, written)
    return PacingSettings(preset=preset) if preset else None
