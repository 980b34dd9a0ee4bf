"""Takes a database back to an older schema, so that it is brought to the present one again."""

import re
import sqlite3
from pathlib import Path

from bot.store.migrations import SCHEMA_VERSION, STEPS


def undo(db: sqlite3.Connection, version: int) -> None:
    """Take a database back to what it was before the step that leaves ``version``."""
    for statement in reversed(STEPS[version]):
        if made := re.match(r"CREATE (?:VIRTUAL )?(TABLE|INDEX|TRIGGER) (\w+)", statement):
            db.execute(f"DROP {made[1]} IF EXISTS {made[2]}")
        elif added := re.match(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", statement):
            db.execute(f"ALTER TABLE {added[1]} DROP COLUMN {added[2]}")
    db.execute(f"PRAGMA user_version = {version}")


def take_back(path: Path, steps: int) -> None:
    """Take a closed database back by so many steps."""
    db = sqlite3.connect(path, isolation_level=None)
    held = int(db.execute("PRAGMA user_version").fetchone()[0])
    for version in range(held - 1, SCHEMA_VERSION - 1 - steps, -1):
        undo(db, version)
    db.close()
