"""People: one row a person, whatever addresses WhatsApp knows them by."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.contacts import Consent, Contact
from bot.domain.data import replace
from bot.domain.messages import Message
from bot.domain.numbers import chat_of, variants
from bot.domain.values import Value, from_json, hide, is_hidden, to_json
from bot.store import cipher, consents, erasing
from bot.store.times import moment_or_none, seconds

NEXT_ID = (
    "SELECT max(coalesce((SELECT max(id) FROM contacts), 0),"
    " coalesce((SELECT max(gone) FROM merges), 0)) + 1"
)
"""An id that nobody has or had: who was merged away may come back."""
WRITE_DOWN = (
    "INSERT INTO contacts (id, number, name, language, timezone, consent, fields, first_seen,"
    " last_seen) VALUES (?, ?, ?, NULL, NULL, ?, '{}', ?, NULL)"
)
CONSENTS = {one.value: one for one in Consent}
NO_TAGS: frozenset[str] = frozenset()
COLUMNS = (
    "c.id, c.number, c.name, c.language, c.timezone, c.consent, c.fields, c.first_seen,"
    " c.last_seen, (SELECT json_group_array(tag) FROM tags WHERE contact_id = c.id) AS tags"
)
"""What `contact_of` reads, in its order: by name each column of a row is looked for anew."""


def number_of(address: str) -> str:
    """Return the number in E.164 that an address shows, "" when it hides it."""
    user, _, server = address.partition("@")
    return f"+{user}" if server == "c.us" and user.isdigit() else ""


def rows_at(db: sqlite3.Connection, addresses: Sequence[str]) -> dict[str, sqlite3.Row]:
    """Return what is stored of the people behind these addresses, for `contact_of`."""
    rows = db.execute(
        f"SELECT {COLUMNS}, i.address"  # noqa: S608 - our words
        " FROM identities i JOIN contacts c ON c.id = i.contact_id"
        " WHERE i.address IN (SELECT value FROM json_each(?))",
        (json.dumps(addresses),),
    )
    return {row[-1]: row for row in rows}


def rows_of(db: sqlite3.Connection, ids: Sequence[int]) -> list[sqlite3.Row]:
    """Return what is stored of these people, for `contact_of`, oldest first."""
    return db.execute(
        f"SELECT {COLUMNS}"  # noqa: S608 - our words
        " FROM contacts c WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY c.id",
        (json.dumps(list(ids)),),
    ).fetchall()


def find(db: sqlite3.Connection, address: str) -> Contact | None:
    """Return the person behind an address, None when nobody is known there."""
    row = rows_at(db, [address]).get(address)
    return None if row is None else contact_of(db, row)


def meet(db: sqlite3.Connection, address: str, name: str, now: datetime) -> Contact:
    """Return the person behind an address; who is unknown is written down as new.

    Who opted out before being erased has still opted out.
    """
    known = find(db, address)
    if known is not None:
        return named(known, name)
    number = number_of(address)
    twin = _twin(db, number)
    if twin is not None:
        db.execute("INSERT INTO identities VALUES (?,?)", (address, twin.id))
        db.execute("UPDATE contacts SET number = ? WHERE id = ?", (number, twin.id))
        return named(replace(twin, number=number), name)
    consent = Consent.WITHDRAWN if erasing.has_opted_out(db, number) else Consent.UNKNOWN
    contact_id = _next_id(db)
    db.execute(WRITE_DOWN, (contact_id, number, name, consent.value, seconds(now)))
    db.execute("INSERT INTO identities VALUES (?,?)", (address, contact_id))
    if consent is Consent.WITHDRAWN:
        consents.record(db, contact_id, _opted_out(now))
    return Contact(
        id=contact_id, number=number, name=name, consent=consent, first_seen=now, is_new=True
    )


def meet_all(db: sqlite3.Connection, names: Mapping[str, str], now: datetime) -> None:
    """Write down people whom nobody knows at their addresses, as `meet` does one by one.

    Args:
        names: By their addresses.
    """
    others = {address: _other_forms(number_of(address)) for address in names}
    known = rows_at(db, [form for forms in others.values() for form in forms]).keys() | names.keys()
    gone = erasing.opted_out(db, [number_of(address) for address in names])
    new: list[tuple[str, str]] = []
    for address, name in names.items():
        if number_of(address) in gone or not known.isdisjoint(others[address]):
            meet(db, address, name, now)
        else:
            new.append((address, name))
    people = list(enumerate(new, _next_id(db)))
    unknown, at = Consent.UNKNOWN.value, seconds(now)
    db.executemany(
        WRITE_DOWN,
        [(id_, number_of(address), name, unknown, at) for id_, (address, name) in people],
    )
    db.executemany(
        "INSERT INTO identities VALUES (?,?)", [(address, id_) for id_, (address, _) in people]
    )


def _next_id(db: sqlite3.Connection) -> int:
    return int(db.execute(NEXT_ID).fetchone()[0])


def _other_forms(number: str) -> list[str]:
    """Return the addresses under which WhatsApp may know a number too."""
    return [chat_of(form) for form in variants(number)[1:]] if number else []


def _twin(db: sqlite3.Connection, number: str) -> Contact | None:
    """Return who is known by the other form of a Brazilian number: an import may have guessed."""
    others = _other_forms(number)
    return (
        next((contact_of(db, row) for row in rows_at(db, others).values()), None)
        if others
        else None
    )


def _opted_out(now: datetime) -> ConsentEntry:
    """Return what is left of an opt-out of somebody who was erased since."""
    state = ConsentState.WITHDRAWN
    return ConsentEntry(when=now, state=state, source="opted out before being erased")


def named(contact: Contact, name: str) -> Contact:
    """Return a person, under the name that a message shows while no other is known."""
    return contact if contact.name or not name else replace(contact, name=name)


def sender_of(message: Message) -> tuple[str, str]:
    """Return the address and name of who a chat is with: the writer, or the partner when we are."""
    if message.from_me and not message.is_group:
        return message.chat, ""
    return message.sender, message.sender_name


def keep(
    db: sqlite3.Connection, before: Contact, after: Contact, now: datetime, *, wrote: bool
) -> None:
    """Store what a turn changed of a person. ``wrote``: the person was heard now."""
    db.execute(
        "UPDATE contacts SET number = ?, name = ?, language = ?, timezone = ?, consent = ?,"
        " fields = ?, last_seen = CASE WHEN ? THEN ? ELSE last_seen END WHERE id = ?",
        (
            after.number, after.name, after.language, after.timezone, after.consent.value,
            _stored(db, after), wrote, seconds(now), after.id,
        ),
    )  # fmt: skip
    for name in after.tags ^ before.tags:
        tag(db, after.id, name, now, on=name in after.tags)


def tag(db: sqlite3.Connection, contact_id: int, name: str, now: datetime, *, on: bool) -> None:
    """Put a tag on a person, or take it off."""
    if on:
        values = (contact_id, name, seconds(now))
        db.execute("INSERT OR IGNORE INTO tags VALUES (?,?,?)", values)
    else:
        db.execute("DELETE FROM tags WHERE contact_id = ? AND tag = ?", (contact_id, name))


def note_seen(db: sqlite3.Connection, contact_ids: Iterable[int], now: datetime) -> None:
    """Note that these people were heard now."""
    db.execute(
        "UPDATE OR FAIL contacts SET last_seen = ? WHERE id IN (SELECT value FROM json_each(?))",
        (seconds(now), json.dumps(list(contact_ids))),
    )


def contact_of(db: sqlite3.Connection, row: sqlite3.Row) -> Contact:
    """Return the person that `rows_at` found. Raises SealBroken."""
    id_, number, name, language, timezone, consent, stored, first_seen, last_seen, tags, *_ = row
    fields: dict[str, object] = {} if stored == "{}" else json.loads(stored)
    hidden = [name for name, held in fields.items() if is_hidden(held)] if fields else ()
    return Contact(
        id=id_,
        number=number,
        name=name,
        language=language,
        timezone=timezone,
        tags=NO_TAGS if tags == "[]" else frozenset(json.loads(tags)),
        fields=_fields(db, id_, fields) if fields else {},
        consent=CONSENTS[consent],
        first_seen=moment_or_none(first_seen),
        last_seen=moment_or_none(last_seen),
        is_new=last_seen is None,
        sensitive=frozenset(hidden) if hidden else NO_TAGS,
    )


def _stored(db: sqlite3.Connection, contact: Contact) -> str:
    if not contact.fields:
        return "{}"
    kept = {name: to_json(value) for name, value in contact.fields.items()}
    for name in contact.sensitive & kept.keys():
        kept[name] = cipher.sealed(db, kept[name], place_of(contact.id, name))
    return json.dumps(kept)


def _fields(
    db: sqlite3.Connection, contact_id: int, stored: Mapping[str, object]
) -> dict[str, Value]:
    return {
        name: from_json(cipher.opened(db, value, place_of(contact_id, name)))
        for name, value in stored.items()
    }


def marked_fields(db: sqlite3.Connection, contact_id: int, stored: str) -> dict[str, object]:
    """Return a person's fields as JSON, those that were sealed marked instead."""
    return {
        name: hide(cipher.opened(db, value, place_of(contact_id, name)))
        if is_hidden(value)
        else value
        for name, value in json.loads(stored).items()
    }


def sealed_fields(db: sqlite3.Connection, contact_id: int, marked: Mapping[str, object]) -> str:
    """Return what `marked_fields` gave, in the form at rest."""
    return json.dumps(
        {
            name: cipher.sealed(db, to_json(from_json(value)), place_of(contact_id, name))
            if is_hidden(value)
            else value
            for name, value in marked.items()
        }
    )


def place_of(contact_id: int, field: str) -> str:
    """Return the place for which a person's field is sealed."""
    return f"contacts|{contact_id}|{field}"
