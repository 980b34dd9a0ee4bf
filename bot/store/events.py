"""Our own events, queued for the chat in which rules may hear them."""

import json
import sqlite3
from datetime import datetime

from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import AUTHOR, EventRaised
from bot.domain.values import Value, from_json, to_json
from bot.store.times import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An event that waits for its turn."""

    row: int
    event: EventRaised
    cause: str  # of what raised it


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
    db.execute(
        "INSERT INTO events (account, chat, name, data, at, state, cause)"
        " VALUES (?,?,?,?,?,'waiting',?)",
        (account, chat, event.name, json.dumps(to_json(data)), seconds(now), cause),
    )


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
        "SELECT id, name, data, cause FROM events WHERE account = ? AND chat = ?"
        " AND state = 'waiting' ORDER BY id LIMIT 1",
        (account, chat),
    ).fetchone()
    if row is None:
        return None
    data: dict[str, Value] = {
        str(name): from_json(value) for name, value in json.loads(row["data"]).items()
    }
    author = str(data.pop(AUTHOR, ""))
    event = EventRaised(name=row["name"], data=data, author=author)
    return Queued(row=row["id"], event=event, cause=row["cause"])


def finish(db: sqlite3.Connection, row: int) -> None:
    """Close an event that a turn has taken."""
    db.execute("UPDATE events SET state = 'done' WHERE id = ?", (row,))


def chats_waiting(db: sqlite3.Connection) -> list[tuple[AccountId, ChatId]]:
    """Return the chats with events that no turn has taken yet."""
    rows = db.execute("SELECT DISTINCT account, chat FROM events WHERE state = 'waiting'")
    return [(AccountId(row["account"]), ChatId(row["chat"])) for row in rows]
