"""What is due later in a chat. All waiting lives here, never in a sleeping task."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.data import dataclass
from bot.domain.effects import StartTimer
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import AUTHOR, TimerFired
from bot.domain.values import from_json, to_json
from bot.store import cipher
from bot.store.states import open_values, seal_values
from bot.store.times import moment, moment_or_none, seconds

SCHEDULE = "schedule"  # the kind of a schedule's timers


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A timer whose moment has come."""

    row: int
    fired: TimerFired
    too_late: bool  # later than its author allows
    attempts: int = 0  # how often work on it began before


Place = tuple[AccountId, ChatId, str]
"""A chat with the key of a timer there."""

_SET = (
    "INTO timers (account, chat, key, kind, due_at, payload, cancel_on_reply, late)"
    " VALUES (?,?,?,?,?,?,?,?)"
)


def start(db: sqlite3.Connection, account: AccountId, chat: ChatId, timer: StartTimer) -> None:
    """Set a timer; one with the same key in the same chat is replaced.

    A schedule's keeps the earlier moment: what is due already is not put off.
    """
    start_all(db, [(account, chat, timer)])


def start_all(
    db: sqlite3.Connection, started: Sequence[tuple[AccountId, ChatId, StartTimer]]
) -> None:
    """Set timers, in their order, as `start` does."""
    rows = [_row(db, *one) for one in started if one[2].kind != SCHEDULE]
    if rows:
        db.executemany(f"INSERT OR REPLACE {_SET}", rows)
    rows = [_row(db, *one) for one in started if one[2].kind == SCHEDULE]
    if rows:
        db.executemany(
            f"INSERT {_SET} ON CONFLICT (account, chat, key) DO UPDATE"
            " SET due_at = min(due_at, excluded.due_at)",
            rows,
        )


def _row(
    db: sqlite3.Connection, account: AccountId, chat: ChatId, timer: StartTimer
) -> tuple[object, ...]:
    late = None if timer.late is None else timer.late.total_seconds()
    payload = "{}"
    if timer.payload:
        plain = {name: to_json(value) for name, value in timer.payload.items()}
        if hidden := timer.payload.get(SENSITIVE):
            names = [str(one) for one in hidden] if isinstance(hidden, (list, tuple)) else []
            place = _place(account, chat, timer.key)
            plain[VALUES] = seal_values(db, plain[VALUES], names, place)
        payload = json.dumps(plain)
    return (
        account, chat, timer.key, timer.kind, seconds(timer.due), payload,
        int(timer.cancel_on_reply), late,
    )  # fmt: skip


VALUES, SENSITIVE = "values", "sensitive"
"""In the payload of what is due later: what it knows, and which of it is shown to nobody."""


def _place(account: AccountId, chat: ChatId, key: str) -> str:
    return f"timers|{account}|{chat}|{key}"


def _payload(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, object]:
    stored: dict[str, object] = json.loads(row["payload"])
    if stored.get(SENSITIVE):
        place = _place(row["account"], row["chat"], row["key"])
        stored[VALUES] = open_values(db, stored[VALUES], place)
    return stored


