"""The files of messages that arrived: which are wanted, and what became of them."""

import json
import sqlite3
from datetime import datetime
from typing import Any

from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId, MessageId
from bot.store.times import moment, seconds

Row = dict[str, Any]

SELECT = (
    "SELECT m.*, i.account, i.chat, i.message_id, i.kind, i.sent_at, i.extra, i.sender_name"
    " FROM media m JOIN inbox i ON i.id = m.id"
)
DUE = (
    f"{SELECT} WHERE m.state = 'pending' AND m.due_at <= ? AND i.account = ?"  # noqa: S608 - our words
    " AND (i.state IN ('decided', 'quarantined') OR m.asked = 1)"
    " AND m.id NOT IN (SELECT value FROM json_each(?)) ORDER BY m.due_at, m.id LIMIT 1"
)
"""A file is fetched when its message is decided: replies go before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A file that is to be fetched, as its sender describes it."""

    row: int
    chat: ChatId
    id: MessageId
    kind: str
    sent_at: datetime
    mimetype: str
    filename: str
    size: int
    attempts: int


def next_due(
    db: sqlite3.Connection, account: AccountId, now: datetime, busy: frozenset[int] = frozenset()
) -> Medium | None:
    """Return the file to fetch next, None when none is due.

    Args:
        busy: Rows that somebody fetches already.
    """
    row = db.execute(DUE, (seconds(now), account, json.dumps(sorted(busy)))).fetchone()
    return None if row is None else _medium(row)


def stored(  # noqa: PLR0913 - what a file has
    db: sqlite3.Connection, row: int, *, sha256: str, size: int, mimetype: str, filename: str,
    now: datetime,
) -> None:  # fmt: skip
    """Note that a file is here."""
    db.execute(
        "UPDATE media SET state = 'ok', sha256 = ?, size = ?, mimetype = ?, filename = ?,"
        " stored_at = ?, detail = '' WHERE id = ?",
        (sha256, size, mimetype, filename, seconds(now), row),
    )


def postpone(
    db: sqlite3.Connection, row: int, due: datetime, reason: str, *, counts: bool
) -> None:  # fmt: skip
    """Note that a file could not be fetched now; ``counts``: as one of its tries."""
    db.execute(
        "UPDATE media SET attempts = attempts + ?, due_at = ?, detail = ? WHERE id = ?",
        (int(counts), seconds(due), reason, row),
    )


def give_up(db: sqlite3.Connection, row: int, reason: str) -> None:
    """Note that a file is not to be had."""
    db.execute("UPDATE media SET state = 'gone', detail = ? WHERE id = ?", (reason, row))


def want(db: sqlite3.Connection, row: int, now: datetime) -> None:
    """Fetch the file of a message that a person asks for, were it old, ignored or given up."""
    db.execute(
        "INSERT INTO media VALUES (?1, 'pending', 1, '', 0, '', '', 0, ?2, NULL, '')"
        " ON CONFLICT (id) DO UPDATE SET state = 'pending', asked = 1, attempts = 0, due_at = ?2"
        " WHERE media.state != 'ok'",
        (row, seconds(now)),
    )


def find_row(db: sqlite3.Connection, named: str) -> int | None:
    """Return the row of a message with a file, by its number or its message id."""
    row = db.execute(
        "SELECT id FROM inbox WHERE (message_id = ?1 OR CAST(id AS TEXT) = ?1)"
        " AND kind IN ('image', 'video', 'audio', 'voice', 'document', 'sticker')"
        " ORDER BY message_id = ?1 DESC, id DESC LIMIT 1",
        (named,),
    ).fetchone()
    return None if row is None else int(row["id"])


def list_media(
    db: sqlite3.Connection, row: int | None = None, *, state: str = "", most: int = -1
) -> list[Row]:
    """Return what is known of files (of one), the latest first."""
    rows = db.execute(
        f"{SELECT} WHERE (?1 IS NULL OR m.id = ?1) AND (?2 = '' OR m.state = ?2)"
        " ORDER BY m.id DESC LIMIT ?3",
        (row, state, most),
    )
    return [_plain(one) for one in rows]


def expire(db: sqlite3.Connection, before: datetime, most: int) -> int:
    """Give up the files that were stored before a moment, and the oldest beyond ``most`` bytes."""
    old = db.execute(
        "UPDATE media SET state = 'gone', detail = 'its time is over'"
        " WHERE state = 'ok' AND stored_at < ?",
        (seconds(before),),
    ).rowcount
    beyond = db.execute(
        "UPDATE media SET state = 'gone', detail = 'the oldest make room' WHERE id IN (SELECT id"
        " FROM (SELECT id, sum(size) OVER (ORDER BY stored_at DESC, id DESC) AS held FROM media"
        " WHERE state = 'ok') WHERE held > ?)",
        (most,),
    ).rowcount
    return int(old + beyond)


def in_use(db: sqlite3.Connection, since: datetime) -> frozenset[str]:
    """Return the hashes of all files to keep.

    These are received ones, people's pictures, and sent ones that left since then.
    """
    rows = db.execute(
        "SELECT sha256 AS kept FROM media WHERE state = 'ok' UNION"
        " SELECT picture FROM profiles WHERE picture != '' UNION"
        " SELECT json_extract(body, '$.kept') FROM outbox WHERE body LIKE '%\"kept\"%'"
        " AND (settled_at IS NULL OR created_at >= ?)",
        (seconds(since),),
    )
    return frozenset(str(row["kept"]) for row in rows)


def _medium(row: sqlite3.Row) -> Medium:
    _, mimetype, filename, size = _told(row)
    return Medium(
        row=row["id"], chat=ChatId(row["chat"]), id=MessageId(row["message_id"]),
        kind=row["kind"], sent_at=moment(row["sent_at"]), mimetype=mimetype, filename=filename,
        size=size, attempts=row["attempts"],
    )  # fmt: skip


def _told(row: sqlite3.Row) -> tuple[str, str, str, int]:
    extra = json.loads(row["extra"]) if row["extra"] else {}
    kind, mimetype, filename, size = extra.get("media") or (row["kind"], "", "", 0)
    return str(kind), str(mimetype), str(filename), int(size)


def _plain(row: sqlite3.Row) -> Row:
    _, mimetype, _, size = _told(row)
    here = row["state"] == "ok"
    return {
        "id": row["id"],
        "message_id": row["message_id"],
        "chat": row["chat"],
        "name": row["sender_name"],
        "type": row["kind"],
        "state": row["state"],
        "size": row["size"] if here else size,
        "mimetype": row["mimetype"] if here else mimetype,
        "filename": row["filename"],
        "sha256": row["sha256"],
        "t": moment(row["sent_at"]).isoformat(),
        "detail": row["detail"],
    }
