"""The state of each chat between two turns."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.conversation import Conversation, Frame, Handoff
from bot.domain.messages import AccountId, ChatId
from bot.domain.understanding import Mood, Sentiment
from bot.domain.values import Value, from_json, hide, is_hidden, to_json
from bot.store.times import moment, seconds

_Json = Any  # parsed JSON of our own making


class Outdated(Exception):
    """Somebody else moved the conversation since it was loaded."""


def load(db: sqlite3.Connection, account: AccountId, chat: ChatId) -> Conversation:
    """Return the chat's conversation; a fresh one for a chat never seen."""
    row = db.execute(
        "SELECT version, state FROM conversations WHERE account = ? AND chat = ?", (account, chat)
    ).fetchone()
    if row is None:
        return Conversation(chat=chat)
    return parse(chat, row["version"], json.loads(row["state"]))


def load_all(
    db: sqlite3.Connection, account: AccountId, chats: Sequence[ChatId]
) -> dict[ChatId, Conversation]:
    """Return the conversations of these chats; fresh ones for chats never seen."""
    rows = db.execute(
        "SELECT chat, version, state FROM conversations WHERE account = ?"
        " AND chat IN (SELECT value FROM json_each(?))",
        (account, json.dumps(chats)),
    )
    found = {ChatId(chat): parse(chat, version, json.loads(state)) for chat, version, state in rows}
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
        " muted_until, last_message_at) VALUES (?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT (account, chat) DO UPDATE SET contact_id = excluded.contact_id,"
        " version = excluded.version, state = excluded.state, flow = excluded.flow,"
        " step = excluded.step, muted_until = excluded.muted_until,"
        " last_message_at = excluded.last_message_at"
        " WHERE conversations.version = excluded.version - 1",
        [_row(*one) for one in nexts],
    )
    if changed.rowcount < len(nexts):
        raise Outdated


def _row(account: AccountId, contact_id: int, after: Conversation) -> tuple[object, ...]:
    top = after.top
    muted = None if after.handoff is None else seconds(after.handoff.until)
    last = None if after.last_message_at is None else seconds(after.last_message_at)
    return (
        account, after.chat, contact_id, after.version + 1, json.dumps(plain(after)),
        top.flow if top else "", top.step if top else "", muted, last,
    )  # fmt: skip


def open_frames(db: sqlite3.Connection) -> list[Frame]:
    """Return the frames of all open flows."""
    rows = db.execute("SELECT state FROM conversations WHERE flow != ''")
    stored = (frame for row in rows for frame in json.loads(row["state"]).get("frames", []))
    return [_frame(frame) for frame in stored]


def open_ones(
    db: sqlite3.Connection,
) -> Iterator[tuple[tuple[AccountId, ChatId], Conversation]]:
    """Yield the chats in which something is open."""
    rows = db.execute("SELECT account, chat, version, state FROM conversations WHERE flow != ''")
    for row in rows:
        chat = ChatId(row["chat"])
        state = json.loads(row["state"])
        yield (AccountId(row["account"]), chat), parse(chat, row["version"], state)


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


def plain(conversation: Conversation) -> dict[str, object]:
    """Return the state in a form that JSON can hold; what is empty is left out."""
    plain: dict[str, object] = {
        "last_reply": conversation.last_reply,
        "last_message_at": _iso(conversation.last_message_at),
    }
    handoff = conversation.handoff
    if conversation.frames:
        plain["frames"] = [_plain_frame(frame) for frame in conversation.frames]
    if conversation.sentiments:
        plain["sentiments"] = [[tone.label.value, tone.score] for tone in conversation.sentiments]
    if conversation.uses:
        plain["uses"] = {
            rule: [seconds(used) for used in moments] for rule, moments in conversation.uses.items()
        }
    if handoff is not None:
        plain["handoff"] = [
            handoff.team, handoff.until.isoformat(), handoff.note, handoff.priority,
        ]  # fmt: skip
    if conversation.menu:
        plain["menu"] = list(conversation.menu)
    if conversation.language is not None:
        plain["language"] = conversation.language
    if conversation.disclosed:
        plain["disclosed"] = True
    if conversation.notes:
        plain["notes"] = _plain_values(conversation.notes)
    if conversation.is_hushed:
        plain["is_hushed"] = True
    return plain


def parse(chat: ChatId, version: int, state: Mapping[str, object]) -> Conversation:
    """Return the conversation that `plain` was given."""
    stored: dict[str, _Json] = dict(state)
    return Conversation(
        chat=chat,
        version=version,
        frames=tuple([_frame(frame) for frame in stored.get("frames", ())]),
        sentiments=tuple(
            [
                Sentiment(label=Mood(label), score=score)
                for label, score in stored.get("sentiments", ())
            ]
        ),
        uses={
            rule: tuple(moment(stamp) for stamp in stamps)
            for rule, stamps in stored.get("uses", {}).items()
        },
        handoff=_handoff(stored.get("handoff")),
        menu=tuple(stored.get("menu", ())),
        last_reply=stored["last_reply"],
        last_message_at=_parsed(stored["last_message_at"]),
        language=stored.get("language"),
        disclosed=stored.get("disclosed", False),
        notes=_values(stored.get("notes", {})),
        is_hushed=stored.get("is_hushed", False),
    )


def _plain_frame(frame: Frame) -> dict[str, object]:
    return {
        "flow": frame.flow,
        "version": frame.version,
        "step": frame.step,
        "slots": _plain_values(frame.slots, frame.sensitive),
        "saved": _plain_values(frame.saved, frame.sensitive),
        "retries": frame.retries,
        "awaiting": frame.awaiting,
        "loops": _plain_values(frame.loops),
        "since": _iso(frame.since),
        "asked_at": _iso(frame.asked_at),
        "save_as": frame.save_as,
        "called": frame.called,
        "notes": _plain_values(frame.notes),
        "author": frame.author,
        "in_handoff": frame.in_handoff,
    }


def _frame(stored: _Json) -> Frame:
    return Frame(
        flow=stored["flow"],
        version=stored["version"],
        step=stored["step"],
        slots=_values(stored["slots"]),
        saved=_values(stored["saved"]),
        retries=stored["retries"],
        awaiting=stored["awaiting"],
        loops=_values(stored["loops"]),
        since=_parsed(stored["since"]),
        asked_at=_parsed(stored["asked_at"]),
        save_as=stored["save_as"],
        called=stored["called"],
        notes=_values(stored["notes"]),
        sensitive=hidden_names(stored["slots"]) | hidden_names(stored["saved"]),
        author=stored.get("author", ""),
        in_handoff=stored.get("in_handoff", False),
    )


def _handoff(stored: _Json) -> Handoff | None:
    if stored is None:
        return None
    team, until, note, priority = stored
    return Handoff(team=team, until=datetime.fromisoformat(until), note=note, priority=priority)


def _plain_values(
    values: Mapping[str, Value], sensitive: Collection[str] = ()
) -> dict[str, object]:
    return {
        name: hide(to_json(value)) if name in sensitive else to_json(value)
        for name, value in values.items()
    }


def hidden_names(stored: Mapping[str, object]) -> frozenset[str]:
    """Return the names of the values that are shown to nobody."""
    return frozenset(name for name, value in stored.items() if is_hidden(value))


def _values(stored: _Json) -> dict[str, Value]:
    return {name: from_json(value) for name, value in stored.items()}


def _iso(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()


def _parsed(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)
