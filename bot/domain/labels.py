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
