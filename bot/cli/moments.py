"""Moments as people write them behind an option."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click


def read_moment(written: str | None, now: datetime, zone: ZoneInfo, option: str) -> datetime | None:
    """Return the moment that is meant: so long ago, or a day or time of the business."""
    from bot.language.durations import parse_duration

    if written is None:
        return None
    ago = parse_duration(written)
    if isinstance(ago, timedelta):
        return now - ago
    try:
        meant = datetime.fromisoformat(written)
    except ValueError:
        raise click.BadParameter("write 12h, 7d or 2026-11-23", param_hint=option) from None
    return meant if meant.tzinfo else meant.replace(tzinfo=zone)
