"""How fast to send. Pure: the ledger, the clock and the chance are passed in.

Limits delay, they never drop. This keeps a business number within what a busy person would send;
it hides nothing.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import Enum
from zlib import crc32

from bot.domain.data import dataclass
from bot.domain.outgoing import Why

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """At most so many sends in any window of that length."""

    most: int
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A daily allowance that grows with each earlier day on which some of it was used."""

    first: int
    factor: float
    most: int

    def on(self, day: int) -> int:
        """Return what may be sent within a day. ``day``: 0 for the first one."""
        if day > 64:
            return self.most
        return min(int(self.first * self.factor**day), self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours, at the contact, in which the bot starts nothing by itself."""

    begins: time
    ends: time

    def until(self, local: datetime) -> datetime:
        """Return when a moment's quiet ends, the moment itself when there is none.

        Args:
            local: Aware, in the contact's time zone.
        """
        clock = local.timetz().replace(tzinfo=None)
        if self.begins <= self.ends:
            within = self.begins <= clock < self.ends
        else:
            within = clock >= self.begins or clock < self.ends
        if not within:
            return local
        day = local if clock < self.ends else local + DAY
        return day.replace(
            hour=self.ends.hour, minute=self.ends.minute, second=0, microsecond=0
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaigns:
    """The limits of campaigns over the account.

    Attributes:
        hourly: At most so many.
        jitter: Shortest and longest pause between two.
        warm_up: A day's allowance.
        gap: Between two campaigns to one contact.
    """

    hourly: Pace = Pace(most=60, window=timedelta(hours=1))
    jitter: tuple[timedelta, timedelta] = (timedelta(seconds=20), timedelta(seconds=60))
    warm_up: Growth = Growth(first=20, factor=1.5, most=300)
    gap: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Halts:
    """When campaigns stop by themselves.

    Attributes:
        disconnects: So many within an hour.
        delivered: A smaller share of the last ``delivered_of`` reached a phone.
        optouts: A larger share of the last ``answered_of`` contacts opted out after it.
        replies: A smaller share of them wrote anything after it.
    """

    disconnects: int = 3
    delivered: float = 0.8
    delivered_of: int = 20
    optouts: float = 0.02
    replies: float = 0.05
    answered_of: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """The limits in force. The defaults are the preset ``careful``; None: no such limit.

    Attributes:
        account: Limits over all sends of the account.
        group: Limits over what the bot says in one group: all its members read it.
        started: Limits over what the bot starts by itself, per contact.
        same_text: Limit over what the bot starts by itself with one and the same text.
        new_chats: A day's allowance of chats that the bot begins.
        reading: Shortest and longest time to read before an answer.
        letters: Characters typed a second.
        longest: Longest time to type one message.
    """

    account: tuple[Pace, ...] = (
        Pace(most=20, window=timedelta(minutes=1)),
        Pace(most=600, window=timedelta(hours=1)),
    )
    group: tuple[Pace, ...] = (
        Pace(most=6, window=timedelta(minutes=1)),
        Pace(most=60, window=timedelta(hours=1)),
    )
    started: tuple[Pace, ...] = (Pace(most=4, window=timedelta(hours=1)),)
    same_text: Pace | None = Pace(most=30, window=timedelta(hours=1))
    new_chats: Growth | None = Growth(first=5, factor=1.5, most=30)
    quiet: Quiet | None = Quiet(begins=time(21), ends=time(8))
    campaigns: Campaigns | None = Campaigns()
    halts: Halts | None = Halts()
    reading: tuple[timedelta, timedelta] = (timedelta(seconds=0.6), timedelta(seconds=2))
    letters: float = 5.0
    longest: timedelta = timedelta(seconds=8)


CAREFUL = Pacing()
NORMAL = Pacing(
    account=(
        Pace(most=40, window=timedelta(minutes=1)),
        Pace(most=1200, window=timedelta(hours=1)),
    ),
    group=(
        Pace(most=12, window=timedelta(minutes=1)),
        Pace(most=120, window=timedelta(hours=1)),
    ),
    reading=(timedelta(seconds=0.3), timedelta(seconds=1)),
    letters=12.0,
    longest=timedelta(seconds=4),
)
"""Answers come faster; what the bot starts by itself keeps the limits of ``careful``."""
OFF = Pacing(
    account=(), group=(), started=(), same_text=None, new_chats=None, quiet=None, campaigns=None,
    halts=None, reading=(timedelta(0), timedelta(0)), letters=0.0, longest=timedelta(0),
)  # fmt: skip
PRESETS = {"careful": CAREFUL, "normal": NORMAL, "off": OFF}


RAMP = timedelta(seconds=60)
"""How long after a down-time the pace grows to its whole."""

RAMP_FROM = 0.1  # of the pace, with which it begins


def ramped(pace: Pace, since: timedelta) -> Pace:
    """Return what a pace allows so long after a down-time: what waited does not leave in a flood.

    A pace over a longer window than the ramp stays as it is.
    """
    if since >= RAMP or pace.window > RAMP:
        return pace
    share = RAMP_FROM + (1 - RAMP_FROM) * (since / RAMP)
    return Pace(most=max(1, int(pace.most * share)), window=pace.window)


class Lane(Enum):
    """Who goes before whom: people, then replies, then what the bot starts, then campaigns."""

    PEOPLE = "people"
    REPLIES = "replies"
    STARTED = "started"
    CAMPAIGNS = "campaigns"


LANES: dict[Why, Lane] = {
    Why.PERSON: Lane.PEOPLE,
    Why.CONSENT: Lane.PEOPLE,
    Why.ANSWER: Lane.REPLIES,
    Why.NOTIFY: Lane.REPLIES,
    Why.STARTED: Lane.STARTED,
    Why.CAMPAIGN: Lane.CAMPAIGNS,
}


def next_slot(sent: Sequence[datetime], pace: Pace, now: datetime) -> datetime:
    """Return the earliest moment, not before ``now``, at which one more send keeps the pace.

    Args:
        sent: When was sent before, in ascending order, UTC.
    """
    if len(sent) < pace.most:
        return now
    return max(now, sent[-pace.most] + pace.window)


def jitter_after(last: datetime, pauses: tuple[timedelta, timedelta], seed: str) -> datetime:
    """Return when the next campaign message may follow the last one.

    Args:
        seed: Names the next message: the pause before it is the same after a restart.
    """
    shortest, longest = pauses
    return last + shortest + (crc32(seed.encode()) / 0xFFFFFFFF) * (longest - shortest)


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