def seal(db: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Seal what is sensitive of something that is due later."""
    stored: dict[str, Any] = json.loads(row["payload"])
    names = stored.get(SENSITIVE)
    if names and cipher.SEALED not in row["payload"]:
        place = _place(row["account"], row["chat"], row["key"])
        stored[VALUES] = seal_values(db, stored[VALUES], [str(one) for one in names], place)
        db.execute("UPDATE timers SET payload = ? WHERE id = ?", (json.dumps(stored), row["id"]))


def move(db: sqlite3.Connection, account: AccountId, old: ChatId, new: ChatId) -> None:
    """Let what is due in a chat be due under another address. Raises SealBroken."""
    rows = db.execute("SELECT * FROM timers WHERE account = ? AND chat = ?", (account, old))
    for row in rows.fetchall():
        payload = row["payload"]
        if cipher.SEALED in payload:
            plain, names = _payload(db, row), json.loads(payload)[SENSITIVE]
            place = _place(account, new, row["key"])
            plain[VALUES] = seal_values(db, plain[VALUES], names, place)
            payload = json.dumps(plain)
        values = (new, payload, row["id"])
        db.execute("UPDATE timers SET chat = ?, payload = ? WHERE id = ?", values)


def keep_schedules(db: sqlite3.Connection, keys: Collection[str], now: datetime) -> None:
    """Remove the timers of schedules, but those with one of these keys that are due already."""
    db.execute(
        "DELETE FROM timers WHERE kind = ? AND state = 'waiting'"
        " AND (due_at > ? OR key NOT IN (SELECT value FROM json_each(?)))",
        (SCHEDULE, seconds(now), json.dumps(list(keys))),
    )


def keep_silences(db: sqlite3.Connection, keys: Collection[str]) -> None:
    """Remove the timers of silences that nobody waits for any more."""
    db.execute(
        "DELETE FROM timers WHERE kind = 'silence' AND key NOT IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    )


def cancel_all(db: sqlite3.Connection, gone: Sequence[Place]) -> None:
    """Remove the timers at these places, where there are any."""
    if gone:
        db.executemany("DELETE FROM timers WHERE account = ? AND chat = ? AND key = ?", gone)


def cancel_on_reply(
    db: sqlite3.Connection, account: AccountId, wrote: Mapping[ChatId, str]
) -> None:
    """Remove what was only to happen while these chats' customers stayed silent.

    Args:
        wrote: The chats; in a group the member who wrote, whose silence alone is over.
    """
    db.execute(
        "DELETE FROM timers WHERE id IN (SELECT t.id FROM json_each(?2) wrote CROSS JOIN timers t"
        " ON t.account = ?1 AND t.chat = wrote.key WHERE t.cancel_on_reply = 1"
        " AND coalesce(json_extract(t.payload, ?3), wrote.value) = wrote.value)",
        (account, json.dumps(wrote), f'$."{AUTHOR}"'),
    )


def chats_due(db: sqlite3.Connection, now: datetime) -> list[tuple[AccountId, ChatId]]:
    """Return the chats where something is due, the longest overdue first."""
    rows = db.execute(
        "SELECT account, chat, min(due_at) AS due FROM timers"
        " WHERE due_at <= ? AND state = 'waiting' GROUP BY account, chat ORDER BY due",
        (seconds(now),),
    )
    return [(AccountId(row["account"]), ChatId(row["chat"])) for row in rows]


def next_due_at(db: sqlite3.Connection) -> datetime | None:
    """Return when the next timer of all is due, None when none is set."""
    row = db.execute("SELECT min(due_at) AS due FROM timers WHERE state = 'waiting'").fetchone()
    return moment_or_none(row["due"])


def next_due(db: sqlite3.Connection, account: AccountId, chat: ChatId, now: datetime) -> Due | None:
    """Return the chat's timer that has been due longest, None when none is."""
    row = db.execute(
        "SELECT * FROM timers WHERE account = ? AND chat = ? AND due_at <= ?"
        " AND state = 'waiting' ORDER BY due_at, id LIMIT 1",
        (account, chat, seconds(now)),
    ).fetchone()
    if row is None:
        return None
    due = moment(row["due_at"])
    fired = TimerFired(
        key=row["key"],
        kind=row["kind"],
        due=due,
        payload={name: from_json(value) for name, value in _payload(db, row).items()},
        late=now - due,
    )
    allowed = row["late"]
    return Due(
        row=row["id"],
        fired=fired,
        attempts=row["attempts"],
        too_late=allowed is not None and seconds(now) - row["due_at"] > max(allowed, GRACE),
    )


GRACE = 60.0  # seconds; a timer is not "late" for having waited for its chat's turn


def remove(db: sqlite3.Connection, row: int) -> None:
    """Remove a timer that has fired."""
    db.execute("DELETE FROM timers WHERE id = ?", (row,))


def count_attempts(db: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Note that work on these timers begins; a death meanwhile leaves the count behind."""
    db.executemany(
        "UPDATE timers SET attempts = attempts + 1 WHERE id = ?", [(row,) for row in rows]
    )


def quarantine(db: sqlite3.Connection, row: int, reason: str, *, key: str = "") -> None:
    """Set a timer aside that cannot be handled; its chat goes on.

    Args:
        key: It gives its key up for this one, so that a later one of that key can be set.
    """
    db.execute(
        "UPDATE timers SET state = 'quarantined', detail = ?1,"
        " key = CASE ?2 WHEN '' THEN key ELSE ?2 END WHERE id = ?3",
        (reason, key, row),
    )


def keys_of(db: sqlite3.Connection, account: AccountId, chat: ChatId) -> list[str]:
    """Return the keys of a chat's timers, the soonest first."""
    rows = db.execute(
        "SELECT key FROM timers WHERE account = ? AND chat = ? AND state = 'waiting'"
        " ORDER BY due_at, id",
        (account, chat),
    )
    return [row["key"] for row in rows]


def waits(db: sqlite3.Connection) -> list[datetime]:
    """Return when the pauses inside turns end."""
    rows = db.execute("SELECT due_at FROM timers WHERE kind = 'wait' AND state = 'waiting'")
    return [moment(row["due_at"]) for row in rows]
