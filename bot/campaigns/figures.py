"""What became of a run: counts from the outbox, rates, and whether two versions differ."""

import math
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from bot.domain.campaigns import Run
from bot.domain.data import dataclass
from bot.store.times import seconds

REPLIES = timedelta(days=7)
"""How long after a campaign's message what its recipient writes counts as an answer to it."""
SETTLED = timedelta(minutes=10)
"""How long a message may take to reach a phone before it counts as not delivered."""
ANSWERED = timedelta(hours=1)
"""How long people get to answer before their silence counts."""
LEAST = 20
"""Messages below which no rate is told: one of three is no third."""
LEAST_CELL = 5
"""The least count, in each cell, at which the test of two proportions holds: a common rule."""
SURE = 0.05
"""Below this chance of a difference by luck alone, two versions are said to differ."""

COUNTED = ("planned", "sent", "delivered", "read", "replied", "opted_out", "failed")

FIGURES = """
SELECT r.variant,
 count(*) AS meant,
 sum(r.state != 'suppressed') AS planned,
 sum(r.state = 'suppressed' OR coalesce(o.state, '') = 'cancelled') AS left_out,
 sum(r.state IN ('planned', 'claimed') OR coalesce(o.state, '') = 'reserved') AS waiting,
 sum(coalesce(o.state, '') IN ('handed', 'accepted', 'uncertain') AND coalesce(o.ack, 0) < 1)
  AS under_way,
 sum(coalesce(o.state, '') = 'stuck') AS uncertain,
 sum(coalesce(o.ack, 0) >= 1) AS sent,
 sum(coalesce(o.ack, 0) >= 2) AS delivered,
 sum(coalesce(o.ack, 0) >= 3) AS read,
 sum(coalesce(o.state, '') = 'failed') AS failed,
 sum(o.handed_at IS NOT NULL AND EXISTS (SELECT 1 FROM traces t WHERE t.contact_id = r.contact_id
  AND t.winner = 'guard:optout' AND t.at > o.handed_at)) AS opted_out,
 sum(o.handed_at IS NOT NULL AND EXISTS (SELECT 1 FROM identities d JOIN inbox i
  ON i.chat = d.address WHERE d.contact_id = r.contact_id AND i.from_me = 0
  AND i.received_at BETWEEN o.handed_at AND o.handed_at + :within)
  AND NOT EXISTS (SELECT 1 FROM traces t WHERE t.contact_id = r.contact_id
  AND t.winner = 'guard:optout' AND t.at > o.handed_at)) AS replied
FROM campaign_recipients r LEFT JOIN outbox o ON o.id = (SELECT x.id FROM outbox x
 WHERE x.ordinal = 0 AND x.cause IN (SELECT 'campaign|' || r.run || '|' || r.contact_id UNION ALL
  SELECT 'campaign|' || r.run || '|' || m.gone FROM merges m WHERE m.kept = r.contact_id
  AND r.state != 'suppressed') LIMIT 1)
WHERE r.run = :run GROUP BY r.variant
"""
"""A recipient counts by the first message that it got; an opt-out is no reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two versions compared by one share.

    Attributes:
        chance: That luck alone gives such a difference (two-sided), corrected for the number of
            pairs; None where too few got them to tell.
    """

    one: str
    other: str
    what: str
    shares: tuple[float, float]
    chance: float | None

    @property
    def is_sure(self) -> bool:
        """Tell whether luck alone hardly gives it."""
        return self.chance is not None and self.chance < SURE


def figures(db: sqlite3.Connection, run: int) -> dict[str, dict[str, int]]:
    """Return the counts of each version of a run."""
    given = {"run": run, "within": REPLIES.total_seconds()}
    return {
        row["variant"]: {name: int(row[name] or 0) for name in row.keys() if name != "variant"}  # noqa: SIM118 - a Row
        for row in db.execute(FIGURES, given)
    }


