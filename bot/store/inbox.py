"""What arrived: stored before anything else, each message once."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.data import dataclass, replace
from bot.domain.messages import (
    AccountId,
    ChatId,
    Message,
    MessageId,
    MessageKind,
    Origin,
)
from bot.domain.values import HIDDEN
from bot.store import cipher, restored
from bot.store.concealing import masked_of, reveal
from bot.store.known import hidden_ones, is_known_by_alias, is_own_send
from bot.store.message_rows import COLUMNS, extra_of, message_of, place_of
from bot.store.times import moment, seconds

SAME_MOMENT = 60.0
"""By so many seconds our time of what we sent may differ from WhatsApp's."""

MOST_ATTEMPTS = 3
"""An event whose turn failed so often is set aside, a message or another."""

SUSPECT = 2
"""A message that was in hand at so many deaths is decided alone by its words, within
milliseconds: if the daemon is killed again and again by somebody else, it is not blamed."""

MOST_DEATHS = 4
"""An event that was in hand at so many deaths is set aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A stored message that waits for its decision."""

    row: int
    message: Message
    attempts: int
    is_last: bool = False  # nothing else of the chat waits


def record_all(
    db: sqlite3.Connection, messages: Iterable[Message], now: datetime, *, guarded: bool = False
) -> list[tuple[AccountId, ChatId]]:
    """Store a batch (T1) and return the chat of each message that is to be decided.

    A message seen before changes nothing, but that a ciphertext is upgraded, once, to its text.
    Where a message may say something sensitive, what it says is sealed until that is decided.

    Args:
        guarded: Any message may, by the rules in force; else only those in chats where something
            sensitive is asked or known.
    """
    messages = list(messages)
    hushed, hidden = _hushed(db, messages), hidden_ones(db, messages)
    found: list[tuple[AccountId, ChatId]] = []
    plain: list[Message] = []
    for message in messages:
        sealed = guarded or message.chat in hushed or message.alias in hushed
        if not sealed and message.id not in hidden and _is_plain(message):
            plain.append(message)
            continue
        found += _record_plain(db, plain, now)
        plain = []
        if (
            not is_own_send(db, message)
            and not restored.note_forgotten(db, message, now)
            and not is_known_by_alias(db, message)
            and _record(db, message, now, sealed=sealed)
        ):
            found.append((message.account, message.chat))
    return found + _record_plain(db, plain, now)


def _is_plain(message: Message) -> bool:
    """Tell whether a message is a text of a customer that nothing is to be asked about."""
    return (
        message.kind is MessageKind.TEXT
        and message.chat.endswith(("@c.us", "@g.us"))
        and message.origin is not Origin.HISTORY
        and not (message.from_me or message.alias or message.quoted_text or message.view_once)
        and not message.is_of_whatsapp
    )


def _record_plain(
    db: sqlite3.Connection, messages: Sequence[Message], now: datetime
) -> list[tuple[AccountId, ChatId]]:
    """Store plain messages with one statement, and return the chat of each that is new."""
    if not messages:
        return []
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM inbox").fetchone()
    at = seconds(now)
    stored = db.executemany(
        "INSERT OR FAIL INTO inbox (account, chat, participant, message_id, sender, sender_name,"
        " text, kind, sent_at, received_at, from_me, origin, extra, state, sealed, attempts,"
        " detail) VALUES (?,?,?,?,?,?,?,'text',?,?,0,?,?,'waiting','',0,'') ON CONFLICT DO NOTHING",
        [
            (
                one.account, one.chat, one.sender if one.is_group else "", one.id, one.sender,
                one.sender_name, one.text, seconds(one.sent_at), at, one.origin.value,
                extra_of(one),
            )
            for one in messages
        ],
    )  # fmt: skip
    if stored.rowcount == len(messages):
        return [(one.account, one.chat) for one in messages]
    rows = db.execute(
        "SELECT account, chat, participant, message_id FROM inbox WHERE id > ?", (last,)
    )
    new = {tuple(row) for row in rows}
    found: list[tuple[AccountId, ChatId]] = []
    for one in messages:
        key = (one.account, one.chat, one.key.participant, one.id)
        if key in new or _record(db, one, now):  # seen before: perhaps as a ciphertext
            found.append((one.account, one.chat))
        new.discard(key)
    return found


