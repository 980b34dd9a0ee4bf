"""What somebody does to a message after it was sent: another text, or taken back for everyone."""

from datetime import datetime

from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId, MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChange:
    """A message is another now, or is gone.

    Attributes:
        sender: Who wrote the message; the member in a group.
        alias: The hidden address of the chat, where a number is shown.
        text: The text as it is now; None when the message was taken back.
        at: When, UTC.
    """

    account: AccountId
    chat: ChatId
    id: MessageId
    sender: str
    at: datetime
    alias: str = ""
    text: str | None = None
    from_me: bool = False
