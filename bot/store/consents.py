"""The ledger of consent: who allowed what, when, where, in which words, and what shows it.

Entries are only ever added. What holds now is the entry with the latest ``when``; it stands beside
the person too (`contacts.consent`), so that a look at one person or at all of them needs no ledger.
"""

# ruff: noqa: S608 - only words of our own are put into the queries

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.contacts import Consent
from bot.store.times import moment, seconds

CONSENTING = (
    "c.consent = 'given' AND EXISTS"
    " (SELECT 1 FROM consents g WHERE g.contact_id = c.id AND g.state = 'granted')"
)
"""The test that a row ``c`` of `contacts` allows it and the ledger shows it, for queries."""

LATEST = " ORDER BY at DESC, id DESC LIMIT 1"


def record(db: sqlite3.Connection, contact_id: int, entry: ConsentEntry) -> bool:
    """Write an entry; what is written already, or said again in the same words, is not repeated.

    Returns:
        True when what the person allows is now another.
    """
    before = current(db, contact_id)
    if _is_known(db, contact_id, entry, before):
        return False
    db.execute(
        "INSERT INTO consents (contact_id, at, state, source, wording, proof, who)"
        " VALUES (?,?,?,?,?,?,?)",
        (
            contact_id, seconds(entry.when), entry.state.value, entry.source, entry.wording,
            entry.proof, entry.who,
        ),
    )  # fmt: skip
    return settle(db, contact_id)


def settle(db: sqlite3.Connection, contact_id: int) -> bool:
    """Let the person's row say what the ledger says; True when it said something else."""
    latest = current(db, contact_id)
    holds = Consent.UNKNOWN if latest is None else latest.state.consent
    done = db.execute(
        "UPDATE contacts SET consent = ?1 WHERE id = ?2 AND consent != ?1",
        (holds.value, contact_id),
    )
    return done.rowcount > 0


def current(db: sqlite3.Connection, contact_id: int) -> ConsentEntry | None:
    """Return the entry in force, None when the person never said anything."""
    row = db.execute(f"SELECT * FROM consents WHERE contact_id = ?{LATEST}", (contact_id,))
    found = row.fetchone()
    return None if found is None else _entry(found)


def history(db: sqlite3.Connection, contact_id: int) -> list[ConsentEntry]:
    """Return all entries of a person, oldest first; the last is in force."""
    rows = db.execute("SELECT * FROM consents WHERE contact_id = ? ORDER BY at, id", (contact_id,))
    return [_entry(row) for row in rows]


def consenting(db: sqlite3.Connection, among: Iterable[int] | None = None) -> frozenset[int]:
    """Return who agreed, with an entry that shows it, and did not take it back.

    Args:
        among: Only these people; None for all.
    """
    ask = f"SELECT c.id FROM contacts c WHERE {CONSENTING}"
    if among is None:
        return frozenset(row[0] for row in db.execute(ask))
    ids = json.dumps(list(among))
    rows = db.execute(f"{ask} AND c.id IN (SELECT value FROM json_each(?))", (ids,))
    return frozenset(row[0] for row in rows)


def told(db: sqlite3.Connection, contact_id: int) -> dict[str, Any]:
    """Return a person with their entries, oldest first, in the shape that programs rely on."""
    row = db.execute("SELECT id, number, name, consent FROM contacts WHERE id = ?", (contact_id,))
    return {**dict(row.fetchone()), "entries": [plain(one) for one in history(db, contact_id)]}


def plain(entry: ConsentEntry) -> dict[str, str]:
    """Return an entry for JSON."""
    return {
        "when": entry.when.isoformat(), "state": entry.state.value, "source": entry.source,
        "wording": entry.wording, "proof": entry.proof, "who": entry.who,
    }  # fmt: skip


def join(db: sqlite3.Connection, kept: int, gone: int) -> None:
    """Give one person the entries of another; the caller sees to what holds then."""
    db.execute("UPDATE consents SET contact_id = ? WHERE contact_id = ?", (kept, gone))


def _is_known(
    db: sqlite3.Connection, contact_id: int, entry: ConsentEntry, before: ConsentEntry | None
) -> bool:
    """Tell whether the ledger holds this entry, or ends with one of the same words."""
    words = (entry.state, entry.source, entry.wording, entry.proof)
    if before is not None and entry.when >= before.when:
        return words == (before.state, before.source, before.wording, before.proof)
    row = db.execute(
        "SELECT 1 FROM consents WHERE contact_id = ? AND at = ? AND state = ? AND source = ?"
        " AND wording = ? AND proof = ?",
        (contact_id, seconds(entry.when), *words),
    ).fetchone()
    return row is not None


def _entry(row: sqlite3.Row) -> ConsentEntry:
    return ConsentEntry(
        when=moment(row["at"]), state=ConsentState(row["state"]), source=row["source"],
        wording=row["wording"], proof=row["proof"], who=row["who"],
    )  # fmt: skip
