"""Foreign data becomes ours here and nowhere else; what cannot be read is dropped and counted."""

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
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
from bot.domain.receipts import Receipt

logger = logging.getLogger("alexia.wire")

LONGEST_TEXT = 65_536  # characters; WhatsApp's own limit of a message
KINDS: Mapping[str, MessageKind] = {
    "chat": MessageKind.TEXT, "image": MessageKind.IMAGE, "video": MessageKind.VIDEO,
    "gif": MessageKind.VIDEO, "audio": MessageKind.AUDIO, "ptt": MessageKind.VOICE,
    "document": MessageKind.DOCUMENT, "sticker": MessageKind.STICKER,
    "location": MessageKind.LOCATION, "vcard": MessageKind.CONTACT,
    "multi_vcard": MessageKind.CONTACT, "poll_creation": MessageKind.POLL,
    "ciphertext": MessageKind.CIPHERTEXT, "list_response": MessageKind.TEXT,
    "buttons_response": MessageKind.TEXT, "template_button_reply": MessageKind.TEXT,
    "e2e_notification": MessageKind.SYSTEM, "notification": MessageKind.SYSTEM,
    "notification_template": MessageKind.SYSTEM, "gp2": MessageKind.SYSTEM,
    "call_log": MessageKind.SYSTEM, "protocol": MessageKind.SYSTEM, "revoked": MessageKind.SYSTEM,
    "alexia_reaction": MessageKind.REACTION, "alexia_vote": MessageKind.POLL,
    "reaction": MessageKind.SYSTEM, "debug": MessageKind.SYSTEM,
}  # fmt: skip
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
    chat = _address(raw.get("chat"))
    key = _text(raw.get("id"))
    if not chat or not key:
        _drop("without chat or id")
        return None
    if chat.startswith("status@") or chat.endswith(("@newsletter", "@broadcast")):
        _drop("status or newsletter")
        return None
    kind = KINDS.get(_text(raw.get("type")), MessageKind.UNKNOWN)
    from_me = raw.get("fromMe") is True
    if "ours" in raw and (from_me or raw["ours"] is not True):
        _drop("a reaction or vote that is none of ours")
        return None
    sender = _address(raw.get("sender")) or (str(account) if from_me else chat)
    body = _text(raw.get("caption")) if kind in MEDIA else _text(raw.get("body"))
    chosen = raw.get("votes")
    votes = tuple(filter(None, map(_text, chosen))) if isinstance(chosen, list) else ()
    return Message(
        account=account,
        chat=ChatId(chat),
        id=MessageId(bare_id(key)),
        sender=sender if chat.endswith("@g.us") else (str(account) if from_me else chat),
        sender_name=_text(raw.get("name"))[:200],
        text=_words(kind, body, votes),
        kind=kind,
        sent_at=_moment(raw.get("t")),
        from_me=from_me,
        origin=origin,
        mentioned=raw.get("mentioned") is True,
        media=_media(raw, kind) if kind in MEDIA else None,
        location=_location(raw) if kind is MessageKind.LOCATION else None,
        votes=votes,
        reaction=_text(raw.get("reaction"))[:16],
        card=_card(raw) if kind is MessageKind.CONTACT else None,
        quoted_text=_text(raw.get("quotedText"))[:LONGEST_TEXT],
        quoted_id=MessageId(bare_id(quoted)) if (quoted := _text(raw.get("quoted"))) else None,
        alias=_address(raw.get("alias")),
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
            account=account, chat=ChatId(chat_of(_text(one))), id=MessageId(bare_id(_text(one))),
            ack=int(ack), at=now,
        )
        for one in ids
        if _text(one)
    ]  # fmt: skip


def bare_id(key: str) -> str:
    """Return the stanza id of a serialised key, ``true_5511…@c.us_3EB0…[_participant]``."""
    parts = key.split("_")
    return parts[2] if len(parts) > 2 and parts[0] in ("true", "false") else key


def chat_of(key: str) -> str:
    """Return the chat of a serialised key, "" for a bare one."""
    parts = key.split("_")
    return parts[1] if len(parts) > 2 and parts[0] in ("true", "false") else ""


def _words(kind: MessageKind, body: str, votes: Sequence[str]) -> str:
    """Return what a message says in words; a place and a card say nothing."""
    if kind in (MessageKind.LOCATION, MessageKind.CONTACT, MessageKind.REACTION):
        return ""
    return (", ".join(votes) if votes else body)[:LONGEST_TEXT]


_KNOWN_NUMBER = re.compile(r"waid=(\d{5,20})", re.IGNORECASE)
_NUMBER = re.compile(r"TEL[^:\n]*:\s*([+\d][\d ()-]{4,30})", re.IGNORECASE)
_NAME = re.compile(r"^FN[^:\n]*:(.*)$", re.IGNORECASE | re.MULTILINE)


def _card(raw: Mapping[str, Any]) -> ContactCard:
    """Return the person on a vCard; the number that WhatsApp knows before one as written."""
    card = _text(raw.get("body"))[:LONGEST_TEXT]
    known, number, name = _KNOWN_NUMBER.search(card), _NUMBER.search(card), _NAME.search(card)
    return ContactCard(
        name=(_text(raw.get("card")) or (name[1].strip() if name else ""))[:200],
        number=f"+{known[1]}" if known else number[1].strip() if number else "",
    )


def _drop(reason: str) -> None:
    dropped[reason] += 1


def _text(value: object) -> str:
    """Return a well-formed text: lone surrogates and NULs crash what comes after."""
    if not isinstance(value, str):
        return ""
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "�")


def _address(value: object) -> str:
    text = _text(value)
    return text.replace("@s.whatsapp.net", "@c.us") if "@" in text else ""


def _moment(value: object) -> datetime:
    try:
        return datetime.fromtimestamp(float(str(value)), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _media(raw: Mapping[str, Any], kind: MessageKind) -> Media:
    size = raw.get("size")
    return Media(
        kind=kind,
        mimetype=_text(raw.get("mimetype")),
        filename=_text(raw.get("filename"))[:255],
        size=int(size) if isinstance(size, int | float) and 0 <= size < 2**40 else 0,
    )


def _location(raw: Mapping[str, Any]) -> Location:
    return Location(
        latitude=_degrees(raw.get("lat")), longitude=_degrees(raw.get("lng")),
        text=_text(raw.get("loc")),
    )  # fmt: skip


def _degrees(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and abs(value) <= 360 else None