def total(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Return the counts of all versions together."""
    found: dict[str, int] = {}
    for one in counts.values():
        for name, count in one.items():
            found[name] = found.get(name, 0) + count
    return found


RATED = """
SELECT count(*) AS tried,
 sum(failed) AS failed, sum(gone) AS gone,
 sum(handed_at < :settled) AS arrivable, sum(handed_at < :settled AND ack >= 2) AS arrived,
 sum(handed_at < :answered) AS answerable,
 sum(handed_at < :answered AND replied AND NOT gone) AS answered
FROM (SELECT o.handed_at, coalesce(o.ack, 0) AS ack, o.state = 'failed' AS failed,
  EXISTS (SELECT 1 FROM traces t WHERE t.contact_id = r.contact_id
   AND t.winner = 'guard:optout' AND t.at > o.handed_at) AS gone,
  EXISTS (SELECT 1 FROM identities d JOIN inbox i ON i.chat = d.address
   WHERE d.contact_id = r.contact_id AND i.from_me = 0
   AND i.received_at BETWEEN o.handed_at AND o.handed_at + :within) AS replied
 FROM campaign_recipients r JOIN outbox o
  ON o.cause = 'campaign|' || r.run || '|' || r.contact_id AND o.ordinal = 0
 WHERE r.run = :run AND r.state = 'sent' AND (o.ack >= 1 OR o.state = 'failed'))
"""
"""One look at what was sent or failed; who was merged since is not looked for."""


def rates(db: sqlite3.Connection, run: int, now: datetime) -> dict[str, float | None]:
    """Return what `stop_if` looks at, 0..1; None while too few messages can tell.

    Only messages that had their time to arrive count for ``delivered_rate``, and only those that
    had their time to be answered for ``replies_rate``.
    """
    given = {
        "run": run, "within": REPLIES.total_seconds(), "settled": seconds(now - SETTLED),
        "answered": seconds(now - ANSWERED),
    }  # fmt: skip
    row = db.execute(RATED, given).fetchone()
    return {
        "optouts_rate": _share(row["gone"], row["tried"]),
        "failed_rate": _share(row["failed"], row["tried"]),
        "delivered_rate": _share(row["arrived"], row["arrivable"]),
        "replies_rate": _share(row["answered"], row["answerable"]),
    }


def _share(hits: int | None, of: int | None) -> float | None:
    return (hits or 0) / of if of and of >= LEAST else None


def differences(counts: Mapping[str, Mapping[str, int]]) -> list[Difference]:
    """Return how the versions differ in what was read, answered and opted out of."""
    pairs = list(combinations(counts, 2))
    return [
        _difference(counts, pair, what, len(pairs))
        for what in ("read", "replied", "opted_out")
        for pair in pairs
    ]


def _difference(
    counts: Mapping[str, Mapping[str, int]], pair: tuple[str, str], what: str, pairs: int
) -> Difference:
    one, other = (counts[name] for name in pair)
    chance = two_proportions(one[what], one["sent"], other[what], other["sent"])
    shares = tuple(each[what] / each["sent"] if each["sent"] else 0.0 for each in (one, other))
    return Difference(
        one=pair[0], other=pair[1], what=what, shares=(shares[0], shares[1]),
        chance=None if chance is None else min(1.0, chance * pairs),
    )  # fmt: skip


def two_proportions(hits: int, of: int, other_hits: int, of_other: int) -> float | None:
    """Return the chance that two shares differ so much by luck alone (two-sided).

    The pooled z test of two proportions, as in the NIST/SEMATECH e-Handbook of Statistical Methods,
    section 7.3.3. None where a cell holds too few for its normal approximation.
    """
    cells = (hits, of - hits, other_hits, of_other - other_hits)
    if min(of, of_other) == 0:
        return None
    pooled = (hits + other_hits) / (of + of_other)
    expected = [share * n for n in (of, of_other) for share in (pooled, 1 - pooled)]
    if min(expected) < LEAST_CELL or min(cells) < 0:
        return None
    error = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_other))
    z = (hits / of - other_hits / of_other) / error
    return math.erfc(abs(z) / math.sqrt(2))


def told(db: sqlite3.Connection, run: Run, left_out: Mapping[str, int]) -> dict[str, Any]:
    """Return the report of a run, in the shape of `alexia campaign report --json`."""
    counts = figures(db, run.id)
    return {
        "run": run.id, "campaign": run.campaign, "state": run.state.value,
        "detail": run.detail or None, "planned_at": run.planned.isoformat(),
        "begun_at": run.begun.isoformat(),
        "ended_at": None if run.ended is None else run.ended.isoformat(),
        "figures": total(counts) or dict.fromkeys(("meant", *COUNTED), 0),
        "variants": counts,
        "left_out": dict(left_out),
        "differences": [_plain(one) for one in differences(counts)],
    }  # fmt: skip


def _plain(one: Difference) -> dict[str, Any]:
    return {
        "variants": [one.one, one.other], "what": one.what,
        "shares": [round(share, 4) for share in one.shares],
        "p": None if one.chance is None else round(one.chance, 4), "significant": one.is_sure,
    }  # fmt: skip


def in_words(difference: Mapping[str, Any]) -> str:
    """Return a difference as a sentence."""
    (one, other), (share, other_share) = difference["variants"], difference["shares"]
    shares = f"{one} {share:.1%}, {other} {other_share:.1%}"
    what = {"read": "read", "replied": "answered", "opted_out": "opted out"}[difference["what"]]
    if difference["p"] is None:
        return f"{what}: {shares}; too few to tell whether they differ"
    if difference["significant"]:
        return f"{what}: {shares}; they differ (p = {difference['p']:.3f})"
    return f"{what}: {shares}; that may be luck (p = {difference['p']:.2f})"
