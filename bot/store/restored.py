"""Knows messages of ours that the database has forgotten, since it is an older copy of itself.

The page still shows them. Their ids are made with the database's secret, which a copy has too: so
they are told from what a person wrote. They are kept as sent, what they answered is done, and what
the copy would yet say under the same id, since its cause is the same, is not said again.
"""

import sqlite3
from datetime import datetime, timedelta

from bot.domain.messages import Message, MessageKey
from bot.domain.outgoing import Why
from bot.store.drafts import Draft, adopt, is_reserved, reserve_id
from bot.store.secret import secret_of
from bot.store.times import seconds

LOOKED_BACK = timedelta(days=1)  # from an answer to what it may answer
MOST_LOOKED_AT = 50  # messages before an answer
MOST_SENDS = 10  # answers to one message
FORGOTTEN = "sent before the database was restored"


def note_forgotten(db: sqlite3.Connection, message: Message, now: datetime) -> bool:
    """Tell whether a message is one of ours that is forgotten; then note it, and what it answered.

    To be asked for messages that the outbox does not hold.
    """
    if not message.from_me:
        return False
    secret = secret_of(db)
    if not is_reserved(secret, message.id):
        return False
    answers = _note_answered(db, secret, message, now)
    draft = Draft(
        account=message.account, chat=message.chat, text=message.text, by="", due_at=now,
        why=Why.ANSWER if answers else Why.STARTED,
    )  # fmt: skip
    adopt(db, draft, f"forgotten|{message.id}", [message.id], message.sent_at, FORGOTTEN)
    db.execute(
        "UPDATE outbox SET state = 'sent', ack = 1, settled_at = ? WHERE message_id = ?",
        (seconds(now), message.id),
    )
    return True


def _note_answered(db: sqlite3.Connection, secret: bytes, message: Message, now: datetime) -> bool:
    """Close what a message of ours answered; False when it answered none that is known."""
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
