"""How scores of leads fade, as the rules in force say; kept with the leads, for all who read them.

Nothing is ever run over the leads because time passed: a score is what it was when it last changed,
less what the time since then took. Only when the rules say something else than before are all
scores brought to that moment, once, in the transaction that notes the new way.
"""

import json
import sqlite3
from datetime import datetime, timedelta
from functools import lru_cache

from bot.domain.data import dataclass
from bot.domain.leads import NO_DECAY, Decay, whole
from bot.store.times import moment, seconds

KEY = "leads.decay"
"""In `meta`: JSON of the decay in force; no entry where scores stay."""
_IN_FORCE = f"(SELECT value FROM meta WHERE key = '{KEY}')"  # noqa: S608 - our words
_ASKED = "((julianday('now') - 2440587.5) * 86400)"  # as epoch seconds


@dataclass(frozen=True, slots=True)
class Ageing:
    """How scores fade, and the moment at which they are looked at."""

    decay: Decay
    now: datetime


def ageing(db: sqlite3.Connection, now: datetime) -> Ageing:
    """Return how scores fade up to a moment."""
    return Ageing(in_force(db), now)


def in_force(db: sqlite3.Connection) -> Decay:
    """Return how scores fade."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    return NO_DECAY if row is None else _read(row[0])


def put_in_force(db: sqlite3.Connection, decay: Decay, now: datetime) -> None:
    """Let scores fade in this way from now on; what they lost before stays lost."""
    before = in_force(db)
    if decay == before:
        return
    at = seconds(now)
    for row in db.execute("SELECT id, score + rest AS held, scored_at FROM leads").fetchall():
        score, _ = before.after(row["held"], now - moment(row["scored_at"]))
        values = whole(score), score - whole(score), at, row["id"]
        db.execute("UPDATE leads SET score = ?, rest = ?, scored_at = ? WHERE id = ?", values)
    db.execute("DELETE FROM meta WHERE key = ?", (KEY,))
    if decay != NO_DECAY:
        db.execute("INSERT INTO meta VALUES (?, ?)", (KEY, _written(decay)))


def score_at(now: datetime | None) -> str:
    """Return SQL for the score that a row ``l`` of leads has.

    Args:
        now: None: when the query is asked, by SQLite's clock, for a list that a person looks at.
    """
    at = _ASKED if now is None else repr(seconds(now))
    return (
        f"CASE WHEN {_IN_FORCE} IS NULL THEN l.score"
        f" ELSE aged_score(l.score, l.rest, l.scored_at, {at}, {_IN_FORCE}) END"
    )


def register(db: sqlite3.Connection) -> None:
    """Give a connection the function that `score_at` calls."""
    db.create_function("aged_score", 5, _aged_score, deterministic=True)


def _aged_score(score: float | None, rest: float, at: float, now: float, decay: str) -> int | None:
    if score is None:
        return None  # there is no lead
    return whole(_read(decay).after(score + rest, timedelta(seconds=now - at))[0])


def _written(decay: Decay) -> str:
    if decay.half_life is not None:
        return json.dumps({"half_life": decay.half_life.total_seconds()})
    every = decay.every.total_seconds() if decay.every is not None else 0
    return json.dumps({"points": decay.points, "every": every})


@lru_cache(maxsize=8)
def _read(written: str) -> Decay:
    known = json.loads(written)
    if "half_life" in known:
        return Decay(half_life=timedelta(seconds=known["half_life"]))
    return Decay(points=known["points"], every=timedelta(seconds=known["every"]))
