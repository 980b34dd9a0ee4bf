"""Campaigns as they run: who gets one, where each stands, why somebody is left out."""

from datetime import datetime
from enum import StrEnum

from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId


class RunState(StrEnum):
    """Where a run of a campaign stands."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # by a person, or by its `stop_if`; it does not go on
    DONE = "done"
    MISSED = "missed"  # the bot was down at its moment, and it was too late afterwards


OPEN = (RunState.RUNNING, RunState.PAUSED)


class RecipientState(StrEnum):
    """Where a recipient stands."""

    PLANNED = "planned"
    CLAIMED = "claimed"  # the turn waits in the chat
    SENT = "sent"  # reserved in the outbox, which knows the rest
    SUPPRESSED = "suppressed"  # the reason is kept


class LeftOut(StrEnum):
    """Why somebody who was meant gets nothing."""

    OPTED_OUT = "opted out"
    NO_CONSENT = "no record of consent"
    BLOCKED = "blocked"
    EXCLUDED = "excluded"
    ONCE = "got it before"
    NO_ADDRESS = "no address on WhatsApp"
    NOT_MEANT = "not in the audience any more"
    HANDED_OFF = "a person has this chat"
    UNWORKABLE = "a text could not be worked out"
    SILENT = "there was nothing to say"
    GONE = "not known any more"
    MERGED = "the same person as another recipient"
    STOPPED = "the campaign was stopped"
    FAILED = "its turn failed; see `alexia dlq list`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a campaign.

    Attributes:
        planned: The moment that it was planned for, UTC.
        content: Hash of what was previewed and started.
        detail: Why it is paused or was stopped.
    """

    id: int
    campaign: str
    account: AccountId
    planned: datetime
    content: str
    state: RunState
    detail: str
    begun: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody whose turn has come."""

    contact_id: int
    chat: ChatId
    variant: str


def cause_of(run: int, contact_id: int) -> str:
    """Return the key under which a recipient's messages are stored: once for good."""
    return f"campaign|{run}|{contact_id}"


def run_of(cause: str) -> int | None:
    """Return the run that a message belongs to, None when it is of no campaign."""
    kind, _, rest = cause.partition("|")
    run = rest.partition("|")[0]
    return int(run) if kind == "campaign" and run.isdecimal() else None
