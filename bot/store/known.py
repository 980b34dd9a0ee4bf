"""Whether what arrives is here already: the echo of a send, or a message under another name."""

import sqlite3

from bot.domain.messages import Message, MessageKind


def is_own_send(db: sqlite3.Connection, message: Message) -> bool:
    """Tell whether this is the echo of a message of ours, and note the echo."""
    if not message.from_me:
        return False
    row = db.execute("SELECT id FROM outbox WHERE message_id = ?", (message.id,)).fetchone()
    if row is None:
        return False
    db.execute(
        "UPDATE outbox SET state = 'accepted', settled_at = NULL "
        "WHERE id = ? AND state IN ('handed', 'uncertain')",
        (row["id"],),
    )
    return True


def is_known_by_alias(db: sqlite3.Connection, message: Message) -> bool:
    """Tell whether this message was stored when only a hidden address of its person was known.

    A ciphertext of that time is put under the number, to be upgraded there.
    """
    if not message.alias:
        return message.chat.endswith("@lid") and _is_known_by_number(db, message)
    old = message.alias
    chat, participant = (message.chat, old) if message.is_group else (old, "")
    where = (message.account, chat, participant, message.id)
    row = db.execute(
        "SELECT id, kind FROM inbox"
        " WHERE account = ? AND chat = ? AND participant = ? AND message_id = ?",
        where,
    ).fetchone()
    if row is None:
        return False
    if row["kind"] != MessageKind.CIPHERTEXT.value:
        return True
    db.execute(
        "UPDATE OR IGNORE inbox SET chat = ?, participant = ?, sender = ? WHERE id = ?",
        (message.chat, message.key.participant, message.sender, row["id"]),
    )
    return False


def _is_known_by_number(db: sqlite3.Connection, message: Message) -> bool:
    """Tell whether this message of a hidden address was stored under its person's number."""
    row = db.execute(
        "SELECT 1 FROM inbox WHERE account = ?1 AND message_id = ?2 AND kind != 'ciphertext'"
        " AND chat IN (SELECT other.address FROM identities one JOIN identities other"
        " ON other.contact_id = one.contact_id WHERE one.address = ?3 AND other.address != ?3)",
        (message.account, message.id, message.chat),
    ).fetchone()
    return row is not None
