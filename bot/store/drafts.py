"""Messages that are to leave: each with its id, fixed before the first attempt, and its row."""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from bot.domain.bodies import Amendment, Body
from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId, MessageId
from bot.domain.outgoing import Why
from bot.domain.values import HIDDEN
from bot.store import bodies, cipher
from bot.store.times import seconds

ID_PREFIX = "3EB0"  # what WhatsApp Web's own ids begin with
BLOCK = 64  # bytes that SHA-256 takes at once
ID_DIGITS = 18  # hex digits after the prefix, as in WhatsApp Web's own ids
SIGNED = ID_DIGITS // 2  # bytes of a signature that are looked at
MARK_DIGITS = 5  # the last of them: by chance one of a million ids of others bears the mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message that is to be reserved. ``is_sensitive``: shown to nobody but who gets it."""

    account: AccountId
    chat: ChatId
    text: str
    why: Why
    by: str
    due_at: datetime
    quoted: MessageId | None = None
    body: Body | Amendment | None = None
    mentions: tuple[str, ...] = ()
    is_sensitive: bool = False


def reserve_id(secret: bytes, cause: str, ordinal: int) -> MessageId:
    """Return the id of the ``ordinal``-th send of ``cause``: the same today and after a crash.

    It ends with a mark of the secret, by which `is_reserved` knows it without the cause.
    """
    own = _signed(secret, f"{cause}|{ordinal}")[: ID_DIGITS - MARK_DIGITS]
    return MessageId(ID_PREFIX + own + _signed(secret, own)[:MARK_DIGITS])


def is_reserved(secret: bytes, message_id: str) -> bool:
    """Tell whether an id was made with this secret, whatever it was made for."""
    own, mark = message_id[len(ID_PREFIX) : -MARK_DIGITS], message_id[-MARK_DIGITS:]
    return (
        message_id.startswith(ID_PREFIX)
        and len(message_id) == len(ID_PREFIX) + ID_DIGITS
        and _signed(secret, own)[:MARK_DIGITS] == mark
    )


def _signed(secret: bytes, said: str) -> str:
    keyed = _keyed(secret)
    inner, outer = keyed[0].copy(), keyed[1].copy()
    inner.update(said.encode())
    outer.update(inner.digest())
    return outer.digest()[:SIGNED].hex().upper()


@lru_cache(maxsize=8)
def _keyed(secret: bytes) -> "tuple[hashlib._Hash, hashlib._Hash]":
    """Return both halves of a secret's HMAC-SHA256 before anything is said (RFC 2104).

    Two copies of these cost a fifth of one of `hmac`'s objects.
    """
    key = (secret if len(secret) <= BLOCK else hashlib.sha256(secret).digest()).ljust(BLOCK, b"\0")
    return (
        hashlib.sha256(bytes(one ^ 0x36 for one in key)),
        hashlib.sha256(bytes(one ^ 0x5C for one in key)),
    )


Row = tuple[object, ...]
"""A message of ours as it is stored, made by `rows_of`."""


def rows_of(  # noqa: PLR0913 - what they have in common
    db: sqlite3.Connection, secret: bytes, cause: str, drafts: Sequence[Draft], now: datetime,
    rulebook: str = "", *, first: int = 0,
) -> list[Row]:  # fmt: skip
    """Return the sends of one cause, in their order, as `reserve_all` takes them.

    Args:
        first: How many this cause has from an earlier turn.
    """
    at = seconds(now)
    rows: list[Row] = []
    for ordinal, draft in enumerate(drafts, first):
        id_ = reserve_id(secret, cause, ordinal)
        text, sealed = draft.text, ""
        body = "" if draft.body is None else bodies.to_text(draft.body)
        if draft.is_sensitive:
            sealed = cipher.sealed_text(db, json.dumps([text, body]), _place(id_))
            text, body = text and HIDDEN, bodies.to_text(bodies.masked(draft.body))
        rows.append(
            (
                cause, ordinal, draft.account, draft.chat, id_, text, draft.why.value, draft.by,
                draft.quoted or "", at, at if draft.due_at is now else seconds(draft.due_at),
                rulebook, body, " ".join(draft.mentions), sealed,
            )
        )  # fmt: skip
    return rows


def seal(db: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Seal a message of ours that is found to say something sensitive."""
    text, body = row["text"], row["body"]
    sealed = cipher.sealed_text(db, json.dumps([text, body]), _place(row["message_id"]))
    masked = bodies.to_text(bodies.masked(bodies.from_text(body)))
    db.execute(
        "UPDATE outbox SET text = ?, body = ?, sealed = ? WHERE id = ?",
        (text and HIDDEN, masked, sealed, row["id"]),
    )


def _place(message_id: str) -> str:
    return f"outbox|{message_id}"


def reserve_all(db: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Store sends, each under its id; those already stored stay as they are.

    So do those that the page showed though the database had forgotten them (`restored`).
    """
    # OR FAIL: see `outbox`
    db.executemany(
        "INSERT OR FAIL INTO outbox (cause, ordinal, account, chat, message_id, text, why, by,"
        " quoted, created_at, due_at, rulebook, body, mentions, sealed, state, attempts, epoch,"
        " detail, held_why) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,'reserved',0,0,'','')"
        " ON CONFLICT DO NOTHING",
        rows,
    )


def reserve(
    db: sqlite3.Connection,
    secret: bytes,
    cause: str,
    drafts: Sequence[Draft],
    now: datetime,
    rulebook: str = "",
) -> int:
    """Store the sends of one cause, in their order; those already stored stay as they are."""
    reserve_all(db, rows_of(db, secret, cause, drafts, now, rulebook))
    return len(drafts)


def adopt(
    db: sqlite3.Connection, draft: Draft, cause: str, ids: Sequence[MessageId], now: datetime,
    detail: str = "forwarded",
) -> None:  # fmt: skip
    """Note as ours what WhatsApp has, and no row of ours says: forwarded messages."""
    at = seconds(now)
    db.executemany(
        "INSERT INTO outbox (cause, ordinal, account, chat, message_id, text, why, by, quoted,"
        " created_at, due_at, handed_at, rulebook, body, mentions, state, attempts, epoch, detail,"
        " held_why) VALUES (?,?,?,?,?,?,?,?,'',?,?,?,'','','','accepted',1,0,?,'')"
        " ON CONFLICT DO NOTHING",
        [
            (
                cause, ordinal, draft.account, draft.chat, one, draft.text, draft.why.value,
                draft.by, at, at, at, detail,
            )
            for ordinal, one in enumerate(ids)
        ],
    )  # fmt: skip


def opened(db: sqlite3.Connection, message_id: str, sealed: str) -> tuple[str, str] | None:
    """Return text and body of a message; None where they cannot be opened. Raises SealBroken."""
    held = cipher.opened_text(db, sealed, _place(message_id))
    if held is None:
        return None
    text, body = json.loads(held)
    return text, body
