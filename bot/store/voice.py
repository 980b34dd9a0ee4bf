"""Voice notes whose words are to be written down, and the message that the words become."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.domain.data import dataclass, replace
from bot.domain.messages import WORDS, AccountId, ChatId, Message, MessageId, MessageKind
from bot.store import inbox, message_rows
from bot.store.times import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceNote:
    """A customer's voice note whose file is here."""

    message: Message
    sha256: str


def unheard(db: sqlite3.Connection, account: AccountId, since: datetime) -> list[VoiceNote]:
    """Return the voice notes whose files came since a moment and whose words are not told yet."""
    rows = db.execute(
        f"SELECT {message_rows.COLUMNS},"  # noqa: S608 - our words
        " (SELECT m.sha256 FROM media m WHERE m.id = inbox.id) FROM inbox"
        " WHERE account = ? AND kind = 'voice' AND from_me = 0"
        " AND id IN (SELECT m.id FROM media m WHERE m.state = 'ok' AND m.stored_at >= ?)"
        " AND NOT EXISTS (SELECT 1 FROM inbox w WHERE w.account = inbox.account"
        " AND w.chat = inbox.chat AND w.message_id = inbox.message_id || ?) ORDER BY id",
        (account, seconds(since), WORDS),
    )
    return [
        VoiceNote(message=message_rows.message_of(db, held), sha256=str(file))
        for *held, file in rows
    ]


def tell_words(
    db: sqlite3.Connection, note: VoiceNote, words: str, now: datetime
) -> Sequence[tuple[AccountId, ChatId]]:
    """Store a voice note's words as a text message of the same customer, once."""
    written = replace(
        note.message,
        id=MessageId(f"{note.message.id}{WORDS}"),
        kind=MessageKind.TEXT,
        text=words,
        media=None,
    )
    return inbox.record_all(db, [written], now)
