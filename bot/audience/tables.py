"""What is written out of the database as tables: people, leads, the ledger of consent, messages.

Rows come one by one as they are read; moments are in the business's time zone, with their offset.
"""
# ruff: noqa: S608 - only words of our own are put into the queries

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from bot.domain.data import dataclass
from bot.domain.messages import Location
from bot.domain.values import Value, from_json, is_hidden
from bot.store.ageing import score_at
from bot.store.people import WantedPeople, tests_of, wears_the_name
from bot.store.search import each_message
from bot.store.times import moment

Line = dict[str, Any]  # by column; values that JSON holds


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and rows that have a value for each."""

    columns: tuple[str, ...]
    rows: Iterator[Line]


PEOPLE = (
    "SELECT c.*, (SELECT json_group_array(tag) FROM (SELECT tag FROM tags t"
    " WHERE t.contact_id = c.id ORDER BY tag)) AS tag_list,"
    " (SELECT json_group_array(address) FROM (SELECT address FROM identities i"
    " WHERE i.contact_id = c.id ORDER BY address)) AS addresses,"
    f" l.stage, {score_at(None)} AS score, g.at AS said_at, g.source, g.wording, g.proof"
    " FROM contacts c LEFT JOIN leads l ON l.contact_id = c.id LEFT JOIN consents g ON g.id ="
    " (SELECT id FROM consents WHERE contact_id = c.id ORDER BY at DESC, id DESC LIMIT 1)"
)
PERSON = (
    "id", "number", "name", "language", "timezone", "tags", "consent", "consent_when",
    "consent_source", "consent_wording", "consent_proof", "stage", "score", "first_seen",
    "last_seen", "identities",
)  # fmt: skip
LEAD = ("id", "number", "name", "stage", "score", "owner", "tags", "created_at", "updated_at",
        "notes")  # fmt: skip
ENTRY = ("contact", "number", "name", "when", "state", "source", "wording", "proof", "who")
MESSAGE = ("id", "chat", "direction", "type", "text", "t", "status")


def people(db: sqlite3.Connection, zone: tzinfo, wanted: WantedPeople) -> Table:
    """Return the people who fit, oldest first, in columns that an import reads back."""
    tests, values = tests_of(db, wanted)
    fields = _names(db, "contacts", PERSON)
    rows = db.execute(f"{PEOPLE} WHERE {tests} ORDER BY c.id", values)
    named = (row for row in rows if wears_the_name(row["name"], wanted.words))
    return Table((*PERSON, *fields), (_person(row, zone, fields) for row in named))


def _person(row: sqlite3.Row, zone: tzinfo, fields: Sequence[str]) -> Line:
    said = row["said_at"] is not None
    return {
        "id": row["id"], "number": row["number"], "name": row["name"], "language": row["language"],
        "timezone": row["timezone"], "tags": json.loads(row["tag_list"]),
        "consent": row["consent"], "consent_when": _moment(row["said_at"], zone),
        "consent_source": row["source"] if said else None,
        "consent_wording": row["wording"] if said else None,
        "consent_proof": row["proof"] if said else None,
        "stage": row["stage"], "score": row["score"],
        "first_seen": _moment(row["first_seen"], zone),
        "last_seen": _moment(row["last_seen"], zone), "identities": json.loads(row["addresses"]),
        **_fields(row["fields"], fields, zone),
    }  # fmt: skip


def leads(db: sqlite3.Connection, zone: tzinfo) -> Table:
    """Return the leads, oldest first."""
    fields = _names(db, "leads", LEAD)
    rows = db.execute(
        f"SELECT l.*, {score_at(None)} AS points, c.number, c.name,"
        " (SELECT json_group_array(tag) FROM (SELECT tag FROM tags t"
        "  WHERE t.contact_id = c.id ORDER BY tag)) AS tag_list"
        " FROM leads l JOIN contacts c ON c.id = l.contact_id ORDER BY l.id"
    )
    return Table(
        (*LEAD, *fields),
        (
            {
                "id": row["id"], "number": row["number"], "name": row["name"],
                "stage": row["stage"], "score": row["points"], "owner": row["owner"] or None,
                "tags": json.loads(row["tag_list"]), "created_at": _moment(row["created_at"], zone),
                "updated_at": _moment(row["updated_at"], zone), "notes": json.loads(row["notes"]),
                **_fields(row["fields"], fields, zone),
            }
            for row in rows
        ),
    )  # fmt: skip


def ledger(db: sqlite3.Connection, zone: tzinfo) -> Table:
    """Return every entry of the ledger of consent, in the order in which they were written."""
    rows = db.execute(
        "SELECT g.*, c.number, c.name FROM consents g JOIN contacts c ON c.id = g.contact_id"
        " ORDER BY g.id"
    )
    return Table(
        ENTRY,
        (
            {
                "contact": row["contact_id"], "number": row["number"], "name": row["name"],
                "when": _moment(row["at"], zone), "state": row["state"], "source": row["source"],
                "wording": row["wording"], "proof": row["proof"], "who": row["who"],
            }
            for row in rows
        ),
    )  # fmt: skip


def messages(db: sqlite3.Connection, zone: tzinfo, chats: Sequence[str] | None) -> Table:
    """Return the messages of chats (None: of all), both ways, in order of time."""
    rows = each_message(db, chats)
    return Table(MESSAGE, ({**row, "t": _moment(row["t"], zone)} for row in rows))


def _names(db: sqlite3.Connection, table: str, taken: Sequence[str]) -> tuple[str, ...]:
    """Return the names of all fields that somebody has; one like a column of ours is left out."""
    rows = db.execute(f"SELECT DISTINCT key FROM {table} t, json_each(t.fields) ORDER BY key")
    return tuple(row["key"] for row in rows if row["key"] not in taken)


def _fields(stored: str, names: Sequence[str], zone: tzinfo) -> Line:
    held = json.loads(stored)
    return {
        name: None if is_hidden(held.get(name)) else _plain(from_json(held.get(name)), zone)
        for name in names
    }


def _moment(stored: float | None, zone: tzinfo) -> str | None:
    return None if stored is None else moment(stored).astimezone(zone).isoformat()


def _plain(value: Value, zone: tzinfo) -> object:
    """Return a value as JSON has it, in a form that an import reads back."""
    match value:
        case datetime():
            return value.astimezone(zone).isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return _span(value)
        case Decimal():
            return _digits(value)
        case Location(latitude=float() as north, longitude=float() as east):
            return f"{north}, {east}"
        case Location(text=text):
            return text
        case Mapping():
            return {str(name): _plain(item, zone) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item, zone) for item in value]
        case _:
            return value


def _span(value: timedelta) -> str:
    parts, left = [], int(value.total_seconds())
    for sign, size in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        many, left = divmod(left, size)
        parts.append(f"{many}{sign}" if many else "")
    return "".join(parts) or "0s"


def _digits(number: Decimal) -> str:
    """Return a number in digits; three decimals get a fourth: nobody takes them for thousands."""
    text = format(number, "f")
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text


def cell(value: object) -> str:
    """Return a value as a cell shows it, and an import reads it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return _digits(Decimal(str(value)))
        case list() if all(isinstance(one, str) and not _parts(one) for one in value):
            return ", ".join(value)
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _parts(item: str) -> bool:
    """Tell whether an item of a list holds what parts items, or may not begin one."""
    return not item or item != item.strip() or any(sign in item for sign in ",;|\n[")
