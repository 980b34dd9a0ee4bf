"""Changes of who is who, written down so that each can be undone: images of rows, before and after.

An undo gives every row back that nobody changed since. Of a row that was changed, what the
merge had set and nobody touched goes back, what is newer stays.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.store.times import moment, seconds

Image = dict[str, Any]  # a row by its columns
Key = str  # the JSON of a row's primary key

KEYS: Mapping[str, tuple[str, ...]] = {
    "contacts": ("id",),
    "identities": ("address",),
    "tags": ("contact_id", "tag"),
    "consents": ("id",),
    "campaign_recipients": ("run", "contact_id"),
    "leads": ("id",),
    "lead_changes": ("id",),
    "waits": ("id",),
    "conversations": ("account", "chat"),
    "timers": ("id",),
    "calls": ("key",),
    "events": ("id",),
    "traces": ("id",),
}
"""The tables that tell of people, with their primary keys."""

LINKS: Mapping[str, str] = {
    "traces": "id, contact_id",
    "calls": "key, account, chat",
    "events": "id, account, chat",
}
"""Of these only where they belong is noted: the rest never changes with a person."""

_PERSON = "contact_id IN (SELECT value FROM json_each(?1))"
_CHAT = "chat IN (SELECT value FROM json_each(?2))"
_TESTS: Mapping[str, str] = {
    "contacts": "id IN (SELECT value FROM json_each(?1))",
    **dict.fromkeys(
        (
            "identities",
            "tags",
            "consents",
            "campaign_recipients",
            "leads",
            "lead_changes",
            "waits",
            "traces",
        ),
        _PERSON,
    ),
    "conversations": f"({_PERSON} OR {_CHAT})",
    **dict.fromkeys(("timers", "calls", "events"), _CHAT),
}
_BOTH = "?1 IS NOT NULL AND ?2 IS NOT NULL"  # each statement has both values


def images(
    db: sqlite3.Connection, people: Sequence[int], chats: Sequence[str]
) -> dict[str, dict[Key, Image]]:
    """Return the rows of these people, and of these chats what waits in them."""
    found: dict[str, dict[Key, Image]] = {}
    for table, keys in KEYS.items():
        columns = LINKS.get(table, "*")
        rows = db.execute(
            f"SELECT {columns} FROM {table} WHERE {_TESTS[table]} AND {_BOTH}",  # noqa: S608 - our words
            (json.dumps(list(people)), json.dumps(list(chats))),
        )
        images_ = (dict(row) for row in rows)
        found[table] = {json.dumps([image[key] for key in keys]): image for image in images_}
    return found


def write_down(  # noqa: PLR0913 - what an entry has
    db: sqlite3.Connection, *, kept: int, gone: int | None, by: str,
    before: Mapping[str, Mapping[Key, Image]], after: Mapping[str, Mapping[Key, Image]],
    now: datetime,
) -> int:  # fmt: skip
    """Note a change and return its number."""
    changed = [
        [table, key, before[table].get(key), after[table].get(key)]
        for table in KEYS
        for key in {**before[table], **after[table]}
        if before[table].get(key) != after[table].get(key)
    ]
    cursor = db.execute(
        "INSERT INTO merges (at, by, kept, gone, changed, undone_at) VALUES (?,?,?,?,?,NULL)",
        (seconds(now), by, kept, gone, json.dumps(changed)),
    )
    return int(cursor.lastrowid or 0)


def entries(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return all changes, the latest first."""
    rows = db.execute(
        "SELECT m.id, m.at, m.by, m.kept, m.gone, m.undone_at, c.name, c.number FROM merges m"
        " LEFT JOIN contacts c ON c.id = m.kept ORDER BY m.id DESC"
    )
    return [
        {
            "id": row["id"],
            "at": moment(row["at"]).isoformat(),
            "by": row["by"],
            "kept": row["kept"],
            "merged": row["gone"],
            "name": row["name"],
            "number": row["number"],
            "undone_at": None if row["undone_at"] is None else moment(row["undone_at"]).isoformat(),
        }
        for row in rows
    ]


def latest_of(db: sqlite3.Connection, person: int) -> int | None:
    """Return the last merge of a person that stands, None when there is none."""
    row = db.execute(
        "SELECT max(id) FROM merges WHERE undone_at IS NULL AND gone IS NOT NULL AND kept = ?",
        (person,),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def hindrance(db: sqlite3.Connection, entry: int) -> str:
    """Return why a change cannot be undone now, "" when it can."""
    row = db.execute("SELECT * FROM merges WHERE id = ?", (entry,)).fetchone()
    if row is None:
        return f"there is no merge {entry}"
    if row["undone_at"] is not None:
        return f"merge {entry} is undone already"
    people = {row["kept"], row["gone"]} - {None}
    later = db.execute(
        "SELECT min(id) FROM merges WHERE undone_at IS NULL AND id > ?1 AND"
        " (kept IN (SELECT value FROM json_each(?2)) OR gone IN (SELECT value FROM json_each(?2)))",
        (entry, json.dumps(sorted(people))),
    ).fetchone()[0]
    return "" if later is None else f"merge {later} came after it; undo that one first"


def undo(db: sqlite3.Connection, entry: int, now: datetime) -> None:
    """Take a change back; `hindrance` must have nothing against it."""
    row = db.execute("SELECT changed FROM merges WHERE id = ?", (entry,)).fetchone()
    missing: list[tuple[str, Image]] = []
    for table, key, before, after in json.loads(row["changed"]):
        held = _held(db, table, json.loads(key))
        if held is None:
            if before is not None and after is None and table not in LINKS:
                missing.append((table, before))
        elif before is None:
            if held == after:
                _where(db, "DELETE FROM " + table, table, json.loads(key))  # noqa: S608
        elif after is not None:
            _give_back(db, table, held, before, after)
    for table, before in missing:
        names = ", ".join(before)
        marks = ", ".join("?" * len(before))
        db.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - our words
                   tuple(before.values()))  # fmt: skip
    db.execute("UPDATE merges SET undone_at = ? WHERE id = ?", (seconds(now), entry))


def _give_back(
    db: sqlite3.Connection, table: str, held: Image, before: Image, after: Image
) -> None:
    """Set the columns of a row back that are as the merge left them."""
    back = {
        name: value
        for name, value in before.items()
        if name in held and held[name] == after.get(name) and held[name] != value
    }
    if not back:
        return
    changes = ", ".join(f"{name} = ?" for name in back)
    key = [held[name] for name in KEYS[table]]
    _where(db, f"UPDATE OR IGNORE {table} SET {changes}", table, key, tuple(back.values()))  # noqa: S608 - our words


def _held(db: sqlite3.Connection, table: str, key: Sequence[object]) -> Image | None:
    row = _where(db, f"SELECT {LINKS.get(table, '*')} FROM {table}", table, key).fetchone()  # noqa: S608
    return None if row is None else dict(row)


def _where(
    db: sqlite3.Connection, what: str, table: str, key: Sequence[object],
    values: tuple[object, ...] = (),
) -> sqlite3.Cursor:  # fmt: skip
    test = " AND ".join(f"{name} = ?" for name in KEYS[table])
    return db.execute(f"{what} WHERE {test}", (*values, *key))
