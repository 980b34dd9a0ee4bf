"""A conversation's state as the database keeps it: JSON, with what is sensitive in it sealed."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime
from json.encoder import encode_basestring_ascii as quoted
from operator import attrgetter
from typing import Any

from bot.domain.conversation import Conversation, Frame, Handoff
from bot.domain.messages import AccountId, ChatId
from bot.domain.understanding import Mood, Sentiment
from bot.domain.values import Value, from_json, is_hidden, to_json
from bot.store import cipher
from bot.store.times import moment, seconds

_special = attrgetter(
    "frames", "sentiments", "uses", "handoff", "menu", "disclosed", "notes", "is_hushed",
    "is_reply_sensitive", "is_menu_sensitive", "team", "member",
)  # fmt: skip
_Json = Any  # parsed JSON of our own making
_read = json.JSONDecoder().raw_decode  # what `json.loads` does besides is for others' JSON

Where = tuple[AccountId, ChatId]


def as_text(db: sqlite3.Connection, account: AccountId, conversation: Conversation) -> str:
    """Return what `plain` does as JSON text, written at once where only a text was said."""
    if not _is_brief(conversation):
        return json.dumps(plain(db, account, conversation))
    said, at = conversation.last_reply, conversation.last_message_at
    when = "null" if at is None else f'"{at.isoformat()}"'
    spoken = conversation.language
    language = "" if spoken is None else f', "language": {quoted(spoken)}'
    return f'{{"last_reply": {quoted(said)}, "last_message_at": {when}{language}}}'


def _is_brief(conversation: Conversation) -> bool:
    """Tell whether nothing is open in a conversation, and nothing special known of it."""
    return not any(_special(conversation))


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
    stored: dict[str, _Json] = _read(state)[0]
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
