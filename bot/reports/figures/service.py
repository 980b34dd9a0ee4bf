"""How promises to people who waited were kept, as a whole, by team and by member."""
# ruff: noqa: S608 - only words of our own are put into the queries

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable

from bot.domain.data import dataclass
from bot.reports.figures.spread import Spread, spread
from bot.reports.wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The waits of one name that began in the period, followed to this day.

    Attributes:
        name: Of the promise, the team or the member who had the chat as the wait began.
        met: Answered in time.
        missed: Not answered in time, whether or not since.
        ended: Over in time without an answer: the chat was given back.
        waiting: Still in time.
        waited: Until the answer, in open time; seconds.
    """

    name: str
    begun: int
    met: int
    missed: int
    ended: int
    waiting: int
    waited: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Waits by promise, by promise and team, and by promise and member."""

    promises: tuple[Kept, ...]
    teams: tuple[Kept, ...]
    members: tuple[Kept, ...]


def service(db: sqlite3.Connection, wanted: Wanted) -> Service:
    """Return how promises were kept."""
    rows = db.execute(
        "SELECT sla, team, member, how, waited, missed_at IS NOT NULL OR (how = '' AND due_at <="
        " :now) AS missed FROM waits WHERE since >= :begin AND since < :end"
        f" AND {wanted.people('contact_id')}",
        wanted.values,
    ).fetchall()
    return Service(
        promises=_kept(rows, lambda row: row["sla"]),
        teams=_kept(rows, lambda row: row["team"] and f"{row['sla']}, {row['team']}"),
        members=_kept(rows, lambda row: row["member"] and f"{row['sla']}, {row['member']}"),
    )


def _kept(rows: Iterable[sqlite3.Row], name_of: Callable[[sqlite3.Row], str]) -> tuple[Kept, ...]:
    """Return the waits of each name, the most frequent first; rows without one are left out."""
    found: defaultdict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        if name := name_of(row):
            found[name].append(row)
    return tuple(
        sorted((_one(name, mine) for name, mine in found.items()),
               key=lambda one: (-one.begun, one.name))
    )  # fmt: skip


def _one(name: str, rows: list[sqlite3.Row]) -> Kept:
    in_time = [row["how"] for row in rows if not row["missed"]]
    return Kept(
        name=name, begun=len(rows), met=in_time.count("answered"),
        missed=len(rows) - len(in_time), ended=in_time.count("ended"), waiting=in_time.count(""),
        waited=spread(row["waited"] for row in rows if row["how"] == "answered"),
    )  # fmt: skip
