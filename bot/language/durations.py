"""Lengths of time as they are written in files: 30s, 20m, 12h, 7d, 1h30m."""

import re
from datetime import timedelta

DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
LONGEST = 3650  # days


def parse_duration(text: str) -> timedelta | None:
    """Return the duration that a text such as 1h30m says, None when it says none."""
    found = DURATION.fullmatch(text.strip())
    if not text.strip() or found is None or len(text) > 20:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    if days > LONGEST:
        return None
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
