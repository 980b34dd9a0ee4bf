"""The state of each chat between two turns."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.domain.conversation import Conversation, Frame
from bot.domain.data import replace
from bot.domain.messages import AccountId, ChatId
from bot.domain.values import Value, from_json
from bot.store import cipher
from bot.store.states import as_text, parse, plain
from bot.store.times import moment, seconds


class Outdated(Exception):
    """Somebody else moved the conversation since it was loaded."""


def load(db: sqlite3.Connection, account: AccountId, chat: ChatId) -> Conversation:
    """Return the chat's conversation; a fresh one for a chat never seen."""
    row = db.execute(
        "SELECT version, state FROM conversations WHERE account = ? AND chat = ?", (account, chat)
    ).fetchone()
    if row is None:
        return Conversation(chat=chat)
    return parse(db, (account, chat), row["version"], row["state"])


def load_all(
    db: sqlite3.Connection, account: AccountId, chats: Sequence[ChatId]
) -> dict[ChatId, Conversation]:
    """Return the conversations of these chats; fresh ones for chats never seen."""
    rows = db.execute(
        "SELECT chat, version, state FROM conversations WHERE account = ?"
        " AND chat IN (SELECT value FROM json_each(?))",
        (account, json.dumps(chats)),
    )
    found = {
        ChatId(chat): parse(db, (account, ChatId(chat)), version, state)
        for chat, version, state in rows
    }
    return {chat: found.get(chat) or Conversation(chat=chat) for chat in chats}


def keep(db: sqlite3.Connection, account: AccountId, contact_id: int, after: Conversation) -> None:
    """Store one next state, as `keep_all` does.

    Raises:
        Outdated: The stored version is another one; nothing was written.
    """
    keep_all(db, [(account, contact_id, after)])


Next = tuple[AccountId, int, Conversation]
"""An account, a contact, and a conversation that is to be kept."""


def keep_all(db: sqlite3.Connection, nexts: Sequence[Next]) -> None:
    """Store the next states, provided that nobody moved one of the conversations meanwhile.

    Args:
        nexts: The new states; their ``version`` is still that of the state they were made from.

    Raises:
        Outdated: A stored version is another one; what was written must be undone.
    """
    changed = db.executemany(
        "INSERT INTO conversations (account, chat, contact_id, version, state, flow, step,"
        " muted_until, last_message_at, hushed, member) VALUES (?,?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (account, chat) DO UPDATE SET contact_id = excluded.contact_id,"
        " version = excluded.version, state = excluded.state, flow = excluded.flow,"
        " step = excluded.step, muted_until = excluded.muted_until,"
        " last_message_at = excluded.last_message_at, hushed = excluded.hushed,"
        " member = excluded.member WHERE conversations.version = excluded.version - 1",
        [_row(db, *one) for one in nexts],
    )
    if changed.rowcount < len(nexts):
        raise Outdated


def _row(
    db: sqlite3.Connection, account: AccountId, contact_id: int, after: Conversation
) -> tuple[object, ...]:
    top = after.top
    muted = None if after.handoff is None else seconds(after.handoff.until)
    last = None if after.last_message_at is None else seconds(after.last_message_at)
    return (
        account, after.chat, contact_id, after.version + 1, as_text(db, account, after),
        top.flow if top else "", top.step if top else "", muted, last, int(is_guarded(after)),
        after.member,
    )  # fmt: skip


def is_guarded(conversation: Conversation) -> bool:
    """Tell whether the next message may say something sensitive: answer it, or correct it."""
    return conversation.is_hushed or any(frame.sensitive for frame in conversation.frames)


def busy(db: sqlite3.Connection, now: datetime) -> dict[str, int]:
    """Return how many chats each member of a team has now, while the bot keeps quiet there."""
    rows = db.execute(
        "SELECT member, count(*) AS n FROM conversations WHERE member != '' AND muted_until > ?"
        " GROUP BY member",
        (seconds(now),),
    )
    return {row["member"]: row["n"] for row in rows}


def open_frames(db: sqlite3.Connection) -> list[Frame]:
    """Return the frames of all open flows."""
    return [frame for _, open_one in open_ones(db) for frame in open_one.frames]


def open_ones(
    db: sqlite3.Connection,
) -> Iterator[tuple[tuple[AccountId, ChatId], Conversation]]:
    """Yield the chats in which something is open."""
    rows = db.execute("SELECT account, chat, version, state FROM conversations WHERE flow != ''")
    for row in rows:
        where = AccountId(row["account"]), ChatId(row["chat"])
        yield where, parse(db, where, row["version"], row["state"])


def noted(
    db: sqlite3.Connection, name: str
) -> Iterator[tuple[AccountId, ChatId, Mapping[str, Value]]]:
    """Yield the chats of people and groups, with what is noted there under a name."""
    rows = db.execute(
        "SELECT account, chat, json_extract(state, '$.notes.' || ?) AS noted FROM conversations"
        " WHERE chat NOT LIKE '%@newsletter' AND chat NOT LIKE 'status@%'",
        (name,),
    ).fetchall()
    for row in rows:
        held = None if row["noted"] is None else from_json(json.loads(row["noted"]))
        known = held if isinstance(held, dict) else {}
        yield AccountId(row["account"]), ChatId(row["chat"]), known


def heard_since(
    db: sqlite3.Connection, since: datetime
) -> list[tuple[AccountId, ChatId, datetime]]:
    """Return the chats of people and groups whose customer wrote after a moment, and when."""
    rows = db.execute(
        "SELECT account, chat, last_message_at FROM conversations WHERE last_message_at > ?"
        " AND chat NOT LIKE '%@newsletter' AND chat NOT LIKE 'status@%'",
        (seconds(since),),
    ).fetchall()
    return [
        (AccountId(row["account"]), ChatId(row["chat"]), moment(row["last_message_at"]))
        for row in rows
    ]


def lane_of(db: sqlite3.Connection, contact_id: int) -> tuple[AccountId, ChatId] | None:
    """Return the latest private chat of a person, None when there is none."""
    row = db.execute(
        "SELECT account, chat FROM conversations WHERE contact_id = ?"
        " ORDER BY chat LIKE '%@g.us', last_message_at DESC LIMIT 1",
        (contact_id,),
    ).fetchone()
    return None if row is None else (AccountId(row["account"]), ChatId(row["chat"]))


def move(db: sqlite3.Connection, account: AccountId, old: ChatId, new: ChatId) -> None:
    """Let a conversation go on under another address. Raises SealBroken."""
    row = db.execute(
        "SELECT version, state FROM conversations WHERE account = ? AND chat = ?", (account, old)
    ).fetchone()
    state = row["state"]
    if cipher.SEALED in state:
        held = parse(db, (account, old), row["version"], state)
        state = json.dumps(plain(db, account, replace(held, chat=new)))
    db.execute(
        "UPDATE conversations SET chat = ?, state = ? WHERE account = ? AND chat = ?",
        (new, state, account, old),
    )
