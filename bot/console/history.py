"""What is stored of chats and people, in WAHA's shapes: read, never changed."""

import sqlite3
from typing import Any

from bot.console.shapes import contact, inbox_message, outbox_message
from bot.domain.messages import ChatId

Json = dict[str, Any]

BOTH = (
    "SELECT 'in' AS box, id, sent_at AS t FROM inbox WHERE chat = ?1 AND kind != 'ciphertext'"
    " UNION ALL SELECT 'out', id, coalesce(handed_at, created_at) FROM outbox WHERE chat = ?1"
    " AND (body = '' OR json_extract(body, '$.is') NOT IN ('reaction', 'edit', 'revoke'))"
    " ORDER BY t DESC, id DESC LIMIT ?2 OFFSET ?3"
)


def messages(db: sqlite3.Connection, chat: ChatId, most: int, skipped: int = 0) -> list[Json]:
    """Return the messages of a chat, both ways, the latest first."""
    found = db.execute(BOTH, (chat, most, skipped)).fetchall()
    return [_message(db, row["box"], row["id"]) for row in found]


def overview(db: sqlite3.Connection, most: int, skipped: int = 0) -> list[Json]:
    """Return the chats with their last message, the latest first."""
    rows = db.execute(
        "SELECT v.chat, c.name, c.number FROM conversations v"
        " LEFT JOIN contacts c ON c.id = v.contact_id"
        " ORDER BY v.last_message_at DESC, v.chat LIMIT ? OFFSET ?",
        (most, skipped),
    ).fetchall()
    return [
        {
            "id": row["chat"],
            "name": row["name"] or row["number"],
            "picture": None,
            "lastMessage": next(iter(messages(db, ChatId(row["chat"]), 1)), None),
        }
        for row in rows
    ]


PERSON = (
    "SELECT c.*, p.saved_name, p.push_name, p.saved, p.business,"
    " EXISTS (SELECT 1 FROM profiles q JOIN identities i ON i.address = q.address"
    "  WHERE i.contact_id = c.id AND q.blocked = 1) AS blocked"
    " FROM contacts c LEFT JOIN profiles p ON p.address = (SELECT i.address FROM identities i"
    "  JOIN profiles q ON q.address = i.address WHERE i.contact_id = c.id"
    "  ORDER BY i.address LIKE '%@lid', i.address LIMIT 1)"
)


def people(db: sqlite3.Connection, most: int, skipped: int = 0) -> list[Json]:
    """Return the people who wrote, oldest first."""
    rows = db.execute(f"{PERSON} ORDER BY c.id LIMIT ? OFFSET ?", (most, skipped))
    return [contact(row, _addresses(db, row["id"])) for row in rows.fetchall()]


def person(db: sqlite3.Connection, address: str) -> Json | None:
    """Return the person behind an address, None when nobody is known there."""
    row = db.execute(
        f"{PERSON} WHERE c.id = (SELECT contact_id FROM identities WHERE address = ?)",  # noqa: S608 - our words
        (address,),
    ).fetchone()
    return None if row is None else contact(row, _addresses(db, row["id"]))


def lids(db: sqlite3.Connection, most: int, skipped: int = 0) -> list[Json]:
    """Return the hidden addresses whose number is known."""
    rows = db.execute(
        "SELECT lid.address AS lid, pn.address AS pn FROM identities lid"
        " JOIN identities pn ON pn.contact_id = lid.contact_id AND pn.address LIKE '%@c.us'"
        " WHERE lid.address LIKE '%@lid' ORDER BY lid.address LIMIT ? OFFSET ?",
        (most, skipped),
    )
    return [{"lid": row["lid"], "pn": row["pn"]} for row in rows]


def own_message(db: sqlite3.Connection, bare: str) -> Json | None:
    """Return the message of ours with this bare id, None when there is none."""
    row = db.execute("SELECT * FROM outbox WHERE message_id = ?", (bare,)).fetchone()
    return None if row is None else outbox_message(row)


def _message(db: sqlite3.Connection, box: str, row: int) -> Json:
    if box == "in":
        return inbox_message(db.execute("SELECT * FROM inbox WHERE id = ?", (row,)).fetchone())
    return outbox_message(db.execute("SELECT * FROM outbox WHERE id = ?", (row,)).fetchone())


def _addresses(db: sqlite3.Connection, contact_id: int) -> list[str]:
    rows = db.execute(
        "SELECT address FROM identities WHERE contact_id = ? ORDER BY address", (contact_id,)
    )
    return [row["address"] for row in rows]
