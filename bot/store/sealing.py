"""Seals what an older version left readable: marked values, and where else they stand.

Until then a sensitive value was marked as such in flows and fields, and readable in the file; in
requests, replies and leads it was not even marked. There it is known by what it says.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.domain.data import replace
from bot.domain.messages import AccountId, ChatId
from bot.domain.values import HIDDEN, from_json, is_hidden, texts_in, to_json
from bot.store import (
    calls,
    cipher,
    concealing,
    contacts,
    conversations,
    drafts,
    leads,
    states,
    timers,
)

READABLE, WIPE = "sealing.readable", "sealing.wipe"
"""In `meta`: what an older version wrote is not sealed yet; its pages are not wiped yet."""
LEAST = 4  # letters of a value that is looked for in texts; shorter ones stand everywhere

Known = dict[str, list[str]]
"""By chat: the sensitive values that are known there, as texts."""


def is_readable(db: sqlite3.Connection) -> bool:
    """Tell whether an older version wrote here."""
    return _has(db, READABLE)


def is_to_be_wiped(db: sqlite3.Connection) -> bool:
    """Tell whether pages of the file may still hold what was sealed."""
    return _has(db, WIPE)


def note_wiped(db: sqlite3.Connection) -> None:
    """Note that the file was written anew."""
    db.execute("DELETE FROM meta WHERE key = ?", (WIPE,))


def seal_all(db: sqlite3.Connection) -> None:
    """Seal what is sensitive, as part of a transaction; the file is to be wiped behind it."""
    known = _known(db)
    for chat, values in known.items():
        tells = _finder(values)
        _seal_calls(db, chat, tells)
        _seal_replies(db, chat, tells)
        _seal_leads(db, chat, tells)
    _seal_conversations(db, known)
    _seal_fields(db)
    _seal_timers(db)
    _seal_heard(db)
    for index in ("inbox_words", "outbox_words"):
        db.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")  # noqa: S608
    db.execute("DELETE FROM meta WHERE key = ?", (READABLE,))
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (WIPE,))


def _has(db: sqlite3.Connection, key: str) -> bool:
    return db.execute("SELECT 1 FROM meta WHERE key = ?", (key,)).fetchone() is not None


def _known(db: sqlite3.Connection) -> Known:
    """Return the values that are marked, in flows, in what is due later and in fields."""
    found: Known = {}

    def note(chat: str, values: Iterable[object]) -> None:
        texts = [text for value in values for text in texts_in(from_json(value))]
        if texts:
            found.setdefault(chat, []).extend(texts)

    for row in db.execute("SELECT chat, state FROM conversations WHERE state LIKE '%hidden%'"):
        for frame in json.loads(row["state"]).get("frames", ()):
            for part in ("slots", "saved"):
                note(row["chat"], filter(is_hidden, frame[part].values()))
    for row in db.execute("SELECT chat, payload FROM timers WHERE kind = 'later'"):
        payload = json.loads(row["payload"])
        hidden, held = payload.get(timers.SENSITIVE, ()), payload.get(timers.VALUES, {})
        note(row["chat"], [value for name, value in held.items() if name in hidden])
    for row in db.execute(
        "SELECT i.address, c.fields FROM contacts c JOIN identities i ON i.contact_id = c.id"
        " WHERE c.fields LIKE '%hidden%'"
    ):
        note(row["address"], filter(is_hidden, json.loads(row["fields"]).values()))
    return found


def _finder(values: Iterable[str]) -> Callable[[str], bool]:
    """Return what tells whether a text says one of these values."""
    long = sorted({re.escape(one) for one in values if len(one) >= LEAST})
    found = re.compile(rf"(?<!\w)(?:{'|'.join(long)})(?!\w)") if long else None
    return lambda text: found is not None and found.search(text) is not None


def _seal_calls(db: sqlite3.Connection, chat: str, tells: Callable[[str], bool]) -> None:
    rows = db.execute("SELECT key, request, answer FROM calls WHERE chat = ?", (chat,)).fetchall()
    for row in rows:
        if tells(row["request"]) or tells(row["answer"]):
            calls.seal(db, row)


def _seal_replies(db: sqlite3.Connection, chat: str, tells: Callable[[str], bool]) -> None:
    rows = db.execute(
        "SELECT id, message_id, text, body FROM outbox WHERE sealed = '' AND (chat = ?1 OR cause IN"
        " (SELECT cause FROM traces WHERE chat = ?1))",
        (chat,),
    ).fetchall()
    for row in rows:
        if tells(row["text"]) or tells(row["body"]):
            drafts.seal(db, row)


def _seal_leads(db: sqlite3.Connection, chat: str, tells: Callable[[str], bool]) -> None:
    rows = db.execute(
        "SELECT l.* FROM leads l JOIN identities i ON i.contact_id = l.contact_id"
        " WHERE i.address = ?",
        (chat,),
    ).fetchall()
    for row in rows:
        fields = {
            name: cipher.sealed(db, value, leads.place_of(row["contact_id"], name))
            if tells(json.dumps(value, ensure_ascii=False))
            else value
            for name, value in json.loads(row["fields"]).items()
        }
        notes = [HIDDEN if tells(note) else note for note in json.loads(row["notes"])]
        db.execute(
            "UPDATE leads SET fields = ?, notes = ? WHERE id = ?",
            (json.dumps(fields), json.dumps(notes), row["id"]),
        )


def _seal_conversations(db: sqlite3.Connection, known: Mapping[str, list[str]]) -> None:
    rows = db.execute("SELECT account, chat, version, state FROM conversations").fetchall()
    for row in rows:
        account, chat = AccountId(row["account"]), ChatId(row["chat"])
        tells = _finder(known.get(chat, ()))
        held = states.parse(db, (account, chat), row["version"], row["state"])
        if tells(held.last_reply):
            held = replace(held, is_reply_sensitive=True)
        if held.handoff is not None and tells(held.handoff.note):
            held = replace(held, handoff=replace(held.handoff, is_note_sensitive=True))
        state = json.dumps(states.plain(db, account, held))
        guarded = conversations.is_guarded(held)
        if guarded or cipher.SEALED in state:
            db.execute(
                "UPDATE conversations SET state = ?, hushed = ? WHERE account = ? AND chat = ?",
                (state, int(guarded), account, chat),
            )


def _seal_fields(db: sqlite3.Connection) -> None:
    rows = db.execute("SELECT id, fields FROM contacts WHERE fields LIKE '%hidden%'").fetchall()
    for row in rows:
        fields = {
            name: cipher.sealed(db, _bare(value), contacts.place_of(row["id"], name))
            if is_hidden(value)
            else value
            for name, value in json.loads(row["fields"]).items()
        }
        db.execute("UPDATE contacts SET fields = ? WHERE id = ?", (json.dumps(fields), row["id"]))


def _bare(value: Any) -> object:  # noqa: ANN401 - parsed JSON of our own making
    """Return a marked value without its mark."""
    return to_json(from_json(value))


def _seal_timers(db: sqlite3.Connection) -> None:
    rows = db.execute("SELECT * FROM timers WHERE kind = 'later'").fetchall()
    for row in rows:
        timers.seal(db, row)


def _seal_heard(db: sqlite3.Connection) -> None:
    """Seal what waits to be decided where something sensitive is asked or known."""
    rows = db.execute(
        "SELECT i.id FROM inbox i JOIN conversations v ON v.account = i.account"
        " AND v.chat = i.chat WHERE v.hushed = 1 AND i.state = 'waiting' AND i.from_me = 0"
    ).fetchall()
    concealing.seal(db, [row["id"] for row in rows])
