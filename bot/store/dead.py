"""What was set aside: messages that could not be handled, webhooks that never answered."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.messages import AccountId, ChatId
from bot.store.times import moment, seconds

MESSAGE, WEBHOOK = "message", "webhook"


def list_dead(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return everything that was set aside, oldest first within its kind; never a text."""
    messages = db.execute(
        "SELECT id, chat, message_id, received_at AS at, attempts, detail FROM inbox"
        " WHERE state = 'quarantined' ORDER BY id"
    )
    webhooks = db.execute(
        "SELECT id, url, event, created_at AS at, attempts, detail FROM deliveries"
        " WHERE state = 'dead' ORDER BY id"
    )
    return [
        *(_told(MESSAGE, row, {"chat": row["chat"], "message": row["message_id"]})
          for row in messages),
        *(_told(WEBHOOK, row, {"url": row["url"], "event": row["event"]}) for row in webhooks),
    ]  # fmt: skip


def retry(
    db: sqlite3.Connection, ids: Sequence[str] | None, now: datetime
) -> tuple[int, list[tuple[AccountId, ChatId]]]:
    """Let what was set aside be tried again, as if for the first time.

    Args:
        ids: As `list_dead` names them; None for all.

    Returns:
        How many there were, and the chats that have something to do again.
    """
    messages, webhooks = _rows(db, ids)
    lanes: dict[tuple[AccountId, ChatId], None] = {}
    for row in messages:
        db.execute(
            "UPDATE inbox SET state = 'waiting', attempts = 0, detail = '' WHERE id = ?", (row,)
        )
        found = db.execute("SELECT account, chat FROM inbox WHERE id = ?", (row,)).fetchone()
        lanes[AccountId(found["account"]), ChatId(found["chat"])] = None
    for row in webhooks:
        db.execute(
            "UPDATE deliveries SET state = 'waiting', attempts = 0, due_at = ? WHERE id = ?",
            (seconds(now), row),
        )
    return len(messages) + len(webhooks), list(lanes)


def drop(db: sqlite3.Connection, ids: Sequence[str] | None, now: datetime) -> int:
    """Close what was set aside for good; return how many. A message itself stays stored."""
    messages, webhooks = _rows(db, ids)
    for row in messages:
        db.execute(
            "UPDATE inbox SET state = 'ignored', detail = 'dropped by a person', decided_at = ?"
            " WHERE id = ?",
            (seconds(now), row),
        )
    for row in webhooks:
        db.execute("DELETE FROM deliveries WHERE id = ?", (row,))
    return len(messages) + len(webhooks)


def _rows(db: sqlite3.Connection, ids: Sequence[str] | None) -> tuple[list[int], list[int]]:
    """Return the rows of both kinds that are set aside and meant."""
    dead = [one["id"] for one in list_dead(db) if ids is None or one["id"] in ids]
    parted = [one.partition("-") for one in dead]
    return (
        [int(row) for kind, _, row in parted if kind == MESSAGE],
        [int(row) for kind, _, row in parted if kind == WEBHOOK],
    )


def _told(kind: str, row: sqlite3.Row, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{kind}-{row['id']}",
        "kind": kind,
        **facts,
        "at": moment(row["at"]).isoformat(),
        "attempts": row["attempts"],
        "reason": row["detail"],
    }
