"""How much was said, when, and by whom."""
# ruff: noqa: S608 - only words of our own are put into the queries

import sqlite3
from collections import Counter
from datetime import date

from bot.domain.data import dataclass
from bot.reports.wanted import HEARD, LEFT, MANY, MESSAGE, Wanted

IN, BOT, PERSON, CAMPAIGN = "in", "bot", "person", "campaign"


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
    days: Counter[tuple[str, str]] = Counter()
    hours: Counter[tuple[int, str]] = Counter()
    for day, hour, who, count in db.execute(_said(wanted), wanted.values):
        days[day, who] += count
        hours[hour, who] += count
    all_days = wanted.period.days()
    by_day = tuple((day, _of(days, day.isoformat())) for day in all_days)
    active = _active(db, wanted)
    new, new_wrote = _new(db, wanted)
    return Volume(
        whole=_sum([said for _, said in by_day]), days=by_day,
        hours=tuple(_of(hours, hour) for hour in range(24)), chats=_chats(db, wanted),
        active=tuple(active.get(day.isoformat(), 0) for day in all_days),
        new=new, new_wrote=new_wrote,
    )  # fmt: skip


def _said(wanted: Wanted) -> str:
    period = wanted.period
    return (
        f"SELECT {period.day('at')}, {period.hour('at')}, who, count(*) FROM ("
        f" SELECT sent_at AS at, CASE from_me WHEN 1 THEN '{PERSON}' ELSE '{IN}' END AS who"
        f" FROM inbox WHERE sent_at >= :begin AND sent_at < :end AND {HEARD} AND {MANY}"
        f" AND {wanted.chats()} UNION ALL SELECT handed_at, CASE why WHEN 'person' THEN '{PERSON}'"
        f" WHEN 'campaign' THEN '{CAMPAIGN}' ELSE '{BOT}' END FROM outbox"
        f" WHERE handed_at >= :begin AND handed_at < :end AND state IN {LEFT} AND {MESSAGE}"
        f" AND {wanted.chats()}) GROUP BY 1, 2, 3"
    )


def _active(db: sqlite3.Connection, wanted: Wanted) -> dict[str, int]:
    rows = db.execute(
        f"SELECT {wanted.period.day('sent_at')}, count(DISTINCT chat) {_CAME}"
        f" AND {wanted.chats()} GROUP BY 1",
        wanted.values,
    )
    return dict(rows.fetchall())


def _chats(db: sqlite3.Connection, wanted: Wanted) -> int:
    row = db.execute(f"SELECT count(DISTINCT chat) {_CAME} AND {wanted.chats()}", wanted.values)
    return int(row.fetchone()[0])


_CAME = (
    f"FROM inbox WHERE from_me = 0 AND sent_at >= :begin AND sent_at < :end AND {HEARD} AND {MANY}"
)


def _new(db: sqlite3.Connection, wanted: Wanted) -> tuple[int, int]:
    row = db.execute(
        "SELECT count(*), count(last_seen) FROM contacts"
        f" WHERE first_seen >= :begin AND first_seen < :end AND {wanted.people('id')}",
        wanted.values,
    ).fetchone()
    return int(row[0]), int(row[1])


def _of(counts: Counter[tuple[str, str]] | Counter[tuple[int, str]], key: str | int) -> Said:
    held = {who: counts[key, who] for who in (IN, BOT, PERSON, CAMPAIGN)}  # type: ignore[index]  # each has keys of its kind
    return Said(came=held[IN], bot=held[BOT], person=held[PERSON], campaign=held[CAMPAIGN])


def _sum(every: list[Said]) -> Said:
    return Said(
        came=sum(one.came for one in every), bot=sum(one.bot for one in every),
        person=sum(one.person for one in every), campaign=sum(one.campaign for one in every),
    )  # fmt: skip
