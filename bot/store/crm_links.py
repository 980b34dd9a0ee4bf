"""What stands for a person, a lead or a chat in another system, and what is known of it."""

import json
import sqlite3

from bot.domain.crm import CrmLink, Target

PERSON = "target = 'hubspot' AND lane"
CHAT = "target = 'chatwoot' AND lane"


def find(db: sqlite3.Connection, target: Target, lane: str, kind: str) -> CrmLink | None:
    """Return the link of something of ours, None: nothing there is known of it."""
    row = db.execute(
        "SELECT * FROM crm_links WHERE target = ? AND lane = ? AND kind = ?", (target, lane, kind)
    ).fetchone()
    return None if row is None else _link(row)


def lane_of(db: sqlite3.Connection, target: Target, kind: str, remote: str) -> str | None:
    """Return what of ours something there stands for, None: nothing."""
    row = db.execute(
        "SELECT lane FROM crm_links WHERE target = ? AND kind = ? AND remote = ?",
        (target, kind, remote),
    ).fetchone()
    return None if row is None else str(row["lane"])


def keep(db: sqlite3.Connection, link: CrmLink) -> None:
    """Store a link, new or changed."""
    db.execute(
        "INSERT OR REPLACE INTO crm_links (target, lane, kind, remote, data) VALUES (?,?,?,?,?)",
        (link.target, link.lane, link.kind, link.remote, json.dumps(link.data)),
    )


def learn(db: sqlite3.Connection, link: CrmLink, **data: str) -> None:
    """Note more of what is linked, beside what is known of it now."""
    held = find(db, link.target, link.lane, link.kind)
    if held is not None and held.remote == link.remote:
        known = json.dumps({**held.data, **data})
        db.execute(
            "UPDATE crm_links SET data = ? WHERE target = ? AND lane = ? AND kind = ?",
            (known, link.target, link.lane, link.kind),
        )


def forget(db: sqlite3.Connection, link: CrmLink) -> None:
    """Forget a link: what it led to is gone."""
    db.execute(
        "DELETE FROM crm_links WHERE target = ? AND lane = ? AND kind = ?",
        (link.target, link.lane, link.kind),
    )


def join(db: sqlite3.Connection, kept: int, gone: int) -> None:
    """Give what stands for one person to another; what already stands for the other stays."""
    _move(db, PERSON, str(gone), str(kept))


def move_chat(db: sqlite3.Connection, old: str, new: str) -> None:
    """Let what stands for a chat, and what waits to be told of it, go on under another address."""
    _move(db, CHAT, old, new)


def _move(db: sqlite3.Connection, what: str, old: str, new: str) -> None:
    for table in ("crm_jobs", "crm_links"):
        db.execute(f"UPDATE OR IGNORE {table} SET lane = ? WHERE {what} = ?", (new, old))  # noqa: S608 - our words
        db.execute(f"DELETE FROM {table} WHERE {what} = ?", (old,))  # noqa: S608 - our words


def _link(row: sqlite3.Row) -> CrmLink:
    return CrmLink(
        target=Target(row["target"]), lane=row["lane"], kind=row["kind"], remote=row["remote"],
        data=json.loads(row["data"]),
    )  # fmt: skip
