"""How fast to send. Pure: the ledger, the clock and the chance are passed in.

Limits delay, they never drop. This keeps a business number within what a busy person would send;
it hides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.outgoing import Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """At most so many sends in any window of that length."""

    most: int
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """The limits in force. The defaults are the preset ``careful``.

    Attributes:
        account: Limits over all sends of the account.
        started: Limits over what the bot starts by itself, per contact.
        reading: Shortest and longest time to read before an answer.
        letters: Characters typed a second.
        longest: Longest time to type one message.
    """

    account: tuple[Pace, ...] = (
        Pace(most=20, window=timedelta(minutes=1)),
        Pace(most=600, window=timedelta(hours=1)),
    )
    started: tuple[Pace, ...] = (Pace(most=4, window=timedelta(hours=1)),)
    reading: tuple[timedelta, timedelta] = (timedelta(seconds=0.6), timedelta(seconds=2))
    letters: float = 5.0
    longest: timedelta = timedelta(seconds=8)


CAREFUL = Pacing()
NORMAL = Pacing(
    account=(
        Pace(most=40, window=timedelta(minutes=1)),
        Pace(most=1200, window=timedelta(hours=1)),
    ),
    reading=(timedelta(seconds=0.3), timedelta(seconds=1)),
    letters=12.0,
    longest=timedelta(seconds=4),
)
OFF = Pacing(
    account=(), started=(), reading=(timedelta(0), timedelta(0)), letters=0.0, longest=timedelta(0)
)
PRESETS = {"careful": CAREFUL, "normal": NORMAL, "off": OFF}


def next_slot(sent: Sequence[datetime], pace: Pace, now: datetime) -> datetime:
    """Return the earliest moment, not before ``now``, at which one more send keeps the pace.

    Args:
        sent: When was sent before, in ascending order, UTC.
    """
    if len(sent) < pace.most:
        return now
    return max(now, sent[-pace.most] + pace.window)


def next_slot_of_all(sent: Sequence[datetime], paces: Sequence[Pace], now: datetime) -> datetime:
    """Return the earliest moment, not before ``now``, that keeps every pace."""
    return max((next_slot(sent, pace, now) for pace in paces), default=now)


def typing_time(text: str, pacing: Pacing) -> timedelta:
    """Return how long a person would type this text."""
    if pacing.letters <= 0:
        return timedelta(0)
    return min(timedelta(seconds=len(text) / pacing.letters), pacing.longest)


def due_at(why: Why, text: str, pacing: Pacing, chance: float, now: datetime) -> datetime:
    """Return when a text may leave: after reading and typing; a person's own text at once.

    Args:
        chance: Uniform in 0..1, drawn by the caller.
    """
    if why in (Why.PERSON, Why.NOTIFY, Why.CONSENT):
        return now
    shortest, longest = pacing.reading
    return now + shortest + chance * (longest - shortest) + typing_time(text, pacing)
