"""Messages as rows of the inbox, and back."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.domain.messages import (
    AccountId,
    ChatId,
    ContactCard,
    Location,
    Media,
    Message,
    MessageId,
    MessageKind,
    Origin,
)
from bot.store import cipher
from bot.store.times import moment


def place_of(account: str, message_id: str) -> str:
    """Return the place for which a message's text is sealed."""
    return f"inbox|{account}|{message_id}"


KINDS = {one.value: one for one in MessageKind}
ORIGINS = {one.value: one for one in Origin}
"""By their words at rest: a table is five times as fast as an enumeration is to ask."""

FLAGS = ("reaction", "mentioned", "view_once", "expires_in")


def extra_of(message: Message) -> str:
    """Return what few messages have as JSON, "" where there is nothing."""
    extra: dict[str, object] = {}
    if message.media is not None:
        media = message.media
        extra["media"] = [media.kind.value, media.mimetype, media.filename, media.size]
    if message.location is not None:
        place = message.location
        extra["location"] = [place.latitude, place.longitude, place.text]
    if message.quoted_id:
        extra["quoted"] = message.quoted_id
    if message.quoted_text:
        extra["quoted_text"] = message.quoted_text
    if message.votes:
        extra["votes"] = list(message.votes)
    if message.card is not None:
        extra["card"] = [message.card.name, message.card.number]
    for name in FLAGS:
        if value := getattr(message, name):
            extra[name] = value
    return json.dumps(extra) if extra else ""


COLUMNS = (
    "account, chat, message_id, sender, sender_name, text, kind, sent_at, from_me, origin, extra,"
    " sealed"
)
"""What `message_of` reads, in its order: by name each column of a row is looked for anew."""


def message_of(db: sqlite3.Connection, held: Iterable[Any]) -> Message:
    """Return the message that a row's `COLUMNS` hold. Raises SealBroken."""
    (
        account, chat, id_, sender, sender_name, text, kind, sent_at, from_me, origin, extra,
        sealed,
    ) = held  # fmt: skip
    if sealed:
        plain = cipher.opened_text(db, sealed, place_of(account, id_))
        text, extra = (text, extra) if plain is None else json.loads(plain)
    return Message(
        account=AccountId(account),
        chat=ChatId(chat),
        id=MessageId(id_),
        sender=sender,
        sender_name=sender_name,
        text=text,
        kind=KINDS[kind],
        sent_at=moment(sent_at),
        from_me=bool(from_me),
        origin=ORIGINS[origin],
        **(_known(json.loads(extra)) if extra else {}),
    )


def _known(extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return what few messages have."""
    return {
        "mentioned": bool(extra.get("mentioned")),
        "media": _media(extra.get("media")),
        "location": _location(extra.get("location")),
        "quoted_id": extra.get("quoted"),
        "quoted_text": extra.get("quoted_text", ""),
        "votes": tuple(extra.get("votes", ())),
        "card": _card(extra.get("card")),
        "reaction": extra.get("reaction", ""),
        "view_once": bool(extra.get("view_once")),
        "expires_in": int(extra.get("expires_in", 0)),
    }


def _media(stored: Sequence[object] | None) -> Media | None:
    if stored is None:
        return None
    kind, mimetype, filename, size = stored
    return Media(
        kind=MessageKind(str(kind)), mimetype=str(mimetype), filename=str(filename),
        size=int(str(size)),
    )  # fmt: skip


def _card(stored: Sequence[str] | None) -> ContactCard | None:
    return None if stored is None else ContactCard(name=stored[0], number=stored[1])


def _location(stored: Sequence[float | str | None] | None) -> Location | None:
    if stored is None:
        return None
    latitude, longitude, text = stored
    return Location(latitude=_float(latitude), longitude=_float(longitude), text=str(text))


def _float(stored: float | str | None) -> float | None:
    return None if stored is None else float(stored)
