"""What an account sent, counted for the governor: limits survive a kill since they are read here.

Everything is read from the outbox, so that nothing else has to be kept.
"""
# ruff: noqa: S608 - only words of our own are put into the queries

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.domain.data import dataclass
from bot.domain.messages import AccountId, ChatId
from bot.store.times import moment, moment_or_none, seconds

BY_ITSELF = "why IN ('started', 'campaign')"
"""What the bot starts by itself; the words of the index over it."""

CAMPAIGN = f"{BY_ITSELF} AND why = 'campaign'"

DAY = "CAST(handed_at / 86400 AS INTEGER)"

NEW = (
    "{0}.chat NOT LIKE '%@g.us' AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.account = {0}.account"
    " AND i.chat = {0}.chat AND i.from_me = 0{1})"
)
"""Nobody there ever wrote to the account."""


def sent_since(db: sqlite3.Connection, account: AccountId, since: datetime) -> list[datetime]:
    """Return when this account handed messages since then, ascending."""
    rows = db.execute(
        "SELECT handed_at FROM outbox WHERE +account = ? AND handed_at >= ? ORDER BY handed_at",
        (account, seconds(since)),
    )
    return [moment(row["handed_at"]) for row in rows]


def campaigns_since(db: sqlite3.Connection, account: AccountId, since: datetime) -> list[datetime]:
    """Return when campaign messages were handed since then, ascending."""
    rows = db.execute(
        f"SELECT handed_at FROM outbox WHERE account = ? AND {CAMPAIGN} AND handed_at >= ?"
        " ORDER BY handed_at",
        (account, seconds(since)),
    )
    return [moment(row["handed_at"]) for row in rows]


def said_since(
    db: sqlite3.Connection, account: AccountId, chat: ChatId, since: datetime
) -> list[datetime]:
    """Return when the bot wrote to this chat since then, ascending; not what a person wrote."""
    rows = db.execute(
        "SELECT handed_at FROM outbox WHERE account = ? AND chat = ? AND handed_at >= ?"
        " AND why NOT IN ('person', 'consent') ORDER BY handed_at",
        (account, chat, seconds(since)),
    )
    return [moment(row["handed_at"]) for row in rows]


def started_since(
    db: sqlite3.Connection, account: AccountId, chat: ChatId, since: datetime
) -> list[datetime]:
    """Return when the bot by itself wrote to this chat since then, ascending."""
    rows = db.execute(
        "SELECT handed_at FROM outbox WHERE account = ? AND chat = ? AND handed_at >= ?"
        f" AND {BY_ITSELF} ORDER BY handed_at",
        (account, chat, seconds(since)),
    )
    return [moment(row["handed_at"]) for row in rows]


def same_text_since(
    db: sqlite3.Connection, account: AccountId, text: str, since: datetime
) -> list[datetime]:
    """Return when the bot by itself wrote this very text to anybody since then, ascending."""
    rows = db.execute(
        "SELECT handed_at FROM outbox WHERE account = ? AND handed_at >= ? AND text = ?"
        f" AND {BY_ITSELF} ORDER BY handed_at",
        (account, seconds(since), text),
    )
    return [moment(row["handed_at"]) for row in rows]


def is_new_chat(db: sqlite3.Connection, account: AccountId, chat: ChatId) -> bool:
    """Tell whether nobody in a chat ever wrote to the account, under any address. Never a group.

    Who wrote before is known, though the messages may be kept no longer.
    """
    if chat.endswith("@g.us"):
        return False
    row = db.execute(
        "SELECT 1 FROM inbox WHERE account = ?1 AND from_me = 0 AND chat IN (SELECT ?2 UNION"
        " SELECT o.address FROM identities i JOIN identities o ON o.contact_id = i.contact_id"
        " WHERE i.address = ?2) UNION SELECT 1 FROM identities i JOIN contacts c"
        " ON c.id = i.contact_id WHERE i.address = ?2 AND c.last_seen IS NOT NULL LIMIT 1",
        (account, chat),
    ).fetchone()
    return row is None


def new_chats_since(db: sqlite3.Connection, account: AccountId, since: datetime) -> list[datetime]:
    """Return when the bot began chats since then, one moment a chat, ascending."""
    new = NEW.format("o", " AND i.sent_at < o.handed_at")
    rows = db.execute(
        "SELECT min(handed_at) AS at FROM outbox o WHERE account = ? AND handed_at >= ?"
        f" AND {BY_ITSELF} AND {new} GROUP BY chat ORDER BY at",
        (account, seconds(since)),
    )
    return [moment(row["at"]) for row in rows]


