"""Whether what arrives is here already: the echo of a send, or a message under another name."""

import json
import logging
import re
import sqlite3
from collections.abc import Sequence

from bot.domain.bodies import Attachment, Poll
from bot.domain.messages import ContactCard, Location, Message, MessageKind
from bot.store import bodies
from bot.store.drafts import ID_DIGITS, ID_PREFIX
from bot.store.times import seconds

logger = logging.getLogger("alexia.store")

SAME_SEND = 60.0
"""By so many seconds the times of one message under two addresses may differ, and those at which
one of ours was handed and sent."""

SAME_FILE = 150.0
"""The same for a file, which is read and brought up before it is sent."""

_OF_A_PAGE = re.compile(rf"{ID_PREFIX}[0-9A-F]{{{ID_DIGITS}}}")
"""What WhatsApp Web calls its messages; phones call theirs otherwise."""


def is_own_send(db: sqlite3.Connection, message: Message) -> bool:
    """Tell whether this is the echo of a message of ours, and note the echo."""
    if not message.from_me:
        return False
    row = (
        db.execute("SELECT id FROM outbox WHERE message_id = ?", (message.id,)).fetchone()
        or _under_another_id(db, message)
        or _body_under_another_id(db, message)
    )
    if row is None:
        return False
    db.execute(
        "UPDATE outbox SET state = 'accepted', settled_at = NULL "
        "WHERE id = ? AND state IN ('handed', 'uncertain')",
        (row["id"],),
    )
    return True


def _under_another_id(db: sqlite3.Connection, message: Message) -> sqlite3.Row | None:
    """Return the text of ours to which the page gave an id of its own, None when it is none.

    It bears that id from now on: else it would be sent again and again, as one that never left,
    and what the page shows would be taken for a person's answer. Its words tell it, while it is
    on its way or right after.
    """
    row: sqlite3.Row | None = db.execute(
        "SELECT id, ack FROM outbox WHERE account = ?1 AND chat IN (?2, ?3) AND trim(text) = ?4"
        " AND body = '' AND sealed = '' AND state NOT IN ('reserved', 'cancelled', 'failed')"
        " AND abs(handed_at - ?5) <= ?6 ORDER BY coalesce(ack, 0) > 0, id LIMIT 1",
        (
            message.account, message.chat, message.alias or message.chat, message.text.strip(),
            seconds(message.sent_at), SAME_SEND,
        ),
    ).fetchone()  # fmt: skip
    if row is not None and not row["ack"]:
        _rename(db, row, message)
    return row


def _body_under_another_id(db: sqlite3.Connection, message: Message) -> sqlite3.Row | None:
    """Return the file, poll, place or card of ours to which the page gave an id of its own.

    Such may say nothing: it is the first of its kind that is on its way in the chat, unless its
    words are others, or a phone named it.
    """
    if message.kind is MessageKind.TEXT or not _OF_A_PAGE.fullmatch(message.id):
        return None
    rows = db.execute(
        "SELECT id, text, body FROM outbox WHERE account = ?1 AND chat IN (?2, ?3) AND body != ''"
        " AND sealed = '' AND state IN ('handed', 'uncertain', 'accepted')"
        " AND coalesce(ack, 0) < 1 AND abs(handed_at - ?4) <= ?5 ORDER BY id",
        (
            message.account, message.chat, message.alias or message.chat,
            seconds(message.sent_at), SAME_FILE,
        ),
    )  # fmt: skip
    for row in rows.fetchall():
        if _shows(message, str(row["text"]), str(row["body"])):
            _rename(db, row, message)
            return row  # type: ignore[no-any-return]  # of sqlite3, which knows no types
    return None


def _shows(message: Message, text: str, body: str) -> bool:
    """Tell whether a message may be the one of ours with this text and body."""
    said = message.text.strip()
    match bodies.from_text(body):
        case Attachment(kind=kind):
            return message.kind is kind and said == text.strip()
        case Poll(question=question):
            return message.kind is MessageKind.POLL and said in ("", question.strip())
        case Location():
            return message.kind is MessageKind.LOCATION
        case ContactCard():
            return message.kind is MessageKind.CONTACT
        case _:
            return False


