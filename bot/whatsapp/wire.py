"""Foreign data becomes ours here and nowhere else; what cannot be read is dropped and counted."""

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain.changes import MessageChange
from bot.domain.messages import (
    LONGEST_TEXT,
    AccountId,
    ChatId,
    ContactCard,
    Location,
    Media,
    Message,
    MessageId,
    MessageKind,
    Origin,
    key_parts,
)
from bot.domain.presence import Seen
from bot.domain.receipts import Receipt

logger = logging.getLogger("alexia.wire")

KINDS: Mapping[str, MessageKind] = {
    "chat": MessageKind.TEXT, "image": MessageKind.IMAGE, "video": MessageKind.VIDEO,
    "gif": MessageKind.VIDEO, "ptv": MessageKind.VIDEO,
    "audio": MessageKind.AUDIO, "ptt": MessageKind.VOICE,
    "document": MessageKind.DOCUMENT, "sticker": MessageKind.STICKER,
    "location": MessageKind.LOCATION, "vcard": MessageKind.CONTACT,
    "multi_vcard": MessageKind.CONTACT, "poll_creation": MessageKind.POLL,
    "ciphertext": MessageKind.CIPHERTEXT, "list_response": MessageKind.TEXT,
    "buttons_response": MessageKind.TEXT, "template_button_reply": MessageKind.TEXT,
    "interactive_response": MessageKind.TEXT,
    "e2e_notification": MessageKind.SYSTEM, "notification": MessageKind.SYSTEM,
    "notification_template": MessageKind.SYSTEM, "gp2": MessageKind.SYSTEM,
    "call_log": MessageKind.SYSTEM, "protocol": MessageKind.SYSTEM, "revoked": MessageKind.SYSTEM,
    "alexia_reaction": MessageKind.REACTION, "alexia_vote": MessageKind.POLL,
    "reaction": MessageKind.SYSTEM, "reaction_enc": MessageKind.SYSTEM,
    "debug": MessageKind.SYSTEM, "pinned_message": MessageKind.SYSTEM,
    "keep_in_chat": MessageKind.SYSTEM, "poll_update": MessageKind.SYSTEM,
    "event_response": MessageKind.SYSTEM, "album": MessageKind.SYSTEM,
    "broadcast_notification": MessageKind.SYSTEM, "group_notification": MessageKind.SYSTEM,
    "newsletter_notification": MessageKind.SYSTEM, "ephemeral_setting": MessageKind.SYSTEM,
    "pin_in_chat": MessageKind.SYSTEM, "message_history_notice": MessageKind.SYSTEM,
}  # fmt: skip
FILLED_IN = frozenset(("chat", "unknown"))
"""Types that without words are messages whose words are yet to come: nobody can write such."""
MOST_SECONDS = 1e11
"""The year 5138; what is more is told in milliseconds."""
MEDIA = frozenset((
    MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.VOICE,
    MessageKind.DOCUMENT, MessageKind.STICKER,
))  # fmt: skip

dropped: Counter[str] = Counter()
"""What could not be read, by reason."""


def read_message(raw: object, account: AccountId, origin: Origin) -> Message | None:
    """Return a message of the page in our words; None when it is nothing for us."""
    if not isinstance(raw, Mapping):
        _drop("not a message")
        return None
    chat = address_in(raw.get("chat"))
    key = text_in(raw.get("id"))
    if not chat or not key:
        _drop("without chat or id")
        return None
    kind = _kind(raw)
    from_me = raw.get("fromMe") is True
    if "ours" in raw and (from_me or raw["ours"] is not True):
        _drop("a reaction or vote that is none of ours")
        return None
    sender = address_in(raw.get("sender")) or (str(account) if from_me else chat)
    body = text_in(raw.get("caption")) if kind in MEDIA else text_in(raw.get("body"))
    chosen = raw.get("votes")
    votes = tuple(filter(None, map(text_in, chosen))) if isinstance(chosen, list) else ()
    return Message(
        account=account,
        chat=ChatId(chat),
        id=MessageId(bare_id(key)),
        sender=sender
        if chat.endswith(("@g.us", "@broadcast"))
        else (str(account) if from_me else chat),
        sender_name=text_in(raw.get("name"))[:200],
        text=_words(kind, body, votes),
        kind=kind,
        sent_at=_moment(raw.get("t")),
        from_me=from_me,
        origin=origin,
        mentioned=raw.get("mentioned") is True,
        media=_media(raw, kind) if kind in MEDIA else None,
        location=_location(raw) if kind is MessageKind.LOCATION else None,
        votes=votes,
        reaction=text_in(raw.get("reaction"))[:16],
        view_once=raw.get("viewOnce") is True,
        expires_in=_seconds(raw.get("expires")),
        card=_card(raw) if kind is MessageKind.CONTACT else None,
        quoted_text=text_in(raw.get("quotedText"))[:LONGEST_TEXT],
        quoted_id=MessageId(bare_id(quoted)) if (quoted := text_in(raw.get("quoted"))) else None,
        alias=address_in(raw.get("alias")),
    )


def read_change(raw: object, account: AccountId, now: datetime) -> MessageChange | None:
    """Return what was done to a message, None when it cannot be read."""
    chat = address_in(raw.get("chat")) if isinstance(raw, Mapping) else ""
    key = text_in(raw.get("id")) if isinstance(raw, Mapping) else ""
    if not isinstance(raw, Mapping) or not chat or not key:
        _drop("no change of a message")
        return None
    told = raw.get("t")
    known = isinstance(told, int | float) and 0 < told < 2**42
    return MessageChange(
        account=account,
        chat=ChatId(chat),
        id=MessageId(bare_id(key)),
        sender=address_in(raw.get("sender")) or chat,
        alias=address_in(raw.get("alias")),
        at=_moment(float(told) / 1000) if known else now,  # type: ignore[arg-type]
        text=None if raw.get("revoked") is True else text_in(raw.get("text"))[:LONGEST_TEXT],
        from_me=raw.get("fromMe") is True,
    )


