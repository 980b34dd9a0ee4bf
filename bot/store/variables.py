"""Values that all contacts share (`vars.` in rules)."""

import json
import sqlite3

from bot.domain.values import Value, from_json, to_json


def load(db: sqlite3.Connection) -> dict[str, Value]:
    """Return all shared values."""
    rows = db.execute("SELECT name, value FROM variables")
    return {row["name"]: from_json(json.loads(row["value"])) for row in rows}


def keep(db: sqlite3.Connection, name: str, value: Value) -> None:
    """Store one shared value."""
    db.execute(
        "INSERT INTO variables VALUES (?,?) ON CONFLICT (name) DO UPDATE"
        " SET value = excluded.value",
        (name, json.dumps(to_json(value))),
    )
