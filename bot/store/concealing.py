"""Messages that say something sensitive: sealed while they wait, masked once they are read."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.data import replace
from bot.domain.messages import Message
from bot.domain.values import HIDDEN
from bot.store import cipher
from bot.store.message_rows import COLUMNS, extra_of, message_of, place_of


def masked_of(message: Message) -> Message:
    """Return what of a message may be shown that says something sensitive.

    A file reads ``•••`` too, by which it is known as one to be shown to nobody else.
    """
    media = message.media
    return replace(
        message, text=HIDDEN if message.text or media is not None else "",
        media=None if media is None else replace(media, filename=""), location=None, card=None,
        votes=(), quoted_text=HIDDEN if message.quoted_text else "",
    )  # fmt: skip


def conceal(db: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Forget what these messages said: it was meant for a sensitive slot."""
    for row in rows:
        held = db.execute(
            f"SELECT {COLUMNS} FROM inbox WHERE id = ?",  # noqa: S608 - our words
            (row,),
        ).fetchone()
        message = masked_of(message_of(db, held))
        db.execute(
            "UPDATE inbox SET text = ?, extra = ?, sealed = '' WHERE id = ?",
            (message.text, extra_of(message), row),
        )


def seal(db: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Seal messages that wait, and may say something sensitive."""
    for row in rows:
        held = db.execute(
            f"SELECT {COLUMNS} FROM inbox WHERE id = ?",  # noqa: S608 - our words
            (row,),
        ).fetchone()
        message = message_of(db, held)
        plain = json.dumps([message.text, extra_of(message)])
        sealed = cipher.sealed_text(db, plain, place_of(message.account, message.id))
        masked = masked_of(message)
        db.execute(
            "UPDATE inbox SET text = ?, extra = ?, sealed = ? WHERE id = ?",
            (masked.text, extra_of(masked), sealed, row),
        )


def seal_anew(
    db: sqlite3.Connection, row: Mapping[str, Any], text: str, extra: str, state: str
) -> None:
    """Let a sealed message say something else."""
    sealed = cipher.sealed_text(
        db, json.dumps([text, extra]), place_of(row["account"], row["message_id"])
    )
    db.execute("UPDATE inbox SET sealed = ?, state = ? WHERE id = ?", (sealed, state, row["id"]))


def shown(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    """Return a row as it was before it was sealed. Raises SealBroken."""
    held = cipher.opened_text(db, row["sealed"], place_of(row["account"], row["message_id"]))
    text, extra = (row["text"], row["extra"]) if held is None else json.loads(held)
    return {**dict(row), "text": text, "extra": extra}


def reveal(db: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Show again what these messages said: nothing of it was sensitive. Raises SealBroken."""
    if not rows:
        return
    sealed = db.execute(
        "SELECT id, account, message_id, sealed FROM inbox WHERE sealed != '' AND id IN"
        " (SELECT value FROM json_each(?))",
        (json.dumps(rows),),
    ).fetchall()
    for row, account, message_id, secret in sealed:
        held = cipher.opened_text(db, secret, place_of(account, message_id))
        if held is not None:
            text, extra = json.loads(held)
            db.execute(
                "UPDATE inbox SET text = ?, extra = ?, sealed = '' WHERE id = ?", (text, extra, row)
            )
