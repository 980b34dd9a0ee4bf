"""Events on their way to webhooks: each until it arrived, or until it was given up."""

import json
import sqlite3
from datetime import datetime

from bot.domain.data import dataclass
from bot.store.times import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event for one webhook. ``body`` stays the same in all attempts, and so does its id."""

    id: int
    url: str
    event_id: str
    event: str
    body: str
    attempts: int


def post(
    db: sqlite3.Connection, url: str, event_id: str, event: str, body: str, now: datetime
) -> None:
    """Store an event that is to be delivered at once."""
    db.execute(
        "INSERT INTO deliveries (url, event_id, event, body, state, attempts, due_at, created_at,"
        " detail) VALUES (?,?,?,?,'waiting',0,?,?,'')",
        (url, event_id, event, body, seconds(now), seconds(now)),
    )


def next_due(db: sqlite3.Connection, url: str, now: datetime, most: int) -> list[Delivery]:
    """Return what may be delivered to a webhook now, the longest due first."""
    rows = db.execute(
        "SELECT * FROM deliveries WHERE url = ? AND state = 'waiting' AND due_at <= ?"
        " ORDER BY due_at, id LIMIT ?",
        (url, seconds(now), most),
    )
    return [
        Delivery(
            id=row["id"], url=row["url"], event_id=row["event_id"], event=row["event"],
            body=row["body"], attempts=row["attempts"],
        )
        for row in rows
    ]  # fmt: skip


def arrived(db: sqlite3.Connection, delivery: int) -> None:
    """Forget a delivery that was taken."""
    db.execute("DELETE FROM deliveries WHERE id = ?", (delivery,))


def postpone(db: sqlite3.Connection, delivery: int, due: datetime, reason: str) -> None:
    """Note a failed attempt, and when the next one is due."""
    db.execute(
        "UPDATE deliveries SET attempts = attempts + 1, due_at = ?, detail = ? WHERE id = ?",
        (seconds(due), reason, delivery),
    )


def give_up(db: sqlite3.Connection, delivery: int, reason: str) -> None:
    """Note a failed attempt as the last one; a person may ask for more."""
    db.execute(
        "UPDATE deliveries SET attempts = attempts + 1, state = 'dead', detail = ? WHERE id = ?",
        (reason, delivery),
    )


def give_up_others(db: sqlite3.Connection, urls: frozenset[str]) -> int:
    """Give up what was for webhooks that are not configured any more; return how many."""
    return db.execute(
        "UPDATE deliveries SET state = 'dead', detail = 'this webhook is not configured any more'"
        " WHERE state = 'waiting' AND url NOT IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(urls)),),
    ).rowcount


def counts(db: sqlite3.Connection) -> tuple[int, int]:
    """Return how many deliveries wait and how many were given up."""
    rows = db.execute("SELECT state, count(*) AS n FROM deliveries GROUP BY state")
    found = {row["state"]: row["n"] for row in rows}
    return found.get("waiting", 0), found.get("dead", 0)
