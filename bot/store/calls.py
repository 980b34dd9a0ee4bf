"""Calls that leave after the commit: http steps and actions, at least once, under one key."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from bot.domain.acting import EFFECTS, ActionEffect
from bot.domain.effects import CallHttp, RunAction
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import CallAnswered
from bot.domain.values import from_json, to_json
from bot.store import cipher
from bot.store.times import seconds

Call = CallHttp | RunAction


def reserve(
    db: sqlite3.Connection, account: AccountId, chat: ChatId, call: Call, now: datetime,
    author: str = "",
) -> None:  # fmt: skip
    """Store a call that is to be made; one with the same key stays as it is.

    Args:
        author: In a group the member for whom it is made.
    """
    request = json.dumps({**_plain(call), "author": author} if author else _plain(call))
    if call.is_sensitive:
        request = _MARK + cipher.sealed_text(db, request, _place(call.key, "request"))
    kind = "http" if isinstance(call, CallHttp) else "run"
    db.execute(
        "INSERT OR IGNORE INTO calls (key, account, chat, kind, request, awaited, state, attempts,"
        " due_at, created_at, answer) VALUES (?,?,?,?,?,?,'waiting',0,?,?,'')",
        (
            call.key, account, chat, kind, request, int(call.awaited),
            seconds(now), seconds(now),
        ),
    )  # fmt: skip


def next_due(db: sqlite3.Connection, now: datetime, most: int) -> list[Call]:
    """Return calls that may be made now, oldest first."""
    rows = db.execute(
        "SELECT kind, key, request FROM calls WHERE state = 'waiting' AND due_at <= ?"
        " ORDER BY created_at LIMIT ?",
        (seconds(now), most),
    )
    return [_call(db, row) for row in rows]


def answer(db: sqlite3.Connection, answered: CallAnswered) -> tuple[AccountId, ChatId] | None:
    """Keep a call's result; return the chat that waits for it, None when none does."""
    row = db.execute(
        "SELECT account, chat, awaited, request FROM calls WHERE key = ? AND state = 'waiting'",
        (answered.key,),
    ).fetchone()
    if row is None:
        return None
    heard = row["awaited"] or answered.effects
    state = "answered" if heard else ("failed" if answered.error else "done")
    stored = json.dumps(
        {
            "status": answered.status, "body": to_json(answered.body), "error": answered.error,
            "name": answered.name, "effects": [_plain_effect(one) for one in answered.effects],
        }
    )  # fmt: skip
    if row["request"].startswith(_MARK):
        stored = _MARK + cipher.sealed_text(db, stored, _place(answered.key, "answer"))
    db.execute(
        "UPDATE calls SET state = ?, answer = ?, attempts = attempts + 1 WHERE key = ?",
        (state, stored, answered.key),
    )
    return (AccountId(row["account"]), ChatId(row["chat"])) if heard else None


def next_answered(db: sqlite3.Connection, account: AccountId, chat: ChatId) -> CallAnswered | None:
    """Return the chat's next result that no turn has taken yet."""
    row = db.execute(
        "SELECT key, request, answer FROM calls"
        " WHERE account = ? AND chat = ? AND state = 'answered'"
        " ORDER BY created_at LIMIT 1",
        (account, chat),
    ).fetchone()
    if row is None:
        return None
    return _answered(db, row)


def turns_of(db: sqlite3.Connection, key: str) -> int:
    """Return how often work on a call's result began."""
    row = db.execute("SELECT turns FROM calls WHERE key = ?", (key,)).fetchone()
    return int(row["turns"])


def count_turns(db: sqlite3.Connection, keys: Sequence[str]) -> None:
    """Note that work on these results begins; a death meanwhile leaves the count behind."""
    db.executemany("UPDATE calls SET turns = turns + 1 WHERE key = ?", [(key,) for key in keys])


def quarantine(db: sqlite3.Connection, key: str, reason: str) -> None:
    """Set a result aside that cannot be handled; its chat goes on."""
    db.execute("UPDATE calls SET state = 'quarantined', detail = ? WHERE key = ?", (reason, key))


_MARK = "sealed:"
"""Begins a request or an answer that says something sensitive."""


def _place(key: str, part: str) -> str:
    return f"calls|{key}|{part}"


def _read(db: sqlite3.Connection, row: sqlite3.Row, part: str) -> dict[str, Any]:
    """Return a request or an answer; {} where it cannot be opened. Raises SealBroken."""
    text: str | None = row[part]
    if text is not None and text.startswith(_MARK):
        text = cipher.opened_text(db, text.removeprefix(_MARK), _place(row["key"], part))
    found: dict[str, Any] = {} if text is None else json.loads(text)
    return found


