"""One person, many addresses: what is learned of them, and who turns out to be the same."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.contacts import Consent
from bot.domain.messages import AccountId, ChatId
from bot.store import (
    campaign_people,
    cipher,
    consents,
    contacts,
    conversations,
    crm_links,
    journal,
    leads,
    timers,
)
from bot.store.ageing import ageing
from bot.store.contacts import number_of
from bot.store.times import seconds

LEARNED = "WhatsApp"  # who says that two addresses are one person's
STRICTEST = (Consent.WITHDRAWN.value, Consent.GIVEN.value, Consent.UNKNOWN.value)
"""What a person withdrew under one address is withdrawn under all."""


def learn(
    db: sqlite3.Connection, account: AccountId, hidden: str, address: str, now: datetime
) -> bool:
    """Note that a hidden address (`…@lid`) is that of a number (`…@c.us`).

    The chat goes on under the number: its conversation and timers move there. Two people who turn
    out to be one are merged.

    Returns:
        True when both addresses are now those of one known person.
    """
    known = {row["address"]: int(row["contact_id"]) for row in _people_at(db, (hidden, address))}
    old, person = known.get(hidden), known.get(address)
    if old is None and person is None:
        return False
    if old == person:
        return True
    if old is None:
        db.execute("INSERT INTO identities VALUES (?,?)", (hidden, person))
        return True
    people = [old] if person is None else [old, person]
    before = journal.images(db, people, (hidden, address))
    if person is None:
        db.execute("INSERT INTO identities VALUES (?,?)", (address, old))
        db.execute(
            "UPDATE contacts SET number = ? WHERE id = ? AND number = ''",
            (number_of(address), old),
        )
    else:
        _absorb(db, person, old, now)
    _move_chat(db, account, hidden, address)
    after = journal.images(db, people, (hidden, address))
    journal.write_down(
        db, kept=old if person is None else person, gone=None if person is None else old,
        by=LEARNED, before=before, after=after, now=now,
    )  # fmt: skip
    return True


def merge(db: sqlite3.Connection, kept: int, gone: int, by: str, now: datetime) -> int:
    """Make one person of two; return the number of the merge. Each chat keeps its conversation."""
    before = journal.images(db, (kept, gone), ())
    _absorb(db, kept, gone, now)
    after = journal.images(db, (kept, gone), ())
    return journal.write_down(
        db, kept=kept, gone=gone, by=by, before=before, after=after, now=now
    )  # fmt: skip


def _absorb(db: sqlite3.Connection, kept: int, gone: int, now: datetime) -> None:
    """Give all that one person has to another. What both have is joined; nothing strict is lost."""
    _join_contacts(db, kept, gone)
    _join_leads(db, kept, gone, now)
    db.execute(
        "INSERT INTO tags SELECT ?1, tag, since FROM tags WHERE contact_id = ?2"
        " ON CONFLICT DO UPDATE SET since = min(since, excluded.since)",
        (kept, gone),
    )
    db.execute("DELETE FROM tags WHERE contact_id = ?", (gone,))
    _join_consents(db, kept, gone, now)
    campaign_people.join(db, kept, gone)
    crm_links.join(db, kept, gone)
    for table in ("identities", "conversations", "traces", "lead_changes", "waits"):
        db.execute(f"UPDATE {table} SET contact_id = ? WHERE contact_id = ?", (kept, gone))  # noqa: S608 - our words
    db.execute("DELETE FROM contacts WHERE id = ?", (gone,))


def _join_contacts(db: sqlite3.Connection, kept: int, gone: int) -> None:
    one, other = (_row(db, "contacts", "id", who) for who in (kept, gone))
    assert one is not None
    assert other is not None
    taken = {
        name: cipher.moved(db, value, contacts.place_of(gone, name), contacts.place_of(kept, name))
        for name, value in json.loads(other["fields"]).items()
    }
    fields = {**taken, **json.loads(one["fields"])}
    seen = [when for when in (one["last_seen"], other["last_seen"]) if when is not None]
    db.execute(
        "UPDATE contacts SET number = ?, name = ?, language = ?, timezone = ?, consent = ?,"
        " fields = ?, first_seen = ?, last_seen = ? WHERE id = ?",
        (
            one["number"] or other["number"], one["name"] or other["name"],
            one["language"] or other["language"], one["timezone"] or other["timezone"],
            min(one["consent"], other["consent"], key=STRICTEST.index), json.dumps(fields),
            min(one["first_seen"], other["first_seen"]), max(seen, default=None), kept,
        ),
    )  # fmt: skip


def _join_leads(db: sqlite3.Connection, kept: int, gone: int, now: datetime) -> None:
    """Keep one lead: the stage of the later one, the score that is higher now, both notes."""
    one, other = (_row(db, "leads", "contact_id", who) for who in (kept, gone))
    if other is None:
        return
    taken = {
        name: cipher.moved(db, value, leads.place_of(gone, name), leads.place_of(kept, name))
        for name, value in json.loads(other["fields"]).items()
    }
    if one is None:
        db.execute(
            "INSERT INTO leads (contact_id, stage, score, owner, fields, notes, created_at,"
            " updated_at, rest, scored_at, qualified_at) SELECT ?, stage, score, owner, ?, notes,"
            " created_at, updated_at, rest, scored_at, qualified_at"
            " FROM leads WHERE contact_id = ?",
            (kept, json.dumps(taken), gone),
        )
        db.execute("DELETE FROM leads WHERE contact_id = ?", (gone,))
        return
    first, last = sorted((one, other), key=lambda row: float(row["updated_at"]))
    known = json.loads(one["fields"])
    fields = {**taken, **known} if last is one else {**known, **taken}
    notes = [*json.loads(first["notes"]), *json.loads(last["notes"])]
    seen = ageing(db, now)
    best = max((leads.score_of(row, seen) for row in (one, other)), key=lambda lead: lead.score)
    found = [row["qualified_at"] for row in (one, other) if row["qualified_at"] is not None]
    db.execute("DELETE FROM leads WHERE contact_id = ?", (gone,))
    db.execute(
        "UPDATE leads SET stage = ?, score = ?, owner = ?, fields = ?, notes = ?, created_at = ?,"
        " updated_at = ?, rest = ?, scored_at = ?, qualified_at = ? WHERE contact_id = ?",
        (
            last["stage"], best.score, last["owner"] or first["owner"], json.dumps(fields),
            json.dumps(notes), min(one["created_at"], other["created_at"]), last["updated_at"],
            best.rest, seconds(best.scored_at or now), min(found, default=None), kept,
        ),
    )  # fmt: skip


def _join_consents(db: sqlite3.Connection, kept: int, gone: int, now: datetime) -> None:
    """Keep the entries of both. What either withdrew is withdrawn, whatever was said later."""
    holds = str(_row(db, "contacts", "id", kept)["consent"])
    consents.join(db, kept, gone)
    latest = consents.current(db, kept)
    withdrawn = ConsentState.WITHDRAWN
    if holds == Consent.WITHDRAWN and latest is not None and latest.state is not withdrawn:
        entry = ConsentEntry(when=max(now, latest.when), state=withdrawn, source="merge")
        consents.record(db, kept, entry)


def _move_chat(db: sqlite3.Connection, account: AccountId, old: str, new: str) -> None:
    """Let the conversation of a chat go on under another address, with all that waits in it.

    Where both have one, an open flow goes before none, then the later one before the earlier.
    """
    rows = db.execute(
        "SELECT chat FROM conversations WHERE account = ?1 AND chat IN (?2, ?3)"
        " ORDER BY flow != '' DESC, coalesce(last_message_at, 0) DESC, chat = ?3 DESC",
        (account, old, new),
    ).fetchall()
    if rows and rows[0]["chat"] == old:
        db.execute("DELETE FROM conversations WHERE account = ? AND chat = ?", (account, new))
        db.execute("DELETE FROM timers WHERE account = ? AND chat = ?", (account, new))
        conversations.move(db, account, ChatId(old), ChatId(new))
        timers.move(db, account, ChatId(old), ChatId(new))
    db.execute(
        "UPDATE OR IGNORE inbox SET chat = ?1, sender = CASE sender WHEN ?2 THEN ?1 ELSE sender END"
        " WHERE account = ?3 AND chat = ?2 AND state = 'waiting'",
        (new, old, account),
    )
    db.execute(  # else what is said next overtakes it, and a person's answer does not cancel it
        "UPDATE outbox SET chat = ? WHERE account = ? AND chat = ?"
        " AND state IN ('reserved', 'handed', 'uncertain', 'accepted')",
        (new, account, old),
    )
    campaign_people.move_chat(db, old, new)
    crm_links.move_chat(db, old, new)
    db.execute("UPDATE waits SET chat = ? WHERE chat = ? AND how = ''", (new, old))
    for table, states in (
        ("calls", "'waiting', 'answered', 'quarantined'"), ("events", "'waiting', 'quarantined'")
    ):  # fmt: skip
        db.execute(
            f"UPDATE {table} SET chat = ? WHERE account = ? AND chat = ? AND state IN ({states})",  # noqa: S608
            (new, account, old),
        )


def _people_at(db: sqlite3.Connection, addresses: Sequence[str]) -> list[sqlite3.Row]:
    return db.execute(
        "SELECT address, contact_id FROM identities"
        " WHERE address IN (SELECT value FROM json_each(?))",
        (json.dumps(list(addresses)),),
    ).fetchall()


def _row(db: sqlite3.Connection, table: str, key: str, value: object) -> Any:  # noqa: ANN401 - a row, or None
    return db.execute(f"SELECT * FROM {table} WHERE {key} = ?", (value,)).fetchone()  # noqa: S608
