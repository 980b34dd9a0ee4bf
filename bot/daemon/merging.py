"""Who is who, as a person says it: people merged, and a merge taken back."""

import sqlite3
from datetime import datetime
from typing import Any

from bot.domain.contacts import nobody_known
from bot.store import identities, journal
from bot.store.people import find_contact

COMMAND = "command"  # who says so, in the journal

Answer = dict[str, Any]


def merge(db: sqlite3.Connection, one: str, other: str, now: datetime) -> Answer:
    """Make one person of two, or say why not."""
    kept, gone = find_contact(db, one), find_contact(db, other)
    for person, named in ((kept, one), (gone, other)):
        if person is None:
            return _refused(nobody_known(named))
    assert kept is not None
    assert gone is not None
    if kept == gone:
        return _refused(f"{one!r} and {other!r} are one person already")
    return {"merge": identities.merge(db, kept, gone, COMMAND, now), "kept": kept, "merged": gone}


def unmerge(db: sqlite3.Connection, who: str, number: int | None, now: datetime) -> Answer:
    """Take a merge back (of a person the last one), or say why not."""
    if number is None:
        person = find_contact(db, who)
        if person is None:
            return _refused(nobody_known(who))
        number = journal.latest_of(db, person)
        if number is None:
            return _refused(f"{who!r} was never merged")
    against = journal.hindrance(db, number)
    if against:
        return _refused(against)
    journal.undo(db, number, now)
    return {"merge": number}


def _refused(reason: str) -> Answer:
    return {"done": False, "reason": reason}
