"""Where the bot keeps quiet now, and why: a person has the chat, or a guard saw spam or a loop."""

import json
import sqlite3
from datetime import datetime
from typing import Any

from bot.domain.spam import GUARD
from bot.domain.values import HIDDEN, is_hidden
from bot.store.times import moment, seconds

Row = dict[str, Any]

BY = {GUARD: "spam", "loop_guard": "loop"}
"""In whose place a guard stands, and what it is called; anybody else is a team or the phone."""

KINDS = ("person", "spam", "loop")


def list_muted(db: sqlite3.Connection, now: datetime) -> list[Row]:
    """Return the chats in which the bot keeps quiet now, the longest last."""
    rows = db.execute(
        "SELECT v.chat, v.contact_id, v.muted_until, json_extract(v.state, '$.handoff') AS handoff,"
        " c.number, c.name FROM conversations v LEFT JOIN contacts c ON c.id = v.contact_id"
        " WHERE v.muted_until > ? ORDER BY v.muted_until, v.chat",
        (seconds(now),),
    )
    return [_muted(row) for row in rows]


def mutes_of(db: sqlite3.Connection, now: datetime) -> dict[int, Row]:
    """Return by the id of each person whose chat is muted now: until when, by whom and why."""
    return {
        row["id"]: {key: row[key] for key in ("muted_until", "muted_by", "muted_why")}
        for row in list_muted(db, now)
    }


def count_muted(db: sqlite3.Connection, now: datetime) -> dict[str, int]:
    """Return in how many chats the bot keeps quiet now, by `KINDS`."""
    found = dict.fromkeys(KINDS, 0)
    rows = db.execute(
        "SELECT json_extract(state, '$.handoff[0]') AS team, count(*) AS n FROM conversations"
        " WHERE muted_until > ? GROUP BY 1",
        (seconds(now),),
    )
    for row in rows:
        found[BY.get(row["team"], "person")] += row["n"]
    return found


def _muted(row: sqlite3.Row) -> Row:
    team, _, note, *_ = json.loads(row["handoff"])
    return {
        "id": row["contact_id"],
        "number": row["number"],
        "name": row["name"],
        "chat": row["chat"],
        "muted_until": moment(row["muted_until"]).isoformat(),
        "muted_by": BY.get(team, team),
        "muted_why": HIDDEN if is_hidden(note) else note,
    }
