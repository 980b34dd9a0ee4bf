"""How much of the pace is used, what waits and why, for whoever wonders why something waits."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.delivery.governor import Governor
from bot.delivery.limits import NAMES, Limits, Round, used_today
from bot.delivery.pacing import DAY, Growth, Pace, Pacing, next_slot
from bot.domain.messages import AccountId
from bot.domain.outgoing import Why
from bot.store import ledger

Told = dict[str, Any]

NOTHING: Told = {"budgets": {}, "waiting": [], "halted": None, "restricted": None}
"""What is told of an account that does not run."""


def pacing_told(
    db: sqlite3.Connection, account: AccountId | None, governor: Governor, now: datetime,
    unheld: str = ledger.TURN,
) -> Told:  # fmt: skip
    """Return the pace of an account in the shape of `alexia status --json`.

    Args:
        unheld: Why that waits which no limit holds.

    ``budgets``: by window or kind what was sent, what may be, and when the next may leave (ISO, or
    None now); empty when nothing is limited or nobody was ever logged in. ``waiting``: what waits
    to leave, by kind and reason. ``halted``: why campaigns stand still, None when they do not.
    ``restricted``: WhatsApp's restriction of new chats, None when there is none.
    """
    if account is None:
        return {**NOTHING, "waiting": ledger.waiting(db, now, unheld)}
    restriction = governor.restriction(db, account)
    return {
        "budgets": budgets(db, account, governor, now),
        "waiting": [
            _until(one, account, governor, now)
            for one in ledger.waiting(db, now, unheld, account)
        ],
        "halted": governor.halt(db, account, now) or None,
        "restricted": None if restriction is None else {
            "since": restriction.since.isoformat(),
            "refusals": restriction.refusals,
            "next_try_at": restriction.probe_at.isoformat(),
        },
    }  # fmt: skip


def _until(one: Told, account: AccountId, governor: Governor, now: datetime) -> Told:
    """Return what waits with the moment before which its whole kind does not leave."""
    closed = governor.closed(account, Why(one["why"]), now)
    if one["until"] is not None or closed is None or closed.why != one["reason"]:
        return one
    return {**one, "until": closed.until.isoformat()}


def budgets(
    db: sqlite3.Connection, account: AccountId, governor: Governor, now: datetime
) -> dict[str, Told]:
    """Return what is used of each limit over the account."""
    pacing = governor.pacing
    found = _account(db, account, pacing, now)
    here, limits = Round(db, account, now, [], None), governor.limits
    if pacing.campaigns is not None:
        hourly = pacing.campaigns.hourly
        sent = ledger.campaigns_since(db, account, now - hourly.window)
        found["campaigns_hour"] = _one(hourly, sent, now)
        found["campaigns_day"] = _grown(here, limits, pacing.campaigns.warm_up, "campaigns")
    if pacing.new_chats is not None:
        found["new_chats_day"] = _grown(here, limits, pacing.new_chats, "new chats")
    return found


def _account(
    db: sqlite3.Connection, account: AccountId, pacing: Pacing, now: datetime
) -> dict[str, Told]:
    if not pacing.account:
        return {}
    longest = max(pace.window for pace in pacing.account)
    sent = ledger.sent_since(db, account, now - longest)
    return {_name(pace): _one(pace, sent, now) for pace in pacing.account}


def _grown(here: Round, limits: Limits, growth: Growth, what: str) -> Told:
    pace = Pace(most=growth.on(limits.day(here, what)), window=DAY)
    return _one(pace, used_today(here, what), here.now)


def _one(pace: Pace, sent: Sequence[datetime], now: datetime) -> Told:
    used = [at for at in sent if at > now - pace.window]
    slot = next_slot(used, pace, now)
    return {
        "used": len(used),
        "limit": pace.most,
        "next_at": slot.isoformat() if slot > now else None,
    }


def _name(pace: Pace) -> str:
    return NAMES.get(pace.window, f"{pace.window.total_seconds():.0f}s")
