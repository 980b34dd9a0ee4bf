"""Systems in which a business keeps its customers, and what is to be told there."""

from datetime import datetime
from enum import StrEnum

from bot.domain.data import dataclass


class Target(StrEnum):
    """A system that is kept current."""

    HUBSPOT = "hubspot"
    CHATWOOT = "chatwoot"


class JobKind(StrEnum):
    """What a job tells. All but messages tell the state of now, however often it changed."""

    LEAD = "lead"  # HubSpot: a person with a lead
    HEARD = "heard"  # Chatwoot: a message that arrived; `row` is its own in the inbox
    FILE = "file"  # … its file, which comes later than its words
    SENT = "sent"  # … that we sent; `row` in the outbox
    LABELS = "labels"  # … the person's tags
    STATUS = "status"  # … who has the chat: the bot or a person


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmJob:
    """Something to be told. Jobs of one lane are told in their order.

    Attributes:
        lane: The chat (Chatwoot), or the person's id in our store (HubSpot).
        row: Of the message that is told, 0 for none.
        version: Grows when the same is to be told anew while it waits.
        tries: How often it was begun, with this time.
        failing_since: When it failed first, None: it never did.
    """

    id: int
    target: Target
    lane: str
    kind: JobKind
    row: int
    version: int
    tries: int
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmLink:
    """What stands for something of ours in another system.

    Attributes:
        kind: contact, deal or conversation.
        remote: Its id there.
        data: What is known of it, such as the status there.
    """

    target: Target
    lane: str
    kind: str
    remote: str
    data: dict[str, str]
