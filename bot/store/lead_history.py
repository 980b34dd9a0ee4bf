"""The history of leads: each step that moved one, why, and how to take it back."""

import sqlite3
from dataclasses import replace
from datetime import datetime

from bot.domain.leads import Lead, LeadChange, Standing, standing_of
from bot.store import leads
from bot.store.times import moment, seconds


def note(db: sqlite3.Connection, contact_id: int, change: LeadChange) -> None:
    """Write down what a step made of a person's lead."""
    before, after = change.before, change.after
    db.execute(
        "INSERT INTO lead_changes (contact_id, at, by, cause, stage_before, score_before,"
        " owner_before, stage, score, owner, note, undone_at)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,NULL)",
        (
            contact_id, seconds(change.when), change.by, change.cause, before.stage, before.score,
            before.owner, after.stage, after.score, after.owner, change.note,
        ),
    )  # fmt: skip


def of(db: sqlite3.Connection, contact_id: int) -> list[LeadChange]:
    """Return the history of a person's lead, oldest first."""
    rows = db.execute("SELECT * FROM lead_changes WHERE contact_id = ? ORDER BY id", (contact_id,))
    return [_change(row) for row in rows]


def undo(
    db: sqlite3.Connection, contact_id: int, number: int, by: str, now: datetime
) -> Lead | None:
    """Take one change back: its points, and its stage and owner where they still hold.

    Returns:
        The lead as it is now; None when the person has no such change, or it is undone already.
    """
    row = db.execute(
        "SELECT * FROM lead_changes WHERE id = ? AND contact_id = ? AND undone_at IS NULL",
        (number, contact_id),
    ).fetchone()
    lead = leads.load(db, contact_id)
    if row is None or lead is None:
        return None
    change = _change(row)
    before, after = change.before, change.after
    back = replace(
        lead,
        score=lead.score - change.points,
        stage=before.stage if before.stage and lead.stage == after.stage else lead.stage,
        owner=before.owner if lead.owner == after.owner else lead.owner,
    )
    leads.keep(db, back, now)
    db.execute("UPDATE lead_changes SET undone_at = ? WHERE id = ?", (seconds(now), number))
    taken = LeadChange(
        when=now, by=by, cause=f"undo|{number}", before=standing_of(lead), after=standing_of(back),
        note=f"takes back {number}",
    )  # fmt: skip
    note(db, contact_id, taken)
    return back


def _change(row: sqlite3.Row) -> LeadChange:
    return LeadChange(
        id=row["id"], when=moment(row["at"]), by=row["by"], cause=row["cause"], note=row["note"],
        before=Standing(
            stage=row["stage_before"], score=row["score_before"], owner=row["owner_before"]
        ),
        after=Standing(stage=row["stage"], score=row["score"], owner=row["owner"]),
        undone=row["undone_at"] is not None,
    )  # fmt: skip
