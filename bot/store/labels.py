"""Which chats wear which labels on the phone, as both sides last agreed."""

import sqlite3
from collections.abc import Collection

from bot.domain.labels import Labelled
from bot.domain.messages import AccountId, ChatId

WORN = (
    "SELECT v.chat AS chat, t.tag AS label FROM conversations v JOIN tags t"
    " ON t.contact_id = v.contact_id WHERE v.account = ?1 AND v.chat NOT LIKE '%@g.us'"
)
KNOWN = "SELECT chat, label FROM labels WHERE account = ?1"


def agreed(db: sqlite3.Connection, account: AccountId) -> frozenset[Labelled]:
    """Return what both sides last agreed on."""
    return _all(db.execute(KNOWN, (account,)))


def note(db: sqlite3.Connection, account: AccountId, one: Labelled, on: bool) -> bool:
    """Note that a chat wears a label, or not any more; False when that was agreed before."""
    if on:
        done = db.execute(
            "INSERT OR IGNORE INTO labels VALUES (?,?,?)", (account, one.chat, one.label)
        )
    else:
        done = db.execute(
            "DELETE FROM labels WHERE account = ? AND chat = ? AND label = ?",
            (account, one.chat, one.label),
        )
    return done.rowcount > 0


def was_seen(db: sqlite3.Connection, account: AccountId) -> bool:
    """Tell whether the labels of an account were ever looked at; note that they are now."""
    key = f"labels|{account}"
    seen = db.execute("SELECT 1 FROM meta WHERE key = ?", (key,)).fetchone() is not None
    db.execute("INSERT OR IGNORE INTO meta VALUES (?, '1')", (key,))
    return seen


def differences(
    db: sqlite3.Connection, account: AccountId, only: Collection[str]
) -> tuple[list[Labelled], list[Labelled]]:
    """Return which tags are no labels yet, and which labels are no tags any more.

    Args:
        only: The tags that become labels; all when empty.
    """
    missing = _all(db.execute(f"{WORN} EXCEPT {KNOWN}", (account,)))
    gone = _all(
        db.execute(
            f"{KNOWN} AND chat IN (SELECT chat FROM conversations WHERE account = ?1)"  # noqa: S608 - our words
            f" EXCEPT {WORN}",
            (account,),
        )
    )
    return (
        sorted(one for one in missing if not only or one.label in only),
        sorted(one for one in gone if not only or one.label in only),
    )


def _all(rows: sqlite3.Cursor) -> frozenset[Labelled]:
    return frozenset(Labelled(chat=ChatId(row["chat"]), label=row["label"]) for row in rows)
