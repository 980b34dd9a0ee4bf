"""What is promised to people who wait: how long at most, counted in open hours, and what then."""

from datetime import timedelta

from bot.domain.data import dataclass
from bot.language.conditions import Condition
from bot.language.places import NOWHERE, Place

HANDOFF, MESSAGE = "handoff", "message"
"""What waits: a chat that was handed over, or any message that nobody answered."""
MISSED = "sla.missed"
"""The event of a promise that was not kept; its steps are a rule that hears it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sla:
    """A promise.

    Attributes:
        waits_for: `HANDOFF` or `MESSAGE`: what begins the wait.
        levels: How long at most, and how much longer until each further escalation; in open time.
        hours: Whose open time counts; "" for all the time.
        teams: Only chats of these teams; none: of all.
    """

    name: str
    waits_for: str
    levels: tuple[timedelta, ...]
    hours: str = ""
    teams: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    place: Place = NOWHERE
