"""The one place that reads the time and draws chance."""

import random
from datetime import UTC, datetime


def now() -> datetime:
    """Return the time, aware, UTC."""
    return datetime.now(UTC)


def chance() -> float:
    """Return a fresh uniform draw, 0..1."""
    return random.random()  # noqa: S311 - it spreads reading times, it keeps no secret
