"""Messages that were edited or taken back: the text of now, and those of before beside it."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from bot.domain.changes import MessageChange
from bot.domain.data import dataclass
from bot.domain.messages import LONGEST_TEXT
from bot.domain.turns import EventRaised
from bot.domain.values import HIDDEN, Value
from bot.store import concealing, events
from bot.store.times import seconds

EDITED, REVOKED = "message.edited", "message.revoked"
MOST_KEPT = 20  # texts of before that are kept of one message


class Came(Enum):
    """When a change came."""

    BEFORE = "before"  # anything was decided of the message
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Changed:
    """A stored message that a change made another."""

    change: MessageChange
    came: Came


def note_all(
    db: sqlite3.Connection, changes: Iterable[MessageChange], heard: Collection[str], now: datetime
) -> list[Changed]:
    """Keep changes, and queue what rules hear of them; a change seen before changes nothing.

    A text that nothing was decided of yet becomes the new one, and no event is raised: the rules
    see it once, as it is now. One that is taken back before is answered by nobody.

    Args:
        heard: Names of events that some rule listens to.
    """
    found = (_note(db, change, heard, now) for change in changes)
    return [one for one in found if one is not None]


def _note(
    db: sqlite3.Connection, change: MessageChange, heard: Collection[str], now: datetime
) -> Changed | None:
    row = db.execute(
        "SELECT * FROM inbox WHERE account = ? AND message_id = ? AND chat IN (?, ?)"
        " AND kind NOT IN ('ciphertext', 'system')",
        (change.account, change.id, change.chat, change.alias or change.chat),
    ).fetchone()
    if row is None:
        return None
    sealed = bool(row["sealed"])
    row = concealing.shown(db, row) if sealed else dict(row)
    extra = json.loads(row["extra"]) if row["extra"] else {}
    if "revoked_at" in extra or change.text == row["text"]:
        return None
    text = HIDDEN if row["text"] == HIDDEN else (change.text or "")[:LONGEST_TEXT]
    if change.text is not None and text == row["text"]:
        return None
    is_fresh = row["state"] == "waiting" and row["attempts"] == 0
    if change.text is None:
        extra["revoked_at"] = seconds(change.at)
        text, state = row["text"], "ignored" if row["state"] == "waiting" else row["state"]
    else:
        was = [*extra.get("was", ()), [row["text"], seconds(change.at)]]
        extra["was"], state = was[-MOST_KEPT:], row["state"]
    if sealed:
        concealing.seal_anew(db, row, text, json.dumps(extra), state)
    else:
        db.execute(
            "UPDATE inbox SET text = ?, extra = ?, state = ? WHERE id = ?",
            (text, json.dumps(extra), state, row["id"]),
        )
    if not row["from_me"] and row["origin"] != "history" and not (is_fresh and change.text):
        _raise(db, row, change, text, heard, now)
    return Changed(change, Came.BEFORE if is_fresh else Came.AFTER)


def _raise(
    db: sqlite3.Connection, row: Mapping[str, Any], change: MessageChange, text: str,
    heard: Collection[str], now: datetime,
) -> None:  # fmt: skip
    """Queue the event for the rules that listen."""
    name = REVOKED if change.text is None else EDITED
    if name not in heard:
        return
    data: dict[str, Value] = {"id": str(change.id), "before": row["text"]}
    if change.text is not None:
        data["text"] = text
    author = row["sender"] if row["chat"].endswith("@g.us") else ""
    if author:
        data |= {"member": author, "name": row["sender_name"]}
    hidden = frozenset(("before", "text") if row["sealed"] else ())
    event = EventRaised(name=name, data=data, author=author, sensitive=hidden)
    cause = f"{name}|{row['chat']}|{change.id}|{change.at.timestamp():.3f}"
    events.queue_once(db, row["account"], row["chat"], event, now, cause)
