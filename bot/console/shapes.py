"""Stored rows in WAHA's JSON shapes, so that its users' programs can read them."""

import json
import secrets
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import __version__
from bot.domain.messages import AccountId
from bot.store.times import moment

ENGINE = "WA-JS"
ACKS = {-1: "ERROR", 0: "PENDING", 1: "SERVER", 2: "DEVICE", 3: "READ", 4: "PLAYED"}
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32

Json = dict[str, Any]


def ulid(now: datetime, chance: int | None = None) -> str:
    """Return a fresh id of 26 letters that sorts by time."""
    drawn = secrets.randbits(80) if chance is None else chance
    number = (int(now.timestamp() * 1000) << 80) | drawn
    return "".join(LETTERS[(number >> shift) & 31] for shift in range(125, -1, -5))


def envelope(
    event: str, payload: Json, *, session: str, account: AccountId | None, now: datetime
) -> Json:
    """Return an event as it leaves."""
    return {
        "id": f"evt_{ulid(now)}",
        "timestamp": int(now.timestamp() * 1000),
        "event": event,
        "session": session,
        "metadata": {},
        "me": None if not account else {"id": account, "pushName": None, "lid": None},
        "payload": payload,
        "engine": ENGINE,
        "environment": {"version": __version__, "engine": ENGINE},
    }


def message_id(*, from_me: bool, chat: str, bare: str, participant: str = "") -> str:
    """Return a message's id as WhatsApp Web writes it out."""
    whole = f"{str(from_me).lower()}_{chat}_{bare}"
    return f"{whole}_{participant}" if participant else whole


def inbox_message(row: sqlite3.Row | Mapping[str, Any]) -> Json:
    """Return a message that arrived, or that a person wrote from the phone."""
    extra = json.loads(row["extra"]) if row["extra"] else {}
    from_me = bool(row["from_me"])
    return {
        "id": message_id(
            from_me=from_me, chat=row["chat"], bare=row["message_id"],
            participant=row["participant"],
        ),
        "timestamp": int(row["sent_at"]),
        "from": row["account"] if from_me else row["chat"],
        "fromMe": from_me,
        "to": row["chat"] if from_me else row["account"],
        "participant": row["participant"] or None,
        "source": "app",
        "body": row["text"],
        "type": row["kind"],
        "notifyName": row["sender_name"],
        "hasMedia": "media" in extra,
        "media": _media(extra),
        "ack": None,
        "ackName": "UNKNOWN",
        "replyTo": _quoted(extra.get("quoted", ""), extra.get("quoted_text", "")),
        "location": _location(extra.get("location")),
        "vCards": _cards(extra.get("card")),
        "edited": "was" in extra,
        "revoked": "revoked_at" in extra,
    }  # fmt: skip


def outbox_message(row: sqlite3.Row) -> Json:
    """Return a message of ours, wherever it stands on its way."""
    body = json.loads(row["body"]) if row["body"] else {}
    media = body if body.get("is") == "file" else None
    return {
        "id": message_id(from_me=True, chat=row["chat"], bare=row["message_id"]),
        "timestamp": int(row["handed_at"] or row["created_at"]),
        "from": row["account"],
        "fromMe": True,
        "to": row["chat"],
        "participant": None,
        "source": "api",
        "body": row["text"],
        "type": body.get("kind", body.get("is", "text")),
        "hasMedia": media is not None,
        "media": media
        and {
            "url": media["url"] or None,
            "mimetype": None,
            "filename": media["name"] or None,
            "sha256": media.get("kept"),
            "error": None,
        },
        **acknowledged(-1 if row["state"] == "failed" else row["ack"] or 0),
        "replyTo": _quoted(row["quoted"], ""),
        "location": None,
        "vCards": [],
        "state": row["state"],
    }


def acknowledged(ack: int) -> Json:
    """Return an acknowledgement; wa-js's negative ones are all ERROR, with the detail."""
    shown = max(-1, min(ack, 4))
    told: Json = {"ack": shown, "ackName": ACKS[shown]}
    return told if ack >= 0 else {**told, "ackDetail": ack}


def reply(row: sqlite3.Row, data: Json) -> Json:
    """Return the payload of what became of a reply."""
    return {
        "id": message_id(from_me=True, chat=row["chat"], bare=row["message_id"]),
        "chatId": row["chat"],
        "body": row["text"],
        "why": row["why"],
        "by": row["by"],
        "state": row["state"],
        **data,
    }


def contact(row: sqlite3.Row, addresses: list[str]) -> Json:
    """Return a person, as ``history.PERSON`` reads them."""
    return {
        "id": next((one for one in addresses if one.endswith("@c.us")), (*addresses, "")[0]),
        "number": row["number"].removeprefix("+"),
        "name": row["saved_name"] or row["name"],
        "pushname": row["push_name"] or row["name"],
        "shortName": (row["saved_name"] or row["name"]).partition(" ")[0],
        "isMe": False,
        "isGroup": False,
        "isWAContact": True,
        "isMyContact": bool(row["saved"]),
        "isBusiness": bool(row["business"]),
        "isBlocked": bool(row["blocked"]),
        "lastSeen": None if row["last_seen"] is None else moment(row["last_seen"]).isoformat(),
    }


def _media(extra: Json) -> Json | None:
    if "media" not in extra:
        return None
    _, mimetype, filename, _ = extra["media"]
    return {"url": None, "mimetype": mimetype, "filename": filename or None, "error": None}


def _quoted(bare: str | None, text: str) -> Json | None:
    return {"id": bare, "body": text or None} if bare else None


def _location(stored: list[Any] | None) -> Json | None:
    if not stored:
        return None
    return {"latitude": stored[0], "longitude": stored[1], "description": stored[2] or None}


def _cards(stored: list[str] | None) -> list[str]:
    if not stored:
        return []
    name, number = (_line(one) for one in stored)
    return [f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:{number}\nEND:VCARD"]


def _line(text: str) -> str:
    """Return a text as one line of a vCard."""
    return " ".join(text.split()).replace(",", "\\,").replace(";", "\\;")
