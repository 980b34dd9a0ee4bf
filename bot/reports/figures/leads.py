"""Leads by stage, owner and source."""
# ruff: noqa: S608 - only words of our own are put into the queries

import sqlite3

from bot.domain.data import dataclass
from bot.reports.wanted import Wanted
from bot.store.ageing import score_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Leads that have something in common. ``new``: created in the period; score: the mean."""

    name: str
    count: int
    new: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How often a lead came to a stage in the period; what was taken back does not count."""

    stage: str
    times: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """All leads as they stand now; "" stands for no owner, and for no source.

    Attributes:
        moves: What the history of leads says, the most frequent first.
        sources: By the field ``source`` of the lead, else of its contact.
    """

    count: int
    new: int
    stages: tuple[Group, ...]
    owners: tuple[Group, ...]
    sources: tuple[Group, ...]
    moves: tuple[Move, ...]


def leads(db: sqlite3.Connection, wanted: Wanted) -> Leads:
    """Return the leads as they stand now, and how many came in the period."""
    stages = _groups(db, wanted, "l.stage")
    return Leads(
        count=sum(one.count for one in stages), new=sum(one.new for one in stages),
        stages=stages, owners=_groups(db, wanted, "l.owner"),
        sources=_groups(db, wanted, f"coalesce({_field('l')}, {_field('c')}, '')"),
        moves=_moves(db, wanted),
    )  # fmt: skip


def _field(table: str) -> str:
    """Return SQL for the text in the field ``source``, NULL when it holds none or is hidden."""
    held = f"{table}.fields, '$.source'"
    return f"CASE json_type({held}) WHEN 'text' THEN json_extract({held}) END"


def _groups(db: sqlite3.Connection, wanted: Wanted, by: str) -> tuple[Group, ...]:
    rows = db.execute(
        f"SELECT {by}, count(*), sum(l.created_at >= :begin AND l.created_at < :end),"
        f" avg({score_at(wanted.now)})"
        " FROM leads l JOIN contacts c ON c.id = l.contact_id"
        f" WHERE {wanted.people('l.contact_id')} GROUP BY 1 ORDER BY 2 DESC, 1",
        wanted.values,
    )
    return tuple(
        Group(name=str(name), count=count, new=new, score=round(score, 1))
        for name, count, new, score in rows
    )


def _moves(db: sqlite3.Connection, wanted: Wanted) -> tuple[Move, ...]:
    rows = db.execute(
        "SELECT stage, count(*), count(DISTINCT contact_id) FROM lead_changes"
        " WHERE at >= :begin AND at < :end AND stage != stage_before AND undone_at IS NULL"
        f" AND cause NOT LIKE 'undo|%' AND {wanted.people('contact_id')}"
        " GROUP BY stage ORDER BY 2 DESC, 1",
        wanted.values,
    )
    return tuple(Move(stage=stage, times=times, people=people) for stage, times, people in rows)
