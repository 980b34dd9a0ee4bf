"""Labels that a business puts on chats in WhatsApp: tags, on the other side."""

from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Labelled:
    """A chat that wears a label."""

    chat: ChatId
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelChange:
    """Somebody put a label on a chat, or took it off."""

    account: AccountId
    chat: ChatId
    label: str
    added: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label that there is. ``place``: of its colour in WhatsApp's list; ``colour``: `#rrggbb`."""

    id: str
    name: str
    place: int = 0
    colour: str = ""
