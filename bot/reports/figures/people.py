"""People: their tags, what they agreed to, and who was handed over to a person."""
# ruff: noqa: S608 - only words of our own are put into the queries

import sqlite3

from bot.domain.data import dataclass
from bot.reports.wanted import Wanted

TAGS = 30  # the most frequent ones are told


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many there are of something."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What the ledger of consent got in the period, by where it came from."""

    source: str
    granted: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """People of the period, and how they stand now.

    Attributes:
        tags: Worn now, the most frequent first.
        consent: What people allow now: given, unknown, withdrawn.
        opted_out: People who wrote an opt-out word in the period.
        handoffs: Chats given to a team by rules and flows, by team.
        taken_over: Times a person wrote from the phone and the bot fell silent.
        muted: Chats in which the bot keeps quiet now.
        spam: Chats muted for spam in the period, by the sign that weighed; one may have several.
        spam_muted: Times a chat was muted for spam.
    """

    tags: tuple[Count, ...]
    consent: tuple[Count, ...]
    agreed: tuple[Agreed, ...]
    opted_out: int
    handoffs: tuple[Count, ...]
    taken_over: int
    muted: int
    spam: tuple[Count, ...]
    spam_muted: int


def people(db: sqlite3.Connection, wanted: Wanted) -> People:
    """Return the figures about people."""
    return People(
        tags=_counts(db, wanted, _tags(wanted)), consent=_counts(db, wanted, _consent(wanted)),
        agreed=_agreed(db, wanted), opted_out=_one(db, wanted, _opted_out(wanted)),
        handoffs=_counts(db, wanted, _handoffs(wanted)),
        taken_over=_one(db, wanted, _taken_over(wanted)), muted=_one(db, wanted, _muted(wanted)),
        spam=_counts(db, wanted, _spam(wanted)),
        spam_muted=_one(db, wanted, _spam_muted(wanted)),
    )  # fmt: skip


def _tags(wanted: Wanted) -> str:
    return (
        f"SELECT tag, count(*) FROM tags WHERE {wanted.people('contact_id')}"
        f" GROUP BY tag ORDER BY 2 DESC, 1 LIMIT {TAGS}"
    )


def _consent(wanted: Wanted) -> str:
    return (
        f"SELECT consent, count(*) FROM contacts WHERE {wanted.people('id')}"
        " GROUP BY consent ORDER BY consent"
    )


def _agreed(db: sqlite3.Connection, wanted: Wanted) -> tuple[Agreed, ...]:
    rows = db.execute(
        "SELECT source, sum(state = 'granted'), sum(state = 'withdrawn') FROM consents"
        f" WHERE at >= :begin AND at < :end AND {wanted.people('contact_id')}"
        " GROUP BY source ORDER BY count(*) DESC, source",
        wanted.values,
    )
    return tuple(
        Agreed(source=source, granted=granted, withdrawn=withdrawn)
        for source, granted, withdrawn in rows
    )


def _opted_out(wanted: Wanted) -> str:
    return (
        "SELECT count(DISTINCT contact_id) FROM consents WHERE at >= :begin AND at < :end"
        f" AND state = 'withdrawn' AND source LIKE 'word:%' AND {wanted.people('contact_id')}"
    )


def _handoffs(wanted: Wanted) -> str:
    return (
        "SELECT substr(json_extract(line.value, '$[0]'), length('handoff ') + 1), count(*)"
        " FROM traces t, json_each(t.lines) line WHERE t.at >= :begin AND t.at < :end"
        " AND instr(t.lines, '[\"handoff ') AND json_extract(line.value, '$[0]') LIKE 'handoff %'"
        f" AND json_extract(line.value, '$[1]') = 'started' AND {wanted.people('t.contact_id')}"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    )


def _taken_over(wanted: Wanted) -> str:
    return (
        "SELECT count(*) FROM traces WHERE at >= :begin AND at < :end"
        f" AND winner = 'guard:takeover' AND {wanted.people('contact_id')}"
    )


MUTED = 'instr(t.lines, \'["guard:spam", "muted"\')'


def _spam(wanted: Wanted) -> str:
    return (
        "SELECT substr(json_extract(line.value, '$[0]'), length('spam:') + 1), count(*)"
        " FROM traces t, json_each(t.lines) line WHERE t.at >= :begin AND t.at < :end"
        f" AND t.winner = 'guard:spam' AND {MUTED}"
        " AND json_extract(line.value, '$[0]') LIKE 'spam:%'"
        f" AND {wanted.people('t.contact_id')} GROUP BY 1 ORDER BY 2 DESC, 1"
    )


def _spam_muted(wanted: Wanted) -> str:
    return (
        "SELECT count(*) FROM traces t WHERE t.at >= :begin AND t.at < :end"
        f" AND t.winner = 'guard:spam' AND {MUTED} AND {wanted.people('t.contact_id')}"
    )


def _muted(wanted: Wanted) -> str:
    return (
        "SELECT count(*) FROM conversations WHERE muted_until > :now"
        f" AND {wanted.people('contact_id')}"
    )


def _counts(db: sqlite3.Connection, wanted: Wanted, ask: str) -> tuple[Count, ...]:
    return tuple(Count(name=name, count=count) for name, count in db.execute(ask, wanted.values))


def _one(db: sqlite3.Connection, wanted: Wanted, ask: str) -> int:
    return int(db.execute(ask, wanted.values).fetchone()[0])
