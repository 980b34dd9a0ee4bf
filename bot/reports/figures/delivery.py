"""What became of what was to be sent."""
# ruff: noqa: S608 - only words of our own are put into the queries

import sqlite3

from bot.domain.data import dataclass
from bot.reports.wanted import MESSAGE, Wanted

REASONS = 20  # the most frequent ones are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of messages that were decided in the period.

    Attributes:
        kind: On whose initiative: answer, started, campaign, consent, notify, person; "" for all.
        sent: WhatsApp has them; ``delivered`` of these, ``read`` of those.
        waiting: Still to leave, now.
        underway: Given to WhatsApp, without a word of it.
        failed: Refused by WhatsApp.
        kept: Not sent on purpose: an opt-out, a person took over, a limit.
    """

    kind: str
    decided: int
    sent: int
    delivered: int
    read: int
    waiting: int
    underway: int
    failed: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why messages failed, were kept or wait. ``what``: failed, kept or waiting."""

    what: str
    why: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of what was to be sent."""

    whole: Fate
    kinds: tuple[Fate, ...]
    reasons: tuple[Reason, ...]


def delivery(db: sqlite3.Connection, wanted: Wanted) -> Delivery:
    """Return what became of what was to be sent."""
    rows = db.execute(
        f"SELECT why, {_COUNTS} FROM outbox WHERE {_within(wanted)} GROUP BY why"
        " ORDER BY count(*) DESC, why",
        wanted.values,
    )
    kinds = tuple(_fate(*row) for row in rows)
    whole = _fate("", *(sum(column) for column in zip(*map(_counts, kinds), strict=True)))
    return Delivery(whole=whole, kinds=kinds, reasons=_reasons(db, wanted))


def _within(wanted: Wanted) -> str:
    return f"created_at >= :begin AND created_at < :end AND {MESSAGE} AND {wanted.chats()}"


_COUNTS = (
    "count(*), sum(state IN ('sent', 'delivered', 'read', 'played')),"
    " sum(state IN ('delivered', 'read', 'played')), sum(state IN ('read', 'played')),"
    " sum(state = 'reserved'), sum(state IN ('handed', 'accepted', 'uncertain', 'stuck')),"
    " sum(state = 'failed'), sum(state = 'cancelled')"
)


def _fate(kind: str, *counts: int) -> Fate:
    if not counts:
        counts = (0,) * 8
    decided, sent, delivered, read, waiting, underway, failed, kept = counts
    return Fate(
        kind=kind, decided=decided, sent=sent, delivered=delivered, read=read, waiting=waiting,
        underway=underway, failed=failed, kept=kept,
    )  # fmt: skip


def _counts(fate: Fate) -> tuple[int, ...]:
    return (
        fate.decided, fate.sent, fate.delivered, fate.read, fate.waiting, fate.underway,
        fate.failed, fate.kept,
    )  # fmt: skip


def _reasons(db: sqlite3.Connection, wanted: Wanted) -> tuple[Reason, ...]:
    rows = db.execute(
        "SELECT CASE state WHEN 'failed' THEN 'failed' WHEN 'cancelled' THEN 'kept'"
        " ELSE 'waiting' END AS what, CASE WHEN detail != '' THEN detail ELSE held_why END AS said,"
        " count(*) AS times FROM outbox WHERE state IN ('failed', 'cancelled', 'reserved')"
        f" AND {_within(wanted)} GROUP BY 1, 2 ORDER BY times DESC, what, said LIMIT {REASONS}",
        wanted.values,
    )
    return tuple(Reason(what=what, why=why, count=count) for what, why, count in rows)