def campaign_days(db: sqlite3.Connection, account: AccountId, before: datetime) -> int:
    """Return on how many days (UTC) campaign messages left before a moment."""
    row = db.execute(
        f"SELECT count(DISTINCT {DAY}) AS days FROM outbox"
        f" WHERE account = ? AND {CAMPAIGN} AND handed_at < ?",
        (account, seconds(before)),
    ).fetchone()
    return int(row["days"])


def new_chat_days(db: sqlite3.Connection, account: AccountId, before: datetime) -> int:
    """Return on how many days (UTC) the bot began chats before a moment."""
    new = NEW.format("o", " AND i.sent_at < o.handed_at")
    row = db.execute(
        f"SELECT count(DISTINCT {DAY}) AS days FROM outbox o"
        f" WHERE account = ? AND {BY_ITSELF} AND handed_at < ? AND {new}",
        (account, seconds(before)),
    ).fetchone()
    return int(row["days"])


def last_campaign(
    db: sqlite3.Connection, account: AccountId, chat: ChatId | None = None, but: str = ""
) -> datetime | None:
    """Return when a campaign message last left (to a chat), but those of one campaign."""
    row = db.execute(
        f"SELECT max(handed_at) AS at FROM outbox WHERE account = ?1 AND {CAMPAIGN}"
        " AND (?2 IS NULL OR chat = ?2) AND (?3 = '' OR by != ?3)",
        (account, chat, but),
    ).fetchone()
    return moment_or_none(row["at"])


def delivered_share(
    db: sqlite3.Connection, account: AccountId, most: int, after: datetime, now: datetime
) -> float | None:
    """Return which share of the last campaign messages reached a phone, None with fewer.

    Args:
        after: Only what left after this moment.
    """
    rows = db.execute(
        f"SELECT coalesce(ack, 0) >= 2 AS there FROM outbox WHERE account = ? AND {CAMPAIGN}"
        " AND handed_at > ? AND handed_at < ? AND state NOT IN ('reserved', 'cancelled')"
        " ORDER BY handed_at DESC LIMIT ?",
        (account, seconds(after), seconds(now - SETTLED), most),
    ).fetchall()
    return sum(row["there"] for row in rows) / most if len(rows) == most else None


SETTLED = timedelta(minutes=10)
"""How long a message may take to reach a phone that is on before it counts as not delivered."""

ANSWERED = timedelta(hours=1)
"""How long people get to answer before their silence counts."""


def reactions_to_campaigns(
    db: sqlite3.Connection, account: AccountId, most: int, after: datetime, now: datetime
) -> tuple[float, float] | None:
    """Return which shares opted out and replied after the last campaign messages.

    Returns:
        (opted out, replied); None with fewer messages than ``most``.
    """
    rows = db.execute(
        "SELECT EXISTS (SELECT 1 FROM identities d JOIN traces t ON t.contact_id = d.contact_id"
        "  WHERE d.address = o.chat AND t.winner = 'guard:optout' AND t.at > o.handed_at) AS gone,"
        " EXISTS (SELECT 1 FROM inbox i WHERE i.account = o.account AND i.chat = o.chat"
        "  AND i.from_me = 0 AND i.received_at > o.handed_at) AS replied FROM outbox o"
        f" WHERE account = ? AND {CAMPAIGN} AND handed_at > ? AND handed_at < ?"
        " AND state NOT IN ('reserved', 'cancelled') ORDER BY handed_at DESC LIMIT ?",
        (account, seconds(after), seconds(now - ANSWERED), most),
    ).fetchall()
    if len(rows) < most:
        return None
    return sum(row["gone"] for row in rows) / most, sum(row["replied"] for row in rows) / most


@dataclass(frozen=True, slots=True)
class Partner:
    """What the governor must know of who a chat is with."""

    has_left: bool  # opted out
    timezone: str  # IANA name, "" when unknown
    heard_at: datetime | None  # when the person last wrote here


def partner(db: sqlite3.Connection, account: AccountId, chat: ChatId) -> Partner:
    """Return who a chat is with."""
    row = db.execute(
        "SELECT c.consent, c.timezone, (SELECT max(sent_at) FROM inbox WHERE account = ?1"
        " AND chat = ?2 AND from_me = 0) AS heard FROM (SELECT 1)"
        " LEFT JOIN identities i ON i.address = ?2 LEFT JOIN contacts c ON c.id = i.contact_id",
        (account, chat),
    ).fetchone()
    return Partner(
        has_left=row["consent"] == "withdrawn",
        timezone=row["timezone"] or "",
        heard_at=moment_or_none(row["heard"]),
    )


def has_new_chat_in_flight(db: sqlite3.Connection, account: AccountId, since: datetime) -> bool:
    """Tell whether a first message to somebody is on its way that was handed since a moment."""
    row = db.execute(
        "SELECT 1 FROM outbox o WHERE +account = ? AND handed_at >= ? AND state IN"
        f" ('handed', 'accepted', 'uncertain') AND coalesce(ack, 0) < 1 AND {NEW.format('o', '')}"
        " LIMIT 1",
        (account, seconds(since)),
    ).fetchone()
    return row is not None


