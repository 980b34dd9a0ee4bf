"""What arrives: messages, as WhatsApp delivered them, in our own words."""

import re
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.data import dataclass

AccountId = NewType("AccountId", str)
"""The number that a WhatsApp session is logged in with, `5511900000001@c.us`."""

ChatId = NewType("ChatId", str)
"""A chat's address: `…@c.us` (a person), `…@lid` (number hidden) or `…@g.us` (a group)."""

WHATSAPP = ChatId("0@c.us")
"""The chat in which WhatsApp itself tells people its news."""

MessageId = NewType("MessageId", str)
"""The bare stanza id, such as `3EB0C127D7BACC83D6A1`; unique only together with its chat."""


_KEY = re.compile(r"(?:true|false)_([^_]+)_(.+?)(?:_[^_@\s]+@[a-z.]+)?", re.DOTALL)


def key_parts(key: str) -> tuple[str, str] | None:
    """Return chat and stanza id of a serialised key, ``true_5511…@c.us_3EB0…[_participant]``.

    The id may hold underscores of its own. None: it is no such key.
    """
    whole = _KEY.fullmatch(key)
    return (whole[1], whole[2]) if whole else None


LONGEST_TEXT = 65_536  # characters; WhatsApp's own limit of a message


VOTE = "-v-"  # in the id of a vote: it is a message of its own here


WORDS = ".words"  # at the end of the id of the message that holds a voice note's words


class MessageKind(StrEnum):
    """What a message is made of."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    POLL = "poll"
    REACTION = "reaction"
    CIPHERTEXT = (
        "ciphertext"  # arrived, not yet readable; the readable one follows under the same id
    )
    SYSTEM = "system"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """How a message came to our knowledge."""

    LIVE = "live"  # raised as an event while we listened
    CAUGHT_UP = "caught_up"  # found by the sweep after a gap
    HISTORY = "history"  # older than our first login; never triggers anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file that came with a message, described; its bytes are fetched apart."""

    kind: MessageKind
    mimetype: str = ""
    filename: str = ""
    size: int = 0  # bytes; 0 when unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A point on the map, or a place in words."""

    latitude: float | None = None  # degrees
    longitude: float | None = None  # degrees
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactCard:
    """A person's card, with the first number on it."""

    name: str = ""
    number: str = ""  # as written on the card; E.164 where it can be told


@dataclass(frozen=True, slots=True, order=True)
class MessageKey:
    """The identity of a message: (account, chat, participant, id)."""

    account: AccountId
    chat: ChatId
    participant: str  # the writer in a group, "" in a private chat
    id: MessageId

    def __str__(self) -> str:
        return f"{self.account}|{self.chat}|{self.participant}|{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message in a chat, whoever wrote it.

    Attributes:
        sender: Address of the writer; equals ``chat`` in a private chat.
        text: Body, or the caption of a medium; the options of a vote, joined by ", "; never None,
            well-formed Unicode.
        sent_at: WhatsApp's time of the message, UTC.
    """

    account: AccountId
    chat: ChatId
    id: MessageId
    sender: str
    text: str
    kind: MessageKind
    sent_at: datetime
    from_me: bool = False
    sender_name: str = ""
    origin: Origin = Origin.LIVE
    mentioned: bool = False
    media: Media | None = None
    location: Location | None = None
    quoted_id: MessageId | None = None
    quoted_text: str = ""  # what the quoted message says, as far as WhatsApp sends it along
    reaction: str = ""  # the emoji, for kind REACTION; "" when it is taken back
    votes: tuple[str, ...] = ()  # the options chosen in a poll of ours, for kind POLL
    card: ContactCard | None = None  # for kind CONTACT
    alias: str = ""  # the hidden address of its writer, or of the partner, where a number is shown
    view_once: bool = False  # may be looked at once on the phone, and is fetched by nobody
    expires_in: int = 0  # seconds after which a disappearing chat drops it; 0: it stays

    @property
    def is_group(self) -> bool:
        """True in a group chat."""
        return self.chat.endswith("@g.us")

    @property
    def is_told_to_many(self) -> bool:
        """True for statuses and newsletters: kept, and never answered."""
        return self.chat.startswith("status@") or self.chat.endswith(("@newsletter", "@broadcast"))

    @property
    def is_of_whatsapp(self) -> bool:
        """True for WhatsApp's own news: kept, and never answered."""
        return self.chat == WHATSAPP

    @property
    def is_taken_back(self) -> bool:
        """True for a reaction or a vote that takes the one before back: it says nothing."""
        is_vote = self.kind is MessageKind.POLL and VOTE in self.id
        return (self.kind is MessageKind.REACTION and not self.reaction) or (
            is_vote and not self.votes
        )

    @property
    def sent_id(self) -> MessageId:
        """Return the id that WhatsApp knows: a voice note's words are under that of the note."""
        return MessageId(self.id.removesuffix(WORDS))

    @property
    def key(self) -> MessageKey:
        """Return what identifies this message for good."""
        writer = self.sender if self.is_group or self.is_told_to_many else ""
        return MessageKey(self.account, self.chat, writer, self.id)
