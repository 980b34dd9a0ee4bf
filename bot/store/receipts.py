"""Who got, read and played what we sent, and when."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from bot.domain.receipts import DELIVERED, PLAYED, READ, SENT, Receipt
from bot.store.times import moment, seconds

Row = dict[str, Any]

STEPS = {SENT: "sent", DELIVERED: "delivered", READ: "read", PLAYED: "played"}


def note_all(db: sqlite3.Connection, told: Sequence[Receipt]) -> None:
    """Keep when messages of ours came so far with somebody; the first time counts."""
    db.executemany(
        "INSERT OR IGNORE INTO receipts SELECT message_id, ?, ?, ? FROM outbox"
        " WHERE message_id = ?",
        [(one.reader, one.ack, seconds(one.at), one.id) for one in told if one.ack in STEPS],
    )


def of_message(db: sqlite3.Connection, message_id: str) -> Row | None:
    """Return how far a message of ours came: at all, and with each reader of a group.

    None when no message of ours has this id.
    """
    row = db.execute(
        "SELECT chat, state, detail, created_at, handed_at FROM outbox WHERE message_id = ?",
        (message_id,),
    ).fetchone()
    if row is None:
        return None
    found = db.execute(
        "SELECT r.reader, r.ack, r.at, c.name, c.number FROM receipts r"
        " LEFT JOIN identities i ON i.address = r.reader"
        " LEFT JOIN contacts c ON c.id = i.contact_id"
        " WHERE r.message_id = ? ORDER BY r.at, r.ack",
        (message_id,),
    ).fetchall()
    times: Row = dict.fromkeys(STEPS.values())
    readers: dict[str, Row] = {}
    for one in found:
        at, step = moment(one["at"]).isoformat(), STEPS[one["ack"]]
        times[step] = times[step] or at
        if one["reader"]:
            reader = readers.setdefault(
                one["reader"],
                {"id": one["reader"], "number": one["number"], "name": one["name"]}
                | dict.fromkeys(tuple(STEPS.values())[1:]),
            )
            reader[step] = at
    return {
        "id": message_id, "chat": row["chat"], "status": row["state"],
        "detail": row["detail"] or None, "created": moment(row["created_at"]).isoformat(),
        **times, "readers": list(readers.values()),
    }  # fmt: skip
