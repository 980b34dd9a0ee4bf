"""Campaigns as people ask for them: what was started, and how far it is."""

import sqlite3
from typing import Any

from bot.store import campaigns
from bot.store.times import moment_or_none

Row = dict[str, Any]


def rows(db: sqlite3.Connection) -> list[Row]:
    """Return the campaigns that a person looked at, with the last run of each."""
    found = db.execute("SELECT * FROM campaigns ORDER BY name").fetchall()
    return [_row(db, row) for row in found]


def _row(db: sqlite3.Connection, row: sqlite3.Row) -> Row:
    run = next(reversed(campaigns.runs_of(db, row["name"])), None)
    counts = {} if run is None else campaigns.counts(db, run.id)
    started = moment_or_none(row["started_at"])
    return {
        "name": row["name"], "state": row["state"],
        "started_at": None if started is None else started.isoformat(),
        "run": None if run is None else run.id,
        "run_state": None if run is None else run.state.value,
        "planned": counts.get("planned", 0) + counts.get("claimed", 0),
        "sent": counts.get("sent", 0), "left_out": counts.get("suppressed", 0),
        "detail": None if run is None or not run.detail else run.detail,
    }  # fmt: skip
