"""Everything that is kept of one person, for that person: JSON, and their files beside it."""

# ruff: noqa: S608 - only words of our own are put into the queries

import json
import os
import sqlite3
import tempfile
import zipfile
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from bot.domain.values import to_json
from bot.store import consents, contacts
from bot.store.media_files import MediaFiles
from bot.store.people import show_person
from bot.store.search import each_message
from bot.store.times import moment

Json = dict[str, Any]

KEPT = {
    "person": ("contacts", "identities", "presence", "profiles"),
    "fields": ("contacts",),
    "tags": ("tags",),
    "consents": ("consents",),
    "lead": ("leads",),
    "lead_history": ("lead_changes",),
    "waits": ("waits",),
    "messages": ("inbox", "outbox", "media", "inbox_words", "outbox_words"),
    "written_in_groups": ("inbox",),
    "receipts": ("receipts",),
    "conversations": ("conversations",),
    "waiting": ("timers", "calls", "events", "announcements", "deliveries"),
    "decisions": ("traces",),
    "campaigns": ("campaign_recipients",),
    "merges": ("merges",),
    "labels": ("labels",),
    "groups": ("groups",),
    "number_checks": ("number_checks",),
    "other_systems": ("crm_jobs", "crm_links"),
}
"""The parts of the dossier, with the tables that each is made of."""

MANY = "SELECT value FROM json_each(:addresses)"
QUERIES = {
    "tags": "SELECT tag, since AS at FROM tags WHERE contact_id = :contact ORDER BY tag",
    "lead": "SELECT stage, score, owner, fields, notes, created_at, updated_at FROM leads"
    " WHERE contact_id = :contact",
    "lead_history": "SELECT * FROM lead_changes WHERE contact_id = :contact ORDER BY id",
    "waits": "SELECT sla, since, due_at, team, member, missed_at, ended_at, how, by, waited"
    " FROM waits WHERE contact_id = :contact ORDER BY id",
    "written_in_groups": "SELECT message_id AS id, chat, text, sent_at FROM inbox"
    f" WHERE sender IN ({MANY}) AND chat NOT IN ({MANY}) ORDER BY sent_at",
    "receipts": f"SELECT * FROM receipts WHERE reader IN ({MANY}) OR message_id IN"
    f" (SELECT message_id FROM outbox WHERE chat IN ({MANY})) ORDER BY at",
    "conversations": "SELECT chat, flow, step, muted_until, last_message_at, state"
    f" FROM conversations WHERE contact_id = :contact OR chat IN ({MANY})",
    "decisions": "SELECT at, chat, event, winner, lines, effects, errors FROM traces"
    " WHERE contact_id = :contact ORDER BY id",
    "campaigns": "SELECT u.campaign, r.state, r.variant, r.reason, r.due_at"
    " FROM campaign_recipients r JOIN campaign_runs u ON u.id = r.run"
    " WHERE r.contact_id = :contact ORDER BY r.due_at",
    "merges": "SELECT id, at, by, kept, gone, undone_at FROM merges"
    " WHERE kept = :contact OR gone = :contact ORDER BY id",
    "labels": f"SELECT chat, label FROM labels WHERE chat IN ({MANY})",
    "groups": "SELECT chat, subject FROM groups WHERE EXISTS (SELECT 1 FROM json_each(members)"
    f" WHERE json_extract(value, '$[0]') IN ({MANY}))",
    "number_checks": f"SELECT number, chat, at FROM number_checks WHERE chat IN ({MANY})",
    "other_systems": "SELECT target, kind, remote, data FROM crm_links WHERE lane IN"
    f" ({MANY}) OR lane = CAST(:contact AS TEXT) UNION ALL SELECT target, kind, 'waits', '{{}}'"
    f" FROM crm_jobs WHERE lane IN ({MANY}) OR lane = CAST(:contact AS TEXT)",
}
WAITING = {
    "timers": f"SELECT kind, due_at, payload FROM timers WHERE chat IN ({MANY})",
    "calls": f"SELECT kind, state, created_at, request FROM calls WHERE chat IN ({MANY})",
    "events": f"SELECT name, at, data, state FROM events WHERE chat IN ({MANY})",
    "announcements": f"SELECT event, data FROM announcements WHERE chat IN ({MANY})",
    "deliveries": "SELECT event, state, created_at, body FROM deliveries WHERE EXISTS"
    " (SELECT 1 FROM json_each(:addresses) WHERE instr(body, value))",
}
MOMENTS = frozenset((
    "at", "created_at", "sent_at", "updated_at", "due_at", "muted_until", "last_message_at",
    "undone_at",
))  # fmt: skip
INNER = frozenset((
    "fields", "notes", "state", "lines", "effects", "errors", "payload", "request", "data", "body",
))  # fmt: skip


