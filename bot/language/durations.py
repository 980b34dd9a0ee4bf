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


WRITTEN = re.compile(r"(\d{1,4})\s*([^\W\d_]+)\.?|(\d{1,2}):(\d\d)")
UNITS = (
    ("s", 1, r"s|sec|secs|seconds?|segundos?"),
    ("m", 1, r"min|mins|minutes?|minutos?"),
    ("h", 1, r"hs?|hrs?|hours?|horas?"),
    ("d", 1, r"d|days?|días?|dias?"),
    ("d", 7, r"w|weeks?|semanas?"),
    ("d", 30, r"months?|mes|meses|mês"),
)
"""Units as people write them, and how many of which of ours each is."""


def meant_duration(text: str) -> str:
    """Return the duration that `5 minutes`, `2 horas` or `1:30` was meant to be, "" when none."""
    found = WRITTEN.fullmatch(text.strip().lower())
    if found is None:
        return ""
    if found[3]:
        return f"{int(found[3])}h{int(found[4])}m"
    meant = (
        f"{int(found[1]) * many}{unit}"
        for unit, many, words in UNITS
        if re.fullmatch(words, found[2])
    )
    return next(meant, "")
