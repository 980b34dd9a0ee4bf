"""Knows answers of ours that the database has forgotten, since it is an older copy of itself.

The page still shows them. Their ids follow from what they answered and from the database's secret,
which a copy has too: so they are told from what a person wrote, and what they answered is done.
"""

import sqlite3
from datetime import datetime, timedelta

from bot.domain.messages import Message, MessageKey, Origin
from bot.store.drafts import ID_DIGITS, ID_PREFIX, reserve_id
from bot.store.times import seconds

LOOKED_BACK = timedelta(days=1)  # from an answer to what it may answer
MOST_LOOKED_AT = 50  # messages before an answer
MOST_SENDS = 10  # answers to one message


def note_answer(db: sqlite3.Connection, message: Message, now: datetime) -> bool:
    """Tell whether a message is an answer of ours that is forgotten; then note what it answered."""
    if not _may_be_ours(message):
        return False
    secret = bytes.fromhex(db.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()[0])
    rows = db.execute(
        "SELECT id, participant, message_id FROM inbox WHERE account = ? AND chat = ?"
        " AND from_me = 0 AND sent_at BETWEEN ? AND ? ORDER BY id DESC LIMIT ?",
        (
            message.account, message.chat, seconds(message.sent_at - LOOKED_BACK),
            seconds(message.sent_at) + 1, MOST_LOOKED_AT,
        ),
    ).fetchall()  # fmt: skip
    for row in rows:
        key = MessageKey(message.account, message.chat, row["participant"], row["message_id"])
        if any(reserve_id(secret, str(key), at) == message.id for at in range(MOST_SENDS)):
            db.execute(
                "UPDATE inbox SET state = 'decided', decided_at = ?,"
                " detail = 'answered before the database was restored'"
                " WHERE id = ? AND state = 'waiting'",
                (seconds(now), row["id"]),
            )
            return True
    return False


def _may_be_ours(message: Message) -> bool:
    return (
        message.from_me
        and message.origin is Origin.CAUGHT_UP
        and message.id.startswith(ID_PREFIX)
        and len(message.id) == len(ID_PREFIX) + ID_DIGITS
    )
