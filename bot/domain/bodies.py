"""What a message of ours carries beside its words."""

from bot.domain.data import dataclass
from bot.domain.messages import ContactCard, Location, MessageId, MessageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file to send: one below the user's folder, or one fetched from the web.

    Attributes:
        kind: image, video, audio, voice, document or sticker.
        file: Path below the folder of the config, "" when ``url`` is given.
        name: File name shown to the person, "" for the file's own.
        kept: The sha256 of a file that was copied into the data folder, in place of ``file``.
    """

    kind: MessageKind
    file: str = ""
    url: str = ""
    name: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The bytes of a medium, and how they are named."""

    data: bytes
    name: str
    mimetype: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A question with options to tap."""

    question: str
    options: tuple[str, ...]
    multiple: bool = False


Body = Attachment | Poll | Location | ContactCard
"""What is sent instead of a bare text; the text beside it is the caption, or says it in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An emoji on somebody's message; "" takes ours back."""

    target: MessageId
    emoji: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A text of ours becomes another."""

    target: MessageId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoke:
    """A message of ours is taken back for everyone."""

    target: MessageId


Amendment = Reaction | Edit | Revoke
"""What changes another message. Doing it twice is the same as doing it once."""
