"""Leads: at most one open lead a person."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.domain.leads import Lead, aged
from bot.domain.values import from_json, is_hidden, to_json
from bot.store import cipher
from bot.store.ageing import Ageing, ageing
from bot.store.times import moment, moment_or_none, seconds


def load(db: sqlite3.Connection, contact_id: int, now: datetime) -> Lead | None:
    """Return a person's lead with the score that it has now, None when there is none."""
    row = rows_of(db, [contact_id]).get(contact_id)
    return None if row is None else lead_of(db, row, ageing(db, now))


def rows_of(db: sqlite3.Connection, contact_ids: Sequence[int]) -> dict[int, sqlite3.Row]:
    """Return what is stored of these people's leads, for `lead_of`."""
    rows = db.execute(
        "SELECT * FROM leads WHERE contact_id IN (SELECT value FROM json_each(?))",
        (json.dumps(contact_ids),),
    )
    return {row["contact_id"]: row for row in rows}


def lead_of(db: sqlite3.Connection, row: sqlite3.Row, seen: Ageing) -> Lead:
    """Return the lead that `rows_of` found. Raises SealBroken."""
    owner, fields, notes = row["contact_id"], json.loads(row["fields"]), json.loads(row["notes"])
    lead = Lead(
        contact_id=owner,
        stage=row["stage"],
        score=row["score"],
        owner=row["owner"],
        fields={
            name: from_json(cipher.opened(db, value, place_of(owner, name)))
            for name, value in fields.items()
        },
        notes=tuple(notes),
        created_at=moment(row["created_at"]),
        sensitive=frozenset(name for name, value in fields.items() if is_hidden(value)),
        rest=row["rest"],
        scored_at=moment(row["scored_at"]),
        qualified_at=moment_or_none(row["qualified_at"]),
    )
    return aged(lead, seen.decay, seen.now)


def score_of(row: sqlite3.Row, seen: Ageing) -> Lead:
    """Return a lead of which no more is known than its score."""
    lead = Lead(
        contact_id=row["contact_id"], score=row["score"], rest=row["rest"],
        scored_at=moment(row["scored_at"]),
    )  # fmt: skip
    return aged(lead, seen.decay, seen.now)


def place_of(contact_id: int, field: str) -> str:
    """Return the place for which a field of a person's lead is sealed."""
    return f"leads|{contact_id}|{field}"


def keep(db: sqlite3.Connection, lead: Lead, now: datetime) -> None:
    """Store a lead, new or changed."""
    kept = {name: to_json(value) for name, value in lead.fields.items()}
    for name in lead.sensitive & kept.keys():
        kept[name] = cipher.sealed(db, kept[name], place_of(lead.contact_id, name))
    fields = json.dumps(kept)
    notes = json.dumps(list(lead.notes))
    db.execute(
        "INSERT INTO leads (contact_id, stage, score, owner, fields, notes, created_at, updated_at,"
        " rest, scored_at, qualified_at) VALUES (?,?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (contact_id) DO UPDATE SET"
        " stage = excluded.stage, score = excluded.score, owner = excluded.owner,"
        " fields = excluded.fields, notes = excluded.notes, updated_at = excluded.updated_at,"
        " rest = excluded.rest, scored_at = excluded.scored_at,"
        " qualified_at = excluded.qualified_at",
        (
            lead.contact_id, lead.stage, lead.score, lead.owner, fields, notes,
            seconds(lead.created_at or now), seconds(now), lead.rest,
            seconds(lead.scored_at or now),
            None if lead.qualified_at is None else seconds(lead.qualified_at),
        ),
    )  # fmt: skip
