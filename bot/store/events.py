"""Our own events, queued for the chat in which rules may hear them."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import AUTHOR, EventRaised
from bot.domain.values import Value, from_json, is_hidden, to_json
from bot.store import cipher
from bot.store.times import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An event that waits for its turn."""

    row: int
    event: EventRaised
    cause: str  # of what raised it
    attempts: int = 0  # how often work on it began before
    at: float = 0.0  # when it was queued; with its row it names it, also in an older copy put back


def queue(
    db: sqlite3.Connection,
    account: AccountId,
    chat: ChatId,
    event: EventRaised,
    now: datetime,
    cause: str,
) -> None:
    """Store an event for its chat."""
    data = {**event.data, AUTHOR: event.author} if event.author else dict(event.data)
    plain = {name: to_json(value) for name, value in data.items() if name not in event.sensitive}
    row = db.execute(
        "INSERT INTO events (account, chat, name, data, at, state, cause)"
        " VALUES (?,?,?,?,?,'waiting',?)",
        (account, chat, event.name, json.dumps(plain), seconds(now), cause),
    ).lastrowid
    if event.sensitive:
        for name in event.sensitive & data.keys():
            plain[name] = cipher.sealed(db, to_json(data[name]), f"events|{row}|{name}")
        db.execute("UPDATE events SET data = ? WHERE id = ?", (json.dumps(plain), row))


def queue_once(
    db: sqlite3.Connection,
    account: AccountId,
    chat: ChatId,
    event: EventRaised,
    now: datetime,
    cause: str,
) -> None:
    """Store an event, unless one with the same cause was ever stored."""
    if db.execute("SELECT 1 FROM events WHERE cause = ? LIMIT 1", (cause,)).fetchone() is None:
        queue(db, account, chat, event, now, cause)


def next_waiting(db: sqlite3.Connection, account: AccountId, chat: ChatId) -> Queued | None:
    """Return the chat's next event that no turn has taken yet."""
    row = db.execute(
        "SELECT id, name, data, cause, attempts, at FROM events WHERE account = ? AND chat = ?"
        " AND state = 'waiting' ORDER BY id LIMIT 1",
        (account, chat),
    ).fetchone()
    if row is None:
        return None
    stored: dict[str, object] = json.loads(row["data"])
    data: dict[str, Value] = {
        name: from_json(cipher.opened(db, value, f"events|{row['id']}|{name}"))
        for name, value in stored.items()
    }
    author = str(data.pop(AUTHOR, ""))
    hidden = frozenset(name for name, value in stored.items() if is_hidden(value))
    event = EventRaised(name=row["name"], data=data, author=author, sensitive=hidden)
    return Queued(
        row=row["id"], event=event, cause=row["cause"], attempts=row["attempts"], at=row["at"]
    )


def count_attempts(db: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Note that work on these events begins; a death meanwhile leaves the count behind."""
    db.executemany(
        "UPDATE events SET attempts = attempts + 1 WHERE id = ?", [(row,) for row in rows]
    )


def quarantine(db: sqlite3.Connection, row: int, reason: str) -> None:
    """Set an event aside that cannot be handled; its chat goes on."""
    db.execute("UPDATE events SET state = 'quarantined', detail = ? WHERE id = ?", (reason, row))


def finish(db: sqlite3.Connection, row: int) -> None:
    """Close an event that a turn has taken."""
    db.execute("UPDATE events SET state = 'done' WHERE id = ?", (row,))


def chats_waiting(db: sqlite3.Connection) -> list[tuple[AccountId, ChatId]]:
    """Return the chats with events that no turn has taken yet."""
    rows = db.execute("SELECT DISTINCT account, chat FROM events WHERE state = 'waiting'")
    return [(AccountId(row["account"]), ChatId(row["chat"])) for row in rows]
