"""What WhatsApp says back about a message of ours."""

from datetime import datetime

from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId, MessageId

CLOCK, SENT, DELIVERED, READ, PLAYED = 0, 1, 2, 3, 4
"""WhatsApp's acknowledgements; a negative one is a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One acknowledgement of one message of ours. They may come twice and out of order."""

    account: AccountId
    chat: ChatId
    id: MessageId
    ack: int
    at: datetime  # UTC
    reader: str = ""  # who got it, in a group; "" where there is only one


@dataclass(frozen=True, slots=True)
class Standing:
    """How a message of ours stands in the page's store.

    Attributes:
        code: WhatsApp's own for why it refused the message, None where it gave none.
    """

    ack: int
    code: int | None = None
