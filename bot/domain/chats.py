"""How the account keeps its chats."""

from datetime import datetime, timedelta

from bot.domain.data import dataclass
from bot.domain.messages import ChatId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatKept:
    """A chat as the account's page shows it.

    Attributes:
        unread: Messages; -1 when it was marked as unread by hand.
        muted_until: None when it is not muted; the year 9999 when it is for good.
        disappearing: After how long its messages disappear; None when they stay.
        labels: Of a business account.
    """

    id: ChatId
    name: str = ""
    unread: int = 0
    is_archived: bool = False
    is_pinned: bool = False
    muted_until: datetime | None = None
    disappearing: timedelta | None = None
    last_message_at: datetime | None = None
    labels: tuple[str, ...] = ()
