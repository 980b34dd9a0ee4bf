"""What the files of a campaign held when a person looked at it: a change is seen at once."""

import json
import sqlite3
from collections.abc import Mapping

FILES = "campaigns.files."
"""In `meta`, before a campaign's name."""


def note(db: sqlite3.Connection, name: str, files: Mapping[str, str]) -> None:
    """Note what each file of a campaign holds, in hex digits."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (FILES + name, json.dumps(dict(files))))


def held(db: sqlite3.Connection, name: str) -> dict[str, str]:
    """Return what the files of a campaign held; {} where it sends none."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (FILES + name,)).fetchone()
    found: dict[str, str] = {} if row is None else json.loads(row["value"])
    return found
