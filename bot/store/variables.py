"""Values that all contacts share (`vars.` in rules)."""

import json
import sqlite3

from bot.domain.values import Value, from_json, is_hidden, to_json
from bot.store import cipher


def load(db: sqlite3.Connection) -> dict[str, Value]:
    """Return all shared values. Raises SealBroken."""
    return load_all(db)[0]


def load_all(db: sqlite3.Connection) -> tuple[dict[str, Value], frozenset[str]]:
    """Return all shared values, and the names of those that are shown to nobody.

    Raises:
        SealBroken: A value does not open.
    """
    rows = db.execute("SELECT name, value FROM variables")
    stored = {str(name): json.loads(value) for name, value in rows}
    values = {
        name: from_json(cipher.opened(db, held, _place(name))) for name, held in stored.items()
    }
    return values, frozenset(name for name, held in stored.items() if is_hidden(held))


def keep(db: sqlite3.Connection, name: str, value: Value, *, sensitive: bool = False) -> None:
    """Store one shared value."""
    plain = to_json(value)
    held = cipher.sealed(db, plain, _place(name)) if sensitive else plain
    db.execute(
        "INSERT INTO variables VALUES (?,?) ON CONFLICT (name) DO UPDATE"
        " SET value = excluded.value",
        (name, json.dumps(held)),
    )


def _place(name: str) -> str:
    return f"variables|{name}"
