"""What campaigns sent, and what came back."""
# ruff: noqa: S608 - only words of our own are put into the queries

import sqlite3

from bot.domain.data import dataclass
from bot.reports.wanted import HEARD, MESSAGE, Wanted

REPLY = 7 * 86_400  # seconds after a message within which what the customer writes is a reply
LEDGER = ("campaign_runs", "campaign_recipients")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Why people whom a campaign meant got nothing."""

    campaign: str
    why: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What a campaign sent in the period; a recipient counts by the first message of each run.

    Attributes:
        replied: Recipients who wrote within seven days after it; an opt-out is no reply.
        opted_out: Recipients who withdrew their consent within the same time.
    """

    name: str
    decided: int
    sent: int
    delivered: int
    read: int
    failed: int
    kept: int
    waiting: int
    replied: int
    opted_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaigns:
    """All campaigns of the period, the largest first."""

    campaigns: tuple[Campaign, ...]
    left_out: tuple[LeftOut, ...]


def campaigns(db: sqlite3.Connection, wanted: Wanted) -> Campaigns:
    """Return what campaigns sent, and what came back."""
    rows = db.execute(
        "SELECT by, count(*), sum(state IN ('sent', 'delivered', 'read', 'played')),"
        " sum(state IN ('delivered', 'read', 'played')), sum(state IN ('read', 'played')),"
        " sum(state = 'failed'), sum(state = 'cancelled'), sum(state = 'reserved'),"
        f" sum({_REPLIED} AND NOT {_OPTED_OUT}), sum({_OPTED_OUT}) FROM outbox o"
        " WHERE why = 'campaign' AND cause LIKE 'campaign|%' AND ordinal = 0"
        " AND created_at >= :begin AND created_at < :end"
        f" AND {MESSAGE} AND {wanted.chats()} GROUP BY by ORDER BY 2 DESC, 1",
        wanted.values,
    )
    return Campaigns(
        campaigns=tuple(_campaign(*row) for row in rows), left_out=_left_out(db, wanted)
    )


_REPLIED = (
    "(o.handed_at IS NOT NULL AND EXISTS (SELECT 1 FROM inbox i WHERE i.chat = o.chat"
    f" AND i.account = o.account AND i.from_me = 0 AND {HEARD}"
    f" AND i.received_at > o.handed_at AND i.received_at <= o.handed_at + {REPLY}))"
)
_OPTED_OUT = (
    "(o.handed_at IS NOT NULL AND EXISTS (SELECT 1 FROM identities d"
    " JOIN consents g USING (contact_id) WHERE d.address = o.chat AND g.state = 'withdrawn'"
    f" AND g.at > o.handed_at AND g.at <= o.handed_at + {REPLY}))"
)


def _campaign(name: str, *counts: int) -> Campaign:
    decided, sent, delivered, read, failed, kept, waiting, replied, opted_out = counts
    return Campaign(
        name=name.removeprefix("campaign:"), decided=decided, sent=sent, delivered=delivered,
        read=read, failed=failed, kept=kept, waiting=waiting, replied=replied, opted_out=opted_out,
    )  # fmt: skip


def _left_out(db: sqlite3.Connection, wanted: Wanted) -> tuple[LeftOut, ...]:
    """Return who was meant and got nothing, where the database keeps recipients of campaigns."""
    known = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not known.issuperset(LEDGER):
        return ()
    rows = db.execute(
        "SELECT r.campaign, p.reason, count(*) FROM campaign_recipients p"
        " JOIN campaign_runs r ON r.id = p.run WHERE p.state = 'suppressed'"
        f" AND r.begun_at >= :begin AND r.begun_at < :end AND {wanted.people('p.contact_id')}"
        " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
        wanted.values,
    )
    return tuple(LeftOut(campaign=name, why=why, count=count) for name, why, count in rows)
