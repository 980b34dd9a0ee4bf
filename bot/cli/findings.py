"""What the doctor says of one thing that it looked at."""

from bot.domain.data import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    said: str
    remedy: str = ""
    essential: bool = True
