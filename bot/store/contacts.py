"""People: one row a person, whatever addresses WhatsApp knows them by."""

import json
import sqlite3
from dataclasses import replace
from datetime import datetime

from bot.domain.contacts import Consent, Contact
from bot.domain.messages import Message
from bot.domain.values import Value, from_json, to_json
from bot.store.times import moment_or_none, seconds


def number_of(address: str) -> str:
    """Return the number in E.164 that an address shows, "" when it hides it."""
    user, _, server = address.partition("@")
    return f"+{user}" if server == "c.us" and user.isdigit() else ""


def find(db: sqlite3.Connection, address: str) -> Contact | None:
    """Return the person behind an address, None when nobody is known there."""
    row = db.execute(
        "SELECT c.* FROM contacts c JOIN identities i ON i.contact_id = c.id WHERE i.address = ?",
        (address,),
    ).fetchone()
    return None if row is None else _contact(db, row)


def meet(db: sqlite3.Connection, address: str, name: str, now: datetime) -> Contact:
    """Return the person behind an address; who is unknown is written down as new."""
    known = find(db, address)
    if known is not None:
        return known if known.name or not name else replace(known, name=name)
    cursor = db.execute(
        "INSERT INTO contacts (number, name, language, timezone, consent, fields, first_seen,"
        " last_seen) VALUES (?,?,NULL,NULL,?,'{}',?,NULL)",
        (number_of(address), name, Consent.UNKNOWN.value, seconds(now)),
    )
    contact_id = int(cursor.lastrowid or 0)
    db.execute("INSERT INTO identities VALUES (?,?)", (address, contact_id))
    return Contact(id=contact_id, number=number_of(address), name=name, first_seen=now, is_new=True)


def meet_sender(db: sqlite3.Connection, message: Message, now: datetime) -> Contact:
    """Return who a chat is with: the writer of a message, or the partner when we wrote it."""
    if message.from_me and not message.is_group:
        return meet(db, message.chat, "", now)
    return meet(db, message.sender, message.sender_name, now)


def keep(
    db: sqlite3.Connection, before: Contact, after: Contact, now: datetime, *, wrote: bool
) -> None:
    """Store what a turn changed of a person. ``wrote``: the person was heard now."""
    db.execute(
        "UPDATE contacts SET number = ?, name = ?, language = ?, timezone = ?, consent = ?,"
        " fields = ?, last_seen = CASE WHEN ? THEN ? ELSE last_seen END WHERE id = ?",
        (
            after.number, after.name, after.language, after.timezone, after.consent.value,
            json.dumps(to_json(dict(after.fields))), wrote, seconds(now), after.id,
        ),
    )  # fmt: skip
    for tag in after.tags - before.tags:
        db.execute("INSERT OR IGNORE INTO tags VALUES (?,?,?)", (after.id, tag, seconds(now)))
    for tag in before.tags - after.tags:
        db.execute("DELETE FROM tags WHERE contact_id = ? AND tag = ?", (after.id, tag))


def _contact(db: sqlite3.Connection, row: sqlite3.Row) -> Contact:
    tags = db.execute("SELECT tag FROM tags WHERE contact_id = ?", (row["id"],))
    return Contact(
        id=row["id"],
        number=row["number"],
        name=row["name"],
        language=row["language"],
        timezone=row["timezone"],
        tags=frozenset(tag["tag"] for tag in tags),
        fields=_fields(row["fields"]),
        consent=Consent(row["consent"]),
        first_seen=moment_or_none(row["first_seen"]),
        last_seen=moment_or_none(row["last_seen"]),
        is_new=row["last_seen"] is None,
    )


def _fields(stored: str) -> dict[str, Value]:
    return {str(name): from_json(value) for name, value in json.loads(stored).items()}
