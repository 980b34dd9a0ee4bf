"""What a person wrote of late, for whoever judges it."""

import sqlite3
from datetime import datetime

from bot.domain.messages import WORDS, Message
from bot.domain.spam import Written
from bot.domain.values import HIDDEN
from bot.store.times import moment, seconds

MOST_WRITTEN = 200
"""Messages of one person that are looked back upon."""


def written_since(db: sqlite3.Connection, message: Message, since: datetime) -> list[Written]:
    """Return what the writer of a message wrote in its chat before it, oldest first.

    The latest `MOST_WRITTEN` since a moment; texts that are shown to nobody are empty, reactions,
    votes and a voice note's words are no messages here.
    """
    rows = db.execute(
        "SELECT sent_at, text FROM inbox WHERE account = ?1 AND chat = ?2 AND sender = ?3"
        " AND from_me = 0 AND sent_at BETWEEN ?4 AND ?5 AND message_id != ?6"
        " AND message_id NOT LIKE '%' || ?9 AND origin != 'history'"
        " AND kind NOT IN ('ciphertext', 'system', 'reaction', 'poll')"
        " AND (sent_at < ?5 OR id < coalesce((SELECT id FROM inbox WHERE account = ?1"
        " AND chat = ?2 AND participant = ?7 AND message_id = ?6), 1e18))"
        " ORDER BY sent_at DESC, id DESC LIMIT ?8",
        (
            message.account, message.chat, message.sender, seconds(since),
            seconds(message.sent_at), message.id, message.key.participant, MOST_WRITTEN, WORDS,
        ),
    ).fetchall()  # fmt: skip
    return [
        Written(moment(row["sent_at"]), "" if row["text"] == HIDDEN else str(row["text"]))
        for row in reversed(rows)
    ]