def has_begun_a_chat(db: sqlite3.Connection, account: AccountId, since: datetime) -> bool:
    """Tell whether a first message that was handed since a moment got through to WhatsApp."""
    row = db.execute(
        "SELECT 1 FROM outbox o WHERE +account = ? AND handed_at > ? AND ack >= 1"
        f" AND {NEW.format('o', '')} LIMIT 1",
        (account, seconds(since)),
    ).fetchone()
    return row is not None


def has_answered_a_chat(db: sqlite3.Connection, account: AccountId, since: datetime) -> bool:
    """Tell whether WhatsApp took a message to a known chat that was handed since a moment."""
    row = db.execute(
        "SELECT 1 FROM outbox o WHERE +account = ? AND handed_at > ? AND ack >= 1"
        f" AND NOT ({NEW.format('o', '')}) LIMIT 1",
        (account, seconds(since)),
    ).fetchone()
    return row is not None


TURN = "its turn has not come"


def waiting(
    db: sqlite3.Connection, now: datetime, unheld: str = TURN, account: AccountId | None = None
) -> list[dict[str, Any]]:
    """Return what waits to leave, counted by its kind and its reason.

    Args:
        unheld: The reason of what no limit holds.
        account: Who is logged in, where somebody is: what is of another number waits for that one.

    ``until``: before which moment none of them leaves; None where that is not known of each alone.
    """
    rows = db.execute(
        "SELECT why, held_why, CASE WHEN account = coalesce(?, account) THEN '' ELSE account END"
        " AS other, count(*) AS n, min(created_at) AS since, min(held_until) AS until"
        " FROM outbox WHERE state = 'reserved' GROUP BY why, held_why, other ORDER BY n DESC, why",
        (account,),
    )
    return [
        {
            "why": row["why"],
            "reason": _of_another(row["other"]) or row["held_why"] or unheld,
            "messages": row["n"],
            "since": moment(row["since"]).isoformat(),
            "until": moment(row["until"]).isoformat()
            if row["until"] is not None and row["until"] > seconds(now)
            else None,
        }
        for row in rows
    ]


def _of_another(number: str) -> str:
    said = f"another number is logged in; it leaves when +{number.partition('@')[0]} is again"
    return said if number else ""


def only_campaigns_wait(
    db: sqlite3.Connection, account: AccountId, chats: Iterable[ChatId]
) -> set[ChatId]:
    """Return the chats for which all that we ever wrote down is of campaigns, and none of it left.

    Whoever is there has heard nothing from the bot yet.
    """
    rows = db.execute(
        "SELECT c.value AS chat FROM json_each(?1) c WHERE NOT EXISTS (SELECT 1 FROM outbox o"
        " WHERE o.account = ?2 AND o.chat = c.value"
        " AND NOT (o.why = 'campaign' AND o.state IN ('reserved', 'cancelled')))"
        " AND EXISTS (SELECT 1 FROM outbox o WHERE o.account = ?2 AND o.chat = c.value)",
        (json.dumps(list(chats)), account),
    )
    return {ChatId(row["chat"]) for row in rows}


def held(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many messages wait, by the reason that was kept."""
    rows = db.execute(
        "SELECT held_why, count(*) AS n FROM outbox WHERE state = 'reserved' AND held_why != ''"
        " GROUP BY held_why"
    )
    return {row["held_why"]: row["n"] for row in rows}


RECEIPT_WITHIN = timedelta(seconds=45)
"""How long WhatsApp may take to acknowledge a message before receipts count as missing."""


def receipts_missing(
    db: sqlite3.Connection, account: AccountId, since: datetime, now: datetime
) -> bool | None:
    """Tell whether receipts stay out for what was handed since a moment.

    Returns:
        True when a message waits for longer than a receipt may take and none came after it; False
        when one came; None when nothing was sent that could tell.
    """
    row = db.execute(
        "SELECT max(CASE WHEN coalesce(ack, 0) >= 1 THEN handed_at END) AS acknowledged,"
        " max(CASE WHEN coalesce(ack, 0) < 1 AND state IN ('accepted', 'stuck')"
        "  AND handed_at < ? THEN handed_at END) AS waiting"
        " FROM outbox WHERE +account = ? AND handed_at > ?",
        (seconds(now - RECEIPT_WITHIN), account, seconds(since)),
    ).fetchone()
    acknowledged, waiting = row["acknowledged"], row["waiting"]
    if waiting is not None and (acknowledged is None or acknowledged < waiting):
        return True
    return None if acknowledged is None else False
