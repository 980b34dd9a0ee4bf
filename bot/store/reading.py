"""What people ask to see: lists in the JSON shapes that other programs rely on, read-only."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.domain.errors import DatabaseRefused
from bot.store import ageing, sieve_expressions, versions
from bot.store.cipher import Connection, lend
from bot.store.keyring import Keyring
from bot.store.people import find_contact, readable
from bot.store.times import moment

Row = dict[str, Any]

HARMED = frozenset((11, 26))  # SQLite's CORRUPT and NOTADB


@contextmanager
def reading(path: Path, keys: Keyring | None = None) -> Iterator[sqlite3.Connection]:
    """Open the database to read.

    Args:
        keys: Open what is sensitive; without them it is read as •••.

    Raises:
        DatabaseRefused: There is none that can be read.
    """
    if not path.exists():
        raise DatabaseRefused(
            str(path), "there is no database yet; start the bot with `alexia run`"
        )
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10, factory=Connection)
    db.row_factory = sqlite3.Row
    ageing.register(db)
    sieve_expressions.register(db)
    try:
        if keys is not None:
            lend(db, keys)
        yield db
    except sqlite3.DatabaseError as reason:
        harmed = getattr(reason, "sqlite_errorcode", 0) & 0xFF in HARMED  # Python's own have none
        remedy = "; `alexia restore FILE --replace` puts a backup back" if harmed else ""
        raise DatabaseRefused(str(path), f"cannot be read ({reason}){remedy}") from reason
    finally:
        db.close()


def is_settled(db: sqlite3.Connection, chat: str) -> bool:
    """Tell whether a chat has nothing left to decide, to call or to send; all has left us."""
    row = db.execute(
        "SELECT EXISTS (SELECT 1 FROM inbox WHERE chat = ?1 AND state = 'waiting')"
        " OR EXISTS (SELECT 1 FROM events WHERE chat = ?1 AND state = 'waiting')"
        " OR EXISTS (SELECT 1 FROM calls WHERE chat = ?1 AND state IN ('waiting', 'answered'))"
        " OR EXISTS (SELECT 1 FROM outbox WHERE chat = ?1"
        " AND +state IN ('reserved', 'handed', 'uncertain', 'accepted'))",
        (chat,),
    ).fetchone()
    return not row[0]


def marks(db: sqlite3.Connection) -> tuple[int, int]:
    """Return two numbers that change whenever a message is heard or put into the outbox."""
    row = db.execute(
        "SELECT (SELECT coalesce(max(id), 0) FROM inbox), (SELECT coalesce(max(id), 0) FROM outbox)"
    ).fetchone()
    return int(row[0]), int(row[1])


def has_arrived(db: sqlite3.Connection, message_id: str) -> bool:
    """Tell whether a message was heard."""
    row = db.execute("SELECT 1 FROM inbox WHERE message_id = ? LIMIT 1", (message_id,)).fetchone()
    return row is not None


def list_leads(path: Path) -> list[Row]:
    """Return all leads, oldest first, with the scores that they have now."""
    with reading(path) as db:
        rows = db.execute(
            f"SELECT l.*, {ageing.score_at(None)} AS points, c.number, c.name,"  # noqa: S608 - our words
            " (SELECT json_group_array(tag) FROM (SELECT tag FROM tags t"
            "  WHERE t.contact_id = c.id ORDER BY tag)) AS tag_list"
            " FROM leads l JOIN contacts c ON c.id = l.contact_id ORDER BY l.id"
        )
        return [
            {
                "id": row["id"],
                "contact": {"number": row["number"], "name": row["name"]},
                "stage": row["stage"],
                "score": row["points"],
                "owner": row["owner"] or None,
                "tags": json.loads(row["tag_list"]),
                "fields": _fields(row["fields"]),
                "notes": json.loads(row["notes"]),
                "created_at": _iso(row["created_at"]),
            }
            for row in rows
        ]


def list_tags(path: Path) -> list[Row]:
    """Return each tag with the number of people who wear it."""
    with reading(path) as db:
        rows = db.execute("SELECT tag, count(*) AS n FROM tags GROUP BY tag ORDER BY tag")
        return [{"tag": row["tag"], "contacts": row["n"]} for row in rows]


def list_conversations(path: Path, *, old: bool = False) -> list[Row]:
    """Return the state of each chat, the latest first.

    Args:
        old: Only the chats in which a flow goes on in another version than the one in force.
    """
    with reading(path) as db:
        rows = db.execute(
            "SELECT v.*, c.number, c.name FROM conversations v"
            " JOIN contacts c ON c.id = v.contact_id ORDER BY v.last_message_at DESC"
        )
        current = versions.current(db) if old else set()
        return [_conversation(row) for row in rows if not old or _versions(row) - current]


def export_messages(path: Path, chat: str | None = None) -> list[Row]:
    """Return all stored messages of all chats (or of one), in order of time."""
    with reading(path) as db:
        rows = db.execute(
            "SELECT message_id AS id, chat, CASE from_me WHEN 1 THEN 'out' ELSE 'in' END AS"
            " direction, kind AS type, text, sent_at AS t, state AS status, id AS n FROM inbox"
            " WHERE ?1 IS NULL OR chat = ?1"
            " UNION ALL SELECT message_id, chat, 'out', 'text', text,"
            " coalesce(handed_at, created_at), state, id FROM outbox"
            " WHERE ?1 IS NULL OR chat = ?1 ORDER BY t, n",
            (chat,),
        )
        return [
            {
                "id": row["id"],
                "chat": row["chat"],
                "direction": row["direction"],
                "type": row["type"],
                "text": row["text"],
                "t": _iso(row["t"]),
                "status": row["status"],
            }
            for row in rows
        ]


def list_traces(path: Path, who: str | None = None, last: int = 10) -> list[Row]:
    """Return the last turns (of one person), oldest first."""
    with reading(path) as db:
        contact = find_contact(db, who) if who else None
        if who and contact is None:
            return []
        rows = db.execute(
            "SELECT t.*, c.number, c.name FROM traces t JOIN contacts c ON c.id = t.contact_id"
            " WHERE ?1 IS NULL OR t.contact_id = ?1 ORDER BY t.id DESC LIMIT ?2",
            (contact, last),
        ).fetchall()
        return [{**_trace(row), "sends": _sends(db, row["cause"])} for row in reversed(rows)]


def _sends(db: sqlite3.Connection, cause: str) -> list[Row]:
    """Return what became of each message that a turn decided on, and why it waited or was kept."""
    rows = db.execute(
        "SELECT by, state, held_why, detail FROM outbox WHERE cause = ? ORDER BY ordinal", (cause,)
    )
    return [_send(row) for row in rows]


def waiting_in(db: sqlite3.Connection, chat: str) -> list[Row]:
    """Return what waits to leave in a chat, in order, and why."""
    rows = db.execute(
        "SELECT by, state, held_why, detail FROM outbox WHERE chat = ? AND +state = 'reserved'"
        " ORDER BY id",
        (chat,),
    )
    return [_send(row) for row in rows]


def _send(row: sqlite3.Row) -> Row:
    reasons = filter(None, (row["detail"], row["held_why"]))
    return {"by": row["by"], "state": row["state"], "reason": "; ".join(reasons) or None}


def _versions(row: sqlite3.Row) -> set[str]:
    return {frame["version"] for frame in json.loads(row["state"]).get("frames", [])}


def _conversation(row: sqlite3.Row) -> Row:
    state = json.loads(row["state"])
    frames = state.get("frames", [])
    team, member = state.get("assigned", ("", ""))
    slots = frames[-1]["slots"] if frames else {}
    version = frames[-1]["version"] if frames else None
    return {
        "chat": row["chat"],
        "contact": {"number": row["number"], "name": row["name"]},
        "flow": row["flow"] or None,
        "step": row["step"] or None,
        "slots": {name: readable(value) for name, value in slots.items()},
        "version": version,
        "team": team or None,
        "member": member or None,
        "muted_until": _iso(row["muted_until"]),
        "last_message_at": _iso(row["last_message_at"]),
    }


def _trace(row: sqlite3.Row) -> Row:
    return {
        "at": _iso(row["at"]),
        "chat": row["chat"],
        "contact": {"number": row["number"], "name": row["name"]},
        "cause": row["cause"],
        "event": row["event"],
        "winner": row["winner"] or None,
        "milliseconds": row["milliseconds"],
        "lines": [
            {"path": path, "outcome": outcome, "why": why}
            for path, outcome, why in json.loads(row["lines"])
        ],
        "effects": json.loads(row["effects"]),
        "errors": json.loads(row["errors"]),
        "rulebook": row["rulebook"],
    }


def _fields(stored: str) -> Row:
    return {name: readable(value) for name, value in json.loads(stored).items()}


def _iso(stored: float | None) -> str | None:
    return None if stored is None else moment(stored).isoformat()