def _hushed(db: sqlite3.Connection, messages: Sequence[Message]) -> set[str]:
    """Return those of the messages' chats in which something sensitive is asked or known."""
    chats = {message.chat for message in messages} | {message.alias for message in messages}
    rows = db.execute(
        "SELECT chat FROM conversations WHERE hushed = 1"
        " AND chat IN (SELECT value FROM json_each(?))",
        (json.dumps(list(chats)),),
    )
    return {row[0] for row in rows}


def record_history(db: sqlite3.Connection, messages: Iterable[Message], now: datetime) -> int:
    """Store what was said long ago, which nothing follows from; return how much was new."""
    inserted = 0
    for message in messages:
        if not is_own_send(db, message):
            before = db.total_changes
            _record(db, message, now)
            inserted += db.total_changes > before
    return inserted


def oldest(
    db: sqlite3.Connection, account: AccountId, chat: ChatId
) -> tuple[datetime, tuple[MessageId, ...]] | None:
    """Return when the oldest stored message of a chat was sent, either way; None: there is none.

    With it the ids of all that were sent then: WhatsApp's times are whole seconds, and ours of what
    we sent may differ from it by some.
    """
    row = db.execute(
        "SELECT min(t) AS t FROM (SELECT min(sent_at) AS t FROM inbox WHERE account = ?1"
        " AND chat = ?2 UNION ALL SELECT min(handed_at) FROM outbox WHERE account = ?1"
        " AND chat = ?2)",
        (account, chat),
    ).fetchone()
    if row["t"] is None:
        return None
    found = db.execute(
        "SELECT message_id FROM inbox WHERE account = ?1 AND chat = ?2 AND sent_at <= ?3"
        " UNION ALL SELECT message_id FROM outbox WHERE account = ?1 AND chat = ?2"
        " AND handed_at <= ?3",
        (account, chat, row["t"] + SAME_MOMENT),
    )
    return moment(row["t"]), tuple(MessageId(one["message_id"]) for one in found)


def chat_of(db: sqlite3.Connection, message_id: str) -> ChatId | None:
    """Return the chat in which a message stands, either way; None when it is unknown."""
    row = db.execute(
        "SELECT chat FROM inbox WHERE message_id = ?1 UNION ALL"
        " SELECT chat FROM outbox WHERE message_id = ?1 LIMIT 1",
        (message_id,),
    ).fetchone()
    return None if row is None else ChatId(row["chat"])


