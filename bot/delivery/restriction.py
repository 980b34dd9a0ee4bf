"""WhatsApp's restriction of an account: only chats that are new to it fail. Pure.

WhatsApp answers 463 to a first message to somebody who never wrote, while chats that are known
work on. It is no failure of the message: the message waits until a try shows that it is over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.data import dataclass

RESTRICTED = 463
"""WhatsApp's code for a first message that a restricted account sends."""

FIRST_PROBE = timedelta(hours=1)  # doubled with each try that is refused
LONGEST_PROBE = timedelta(days=1)

FIRST_PAUSE = timedelta(seconds=15)  # of a chat that is not new; doubled with each try refused
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Restriction:
    """A restriction in force.

    Attributes:
        since: When WhatsApp first said so.
        probe_at: When one first message may be tried, to see whether it is over.
        refusals: How often WhatsApp said so.
    """

    since: datetime
    probe_at: datetime
    refusals: int


def restriction_of(refused: Sequence[datetime]) -> Restriction | None:
    """Return the restriction that follows from refusals since the last one ended.

    Args:
        refused: When WhatsApp said so, ascending.
    """
    if not refused:
        return None
    pause = min(FIRST_PROBE * 2 ** min(len(refused) - 1, 10), LONGEST_PROBE)
    return Restriction(since=refused[0], probe_at=refused[-1] + pause, refusals=len(refused))


def restricted_pause(attempts: int) -> timedelta:
    """Return how long a message waits that was refused so in a chat that is not new."""
    factor: int = 2 ** min(max(attempts - 1, 0), 10)
    return min(FIRST_PAUSE * factor, LONGEST_PAUSE)
