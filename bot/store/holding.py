"""What waits in the outbox for a limit, and why; the reason is kept after it left."""

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bot.domain.messages import AccountId
from bot.domain.outgoing import Outgoing, Why
from bot.store.outbox import names_of, untried
from bot.store.times import seconds


def hold(db: sqlite3.Connection, row: int, until: datetime, reason: str) -> None:
    """Let a reserved message wait, and keep why."""
    db.execute(
        "UPDATE outbox SET held_until = ?, held_why = ? WHERE id = ? AND state = 'reserved'",
        (seconds(until), reason, row),
    )


def hold_all(
    db: sqlite3.Connection, account: AccountId, whys: Collection[Why], reason: str, now: datetime
) -> None:
    """Keep why all due messages of these kinds wait; when they may leave is not kept in them."""
    db.execute(
        "UPDATE outbox SET held_why = ? WHERE +account = ? AND state = 'reserved' AND due_at <= ?"
        " AND held_why != ? AND coalesce(held_until, 0) <= ?"
        " AND why IN (SELECT value FROM json_each(?))",
        (reason, account, seconds(now), reason, seconds(now), names_of(tuple(whys))),
    )


def release(db: sqlite3.Connection, account: AccountId) -> None:
    """Let every held message be looked at again."""
    db.execute(
        "UPDATE outbox SET held_until = NULL WHERE +account = ? AND state = 'reserved'"
        " AND held_until IS NOT NULL",
        (account,),
    )


AHEAD = timedelta(seconds=5)
"""By more than this a clock was wrong, or was set back since."""

LONGEST_RETRY = timedelta(minutes=10)
"""The longest pause before a message is tried again, and some."""


def set_back(db: sqlite3.Connection, account: AccountId, now: datetime) -> int:
    """Date anew what a clock that was ahead dated: it would wait until that moment comes again.

    Returns:
        How many messages were dated anew.
    """
    at, ahead = seconds(now), seconds(now + AHEAD)
    due = db.execute(
        "UPDATE outbox SET due_at = max(?1, due_at - created_at + ?1), created_at = ?1"
        " WHERE +account = ?2 AND state = 'reserved' AND created_at > ?3",
        (at, account, ahead),
    )
    again = db.execute(
        "UPDATE outbox SET due_at = ?1 WHERE +account = ?2 AND state = 'reserved'"
        " AND attempts > 0 AND due_at > ?3",
        (at, account, seconds(now + LONGEST_RETRY)),
    )
    under_way = db.execute(
        "UPDATE outbox SET handed_at = ?1 WHERE account = ?2 AND handed_at > ?3"
        " AND state IN ('handed', 'uncertain', 'accepted')",
        (at, account, ahead),
    )
    return due.rowcount + again.rowcount + under_way.rowcount


def give_back(db: sqlite3.Connection, row: int, reason: str, attempts: int) -> None:
    """Take a message back that WhatsApp does not take now; the try does not count.

    Args:
        attempts: As counted with this try; a later one is not touched.
    """
    db.execute(
        "UPDATE outbox SET state = 'reserved', attempts = attempts - 1, held_why = ?, ack = NULL"
        " WHERE id = ? AND attempts = ? AND state IN ('handed', 'uncertain', 'accepted')",
        (reason, row, attempts),
    )


def suppress(db: sqlite3.Connection, row: int, reason: str, now: datetime) -> None:
    """Close a reserved message that must not be sent any more; the reason is kept."""
    db.execute(
        "UPDATE outbox SET state = 'cancelled', detail = ?, settled_at = ?"
        " WHERE id = ? AND state = 'reserved'",
        (reason, seconds(now), row),
    )


def put_back(db: sqlite3.Connection, claimed: Iterable[Outgoing]) -> None:
    """Let what was claimed wait as before: no page was asked to send any of it.

    Args:
        claimed: As it was before the claim.
    """
    for one in claimed:
        untried(db, one.id, one.due_at, "", one.attempts + 1)