def _record(
    db: sqlite3.Connection, message: Message, now: datetime, *, sealed: bool = False
) -> bool:
    key = message.key
    state = "ignored" if message.kind in (MessageKind.CIPHERTEXT, MessageKind.SYSTEM) else "waiting"
    told = message.is_told_to_many or message.is_of_whatsapp
    if message.origin is Origin.HISTORY or told or message.is_taken_back:
        state = "ignored"
    if message.quoted_text and message.quoted_id and _is_concealed(db, message.quoted_id):
        message = replace(message, quoted_text=HIDDEN)
    text, extra, secret = message.text, extra_of(message), ""
    if sealed and state == "waiting" and not message.from_me:
        secret = cipher.sealed_text(db, json.dumps([text, extra]), place_of(key.account, key.id))
        text, extra = text and HIDDEN, extra_of(masked_of(message))
    inserted = db.execute(
        "INSERT INTO inbox (account, chat, participant, message_id, sender, sender_name, text,"
        " kind, sent_at, received_at, from_me, origin, extra, state, sealed, attempts, detail)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,'')"
        " ON CONFLICT (account, chat, participant, message_id) DO UPDATE SET"
        " text = excluded.text, kind = excluded.kind, extra = excluded.extra,"
        " state = excluded.state, sealed = excluded.sealed"
        " WHERE inbox.kind = 'ciphertext' AND excluded.kind != 'ciphertext'"
        " AND (excluded.kind != 'text' OR excluded.text != '')",  # its words are yet to come
        (
            key.account, key.chat, key.participant, key.id, message.sender, message.sender_name,
            text, message.kind.value, seconds(message.sent_at), seconds(now),
            int(message.from_me), message.origin.value, extra, state, secret,
        ),
    )  # fmt: skip
    if message.view_once:
        db.execute(
            "UPDATE media SET state = 'gone', detail = 'to be seen once, on the phone'"
            " WHERE id = (SELECT id FROM inbox WHERE account = ? AND chat = ? AND participant = ?"
            " AND message_id = ?) AND state = 'pending'",
            (key.account, key.chat, key.participant, key.id),
        )
    return inserted.rowcount > 0 and state == "waiting"


def _is_concealed(db: sqlite3.Connection, message_id: str) -> bool:
    """Tell whether a message, either way, says something that is shown to nobody."""
    row = db.execute(
        "SELECT 1 FROM outbox WHERE message_id = ?1 AND sealed != '' UNION ALL"
        " SELECT 1 FROM inbox WHERE message_id = ?1 AND text = ?2 LIMIT 1",
        (message_id, HIDDEN),
    ).fetchone()
    return row is not None


def chats_waiting(db: sqlite3.Connection) -> list[tuple[AccountId, ChatId]]:
    """Return the chats with undecided messages, those that never failed first, oldest first."""
    rows = db.execute(
        "SELECT account, chat, min(id) AS first, max(attempts) AS tried FROM inbox"
        " WHERE state = 'waiting' GROUP BY account, chat ORDER BY tried, first"
    )
    return [(AccountId(row["account"]), ChatId(row["chat"])) for row in rows]


def next_waiting(db: sqlite3.Connection, account: AccountId, chat: ChatId) -> Waiting | None:
    """Return the chat's next undecided message."""
    return all_next_waiting(db, account, [chat]).get(chat)


def all_next_waiting(
    db: sqlite3.Connection, account: AccountId, chats: Sequence[ChatId]
) -> dict[ChatId, Waiting]:
    """Return the next undecided message of each of these chats that has one.

    What a person wrote from the phone comes first: a chat that a person answered is left alone.
    """
    rows = db.execute(
        f"SELECT {COLUMNS}, i.id, i.attempts, NOT EXISTS ("  # noqa: S608 - our words
        "SELECT 1 FROM inbox o WHERE o.account = i.account"
        " AND o.chat = i.chat AND o.state = 'waiting' AND o.id != i.id) AS is_last"
        " FROM inbox i WHERE id IN (SELECT (SELECT id FROM inbox WHERE account = ?1"
        " AND chat = value AND state = 'waiting' ORDER BY from_me DESC, id LIMIT 1)"
        " FROM json_each(?2))",
        (account, json.dumps(chats)),
    )
    found: dict[ChatId, Waiting] = {}
    for *held, row, attempts, is_last in rows:
        message = message_of(db, held)
        found[message.chat] = Waiting(
            row=row, message=message, attempts=attempts, is_last=bool(is_last)
        )
    return found


def decided_messages(
    db: sqlite3.Connection, since: datetime | None = None, chats: Sequence[str] = ()
) -> list[tuple[Message, datetime]]:
    """Return what was decided, oldest first, each with the moment of its decision.

    Args:
        chats: Only of these; all when empty.
    """
    rows = db.execute(
        f"SELECT {COLUMNS}, coalesce(decided_at, received_at) FROM inbox"  # noqa: S608 - our words
        " WHERE state = 'decided' AND received_at >= ?1"
        " AND (?2 = '[]' OR chat IN (SELECT value FROM json_each(?2))) ORDER BY id",
        (0.0 if since is None else seconds(since), json.dumps(list(chats))),
    )
    return [(message_of(db, held), moment(at)) for *held, at in rows]


