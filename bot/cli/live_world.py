"""A running bot as a test looks at it: its database, and what the emulator was sent."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.cli.live_stage import LiveStage, moment
from bot.domain.bodies import Attachment
from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.effects import Notify, RaiseEvent, Send
from bot.domain.leads import Lead
from bot.domain.messages import ChatId, MessageId, MessageKind
from bot.language.rulebook import Rulebook
from bot.store import contacts, conversations, leads, timers
from bot.store.reading import reading
from bot.testing.room import ACCOUNT, Said

ENTRY = re.compile(r"^\d+\. ")


class LiveWorld:
    """The state of a running bot, read from its database."""

    def __init__(self, stage: LiveStage, rulebook: Rulebook) -> None:
        self._stage = stage
        self.rulebook = rulebook
        self.notified: Sequence[Notify] = ()
        self.events: Sequence[RaiseEvent] = ()

    @property
    def now(self) -> datetime:
        """Return the real time."""
        return moment()

    def conversation(self, chat: ChatId) -> Conversation:
        """Return the state of a chat."""
        with reading(self._stage.database) as db:
            return conversations.load(db, ACCOUNT, chat)

    def contact(self, address: str) -> Contact | None:
        """Return the person behind an address."""
        with reading(self._stage.database) as db:
            return contacts.find(db, address)

    def lead(self, address: str) -> Lead | None:
        """Return a person's lead."""
        with reading(self._stage.database) as db:
            contact = contacts.find(db, address)
            return None if contact is None else leads.load(db, contact.id, moment())

    def timers(self, chat: ChatId) -> list[str]:
        """Return the keys of what is due later."""
        with reading(self._stage.database) as db:
            return timers.keys_of(db, ACCOUNT, chat)


def said(line: dict[str, Any], language: str) -> Said:
    """Return a line of the emulator's ledger as something the bot said."""
    kind = str(line["type"])
    body = None
    if "media_sha256" in line:
        known = kind if kind in ("image", "video", "audio", "sticker") else "document"
        body = Attachment(kind=MessageKind("voice" if kind == "ptt" else known))
    return Said(
        chat=ChatId(line["chat"]),
        send=Send(text=str(line["body"]), body=body, buttons=_menu(str(line["body"]))),
        language=language, at=moment(), id=MessageId(line["id"]),
    )  # fmt: skip


def _menu(text: str) -> tuple[str, ...]:
    """Return the labels of the numbered menu at the end of a text."""
    lines = text.split("\n")
    at = len(lines)
    while at and ENTRY.match(lines[at - 1]):
        at -= 1
    return tuple(ENTRY.sub("", line) for line in lines[at:])
