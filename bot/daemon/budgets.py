"""How much of the pace is used, for whoever wonders why something waits."""

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from bot.delivery.pacing import Pace, Pacing, next_slot
from bot.domain.messages import AccountId
from bot.store import outbox

NAMES = {timedelta(minutes=1): "minute", timedelta(hours=1): "hour", timedelta(days=1): "day"}


def budgets(
    db: sqlite3.Connection, account: AccountId | None, pacing: Pacing, now: datetime
) -> dict[str, dict[str, Any]]:
    """Return by window what was sent, what may be, and when the next may leave (ISO, or None now).

    Empty when nothing is limited or nobody was ever logged in.
    """
    if account is None or not pacing.account:
        return {}
    longest = max(pace.window for pace in pacing.account)
    sent = outbox.sent_since(db, account, now - longest)
    return {_name(pace): _one(pace, sent, now) for pace in pacing.account}


def _one(pace: Pace, sent: list[datetime], now: datetime) -> dict[str, Any]:
    used = [at for at in sent if at > now - pace.window]
    slot = next_slot(used, pace, now)
    return {
        "used": len(used),
        "limit": pace.most,
        "next_at": slot.isoformat() if slot > now else None,
    }


def _name(pace: Pace) -> str:
    return NAMES.get(pace.window, f"{pace.window.total_seconds():.0f}s")
