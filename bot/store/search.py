"""Stored messages, both ways: found by their words, and read as one talk."""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.domain.data import dataclass
from bot.store.people import find_contact
from bot.store.times import moment, seconds

Row = dict[str, Any]

MOST = 50  # messages found, unless told otherwise
WITHOUT_BLANKS = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
"""Scripts that write words without blanks between them: found as pieces of the text."""
PIECE = re.compile(r'"([^"]*)"|(\S+)')

AMENDMENTS = "('reaction', 'edit', 'revoke')"
COLUMNS = {
    "inbox": (
        "m.message_id AS id, m.chat, CASE m.from_me WHEN 1 THEN 'out' ELSE 'in' END AS direction,"
        " m.kind AS type, m.text, m.sent_at AS t, m.state AS status, m.id AS row, m.extra"
    ),
    "outbox": (
        "m.message_id AS id, m.chat, 'out' AS direction, CASE WHEN m.body = '' THEN 'text' ELSE"
        " coalesce(json_extract(m.body, '$.kind'), json_extract(m.body, '$.is')) END AS type,"
        " m.text, coalesce(m.handed_at, m.created_at) AS t, m.state AS status, m.id AS row,"
        " '' AS extra"
    ),
}
SHOWN = {
    "inbox": "m.kind != 'ciphertext'",
    "outbox": f"(m.body = '' OR json_extract(m.body, '$.is') NOT IN {AMENDMENTS})",
}
TIMES = {"inbox": "m.sent_at", "outbox": "coalesce(m.handed_at, m.created_at)"}
KINDS = {
    "inbox": "m.kind = ?",
    "outbox": "coalesce(json_extract(nullif(m.body, ''), '$.kind'),"
    " json_extract(nullif(m.body, ''), '$.is'), 'text') = ?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; all of it must hold.

    Attributes:
        words: All must occur, whatever their case and accents; ``"two words"`` stand together,
            ``begin*`` may go on.
        chats: Only in these; None: in all.
        kind: The message's type, such as ``image``; "": any.
    """

    words: str = ""
    chats: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    kind: str = ""


def find_messages(db: sqlite3.Connection, wanted: Wanted, most: int = MOST) -> list[Row]:
    """Return the latest messages that fit, the latest first."""
    phrases, pieces = _read_words(wanted.words)
    found: list[sqlite3.Row] = []
    for table in ("inbox", "outbox"):
        tests, values = [SHOWN[table], "m.state != 'cancelled'"], []
        source = f"{table} m"
        if phrases and wanted.chats is None:
            source = f"{table}_words CROSS JOIN {table} m ON m.id = {table}_words.rowid"
        elif phrases:  # a chat's messages are fewer than those with a word
            source = f"{table} m CROSS JOIN {table}_words ON {table}_words.rowid = m.id"
        if phrases:
            tests.append(f"{table}_words MATCH ?")
            values.append(phrases)
        for piece in pieces:
            tests.append("instr(m.text, ?) > 0")
            values.append(piece)
        more, given = _filters(table, wanted)
        order = f"{table}_words.rowid" if phrases and wanted.chats is None else "m.id"
        found += db.execute(
            f"SELECT {COLUMNS[table]} FROM {source} WHERE {' AND '.join([*tests, *more])}"  # noqa: S608 - our words
            f" ORDER BY {order} DESC LIMIT ?",
            (*values, *given, most),
        ).fetchall()
    found.sort(key=lambda row: (row["t"], row["row"]), reverse=True)
    people = _people(db, [row["chat"] for row in found[:most]])
    return [{**_plain(row), "contact": people.get(row["chat"])} for row in found[:most]]


def messages_of(db: sqlite3.Connection, chats: Sequence[str] | None = None) -> list[Row]:
    """Return the messages of chats (None: of all), both ways, in order of time."""
    return [{**row, "t": moment(row["t"]).isoformat()} for row in each_message(db, chats)]


def each_message(db: sqlite3.Connection, chats: Sequence[str] | None = None) -> Iterator[Row]:
    """Yield what `messages_of` returns, one by one; ``t`` is in epoch seconds."""
    parts: list[str] = []
    values: list[object] = []
    for table in ("inbox", "outbox"):
        more, given = _filters(table, Wanted(chats=None if chats is None else tuple(chats)))
        tests = " AND ".join([SHOWN[table], *more])
        parts.append(f"SELECT {COLUMNS[table]} FROM {table} m WHERE {tests}")  # noqa: S608 - our words
        values += given
    for row in db.execute(f"{' UNION ALL '.join(parts)} ORDER BY t, row", values):
        yield {**_plain(row), "t": row["t"]}


def chats_of(db: sqlite3.Connection, who: str) -> tuple[str, ...]:
    """Return the chats that ``who`` names: a chat itself, or all of a person's, groups left out."""
    rows = db.execute("SELECT chat FROM inbox WHERE chat = ?1 UNION SELECT chat FROM outbox"
                      " WHERE chat = ?1", (who,)).fetchall()  # fmt: skip
    contact = find_contact(db, who)
    if contact is not None:
        rows += db.execute(
            "SELECT address FROM identities WHERE contact_id = ?1 UNION SELECT chat FROM"
            " conversations WHERE contact_id = ?1 AND chat NOT LIKE '%@g.us'",
            (contact,),
        ).fetchall()
    digits = "".join(letter for letter in who if letter.isdigit())
    if not rows and digits:
        rows = db.execute(
            "SELECT chat FROM inbox WHERE chat = ?1 UNION SELECT chat FROM outbox WHERE chat = ?1",
            (f"{digits}@c.us",),
        ).fetchall()
    return tuple(dict.fromkeys(str(row[0]) for row in rows))


def chats_tagged(db: sqlite3.Connection, tag: str) -> tuple[str, ...]:
    """Return the chats of the people who wear a tag."""
    rows = db.execute(
        "SELECT i.address FROM tags t JOIN identities i ON i.contact_id = t.contact_id"
        " WHERE t.tag = ?",
        (tag,),
    )
    return tuple(str(row["address"]) for row in rows)


def _read_words(words: str) -> tuple[str, list[str]]:
    """Return the words as a full-text query, and those that are looked for as they stand."""
    phrases: list[str] = []
    pieces: list[str] = []
    for phrase, word in PIECE.findall(words):
        said = phrase or word
        if not said.strip():
            continue
        if WITHOUT_BLANKS.search(said) or not any(letter.isalnum() for letter in said):
            pieces.append(said)
            continue
        prefix = not phrase and said.endswith("*")
        quoted = said.rstrip("*").replace('"', '""') if prefix else said.replace('"', '""')
        phrases.append(f'"{quoted}"' + ("*" if prefix else ""))
    return " ".join(phrases), pieces


def _filters(table: str, wanted: Wanted) -> tuple[list[str], list[object]]:
    """Return the conditions beside the words, and their values."""
    tests: list[str] = []
    values: list[object] = []
    if wanted.chats is not None:
        tests.append("m.chat IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(wanted.chats))
    if wanted.since is not None:
        tests.append(f"{TIMES[table]} >= ?")
        values.append(seconds(wanted.since))
    if wanted.until is not None:
        tests.append(f"{TIMES[table]} < ?")
        values.append(seconds(wanted.until))
    if wanted.kind:
        tests.append(KINDS[table])
        values.append(wanted.kind)
    return tests, values


def _people(db: sqlite3.Connection, chats: Sequence[str]) -> dict[str, Row]:
    rows = db.execute(
        "SELECT i.address, c.number, c.name FROM identities i JOIN contacts c"
        " ON c.id = i.contact_id WHERE i.address IN (SELECT value FROM json_each(?))",
        (json.dumps(chats),),
    )
    return {row["address"]: {"number": row["number"], "name": row["name"]} for row in rows}


def _plain(row: sqlite3.Row) -> Row:
    return {
        "id": row["id"],
        "chat": row["chat"],
        "direction": row["direction"],
        "type": row["type"],
        "text": row["text"],
        "t": moment(row["t"]).isoformat(),
        "status": row["status"],
        **_changed(json.loads(row["extra"]) if row["extra"] else {}),
    }


def _changed(extra: Row) -> Row:
    """Return what became of a message after it was sent: its texts of before, when it went."""
    found: Row = {}
    if "was" in extra:
        found["before"] = [text for text, _ in extra["was"]]
    if "revoked_at" in extra:
        found["revoked_at"] = moment(extra["revoked_at"]).isoformat()
    return found
