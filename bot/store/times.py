"""Moments at rest: epoch seconds in the database, aware UTC datetimes outside."""

from datetime import UTC, datetime


def seconds(moment: datetime) -> float:
    """Return ``moment`` as epoch seconds."""
    return moment.timestamp()


def moment(stored: float) -> datetime:
    """Return epoch seconds as an aware datetime in UTC."""
    return datetime.fromtimestamp(stored, UTC)


def moment_or_none(stored: float | None) -> datetime | None:
    """Return what `moment` returns, None for None."""
    return None if stored is None else moment(stored)
