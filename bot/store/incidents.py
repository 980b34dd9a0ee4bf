"""What befell an account at WhatsApp: restrictions, disconnects, warnings; kept over restarts."""

import sqlite3
from datetime import datetime
from enum import StrEnum

from bot.domain.messages import AccountId
from bot.store.times import moment, seconds


class Incident(StrEnum):
    """What may befall an account."""

    RESTRICTED = "restricted"  # a first message was refused with 463
    LIFTED = "lifted"  # a first message got through again
    DISCONNECT = "disconnect"
    WARNING = "warning"  # WhatsApp Web shows a banner
    WARNING_OVER = "warning_over"
    FORGIVEN = "forgiven"  # a person wants campaigns to go on


def note(
    db: sqlite3.Connection, account: AccountId, kind: Incident, now: datetime, detail: str = ""
) -> None:
    """Write an incident down."""
    db.execute(
        "INSERT INTO incidents (account, kind, at, detail) VALUES (?,?,?,?)",
        (account, kind.value, seconds(now), detail),
    )


def since(
    db: sqlite3.Connection, account: AccountId, kind: Incident, after: datetime
) -> list[datetime]:
    """Return when an incident befell the account after a moment, ascending."""
    rows = db.execute(
        "SELECT at FROM incidents WHERE account = ? AND kind = ? AND at > ? ORDER BY at",
        (account, kind.value, seconds(after)),
    )
    return [moment(row["at"]) for row in rows]


def unended(
    db: sqlite3.Connection, account: AccountId, kind: Incident, end: Incident
) -> list[datetime]:
    """Return when an incident befell the account since its last end, ascending."""
    rows = db.execute(
        "SELECT at FROM incidents WHERE account = ?1 AND kind = ?2 AND id > coalesce("
        "(SELECT max(id) FROM incidents WHERE account = ?1 AND kind = ?3), 0) ORDER BY id",
        (account, kind.value, end.value),
    )
    return [moment(row["at"]) for row in rows]


def last(db: sqlite3.Connection, account: AccountId, kind: Incident) -> datetime | None:
    """Return when an incident last befell the account, None when it never did."""
    row = db.execute(
        "SELECT max(at) AS at FROM incidents WHERE account = ? AND kind = ?", (account, kind.value)
    ).fetchone()
    return None if row["at"] is None else moment(row["at"])
