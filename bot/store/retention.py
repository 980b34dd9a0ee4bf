"""Lets go of what was kept long enough."""
# ruff: noqa: S608 - only words of our own are put into the queries

import sqlite3
from datetime import UTC, datetime, timedelta

from bot.domain.data import dataclass
from bot.store.times import seconds

BATCH = 2000  # rows of a table that go at once: others may write in between
BEGINNING = datetime.fromtimestamp(0, UTC)

SETTLED = "('sent', 'delivered', 'read', 'played', 'failed', 'cancelled')"
MESSAGES = (
    ("inbox", "state != 'waiting' AND received_at"),
    ("outbox", f"(state IN {SETTLED} OR dropped_at IS NOT NULL) AND created_at"),
    ("calls", "state IN ('done', 'failed', 'quarantined') AND created_at"),
    ("events", "state != 'waiting' AND at"),
    ("timers", "state = 'quarantined' AND due_at"),
    ("deliveries", "created_at"),
    ("waits", "how != '' AND ended_at"),
)
"""Where texts of messages lie, and what of it is done with."""
TRACES = (("traces", "at"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How long things are kept; ``timedelta.max``: for ever."""

    messages: timedelta
    traces: timedelta


def expire(db: sqlite3.Connection, keep: Keep, now: datetime) -> bool:
    """Remove a batch of what was kept long enough; True when there may be more."""
    return any([
        *(_expire(db, table, done, keep.messages, now) for table, done in MESSAGES),
        *(_expire(db, table, done, keep.traces, now) for table, done in TRACES),
    ])  # fmt: skip


def _expire(db: sqlite3.Connection, table: str, done: str, keep: timedelta, now: datetime) -> bool:
    if keep > now - BEGINNING:
        return False
    key = "key" if table == "calls" else "id"
    gone = db.execute(
        f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {done} < ? LIMIT ?)",
        (seconds(now - keep), BATCH),
    ).rowcount
    return gone == BATCH
