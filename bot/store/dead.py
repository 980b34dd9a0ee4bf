"""What was set aside: events that could not be handled, calls out that nobody took."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.campaigns import run_of
from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId
from bot.store import campaign_turns
from bot.store.times import moment, seconds

Lane = tuple[AccountId, ChatId]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """A table in which things are set aside.

    Attributes:
        listed: Selects what is set aside: key, at, attempts, detail, and what is told of each.
        retried: What a row becomes that is tried again; ``:now`` is the present.
        dropped: The statement that closes one for good.
        has_chat: It is tried again in the turn of a chat.
    """

    table: str
    key: str
    listed: str
    retried: str
    dropped: str
    has_chat: bool = True


KINDS: Mapping[str, _Kind] = {
    "message": _Kind(
        table="inbox", key="id",
        listed="SELECT id AS key, chat, message_id AS message, received_at AS at, attempts, detail"
        " FROM inbox WHERE state = 'quarantined' ORDER BY id",
        retried="state = 'waiting', attempts = 0, detail = ''",
        dropped="UPDATE inbox SET state = 'ignored', detail = 'dropped by a person',"
        " decided_at = :now WHERE id = :key",
    ),
    "event": _Kind(
        table="events", key="id",
        listed="SELECT id AS key, chat, name AS event, at, attempts, detail"
        " FROM events WHERE state = 'quarantined' ORDER BY id",
        retried="state = 'waiting', attempts = 0, detail = ''",
        dropped="UPDATE events SET state = 'done' WHERE id = :key",
    ),
    "timer": _Kind(
        table="timers", key="id",
        listed="SELECT id AS key, chat, 'timer.' || kind AS event, due_at AS at, attempts, detail"
        " FROM timers WHERE state = 'quarantined' ORDER BY id",
        retried="state = 'waiting', attempts = 0, detail = '', late = NULL",
        dropped="DELETE FROM timers WHERE id = :key",
    ),
    "call": _Kind(
        table="calls", key="key",
        listed="SELECT key, chat, 'call.answered' AS event, created_at AS at, turns AS attempts,"
        " detail FROM calls WHERE state = 'quarantined' ORDER BY created_at, key",
        retried="state = 'answered', turns = 0, detail = ''",
        dropped="UPDATE calls SET state = 'done' WHERE key = :key",
    ),
    "webhook": _Kind(
        table="deliveries", key="id", has_chat=False,
        listed="SELECT id AS key, url, event, created_at AS at, attempts, detail"
        " FROM deliveries WHERE state = 'dead' ORDER BY id",
        retried="state = 'waiting', attempts = 0, due_at = :now",
        dropped="DELETE FROM deliveries WHERE id = :key",
    ),
    "crm": _Kind(
        table="crm_jobs", key="id", has_chat=False,
        listed="SELECT id AS key, target || '.' || kind AS event, failing_since AS at,"
        " tries AS attempts, detail FROM crm_jobs WHERE state = 'dead' ORDER BY id",
        retried="state = 'waiting', due_at = :now, failing_since = NULL",  # tries: what a lost
        dropped="DELETE FROM crm_jobs WHERE id = :key",  # answer left there is still looked for
    ),
}  # fmt: skip
"""By the first word of the ids that people give."""


def list_dead(db: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return everything that was set aside, oldest first within its kind; never a text."""
    return [
        _told(name, dict(row)) for name, kind in KINDS.items() for row in db.execute(kind.listed)
    ]


def retry(
    db: sqlite3.Connection, ids: Sequence[str] | None, now: datetime
) -> tuple[int, list[Lane]]:
    """Let what was set aside be tried again, as if for the first time.

    Args:
        ids: As `list_dead` names them; None for all.

    Returns:
        How many there were, and the chats that have something to do again.
    """
    lanes: dict[Lane, None] = {}
    done = 0
    for name, key in _meant(db, ids):
        kind = KINDS[name]
        if name == "event" and not _may_go_on(db, key):
            continue
        _do(db, f"UPDATE {kind.table} SET {kind.retried} WHERE {kind.key} = :key", key, now)  # noqa: S608 - our words
        done += 1
        if kind.has_chat:
            where = f"SELECT account, chat FROM {kind.table} WHERE {kind.key} = ?"  # noqa: S608
            found = db.execute(where, (key,)).fetchone()
            lanes[AccountId(found["account"]), ChatId(found["chat"])] = None
    return done, list(lanes)


def drop(db: sqlite3.Connection, ids: Sequence[str] | None, now: datetime) -> int:
    """Close what was set aside for good; return how many. A message itself stays stored."""
    meant = _meant(db, ids)
    for name, key in meant:
        _do(db, KINDS[name].dropped, key, now)
    return len(meant)


def _may_go_on(db: sqlite3.Connection, row: str) -> bool:
    """Tell whether an event may be tried again: a campaign that was stopped says nothing more."""
    cause = db.execute("SELECT cause FROM events WHERE id = ?", (row,)).fetchone()["cause"]
    if run_of(cause) is None or campaign_turns.claim_again(db, cause):
        return True
    why = "its campaign was stopped, or the recipient got it otherwise; drop it"
    db.execute("UPDATE events SET detail = ? WHERE id = ?", (why, row))
    return False


def _meant(db: sqlite3.Connection, ids: Sequence[str] | None) -> list[tuple[str, str]]:
    """Return kind and key of what is set aside and meant."""
    dead = [one["id"] for one in list_dead(db) if ids is None or one["id"] in ids]
    parted = [one.partition("-") for one in dead]
    return [(kind, key) for kind, _, key in parted]


def _do(db: sqlite3.Connection, statement: str, key: str, now: datetime) -> None:
    db.execute(statement, {"key": key, "now": seconds(now)})


def _told(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    facts = {
        name: value for name, value in row.items()
        if name not in ("key", "at", "attempts", "detail")
    }  # fmt: skip
    return {
        "id": f"{kind}-{row['key']}",
        "kind": kind,
        **facts,
        "at": moment(row["at"]).isoformat(),
        "attempts": row["attempts"],
        "reason": row["detail"],
    }