def texts_since(
    db: sqlite3.Connection, account: AccountId, chat: ChatId, since: datetime, until: datetime
) -> list[str]:
    """Return what the customer wrote in a chat between two moments, both included."""
    rows = db.execute(
        "SELECT text FROM inbox WHERE account = ? AND chat = ? AND from_me = 0"
        " AND sent_at BETWEEN ? AND ? ORDER BY id DESC LIMIT 50",
        (account, chat, seconds(since), seconds(until)),
    )
    return [str(row["text"]) for row in rows]


def chats_told(db: sqlite3.Connection, account: AccountId, text: str, since: datetime) -> int:
    """Return in how many chats this very text was written from the phone since a moment."""
    row = db.execute(
        "SELECT count(DISTINCT chat) AS chats FROM inbox WHERE account = ? AND from_me = 1"
        " AND text = ? AND sent_at >= ?",
        (account, text, seconds(since)),
    ).fetchone()
    return int(row["chats"])


def run_of_texts(db: sqlite3.Connection, first: Waiting) -> list[tuple[Waiting, datetime]]:
    """Return a waiting text and those of the same person right behind it, with their arrivals."""
    message = first.message
    rows = db.execute(
        f"SELECT {COLUMNS}, id, attempts, received_at FROM inbox"  # noqa: S608 - our words
        " WHERE account = ? AND chat = ? AND state = 'waiting' AND id >= ? ORDER BY id",
        (message.account, message.chat, first.row),
    )
    found: list[tuple[Waiting, datetime]] = []
    for *held, row, attempts, received_at in rows:
        one = message_of(db, held)
        if one.kind is not MessageKind.TEXT or one.from_me or one.sender != message.sender:
            break
        waiting = Waiting(row=row, message=one, attempts=attempts)
        found.append((waiting, moment(received_at)))
    return found


# OR FAIL: many rows changed by one statement would else be copied aside first, so that it can be
# undone alone; here the transaction, or its savepoint, is undone whole.


def count_attempts(db: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Note that work on these messages begins; a death meanwhile leaves the count behind."""
    db.execute(
        "UPDATE OR FAIL inbox SET attempts = attempts + 1"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(rows),),
    )


def mark_decided(db: sqlite3.Connection, row: int, now: datetime) -> None:
    """Close a message: it is never decided again."""
    mark_all_decided(db, [row], now)


def mark_all_decided(db: sqlite3.Connection, rows: Sequence[int], now: datetime) -> None:
    """Close messages: they are never decided again. What was sealed of them is shown again.

    Those that say something sensitive must be concealed before.
    """
    reveal(db, rows)
    db.execute(
        "UPDATE OR FAIL inbox SET state = 'decided', decided_at = ?"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (seconds(now), json.dumps(rows)),
    )


def quarantine(db: sqlite3.Connection, row: int, reason: str) -> None:
    """Set a message aside that cannot be handled; its chat goes on."""
    db.execute("UPDATE inbox SET state = 'quarantined', detail = ? WHERE id = ?", (reason, row))


def ignore(db: sqlite3.Connection, row: int, reason: str, now: datetime) -> None:
    """Close a message that nobody may answer."""
    db.execute(
        "UPDATE inbox SET state = 'ignored', detail = ?, decided_at = ? WHERE id = ?",
        (reason, seconds(now), row),
    )


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many messages wait and how many are quarantined."""
    waiting, quarantined = db.execute(
        "SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting'),"
        " (SELECT count(*) FROM inbox WHERE state = 'quarantined')"
    ).fetchone()
    return {"waiting": waiting, "quarantined": quarantined}
