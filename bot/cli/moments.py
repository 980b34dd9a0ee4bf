"""Moments as people write them behind an option, and as they read them."""

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


ZONE = "alexia.timezone"
"""Under this name the context of a command keeps the business's time zone."""


def on_the_clock(written: str) -> str | None:
    """Return a moment as the business's clock shows it, to the second; None where it is none.

    Args:
        written: A moment with its zone in ISO form, as programs get it.
    """
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    ctx = click.get_current_context(silent=True)
    zone = ZoneInfo(ctx.meta.get(ZONE, "UTC") if ctx is not None else "UTC")
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
