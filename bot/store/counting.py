"""How many rows stand in each state."""

import sqlite3
from typing import Literal

INBOX = ("waiting", "decided", "ignored", "quarantined")
OUTBOX = (
    "reserved", "handed", "accepted", "sent", "delivered", "read", "played", "failed", "uncertain",
    "stuck", "cancelled",
)  # fmt: skip


def states(db: sqlite3.Connection, table: Literal["inbox", "outbox"]) -> dict[str, int]:
    """Return the number of rows by state; states without any are 0."""
    found = dict.fromkeys(INBOX if table == "inbox" else OUTBOX, 0)
    rows = db.execute(
        "SELECT state, count(*) AS n FROM inbox GROUP BY state"
        if table == "inbox"
        else "SELECT state, count(*) AS n FROM outbox GROUP BY state"
    )
    found.update({row["state"]: row["n"] for row in rows})
    return found
