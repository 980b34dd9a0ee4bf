"""Leads: at most one open lead a person."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.domain.leads import Lead
from bot.domain.values import from_json, to_json
from bot.store.times import moment, seconds


def load(db: sqlite3.Connection, contact_id: int) -> Lead | None:
    """Return a person's lead, None when there is none."""
    row = rows_of(db, [contact_id]).get(contact_id)
    return None if row is None else lead_of(row)


def rows_of(db: sqlite3.Connection, contact_ids: Sequence[int]) -> dict[int, sqlite3.Row]:
    """Return what is stored of these people's leads, for `lead_of`."""
    rows = db.execute(
        "SELECT * FROM leads WHERE contact_id IN (SELECT value FROM json_each(?))",
        (json.dumps(contact_ids),),
    )
    return {row["contact_id"]: row for row in rows}


def lead_of(row: sqlite3.Row) -> Lead:
    """Return the lead that `rows_of` found."""
    return Lead(
        contact_id=row["contact_id"],
        stage=row["stage"],
        score=row["score"],
        owner=row["owner"],
        fields={name: from_json(value) for name, value in json.loads(row["fields"]).items()},
        notes=tuple(json.loads(row["notes"])),
        created_at=moment(row["created_at"]),
    )


def keep(db: sqlite3.Connection, lead: Lead, now: datetime) -> None:
    """Store a lead, new or changed."""
    fields = json.dumps(to_json(dict(lead.fields)))
    notes = json.dumps(list(lead.notes))
    db.execute(
        "INSERT INTO leads (contact_id, stage, score, owner, fields, notes, created_at, updated_at)"
        " VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (contact_id) DO UPDATE SET"
        " stage = excluded.stage, score = excluded.score, owner = excluded.owner,"
        " fields = excluded.fields, notes = excluded.notes, updated_at = excluded.updated_at",
        (
            lead.contact_id, lead.stage, lead.score, lead.owner, fields, notes,
            seconds(lead.created_at or now), seconds(now),
        ),
    )  # fmt: skip
