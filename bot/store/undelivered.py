"""What did not arrive of what we sent: named, tried again or let go by a person."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from bot.domain.campaigns import RunState, run_of
from bot.domain.data import dataclass
from bot.domain.outgoing import OutboxState
from bot.store import lost_key
from bot.store.times import moment, seconds

Row = dict[str, Any]

ASKS = (OutboxState.UNCERTAIN, OutboxState.STUCK, OutboxState.FAILED)
"""The states that a person should know of."""
MAY_ARRIVE = (
    "it may be on its way or have arrived; if so, sent again, the customer may get it twice"
)
NEXT = {
    OutboxState.RESERVED: "nothing: it leaves by itself; `alexia pacing` says what holds it",
    OutboxState.HANDED: "nothing: it is on its way",
    OutboxState.ACCEPTED: "nothing: it is on its way",
    OutboxState.UNCERTAIN: "nothing: the bot looks it up by itself while WhatsApp is ready",
    OutboxState.STUCK: (
        "look at the chat on the phone: if it is there, `alexia outbox drop ID`; if it is not,"
        " `alexia outbox retry ID`"
    ),
    OutboxState.FAILED: (
        "mend what the reason names, then `alexia outbox retry ID`; or `alexia outbox drop ID`"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What came of trying again.

    Attributes:
        done: How many leave again.
        kept: Why each of the others does not, by its id.
    """

    done: int
    kept: dict[str, str]


def list_undelivered(
    db: sqlite3.Connection, states: Collection[OutboxState] = ASKS, *, dropped: bool = False
) -> list[Row]:
    """Return messages of ours in these states, oldest first; what is sensitive is •••.

    Args:
        dropped: Those that a person let go instead of the others.
    """
    rows = db.execute(
        "SELECT o.*, c.number, c.name FROM outbox o LEFT JOIN identities i ON i.address = o.chat"
        " LEFT JOIN contacts c ON c.id = i.contact_id"
        " WHERE o.state IN (SELECT value FROM json_each(?)) AND (o.dropped_at IS NOT NULL) = ?"
        " ORDER BY o.id",
        (json.dumps([one.value for one in states]), dropped),
    )
    return [_told(row) for row in rows]


def retry(
    db: sqlite3.Connection, ids: Sequence[str] | None, now: datetime, *, stuck: bool = False
) -> Retried:
    """Let what failed leave again, as if for the first time, under the id that it has.

    Args:
        ids: As `list_undelivered` names them, also those that were let go; None for all others.
        stuck: Also what is stuck, though WhatsApp may have it: a person wants that.
    """
    rows = _meant(db, ids, with_dropped=ids is not None)
    kept = {row["message_id"]: why for row in rows if (why := _held_back(db, row, stuck=stuck))}
    again = [row["id"] for row in rows if row["message_id"] not in kept]
    db.execute(
        "UPDATE outbox SET state = 'reserved', attempts = 0, ack = NULL, due_at = ?, detail = '',"
        " settled_at = NULL, held_until = NULL, held_why = '', dropped_at = NULL, dropped_by = ''"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (seconds(now), json.dumps(again)),
    )
    return Retried(done=len(again), kept=kept)


def drop(db: sqlite3.Connection, ids: Sequence[str] | None, by: str, now: datetime) -> int:
    """Let go of what failed or is stuck; return how many.

    It stays stored with its state, who let it go, and when; a receipt that comes late still counts.

    Args:
        ids: As `list_undelivered` names them; None for all.
    """
    rows = [row["id"] for row in _meant(db, ids)]
    return db.execute(
        "UPDATE outbox SET dropped_at = ?, dropped_by = ?"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (seconds(now), by, json.dumps(rows)),
    ).rowcount


def _meant(
    db: sqlite3.Connection, ids: Sequence[str] | None, *, with_dropped: bool = False
) -> list[sqlite3.Row]:
    """Return what failed or is stuck, and is meant."""
    return db.execute(
        "SELECT id, message_id, state, detail, why, cause FROM outbox"
        " WHERE state IN ('failed', 'stuck') AND (dropped_at IS NULL OR ?1)"
        " AND (?2 IS NULL OR message_id IN (SELECT value FROM json_each(?2))) ORDER BY id",
        (with_dropped, None if ids is None else json.dumps(list(ids))),
    ).fetchall()


def _held_back(db: sqlite3.Connection, row: sqlite3.Row, *, stuck: bool) -> str:
    """Return why a message is not sent again, "" when it may be."""
    if row["detail"] == lost_key.WHY:
        return "its words are gone with the key; write it anew with `alexia send`"
    run = run_of(row["cause"]) if row["why"] == "campaign" else None
    if run is not None and _is_stopped(db, run):
        return "its campaign was stopped; drop it, or write it anew with `alexia send`"
    return MAY_ARRIVE if row["state"] == "stuck" and not stuck else ""


def _is_stopped(db: sqlite3.Connection, run: int) -> bool:
    row = db.execute("SELECT state FROM campaign_runs WHERE id = ?", (run,)).fetchone()
    return row is not None and row["state"] == RunState.STOPPED.value


def _told(row: sqlite3.Row) -> Row:
    state, dropped = OutboxState(row["state"]), row["dropped_at"]
    return {
        "id": row["message_id"],
        "chat": row["chat"],
        "contact": {"number": row["number"], "name": row["name"]},
        "at": moment(row["created_at"]).isoformat(),
        "tried_at": None if row["handed_at"] is None else moment(row["handed_at"]).isoformat(),
        "attempts": row["attempts"],
        "state": state.value,
        "reason": row["detail"] or row["held_why"],
        "kind": row["why"],
        "by": row["by"],
        "cause": row["cause"],
        "text": row["text"],
        "next": None if dropped else NEXT[state].replace("ID", row["message_id"]),
        "dropped": dropped and {"at": moment(dropped).isoformat(), "by": row["dropped_by"]},
    }
