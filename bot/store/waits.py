"""Who waited for what is promised: since when, how long in open time, and whether it was kept."""

import sqlite3
from datetime import datetime

from bot.domain.effects import BeginWait, EndWait, MissWait
from bot.domain.messages import AccountId, ChatId
from bot.store.times import seconds

OPEN = "account = ? AND chat = ? AND sla = ? AND how = ''"


def is_open(db: sqlite3.Connection, account: AccountId, chat: ChatId) -> bool:
    """Tell whether somebody waits in a chat."""
    row = db.execute(
        "SELECT 1 FROM waits WHERE how = '' AND chat = ? AND account = ? LIMIT 1", (chat, account)
    ).fetchone()
    return row is not None


def note(
    db: sqlite3.Connection, where: tuple[AccountId, ChatId], contact_id: int,
    what: BeginWait | MissWait | EndWait, now: datetime,
) -> None:  # fmt: skip
    """Write down that a wait began, took too long, or is over."""
    match what:
        case BeginWait():
            values = (*where, contact_id, what.sla, seconds(what.since), seconds(what.due),
                      what.team, what.member)  # fmt: skip
            db.execute(
                "INSERT INTO waits (account, chat, contact_id, sla, since, due_at, team, member,"
                " missed_at, ended_at, how, by, waited) VALUES (?,?,?,?,?,?,?,?,NULL,NULL,'','',0)",
                values,
            )
        case MissWait():
            db.execute(f"UPDATE waits SET missed_at = ? WHERE {OPEN}",  # noqa: S608 - our words
                       (seconds(now), *where, what.sla))  # fmt: skip
        case EndWait():
            db.execute(
                f"UPDATE waits SET ended_at = ?, how = ?, by = ?, waited = ? WHERE {OPEN}",  # noqa: S608
                (seconds(now), what.how, what.by, what.waited.total_seconds(), *where, what.sla),
            )
