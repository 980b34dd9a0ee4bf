"""The account's lives: whether the last ones ended before they were ready."""

import json
import sqlite3
from datetime import datetime, timedelta

from bot.store.times import seconds

RECENT = timedelta(minutes=5)


def begin(db: sqlite3.Connection, now: datetime) -> int:
    """Note that a life begins; return how many recent ones ended before they were ready."""
    recent = [one for one in _known(db) if one > seconds(now - RECENT)]
    _keep(db, [*recent, seconds(now)])
    return len(recent)


def became_ready(db: sqlite3.Connection) -> None:
    """Note that this life became ready: the ones before are forgiven."""
    _keep(db, [])


def ended(db: sqlite3.Connection) -> None:
    """Note that this life was ended on purpose: it says nothing against the next one."""
    _keep(db, _known(db)[:-1])


def _known(db: sqlite3.Connection) -> list[float]:
    row = db.execute("SELECT value FROM meta WHERE key = 'unready_lives'").fetchone()
    return list(json.loads(row["value"])) if row else []


def _keep(db: sqlite3.Connection, moments: list[float]) -> None:
    db.execute(
        "INSERT INTO meta VALUES ('unready_lives', ?) ON CONFLICT (key) DO UPDATE"
        " SET value = excluded.value",
        (json.dumps(moments),),
    )
