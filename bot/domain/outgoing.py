"""What leaves: one message of ours on its way."""

from datetime import datetime
from enum import StrEnum

from bot.domain.bodies import Amendment, Body
from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId, MessageId


class Why(StrEnum):
    """On whose initiative a message is sent; the governor treats each apart."""

    ANSWER = "answer"  # to what the person just wrote
    STARTED = "started"  # by the bot itself: reminders, later, schedules
    CONSENT = "consent"  # the one confirmation of an opt-out or opt-in
    NOTIFY = "notify"  # to a member of a team
    PERSON = "person"  # typed by a person in the console or the command line
    CAMPAIGN = "campaign"


class OutboxState(StrEnum):
    """Where an outgoing message stands."""

    RESERVED = "reserved"  # decided, waits for its turn
    HANDED = "handed"  # committed as handed, then given to the page
    ACCEPTED = "accepted"  # the page echoed it
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"  # a voice note
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # nobody can tell yet
    STUCK = "stuck"  # at WhatsApp's clock for over a minute; a person should look
    CANCELLED = "cancelled"  # superseded before it left; the reason is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One row of the outbox, as the courier sees it."""

    id: int
    account: AccountId
    chat: ChatId
    message_id: MessageId
    text: str
    why: Why
    state: OutboxState
    attempts: int
    due_at: datetime  # UTC
    handed_at: datetime | None
    cause: str  # key of the inbound, timer or command that it answers
    body: Body | Amendment | None = None
    quoted: MessageId | None = None
    by: str = ""
    mentions: tuple[str, ...] = ()  # addresses of people who are mentioned, in a group
