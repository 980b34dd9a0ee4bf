"""Whether people are online, where WhatsApp shows it."""

from datetime import datetime

from bot.domain.data import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Somebody came online or left. ``at``: when, UTC."""

    address: str
    online: bool
    at: datetime