def everything_of(db: sqlite3.Connection, contact_id: int, zone: tzinfo) -> Json:
    """Return all that is kept of a person; moments in a time zone, with their offset.

    What is sealed is opened where ``db`` has the keys, and ••• where it has none.
    """
    (row,) = contacts.rows_of(db, [contact_id])
    contact = contacts.contact_of(db, row)
    addresses = [
        one["address"]
        for one in db.execute("SELECT address FROM identities WHERE contact_id = ?", (contact_id,))
    ]
    given = {"contact": contact_id, "addresses": json.dumps(addresses)}

    def rows(query: str) -> list[Json]:
        return [_plain(one, zone) for one in db.execute(query, given)]

    files = {
        one["id"]: one["sha256"]
        for one in db.execute(
            "SELECT i.message_id AS id, m.sha256 FROM media m JOIN inbox i ON i.id = m.id"
            f" WHERE m.sha256 != '' AND i.chat IN ({MANY}) UNION SELECT message_id,"
            " json_extract(body, '$.kept') FROM outbox WHERE body LIKE '%\"kept\"%'"
            f" AND chat IN ({MANY})",
            given,
        )
    }
    messages = [
        {**one, "t": _moment(one["t"], zone), "file": files.get(one["id"])}
        for one in each_message(db, addresses)
    ]
    found: Json = {
        "person": show_person(db, addresses[0]) if addresses else {"number": contact.number},
        "fields": {name: to_json(value) for name, value in contact.fields.items()},
        "consents": [consents.plain(one) for one in consents.history(db, contact_id)],
        "messages": messages,
        "waiting": {name: rows(query) for name, query in WAITING.items()},
        **{name: rows(query) for name, query in QUERIES.items()},
    }
    return {name: found[name] for name in KEPT}


def write_dossier(dossier: Json, media: MediaFiles, path: Path) -> int:
    """Write ``person.json`` and the files into a ZIP for its owner alone; return the files."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    written = 0
    try:
        with os.fdopen(descriptor, "w+b") as raw, zipfile.ZipFile(raw, "w") as packed:
            text = json.dumps(dossier, indent=2, ensure_ascii=False, default=str)
            packed.writestr("person.json", text, zipfile.ZIP_DEFLATED)
            hashes = {one["file"] for one in dossier["messages"] if one["file"]}
            for sha256 in sorted(hashes):
                file = media.path_of(sha256)
                if file is not None:
                    packed.write(file, f"media/{sha256}")
                    written += 1
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return written


def _plain(row: sqlite3.Row, zone: tzinfo) -> Json:
    return {name: _value(name, row[name], zone) for name in row.keys()}  # noqa: SIM118 - a row of sqlite3


def _value(name: str, value: object, zone: tzinfo) -> object:
    if name in MOMENTS and isinstance(value, int | float):
        return _moment(value, zone)
    if name not in INNER or not isinstance(value, str) or not value:
        return value
    try:
        return _shown(json.loads(value))
    except ValueError:
        return value


def _shown(value: object) -> object:
    """Return parsed JSON with what is sealed in it as •••."""
    match value:
        case {"$": "sealed" | "hidden"}:
            return "•••"
        case dict():
            return {name: _shown(one) for name, one in value.items()}
        case list():
            return [_shown(one) for one in value]
        case _:
            return value


def _moment(stored: float, zone: tzinfo) -> str:
    when: datetime = moment(stored)
    return when.astimezone(zone).isoformat()