def read_receipt(raw: object, account: AccountId, now: datetime) -> list[Receipt]:
    """Return the acknowledgements of one event; none when it cannot be read."""
    if not isinstance(raw, Mapping):
        _drop("not a receipt")
        return []
    ack = raw.get("ack")
    ids = raw.get("ids")
    if not isinstance(ack, int | float) or isinstance(ack, bool) or not isinstance(ids, list):
        _drop("not a receipt")
        return []
    return [
        Receipt(
            account=account, chat=ChatId(chat_of(key)), id=MessageId(bare_id(key)), ack=int(ack),
            at=now, reader=address_in(raw.get("sender")),
        )
        for key in map(text_in, ids)
        if key
    ]  # fmt: skip


def read_presence(raw: object, now: datetime) -> Seen | None:
    """Return who came online or left, None when it cannot be read."""
    address = address_in(raw.get("who")) if isinstance(raw, Mapping) else ""
    if not isinstance(raw, Mapping) or not address or not isinstance(raw.get("online"), bool):
        _drop("no presence")
        return None
    told = raw.get("t")
    known = isinstance(told, int | float) and 0 < told < 2**42
    at = _moment(float(told) / 1000) if known else now  # type: ignore[arg-type]
    return Seen(address=address, online=raw["online"], at=at)


def bare_id(key: str) -> str:
    """Return the stanza id of a serialised key, ``true_5511…@c.us_3EB0…[_participant]``."""
    whole = key_parts(key)
    return whole[1] if whole else key


def chat_of(key: str) -> str:
    """Return the chat of a serialised key, "" for a bare one."""
    whole = key_parts(key)
    return whole[0] if whole else ""


def _kind(raw: Mapping[str, Any]) -> MessageKind:
    """Return what a message is; what we do not know may be what the page says nobody sends."""
    said = text_in(raw.get("type"))
    if said in FILLED_IN and not (text_in(raw.get("body")) or text_in(raw.get("caption"))):
        return MessageKind.CIPHERTEXT
    known = KINDS.get(said)
    if known is None and raw.get("system") is True:
        return MessageKind.SYSTEM
    return MessageKind.UNKNOWN if known is None else known


_PICTURE = re.compile(r"(?:data:|/9j/|iVBORw0|R0lGOD|UklGR)[A-Za-z0-9+/=:;,]{40,}\s*")
"""A JPEG, PNG, GIF or WebP in base64: some messages have their small picture for a body."""


def _words(kind: MessageKind, body: str, votes: Sequence[str]) -> str:
    """Return what a message says in words; a place and a card say nothing.

    Those of a type that we do not know count: WhatsApp renames types, and somebody wrote them.
    """
    if kind in (MessageKind.LOCATION, MessageKind.CONTACT, MessageKind.REACTION):
        return ""
    if kind is MessageKind.UNKNOWN and _PICTURE.fullmatch(body):
        return ""
    return (", ".join(votes) if votes else body)[:LONGEST_TEXT]


_KNOWN_NUMBER = re.compile(r"waid=(\d{5,20})", re.IGNORECASE)
_NUMBER = re.compile(r"TEL[^:\n]*:\s*([+\d][\d ()-]{4,30})", re.IGNORECASE)
_NAME = re.compile(r"^FN[^:\n]*:(.*)$", re.IGNORECASE | re.MULTILINE)


def _card(raw: Mapping[str, Any]) -> ContactCard:
    """Return the person on a vCard; the number that WhatsApp knows before one as written."""
    card = text_in(raw.get("body"))[:LONGEST_TEXT]
    known, number, name = _KNOWN_NUMBER.search(card), _NUMBER.search(card), _NAME.search(card)
    return ContactCard(
        name=(text_in(raw.get("card")) or (name[1].strip() if name else ""))[:200],
        number=f"+{known[1]}" if known else number[1].strip() if number else "",
    )


def _drop(reason: str) -> None:
    dropped[reason] += 1


def text_in(value: object) -> str:
    """Return a well-formed text: lone surrogates and NULs crash what comes after."""
    if not isinstance(value, str):
        return ""
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "�")


def address_in(value: object) -> str:
    """Return an address of WhatsApp, "" when it is none."""
    text = text_in(value)
    return text.replace("@s.whatsapp.net", "@c.us") if "@" in text else ""


def _moment(value: object) -> datetime:
    """Return a moment that is told in seconds, or in milliseconds where those would be far off."""
    try:
        told = float(str(value))
        return datetime.fromtimestamp(told / 1000 if told > MOST_SECONDS else told, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _media(raw: Mapping[str, Any], kind: MessageKind) -> Media:
    size = raw.get("size")
    return Media(
        kind=kind,
        mimetype=text_in(raw.get("mimetype")),
        filename=text_in(raw.get("filename"))[:255],
        size=int(size) if isinstance(size, int | float) and 0 <= size < 2**40 else 0,
    )


def _seconds(value: object) -> int:
    return int(value) if isinstance(value, int | float) and 0 < value < 2**31 else 0


def _location(raw: Mapping[str, Any]) -> Location:
    return Location(
        latitude=_degrees(raw.get("lat")), longitude=_degrees(raw.get("lng")),
        text=text_in(raw.get("loc")),
    )  # fmt: skip


def _degrees(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and abs(value) <= 360 else None
