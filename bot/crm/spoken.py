"""What a message says, as a text for people who read it elsewhere."""

import json
import sqlite3

from bot.crm.line import Undecided
from bot.domain.crm import CrmJob, JobKind
from bot.domain.data import dataclass
from bot.domain.messages import Message, MessageKind
from bot.domain.values import HIDDEN
from bot.store.message_rows import COLUMNS, message_of

LONGEST = 60_000  # characters of a text


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message. ``is_incoming``: the customer wrote it; ``name``: as WhatsApp shows who did."""

    id: str
    text: str
    is_incoming: bool
    name: str = ""


def said_in(db: sqlite3.Connection, job: CrmJob) -> Said | None:
    """Return what a job's message says; None: it is gone, or cannot be shown.

    What is sensitive reads ``•••``.

    Raises:
        Undecided: Nobody knows yet whether it says something sensitive.
    """
    if job.kind is JobKind.SENT:
        return _sent(db, job.row)
    row = db.execute(
        f"SELECT state, {COLUMNS} FROM inbox WHERE id = ?",  # noqa: S608 - our words
        (job.row,),
    ).fetchone()
    if row is None:
        return None
    if row["sealed"] and row["state"] == "waiting":
        raise Undecided
    message = message_of(db, (*tuple(row)[1:-1], ""))  # as masked, where it is still sealed
    text = _text(message)
    if not text:
        return None
    return Said(
        id=message.id, text=text[:LONGEST], is_incoming=not message.from_me,
        name=message.sender_name,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidFile:
    """A file of a message. ``sha256``: under which it is kept; ``size`` in bytes."""

    id: str
    is_incoming: bool
    sha256: str
    size: int
    name: str
    mimetype: str


def file_in(db: sqlite3.Connection, row: int) -> SaidFile | None:
    """Return the file of a message; None: it is gone, or sensitive."""
    found = db.execute(
        "SELECT i.message_id, i.from_me, i.text, i.sealed, m.sha256, m.size, m.filename, m.mimetype"
        " FROM media m JOIN inbox i ON i.id = m.id WHERE m.id = ? AND m.state = 'ok'",
        (row,),
    ).fetchone()
    if found is None or found["sealed"] or found["text"] == HIDDEN:
        return None
    return SaidFile(
        id=found["message_id"], is_incoming=not found["from_me"], sha256=found["sha256"],
        size=found["size"], name=found["filename"], mimetype=found["mimetype"],
    )  # fmt: skip


def _sent(db: sqlite3.Connection, number: int) -> Said | None:
    row = db.execute("SELECT message_id, text, body FROM outbox WHERE id = ?", (number,)).fetchone()
    if row is None:
        return None
    body = json.loads(row["body"]) if row["body"] else {}
    label = body.get("kind") or body.get("is") or ""
    text = f"[{label}] {row['text']}".strip() if label else row["text"]
    return Said(id=row["message_id"], text=text[:LONGEST], is_incoming=False)


def _text(message: Message) -> str:
    match message.kind:
        case MessageKind.TEXT | MessageKind.UNKNOWN:
            return message.text
        case MessageKind.REACTION:
            return message.reaction
        case MessageKind.LOCATION if message.location is not None:
            place = message.location
            words = f"[location] {place.latitude},{place.longitude} {place.text}"
        case MessageKind.CONTACT if message.card is not None:
            words = f"[contact] {message.card.name} {message.card.number}"
        case kind:
            file = message.media.filename if message.media is not None else ""
            words = f"[{kind}] {file} {message.text}"
    return " ".join(words.split(" ")).replace("  ", " ").strip()
