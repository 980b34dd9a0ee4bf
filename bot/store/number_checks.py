"""What WhatsApp said of numbers: asked seldom, since who asks much is taken for a spammer."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.messages import ChatId
from bot.store.times import seconds

THERE_FOR = timedelta(days=30)  # a number that is there stays there so long without a new question
GONE_FOR = timedelta(days=1)  # and one that is not may come
MOST = 30  # questions
WITHIN = timedelta(hours=1)


def known(db: sqlite3.Connection, numbers: Sequence[str], now: datetime) -> ChatId | None:
    """Return where somebody with one of these numbers is reached; "" nowhere, None: not known.

    Who wrote to us is reached there; else what WhatsApp said lately counts.
    """
    chats = [f"{number.lstrip('+')}@c.us" for number in numbers]
    row = db.execute(
        "SELECT i.address FROM identities i JOIN contacts c ON c.id = i.contact_id"
        " WHERE i.address IN (SELECT value FROM json_each(?1)) OR c.number IN"
        " (SELECT value FROM json_each(?2)) ORDER BY i.address LIKE '%@c.us' DESC LIMIT 1",
        (json.dumps(chats), json.dumps(list(numbers))),
    ).fetchone()
    if row is not None:
        return ChatId(row["address"])
    row = db.execute(
        "SELECT chat FROM number_checks WHERE number = ?"
        " AND at > CASE chat WHEN '' THEN ? ELSE ? END",
        (numbers[0], seconds(now - GONE_FOR), seconds(now - THERE_FOR)),
    ).fetchone()
    return None if row is None else ChatId(row["chat"])


def may_ask(db: sqlite3.Connection, now: datetime) -> bool:
    """Tell whether WhatsApp may be asked once more now."""
    asked = db.execute(
        "SELECT count(*) FROM number_checks WHERE at > ?", (seconds(now - WITHIN),)
    ).fetchone()[0]
    return int(asked) < MOST


def note(db: sqlite3.Connection, number: str, chat: ChatId | None, now: datetime) -> None:
    """Remember what WhatsApp said."""
    db.execute(
        "INSERT INTO number_checks VALUES (?,?,?) ON CONFLICT (number) DO UPDATE"
        " SET chat = excluded.chat, at = excluded.at",
        (number, chat or "", seconds(now)),
    )
