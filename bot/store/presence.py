"""When people were last online, as far as they show it and the owner wants it kept."""

import sqlite3
from collections.abc import Sequence

from bot.domain.presence import Seen
from bot.store.times import moment, seconds


def note_all(db: sqlite3.Connection, seen: Sequence[Seen]) -> None:
    """Note who came online or left; what is older than what is known changes nothing."""
    db.executemany(
        "INSERT INTO presence VALUES (?,?,?) ON CONFLICT (address) DO UPDATE SET"
        " online = excluded.online, at = excluded.at WHERE excluded.at >= presence.at",
        [(one.address, int(one.online), seconds(one.at)) for one in seen],
    )


def nobody_online(db: sqlite3.Connection) -> None:
    """Note that nobody is known to be online: the page that told it is gone."""
    db.execute("UPDATE presence SET online = 0 WHERE online = 1")


def every(db: sqlite3.Connection) -> list[Seen]:
    """Return who was online when, the latest first."""
    rows = db.execute("SELECT address, online, at FROM presence ORDER BY at DESC")
    return [
        Seen(address=row["address"], online=bool(row["online"]), at=moment(row["at"]))
        for row in rows
    ]
