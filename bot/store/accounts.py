"""The numbers that were logged in here, and up to when we know their chats."""

import sqlite3
from datetime import datetime, timedelta

from bot.domain.messages import AccountId
from bot.store.times import moment, seconds

OVERLAP = timedelta(minutes=10)
"""How far a sweep looks back behind the last one; repeats cost nothing, a gap costs a message."""

CODE_LIFE = timedelta(seconds=30)
"""A login code lives 20 s; whoever logged in did so at most this long after it was shown."""


def note_code(db: sqlite3.Connection, now: datetime) -> None:
    """Remember when a login code was last shown."""
    db.execute(
        "INSERT INTO meta VALUES ('code_shown', ?) ON CONFLICT (key) DO UPDATE"
        " SET value = excluded.value",
        (str(seconds(now)),),
    )


def sweep_from(db: sqlite3.Connection, account: AccountId, now: datetime) -> datetime:
    """Return from when on messages of this account concern us.

    On its first login that is when the code was last shown: what is older is history.
    """
    row = db.execute("SELECT * FROM accounts WHERE account = ?", (account,)).fetchone()
    if row is not None:
        return max(moment(row["first_ready_at"]), moment(row["swept_at"]) - OVERLAP)
    shown = db.execute("SELECT value FROM meta WHERE key = 'code_shown'").fetchone()
    login = now - CODE_LIFE if shown is None else moment(float(shown["value"])) - CODE_LIFE / 10
    db.execute("INSERT INTO accounts VALUES (?,?,?)", (account, seconds(login), seconds(login)))
    return login


def note_swept(db: sqlite3.Connection, account: AccountId, begun: datetime) -> None:
    """Note that everything up to ``begun`` is stored."""
    db.execute(
        "UPDATE accounts SET swept_at = max(swept_at, ?) WHERE account = ?",
        (seconds(begun), account),
    )


def latest(db: sqlite3.Connection) -> AccountId | None:
    """Return the account that was last logged in here, None before the first login."""
    row = db.execute("SELECT account FROM accounts ORDER BY swept_at DESC LIMIT 1").fetchone()
    return None if row is None else AccountId(row["account"])
