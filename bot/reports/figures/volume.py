"""How much was said, when, and by whom."""
# ruff: noqa: S608 - only words of our own are put into the queries

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

from bot.domain.data import dataclass
from bot.reports.period import day_and_hour
from bot.reports.wanted import HEARD, LEFT, MANY, MESSAGE, Wanted

WHO = IN, BOT, PERSON, CAMPAIGN = "in", "bot", "person", "campaign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Messages by who said them.

    Attributes:
        came: From customers.
        bot: Answers, reminders and notices.
        person: Written by a person, on the phone or in the console.
        campaign: Of campaigns.
    """

    came: int = 0
    bot: int = 0
    person: int = 0
    campaign: int = 0

    @property
    def went(self) -> int:
        """Return how many were ours."""
        return self.bot + self.person + self.campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How much was said.

    Attributes:
        days: Every day of the period, also those without a word.
        hours: The 24 hours of day, over all days.
        chats: Chats in which a customer wrote.
        active: The same, by day.
        new: People who were met in the period, and how many of them wrote at all.
    """

    whole: Said
    days: tuple[tuple[date, Said], ...]
    hours: tuple[Said, ...]
    chats: int
    active: tuple[int, ...]
    new: int
    new_wrote: int


def volume(db: sqlite3.Connection, wanted: Wanted) -> Volume:
    """Return how much was said."""
    days: Counter[tuple[date, str]] = Counter()
    hours: Counter[tuple[int, str]] = Counter()
    for number, who, count in db.execute(_said(wanted), wanted.values):
        day, hour = day_and_hour(number)
        days[day, who] += count
        hours[hour, who] += count
    all_days = wanted.period.days()
    by_day = tuple((day, _of({who: days[day, who] for who in WHO})) for day in all_days)
    active = _active(db, wanted)
    new, new_wrote = _new(db, wanted)
    return Volume(
        whole=_of({who: sum(days[day, who] for day in all_days) for who in WHO}), days=by_day,
        hours=tuple(_of({who: hours[hour, who] for who in WHO}) for hour in range(24)),
        chats=len(set().union(*active.values())),
        active=tuple(len(active[day]) for day in all_days), new=new, new_wrote=new_wrote,
    )  # fmt: skip


def _said(wanted: Wanted) -> str:
    return (
        f"SELECT {wanted.period.hour('at')}, who, count(*) FROM ("
        f" SELECT sent_at AS at, CASE from_me WHEN 1 THEN '{PERSON}' ELSE '{IN}' END AS who"
        f" FROM inbox WHERE sent_at >= :begin AND sent_at < :end AND {HEARD} AND {MANY}"
        f" AND {wanted.chats()} UNION ALL SELECT handed_at, CASE why WHEN 'person' THEN '{PERSON}'"
        f" WHEN 'campaign' THEN '{CAMPAIGN}' ELSE '{BOT}' END FROM outbox"
        f" WHERE handed_at >= :begin AND handed_at < :end AND state IN {LEFT} AND {MESSAGE}"
        f" AND {wanted.chats()}) GROUP BY 1, 2"
    )


def _active(db: sqlite3.Connection, wanted: Wanted) -> defaultdict[date, set[str]]:
    """Return the chats in which a customer wrote, by day."""
    rows = db.execute(
        f"SELECT DISTINCT {wanted.period.hour('sent_at')} / 24 * 24, chat FROM inbox"
        f" WHERE from_me = 0 AND sent_at >= :begin AND sent_at < :end AND {HEARD} AND {MANY}"
        f" AND {wanted.chats()}",
        wanted.values,
    )
    found: defaultdict[date, set[str]] = defaultdict(set)
    for number, chat in rows:
        found[day_and_hour(number)[0]].add(chat)
    return found


def _new(db: sqlite3.Connection, wanted: Wanted) -> tuple[int, int]:
    row = db.execute(
        "SELECT count(*), count(last_seen) FROM contacts"
        f" WHERE first_seen >= :begin AND first_seen < :end AND {wanted.people('id')}",
        wanted.values,
    ).fetchone()
    return int(row[0]), int(row[1])


def _of(held: Mapping[str, int]) -> Said:
    return Said(came=held[IN], bot=held[BOT], person=held[PERSON], campaign=held[CAMPAIGN])
