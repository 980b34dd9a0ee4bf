"""Who chats are with: the people behind many addresses and their leads, read at once."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.contacts import Contact
from bot.domain.data import dataclass
from bot.domain.leads import NO_DECAY, Lead
from bot.domain.turns import EventRaised, HumanReplied, MessageArrived, TurnEvent, author_of
from bot.inbound.lanes import Lane
from bot.store import contacts, leads
from bot.store.ageing import Ageing, ageing


@dataclass(frozen=True, slots=True)
class Person:
    """A person with the lead, and both as they are stored, to tell whether they changed since."""

    contact: Contact
    lead: Lead | None
    stored: tuple[object, ...]
    stored_lead: tuple[object, ...]


def address_of(lane: Lane, event: TurnEvent) -> tuple[str, str]:
    """Return the address of who an event is about, and the name that it shows."""
    match event:
        case MessageArrived(message=message) | HumanReplied(message=message):
            return contacts.sender_of(message)
        case EventRaised(data=data) if data.get("member") and lane[1].endswith("@g.us"):
            # what happened in a group is about its member
            return str(data["member"]), str(data.get("name") or "")
        case _:
            return author_of(event) or lane[1], ""


def meet_all(
    db: sqlite3.Connection, callers: Iterable[tuple[str, str]], now: datetime
) -> dict[str, Person]:
    """Return the people behind addresses; who is unknown is written down as new."""
    names: dict[str, str] = {}
    for address, name in callers:
        names[address] = names.get(address) or name
    found = contacts.rows_at(db, list(names))
    strangers = {address: name for address, name in names.items() if address not in found}
    if strangers:
        contacts.meet_all(db, strangers, now)
        found.update(contacts.rows_at(db, list(strangers)))
    return _people(db, found, {}, now)


def look_again(
    db: sqlite3.Connection, known: Mapping[str, Person], now: datetime
) -> dict[str, Person]:
    """Return people as they are stored now; who did not change is not read anew."""
    return _people(db, contacts.rows_at(db, list(known)), known, now)


def _people(
    db: sqlite3.Connection, rows: Mapping[str, sqlite3.Row], known: Mapping[str, Person],
    now: datetime,
) -> dict[str, Person]:  # fmt: skip
    lead_rows = leads.rows_of(db, [row["id"] for row in rows.values()])
    seen = ageing(db, now) if lead_rows else Ageing(NO_DECAY, now)
    people: dict[str, Person] = {}
    for address, row in rows.items():
        lead_row = lead_rows.get(row["id"])
        stored, stored_lead = tuple(row), tuple(lead_row or ())
        before = known.get(address)
        if before and before.stored == stored and before.stored_lead == stored_lead:
            people[address] = before
            continue
        lead = leads.lead_of(db, lead_row, seen) if lead_row is not None else None
        people[address] = Person(contacts.contact_of(db, row), lead, stored, stored_lead)
    return people
