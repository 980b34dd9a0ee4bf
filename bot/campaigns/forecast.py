"""When a campaign ends under the limits in force, day by day. Pure; a forecast, no promise."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.data import dataclass

FARTHEST = 3_650  # days that are looked ahead
DAY_HOURS = 24.0
UNLIMITED = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What the account may send, as the governor counts it.

    Attributes:
        per_hour: Messages of campaigns.
        pause: The mean pause between two of them.
        on_day: How many on a day from now on; 0 is today.
        new_on_day: How many of them may begin a chat.
        hours_a_day: In which the account is not quiet.
        gap: Between two campaigns to one contact.
    """

    per_hour: float = UNLIMITED
    pause: timedelta = timedelta()
    on_day: Callable[[int], float] = lambda _: UNLIMITED
    new_on_day: Callable[[int], float] = lambda _: UNLIMITED
    hours_a_day: float = DAY_HOURS
    gap: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What a campaign itself says: its rate an hour, its day's cap, its mean pause, its hours."""

    per_hour: float = UNLIMITED
    on_day: float = UNLIMITED
    pause: timedelta = timedelta()
    hours_on: Callable[[datetime], float] = lambda _: DAY_HOURS


def ends_at(
    count: int, new: int, begins: datetime, allowance: Allowance, pace: Pace
) -> datetime | None:
    """Return about when the last of ``count`` messages leaves; None when never within ten years.

    Args:
        new: How many of them begin a chat.
    """
    hourly = min(allowance.per_hour, pace.per_hour, _by(allowance.pause), _by(pace.pause))
    known, first = count - new, begins
    for day in range(FARTHEST):
        hours = min(allowance.hours_a_day, pace.hours_on(begins))
        room = min(allowance.on_day(day), pace.on_day, hourly * hours if hours else 0.0)
        fresh = min(new, room, allowance.new_on_day(day))
        more = min(known, room - fresh)
        new, known = int(new - fresh), int(known - more)
        if new + known <= 0:
            return (
                begins if hourly == UNLIMITED else begins + timedelta(hours=(fresh + more) / hourly)
            )
        begins = first + timedelta(days=day + 1)
    return None


def _by(pause: timedelta) -> float:
    """Return how many an hour a mean pause leaves room for."""
    return timedelta(hours=1) / pause if pause else UNLIMITED
