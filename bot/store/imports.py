"""People from tables of others, taken in batch by batch; a batch taken in twice changes nothing."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.data import dataclass, replace
from bot.domain.leads import Lead, LeadChange, standing_of
from bot.domain.numbers import chat_of, variants
from bot.store import consents, contacts, lead_history, leads
from bot.store.times import seconds

Person = Mapping[str, Any]  # JSON; see `bot.audience.cells`


@dataclass(slots=True)
class Counts:
    """What became of the people of a batch."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    still_withdrawn: int = 0  # a grant in the file met a withdrawal, which holds

    def add(self, other: "Counts | Mapping[str, int]") -> None:
        """Count the people of another batch too."""
        for name in ("added", "changed", "unchanged", "still_withdrawn"):
            more = other[name] if isinstance(other, Mapping) else getattr(other, name)
            setattr(self, name, getattr(self, name) + int(more))


def known_numbers(db: sqlite3.Connection, numbers: Sequence[str]) -> dict[str, int]:
    """Return who is known by these numbers in E.164, in any form that a number has."""
    forms = {form: number for number in numbers for form in reversed(variants(number))}
    asked = json.dumps(list(forms))
    addresses = json.dumps([chat_of(form) for form in forms])
    found = {
        row["number"]: int(row["id"])
        for row in db.execute(
            "SELECT id, number FROM contacts WHERE number IN (SELECT value FROM json_each(?))"
            " ORDER BY id DESC",
            (asked,),
        )
    }
    for row in db.execute(
        "SELECT address, contact_id FROM identities"
        " WHERE address IN (SELECT value FROM json_each(?))",
        (addresses,),
    ):
        found.setdefault(contacts.number_of(row["address"]), int(row["contact_id"]))
    return {
        number: next(found[form] for form in variants(number) if form in found)
        for number in numbers
        if any(form in found for form in variants(number))
    }


def take_in(
    db: sqlite3.Connection, people: Sequence[Person], who: str, now: datetime, *, keep: bool = False
) -> Counts:
    """Store a batch of people: who is unknown is added, who is known gets what the file says.

    What a file leaves blank stays as it is. A withdrawal of consent stays, whatever the file says.

    Args:
        who: Who wrote the entries of consent, ``import:ID``.
        keep: Of who is known only what is not known is filled in.
    """
    counts = Counts()
    known = known_numbers(db, [str(person["number"]) for person in people])
    rows = _rows(db, known.values())
    for person in people:
        number = str(person["number"])
        contact = next((known[form] for form in variants(number) if form in known), None)
        is_new = contact is None
        if contact is None:
            contact = contacts.meet(db, chat_of(number), "", now).id
            known[number] = contact
            rows.update(_rows(db, [contact]))
        changed = _fill(db, rows[contact], person, keep=keep and not is_new)
        changed = _tag(db, contact, person.get("tags", ()), now) or changed
        changed = _lead(db, contact, person, who, now, keep=keep and not is_new) or changed
        changed = _consent(db, contact, person, who, now, counts) or changed
        if is_new:
            counts.added += 1
        elif changed:
            counts.changed += 1
        else:
            counts.unchanged += 1
        if changed:
            rows.update(_rows(db, [contact]))
    return counts


def _rows(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, sqlite3.Row]:
    rows = db.execute(
        "SELECT id, name, language, timezone, fields FROM contacts"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return {int(row["id"]): row for row in rows}


def _fill(db: sqlite3.Connection, row: sqlite3.Row, person: Person, *, keep: bool) -> bool:
    """Write what a file says over what is known; True when that was another."""
    held = contacts.marked_fields(db, row["id"], row["fields"])
    said = person.get("fields", {})
    fields = {**said, **held} if keep else {**held, **said}
    after = [
        row[name] if keep and row[name] else person.get(name) or row[name]
        for name in ("name", "language", "timezone")
    ]
    if fields == held and after == [row["name"], row["language"], row["timezone"]]:
        return False
    db.execute(
        "UPDATE contacts SET name = ?, language = ?, timezone = ?, fields = ? WHERE id = ?",
        (*after, contacts.sealed_fields(db, row["id"], fields), row["id"]),
    )
    return True


def _tag(db: sqlite3.Connection, contact: int, tags: Sequence[str], now: datetime) -> bool:
    changed = False
    for tag in tags:
        done = db.execute("INSERT OR IGNORE INTO tags VALUES (?,?,?)", (contact, tag, seconds(now)))
        changed = changed or done.rowcount > 0
    return changed


def _lead(
    db: sqlite3.Connection, contact: int, person: Person, who: str, now: datetime, *, keep: bool
) -> bool:
    """Write what a file says of a lead, with a line for its history; True when that was another."""
    said = person.get("lead")
    if not said:
        return False
    before = leads.load(db, contact, now)
    if before is not None and keep:
        said = {} if before.owner or "owner" not in said else {"owner": said["owner"]}
    stage = str(said.get("begins", "new"))
    lead = before or Lead(contact_id=contact, stage=stage, created_at=now)
    if "score" in said and said["score"] != lead.score:
        lead = replace(lead, score=int(said["score"]), rest=0.0, scored_at=now)
    lead = replace(
        lead, stage=said.get("stage") or lead.stage, owner=said.get("owner") or lead.owner
    )
    if lead == before:
        return False
    was, now_ = standing_of(before), standing_of(lead)
    lead_history.note(db, contact, LeadChange(when=now, by=who, cause=who, before=was, after=now_))
    leads.keep(db, lead, now)
    return True


def _consent(
    db: sqlite3.Connection, contact: int, person: Person, who: str, now: datetime, counts: Counts
) -> bool:
    """Write what a file says of consent into the ledger; True when it was not there."""
    said = person.get("consent")
    if not said:
        return False
    state = ConsentState(said["state"])
    before = consents.current(db, contact)
    if state is ConsentState.GRANTED and before is not None and before.state is not state:
        counts.still_withdrawn += 1
        return False
    when = datetime.fromisoformat(said["when"]) if said["when"] else now
    entry = ConsentEntry(
        when=when, state=state, source=said["source"], wording=said["wording"],
        proof=said["proof"], who=who,
    )  # fmt: skip
    return consents.record(db, contact, entry)
