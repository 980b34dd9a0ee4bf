"""The history of leads: each step that moved one, why, and how to take it back."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.domain.data import replace
from bot.domain.leads import NO_DECAY, Decay, Lead, LeadChange, Standing, standing_of, whole
from bot.store import leads
from bot.store.ageing import in_force
from bot.store.times import moment, seconds

DECAY = "decay"
"""Who took points that faded with time."""


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


def explained(db: sqlite3.Connection, contact_id: int, now: datetime) -> list[LeadChange]:
    """Return the history as `of` does, and between its lines what decay took; those have no id."""
    lead, found = leads.load(db, contact_id, now), of(db, contact_id)
    if in_force(db) == NO_DECAY or lead is None:
        return found
    lines: list[LeadChange] = []
    for change in found:
        lines += _faded(lines, change.before, change.when)
        lines.append(change)
    return [*lines, *_faded(lines, standing_of(lead), now)]


def _faded(before: Sequence[LeadChange], now: Standing, when: datetime) -> list[LeadChange]:
    """Return what decay took since the last line, where it took anything."""
    held = before[-1].after if before else now
    if abs(now.score) >= abs(held.score):
        return []
    after = replace(held, score=now.score)
    return [LeadChange(when=when, by=DECAY, cause=DECAY, before=held, after=after)]


def undo(
    db: sqlite3.Connection, contact_id: int, number: int, by: str, now: datetime
) -> Lead | None:
    """Take one change back: what is left of its points, and stage and owner that still hold.

    Returns:
        The lead as it is now; None when the person has no such change, or it is undone already.
    """
    row = db.execute(
        "SELECT * FROM lead_changes WHERE id = ? AND contact_id = ? AND undone_at IS NULL",
        (number, contact_id),
    ).fetchone()
    lead = leads.load(db, contact_id, now)
    if row is None or lead is None:
        return None
    change = _change(row)
    before, after = change.before, change.after
    score, scored_at = _without(of(db, contact_id), change, in_force(db), lead, now)
    back = replace(
        lead,
        score=whole(score),
        rest=score - whole(score),
        scored_at=scored_at,
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


def _without(
    history: Sequence[LeadChange], gone: LeadChange, decay: Decay, lead: Lead, now: datetime
) -> tuple[float, datetime]:
    """Return the score as if one change had never been, and from when on it decays.

    What its points lost since is not taken twice: all later changes are gone through again. What
    moved the score and is in no history (an import, a merge) stays.
    """
    later = [one for one in history if one.id > gone.id]
    over = {one.id for one in later if one.undone}
    held = [one for one in later if one.id not in over and _taken_by(one) not in over]
    kept = _played(gone.after.score, gone.when, held, decay, now)
    less = _played(gone.before.score, gone.when, held, decay, now)
    return lead.score + lead.rest + less[0] - kept[0], less[1]


def _played(
    score: float, when: datetime, changes: Sequence[LeadChange], decay: Decay, now: datetime
) -> tuple[float, datetime]:
    """Return what becomes of a score by changes and decay, and from when on it decays."""
    for change in changes:
        score, left = decay.after(score, change.when - when)
        score, when = score + change.points, change.when - left
    score, left = decay.after(score, now - when)
    return score, now - left


def _taken_by(change: LeadChange) -> int:
    """Return the number of the change that a change took back, 0 for none."""
    kind, _, number = change.cause.partition("|")
    return int(number) if kind == "undo" and number.isdecimal() else 0


def _change(row: sqlite3.Row) -> LeadChange:
    return LeadChange(
        id=row["id"], when=moment(row["at"]), by=row["by"], cause=row["cause"], note=row["note"],
        before=Standing(
            stage=row["stage_before"], score=row["score_before"], owner=row["owner_before"]
        ),
        after=Standing(stage=row["stage"], score=row["score"], owner=row["owner"]),
        undone=row["undone_at"] is not None,
    )  # fmt: skip
