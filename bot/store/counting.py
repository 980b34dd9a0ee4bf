"""How many rows stand in each state."""

import sqlite3
from typing import Literal

INBOX = ("waiting", "decided", "ignored", "quarantined")
OUTBOX = (
    "reserved", "handed", "accepted", "sent", "delivered", "read", "played", "failed", "uncertain",
    "stuck", "cancelled", "dropped",
)  # fmt: skip


def states(db: sqlite3.Connection, table: Literal["inbox", "outbox"]) -> dict[str, int]:
    """Return the number of rows by state; states without any are 0."""
    return _arrived(db) if table == "inbox" else _sent(db)


def _arrived(db: sqlite3.Connection) -> dict[str, int]:
    """Count what arrived; nearly all of it is decided, which no index holds."""
    *apart, every = db.execute(
        "SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting'),"
        " (SELECT count(*) FROM inbox WHERE state = 'ignored'),"
        " (SELECT count(*) FROM inbox WHERE state = 'quarantined'),"
        " (SELECT count(*) FROM inbox)"
    ).fetchone()
    waiting, ignored, quarantined = apart
    decided = every - sum(apart)
    return dict(zip(INBOX, (waiting, decided, ignored, quarantined), strict=True))


def _sent(db: sqlite3.Connection) -> dict[str, int]:
    """Count what was to leave; what failed or is stuck and was let go is dropped."""
    found = dict.fromkeys(OUTBOX, 0)
    rows = db.execute("SELECT state, count(*) AS n FROM outbox GROUP BY state")
    found.update({row["state"]: row["n"] for row in rows})
    let_go = db.execute(
        "SELECT state, count(*) AS n FROM outbox WHERE state IN ('failed', 'stuck')"
        " AND dropped_at IS NOT NULL GROUP BY state"
    )
    for row in let_go:
        found[row["state"]] -= row["n"]
        found["dropped"] += row["n"]
    return found


def own_turns(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many events, timers and results of calls wait for their turn or are set aside.

    Of the timers only those that are set aside count: the rest is not due yet.
    """
    rows = db.execute(
        "SELECT CASE state WHEN 'answered' THEN 'waiting' ELSE state END AS state, sum(n) AS n"
        " FROM (SELECT state, count(*) AS n FROM events WHERE state IN ('waiting', 'quarantined')"
        " GROUP BY state UNION ALL SELECT state, count(*) FROM calls"
        " WHERE state IN ('answered', 'quarantined') GROUP BY state"
        " UNION ALL SELECT state, count(*) FROM timers WHERE state = 'quarantined' GROUP BY state)"
        " GROUP BY 1"
    )
    found = {row["state"]: row["n"] for row in rows}
    return {"waiting": found.get("waiting", 0), "quarantined": found.get("quarantined", 0)}