def seal(db: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Seal a call that is found to say something sensitive."""
    held = {
        part: _MARK + cipher.sealed_text(db, row[part], _place(row["key"], part))
        if row[part] and not row[part].startswith(_MARK)
        else row[part]
        for part in ("request", "answer")
    }
    db.execute(
        "UPDATE calls SET request = ?, answer = ? WHERE key = ?",
        (held["request"], held["answer"], row["key"]),
    )


def _answered(db: sqlite3.Connection, row: sqlite3.Row) -> CallAnswered:
    stored = _read(db, row, "answer")
    return CallAnswered(
        key=row["key"],
        status=stored["status"],
        body=from_json(stored["body"]),
        error=stored["error"],
        name=stored.get("name", ""),
        effects=tuple(_effect(one) for one in stored.get("effects", ())),
        author=_read(db, row, "request").get("author", ""),
        is_sensitive=row["request"].startswith(_MARK),
    )


_KINDS: dict[str, type[ActionEffect]] = {kind.__name__: kind for kind in EFFECTS}


def _plain_effect(effect: ActionEffect) -> dict[str, object]:
    held = {field.name: to_json(getattr(effect, field.name)) for field in fields(effect)}
    return {"kind": type(effect).__name__, "with": held}


def _effect(stored: Mapping[str, Any]) -> ActionEffect:
    held: dict[str, Any] = {name: from_json(one) for name, one in stored["with"].items()}
    return _KINDS[stored["kind"]](**held)


def begin(db: sqlite3.Connection, key: str) -> int:
    """Count that work on a call begins; return how often it began before."""
    row = db.execute(
        "UPDATE calls SET attempts = attempts + 1 WHERE key = ? RETURNING attempts", (key,)
    ).fetchone()
    return 0 if row is None else int(row["attempts"]) - 1


def chat_of(db: sqlite3.Connection, key: str) -> tuple[AccountId, ChatId] | None:
    """Return the chat that a call was made for, None when there is no such call."""
    row = db.execute("SELECT account, chat FROM calls WHERE key = ?", (key,)).fetchone()
    return None if row is None else (AccountId(row["account"]), ChatId(row["chat"]))


def finish(db: sqlite3.Connection, key: str) -> None:
    """Close a call whose result was taken."""
    db.execute("UPDATE calls SET state = 'done' WHERE key = ?", (key,))


def answered_calls(
    db: sqlite3.Connection, since: datetime | None = None, chats: Sequence[str] = ()
) -> list[tuple[Call, CallAnswered]]:
    """Return calls (of these chats) with what they came to, oldest first.

    Those that say something sensitive are left out where nothing can be opened.
    """
    rows = db.execute(
        "SELECT kind, request, key, answer FROM calls WHERE answer != '' AND created_at >= ?1"
        " AND (?2 = '[]' OR chat IN (SELECT value FROM json_each(?2))) ORDER BY created_at",
        (0.0 if since is None else seconds(since), json.dumps(list(chats))),
    )
    return [
        (_call(db, row), _answered(db, row))
        for row in rows
        if cipher.cipher_of(db) is not None or not row["request"].startswith(_MARK)
    ]


def chats_answered(db: sqlite3.Connection) -> list[tuple[AccountId, ChatId]]:
    """Return the chats with results that no turn has taken yet."""
    rows = db.execute("SELECT DISTINCT account, chat FROM calls WHERE state = 'answered'")
    return [(AccountId(row["account"]), ChatId(row["chat"])) for row in rows]


def _plain(call: Call) -> dict[str, object]:
    if isinstance(call, RunAction):
        return {
            "key": call.key, "name": call.name, "awaited": call.awaited,
            "arguments": to_json(dict(call.arguments)),
        }  # fmt: skip
    return {
        "key": call.key, "method": call.method, "url": call.url, "headers": dict(call.headers),
        "json": to_json(call.json), "form": None if call.form is None else dict(call.form),
        "timeout": call.timeout.total_seconds(), "retries": call.retries, "awaited": call.awaited,
    }  # fmt: skip


def _call(db: sqlite3.Connection, row: sqlite3.Row) -> Call:
    plain = _read(db, row, "request")
    if row["kind"] == "run":
        arguments = from_json(plain["arguments"])
        return RunAction(
            key=str(plain["key"]), name=str(plain["name"]), awaited=bool(plain["awaited"]),
            arguments=arguments if isinstance(arguments, dict) else {},
            is_sensitive=row["request"].startswith(_MARK),
        )  # fmt: skip
    headers, form = plain["headers"], plain["form"]
    return CallHttp(
        key=str(plain["key"]),
        method=str(plain["method"]),
        url=str(plain["url"]),
        headers=headers if isinstance(headers, dict) else {},
        json=from_json(plain["json"]),
        form=form if isinstance(form, dict) else None,
        timeout=timedelta(seconds=float(str(plain["timeout"]))),
        retries=int(str(plain["retries"])),
        awaited=bool(plain["awaited"]),
        is_sensitive=row["request"].startswith(_MARK),
    )
