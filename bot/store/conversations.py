"""The state of each chat between two turns."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.conversation import Conversation, Frame, Handoff
from bot.domain.data import replace
from bot.domain.messages import AccountId, ChatId
from bot.domain.understanding import Mood, Sentiment
from bot.domain.values import Value, from_json, is_hidden, to_json
from bot.store import cipher
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
        account, after.chat, contact_id, after.version + 1, json.dumps(plain(db, account, after)),
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


Where = tuple[AccountId, ChatId]


def plain(
    db: sqlite3.Connection, account: AccountId, conversation: Conversation
) -> dict[str, object]:
    """Return the state in a form that JSON can hold; what is empty is left out.

    What is sensitive in it is sealed: values by their names, the rest of a flow that works on
    them, and our last words where they say one.
    """
    where = account, conversation.chat
    plain: dict[str, object] = {
        "last_reply": conversation.last_reply,
        "last_message_at": _iso(conversation.last_message_at),
    }
    hushed = conversation.is_hushed
    if conversation.frames:
        plain["frames"] = [
            _plain_frame(db, frame, _place(where, f"{depth}|{frame.flow}"), hushed=hushed)
            for depth, frame in enumerate(conversation.frames)
        ]
    if conversation.sentiments:
        plain["sentiments"] = [
            [tone.label.value, tone.score, *([tone.author] if tone.author else [])]
            for tone in conversation.sentiments
        ]
    if conversation.uses:
        plain["uses"] = {
            rule: [seconds(used) for used in moments] for rule, moments in conversation.uses.items()
        }
    if conversation.handoff is not None:
        plain["handoff"] = _plain_handoff(db, conversation.handoff, _place(where, "handoff"))
    if conversation.menu:
        plain["menu"] = list(conversation.menu)
    if conversation.language is not None:
        plain["language"] = conversation.language
    if conversation.notes:
        plain["notes"] = _plain_values(conversation.notes)
    for name, hides in (
        ("last_reply", conversation.is_reply_sensitive), ("menu", conversation.is_menu_sensitive)
    ):  # fmt: skip
        if hides and name in plain:
            plain[name] = cipher.sealed(db, plain[name], _place(where, name))
    plain |= _assigned(conversation)
    flags = {"disclosed": conversation.disclosed, "is_hushed": hushed}
    return plain | {name: True for name, holds in flags.items() if holds}


def parse(db: sqlite3.Connection, where: Where, version: int, state: str) -> Conversation:
    """Return the conversation that `plain` was given. Raises SealBroken."""
    stored: dict[str, _Json] = json.loads(state)
    if stored.keys() <= BRIEF and isinstance(stored["last_reply"], str):
        return _brief(where[1], version, stored)
    last, menu = stored["last_reply"], stored.get("menu", ())
    team, member = stored.get("assigned", ("", ""))
    return Conversation(
        chat=where[1],
        version=version,
        frames=tuple([
            _frame(db, frame, _place(where, f"{depth}|{frame['flow']}"))
            for depth, frame in enumerate(stored.get("frames", ()))
        ]),
        sentiments=tuple(
            [
                Sentiment(label=Mood(label), score=score, author=author[0] if author else "")
                for label, score, *author in stored.get("sentiments", ())
            ]
        ),
        uses={
            rule: tuple(moment(stamp) for stamp in stamps)
            for rule, stamps in stored.get("uses", {}).items()
        },
        handoff=_handoff(db, stored.get("handoff"), _place(where, "handoff")),
        menu=_labels(cipher.opened(db, menu, _place(where, "menu"))),
        last_reply=str(cipher.opened(db, last, _place(where, "last_reply"))),
        last_message_at=_parsed(stored["last_message_at"]),
        language=stored.get("language"),
        disclosed=stored.get("disclosed", False),
        notes=_values(stored.get("notes", {})),
        is_hushed=stored.get("is_hushed", False),
        is_reply_sensitive=is_hidden(last),
        is_menu_sensitive=is_hidden(menu),
        team=team,
        member=member,
    )  # fmt: skip


BRIEF = frozenset(("last_reply", "last_message_at", "language"))
"""What is stored of most chats: nothing is open there."""


def _brief(chat: ChatId, version: int, stored: _Json) -> Conversation:
    """Return a conversation of which little is stored."""
    return Conversation(
        chat=chat, version=version, last_reply=stored["last_reply"],
        last_message_at=_parsed(stored["last_message_at"]), language=stored.get("language"),
    )  # fmt: skip


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


def _place(where: Where, part: str) -> str:
    """Return the place for which something of a conversation is sealed."""
    return f"conversations|{where[0]}|{where[1]}|{part}"


def _labels(stored: object) -> tuple[str, ...]:
    return tuple(str(label) for label in stored) if isinstance(stored, (list, tuple)) else ()


def _plain_frame(
    db: sqlite3.Connection, frame: Frame, place: str, *, hushed: bool
) -> dict[str, object]:
    plain: dict[str, object] = {
        "flow": frame.flow,
        "version": frame.version,
        "step": frame.step,
        "slots": _plain_values(frame.slots),
        "saved": _plain_values(frame.saved),
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
    if frame.sensitive:
        for part in ("slots", "saved"):
            plain[part] = seal_values(db, plain[part], frame.sensitive, f"{place}|{part}")
    if frame.sensitive or hushed:
        for part in ("loops", "notes"):
            if plain[part]:
                plain[part] = cipher.sealed(db, plain[part], f"{place}|{part}")
    return plain


def _frame(db: sqlite3.Connection, stored: _Json, place: str) -> Frame:
    hidden = hidden_names(stored["slots"]) | hidden_names(stored["saved"])
    slots, saved = stored["slots"], stored["saved"]
    if hidden:
        slots = open_values(db, slots, f"{place}|slots")
        saved = open_values(db, saved, f"{place}|saved")
    loops, notes = (
        cipher.opened(db, stored[part], f"{place}|{part}") for part in ("loops", "notes")
    )
    return Frame(
        flow=stored["flow"],
        version=stored["version"],
        step=stored["step"],
        slots=_values(slots),
        saved=_values(saved),
        retries=stored["retries"],
        awaiting=stored["awaiting"],
        loops=_values(loops),
        since=_parsed(stored["since"]),
        asked_at=_parsed(stored["asked_at"]),
        save_as=stored["save_as"],
        called=stored["called"],
        notes=_values(notes),
        sensitive=hidden,
        author=stored.get("author", ""),
        in_handoff=stored.get("in_handoff", False),
    )


def _plain_handoff(db: sqlite3.Connection, handoff: Handoff, place: str) -> list[object]:
    note: object = handoff.note
    if handoff.is_note_sensitive:
        note = cipher.sealed(db, note, place)
    return [handoff.team, handoff.until.isoformat(), note, handoff.priority]


def _handoff(db: sqlite3.Connection, stored: _Json, place: str) -> Handoff | None:
    if stored is None:
        return None
    team, until, note, priority = stored
    return Handoff(
        team=team, until=datetime.fromisoformat(until), note=str(cipher.opened(db, note, place)),
        priority=priority, is_note_sensitive=is_hidden(note),
    )  # fmt: skip


def _assigned(conversation: Conversation) -> dict[str, object]:
    team, member = conversation.team, conversation.member
    return {"assigned": [team, member]} if team or member else {}


def _plain_values(values: Mapping[str, Value]) -> dict[str, object]:
    return {name: to_json(value) for name, value in values.items()}


def seal_values(
    db: sqlite3.Connection, plain: _Json, sensitive: Collection[str], place: str
) -> dict[str, object]:
    """Return values in their form for JSON, those that are sensitive sealed for their place."""
    return {
        name: cipher.sealed(db, value, f"{place}|{name}") if name in sensitive else value
        for name, value in plain.items()
    }


def open_values(db: sqlite3.Connection, stored: _Json, place: str) -> dict[str, object]:
    """Return what `seal_values` was given. Raises SealBroken."""
    return {name: cipher.opened(db, value, f"{place}|{name}") for name, value in stored.items()}


def hidden_names(stored: Mapping[str, object]) -> frozenset[str]:
    """Return the names of the values that are shown to nobody."""
    return frozenset(name for name, value in stored.items() if is_hidden(value))


def _values(stored: _Json) -> dict[str, Value]:
    if not isinstance(stored, dict):
        return {}  # only shown, and not opened
    return {name: from_json(value) for name, value in stored.items()}


def _iso(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()


def _parsed(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)