def _rename(db: sqlite3.Connection, row: sqlite3.Row, message: Message) -> None:
    logger.info("WhatsApp Web gave a message of ours, %d, an id of its own", row["id"])
    db.execute("UPDATE outbox SET message_id = ? WHERE id = ?", (message.id, row["id"]))


def hidden_ones(db: sqlite3.Connection, messages: Sequence[Message]) -> set[str]:
    """Return the ids under which messages stand, or are among these, at a hidden address."""
    ids = [one.id for one in messages]
    rows = db.execute(
        "SELECT message_id FROM inbox WHERE message_id IN (SELECT value FROM json_each(?))"
        " AND chat LIKE '%@lid'",
        (json.dumps(ids),),
    )
    return {row[0] for row in rows} | {one.id for one in messages if one.chat.endswith("@lid")}


def is_known_by_alias(db: sqlite3.Connection, message: Message) -> bool:
    """Tell whether this message was stored when only a hidden address of its person was known.

    A ciphertext of that time is put under the number, to be upgraded there.
    """
    if not message.alias:
        return (
            message.chat.endswith("@lid") and _is_known_by_number(db, message)
        ) or _stands_under_another(db, message)
    old = message.alias
    chat, participant = (message.chat, old) if message.is_group else (old, "")
    where = (message.account, chat, participant, message.id)
    row = db.execute(
        "SELECT id, kind FROM inbox"
        " WHERE account = ? AND chat = ? AND participant = ? AND message_id = ?",
        where,
    ).fetchone()
    if row is None:
        return False
    if row["kind"] != MessageKind.CIPHERTEXT.value:
        return True
    db.execute(
        "UPDATE OR IGNORE inbox SET chat = ?, participant = ?, sender = ? WHERE id = ?",
        (message.chat, message.key.participant, message.sender, row["id"]),
    )
    return False


def _is_known_by_number(db: sqlite3.Connection, message: Message) -> bool:
    """Tell whether this message of a hidden address was stored under its person's number."""
    row = db.execute(
        "SELECT 1 FROM inbox WHERE account = ?1 AND message_id = ?2 AND kind != 'ciphertext'"
        " AND chat IN (SELECT other.address FROM identities one JOIN identities other"
        " ON other.contact_id = one.contact_id WHERE one.address = ?3 AND other.address != ?3)",
        (message.account, message.id, message.chat),
    ).fetchone()
    return row is not None


def _stands_under_another(db: sqlite3.Connection, message: Message) -> bool:
    """Tell whether one message came under a number and a hidden address, and nobody tied the two.

    Its id is the sender's own, and random: with the same words of the same moment it is the same
    message, unless the hidden address is known to be that of another number.
    """
    other = {"lid": "@c.us", "c.us": "@lid"}.get(message.chat.partition("@")[2])
    if other is None or message.from_me:
        return False
    rows = db.execute(
        "SELECT chat FROM inbox WHERE account = ?1 AND message_id = ?2 AND chat LIKE '%' || ?3"
        " AND kind = ?4 AND from_me = 0 AND (text = ?5 OR sealed != '')"
        " AND abs(sent_at - ?6) <= ?7",
        (
            message.account, message.id, other, message.kind.value, message.text,
            seconds(message.sent_at), SAME_SEND,
        ),
    )  # fmt: skip
    pairs = [
        sorted((message.chat, row["chat"]), key=lambda one: one.endswith("@lid")) for row in rows
    ]
    return any(not _is_of_another(db, hidden, number) for number, hidden in pairs)


def _is_of_another(db: sqlite3.Connection, hidden: str, number: str) -> bool:
    """Tell whether a hidden address is known to be that of another number."""
    row = db.execute(
        "SELECT 1 FROM identities one JOIN identities other ON other.contact_id = one.contact_id"
        " WHERE one.address = ?1 AND other.address LIKE '%@c.us' AND other.address != ?2",
        (hidden, number),
    ).fetchone()
    return row is not None
