"""What leaves: whose turn it is, what became of it, what WhatsApp says of it."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from bot.domain.messages import AccountId, ChatId, MessageId
from bot.domain.outgoing import OutboxState, Outgoing, Why
from bot.domain.receipts import DELIVERED, PLAYED, READ, SENT, Receipt
from bot.store import bodies, drafts, receipts
from bot.store.times import moment, moment_or_none, seconds

# OR FAIL: many rows changed by one statement would else be copied aside first, so that it can be
# undone alone; here the transaction, or its savepoint, is undone whole.
# A "+" before a column keeps SQLite from looking through all rows of an account or a state: what is
# open, was handed lately, or stands in a chat is few among them, and has an index.


IN_FLIGHT = timedelta(seconds=5)
"""The longest that a message which the page took may be on its way to WhatsApp."""


def accept_all(db: sqlite3.Connection, now: datetime) -> None:
    """Take everything that waits for taken by the page: where nothing really leaves."""
    db.execute(
        "UPDATE outbox SET state = 'accepted', handed_at = ?1 WHERE state = 'reserved'"
        " AND due_at <= ?1",
        (seconds(now),),
    )


def said_in(db: sqlite3.Connection, chats: Sequence[str]) -> list[tuple[str, str, datetime]]:
    """Return (cause, text, moment) of what the bot said in these chats, oldest first."""
    rows = db.execute(
        "SELECT cause, text, created_at FROM outbox WHERE state != 'cancelled'"
        " AND why NOT IN ('person', 'notify')"
        " AND chat IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(chats)),),
    )
    return [(row["cause"], row["text"], moment(row["created_at"])) for row in rows]


def next_due(
    db: sqlite3.Connection, account: AccountId, now: datetime, most: int,
    whys: Collection[Why] = tuple(Why),
) -> list[Outgoing]:  # fmt: skip
    """Return what may be handed now: of each chat the next open message, if it is reserved.

    A chat whose earlier message has not reached WhatsApp waits: order holds within a chat.
    People come first, then answers, then what the bot starts, then campaigns; also within a chat,
    where those who wait for a limit do not hold up an answer, and a campaign that has to wait holds
    up none but its own.

    Args:
        whys: Only of these kinds.
    """
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM outbox o JOIN"  # noqa: S608 - our words
        f" (SELECT id AS first, min({TURN}) FROM outbox WHERE +account = ?1"
        "  AND state IN ('reserved', 'handed', 'uncertain', 'accepted')"
        "  AND (state != 'accepted' OR handed_at > ?2) GROUP BY chat) head ON head.first = o.id"
        " WHERE +state = 'reserved' AND due_at <= ?3 AND coalesce(held_until, 0) <= ?3"
        " AND why IN (SELECT value FROM json_each(?4))"
        " ORDER BY CASE why WHEN 'person' THEN 0 WHEN 'consent' THEN 1 WHEN 'answer' THEN 2"
        " WHEN 'notify' THEN 3 WHEN 'started' THEN 4 ELSE 5 END, o.id LIMIT ?5",
        (account, seconds(now - IN_FLIGHT), seconds(now), names_of(tuple(whys)), most),
    )
    return [_outgoing(db, row) for row in rows]


TURN = (
    "CASE WHEN state != 'reserved' THEN id - 4611686018427387904 WHEN why = 'started'"
    " THEN id + 1125899906842624 WHEN why != 'campaign' THEN id WHEN EXISTS (SELECT 1 FROM outbox e"
    "  WHERE e.account = outbox.account AND e.chat = outbox.chat AND e.state = 'reserved'"
    "  AND e.why = 'campaign' AND e.by = outbox.by AND e.id <= outbox.id AND e.held_until > ?3)"
    " THEN id + 4503599627370496 ELSE id + 2251799813685248 END"
)
"""The order within a chat: what is on its way, then answers and people, what the bot starts, …

Of campaigns those first that need not wait: one that is paused, or sends at night, takes all that
it says in a chat behind another's.
"""


@lru_cache(maxsize=16)
def names_of(whys: tuple[Why, ...]) -> str:
    """Return kinds as JSON, as queries take them."""
    return json.dumps([why.value for why in whys])


def next_due_at(db: sqlite3.Connection, account: AccountId, now: datetime) -> datetime | None:
    """Return when the next reserved message after ``now`` becomes due, None when there is none."""
    row = db.execute(
        "SELECT min(due_at) AS due FROM outbox WHERE +account = ? AND state = 'reserved'"
        " AND due_at > ?",
        (account, seconds(now)),
    ).fetchone()
    return moment_or_none(row["due"])


def hand(db: sqlite3.Connection, ids: Sequence[int], epoch: int, now: datetime) -> list[int]:
    """Claim rows for the page (T3) and return those that are ours to send.

    Committed before the page is called: what is handed may have been sent, whatever happens next.
    """
    at = seconds(now)
    claimed = db.execute(
        "UPDATE OR FAIL outbox SET state = 'handed', attempts = attempts + 1, handed_at = ?,"
        " epoch = ? WHERE id IN (SELECT value FROM json_each(?)) AND state = 'reserved'",
        (at, epoch, json.dumps(ids)),
    )
    if claimed.rowcount == len(ids):
        return list(ids)
    rows = db.execute(
        "SELECT id FROM outbox WHERE id IN (SELECT value FROM json_each(?))"
        " AND state = 'handed' AND handed_at = ? AND epoch = ?",
        (json.dumps(ids), at, epoch),
    )
    return [row["id"] for row in rows]


def accepted(db: sqlite3.Connection, row: int) -> None:
    """Note the page's echo (T4)."""
    accept(db, [row])


def accept(db: sqlite3.Connection, rows: Sequence[int]) -> list[None]:
    """Note the page's echo of many (T4)."""
    db.execute(
        "UPDATE OR FAIL outbox SET state = 'accepted', detail = ''"
        " WHERE id IN (SELECT value FROM json_each(?)) AND state IN ('handed', 'uncertain')",
        (json.dumps(rows),),
    )
    return [None] * len(rows)


def postpone(db: sqlite3.Connection, row: int, due: datetime, reason: str, attempts: int) -> None:
    """Give a message back that surely did not leave; it keeps its id.

    Args:
        attempts: The attempt that is known to have failed; a later one is not touched.
    """
    db.execute(
        "UPDATE outbox SET state = 'reserved', due_at = ?, detail = ? WHERE id = ?"
        " AND attempts = ? AND state IN ('handed', 'uncertain', 'accepted')",
        (seconds(due), reason, row, attempts),
    )


def untried(db: sqlite3.Connection, row: int, due: datetime, reason: str, attempts: int) -> None:
    """Give a message back that no page was asked to send; the attempt does not count."""
    db.execute(
        "UPDATE outbox SET state = 'reserved', due_at = ?, detail = ?, attempts = attempts - 1"
        " WHERE id = ? AND attempts = ? AND state IN ('handed', 'uncertain', 'accepted')",
        (seconds(due), reason, row, attempts),
    )


def doubt(db: sqlite3.Connection, row: int, reason: str) -> None:
    """Note that nobody can tell whether a handed message left."""
    db.execute(
        "UPDATE outbox SET state = 'uncertain', detail = ? WHERE id = ? AND state = 'handed'",
        (reason, row),
    )


UNKNOWN_FATE = "nobody can tell whether it left"
_UNKNOWN = "state = 'stuck' AND detail = ? AND by = ? AND dropped_at IS NULL"


def repeat_unknown(db: sqlite3.Connection, by: str, now: datetime) -> int:
    """Let what somebody said leave again, under its ids, where nobody can tell whether it left.

    For a person who wants that; nothing is repeated by itself, nor what a person let go.
    """
    return db.execute(
        "UPDATE outbox SET state = 'reserved', due_at = ?, detail = '',"  # noqa: S608
        f" held_until = NULL WHERE {_UNKNOWN}",
        (seconds(now), UNKNOWN_FATE, by),
    ).rowcount


def count_unknown(db: sqlite3.Connection, by: str) -> int:
    """Return how many messages of somebody `repeat_unknown` would let leave again."""
    row = db.execute(f"SELECT count(*) FROM outbox WHERE {_UNKNOWN}", (UNKNOWN_FATE, by))  # noqa: S608
    return int(row.fetchone()[0])


def stick(db: sqlite3.Connection, row: int, reason: str) -> None:
    """Note that a message must not be sent again by itself; a person should look."""
    db.execute(
        "UPDATE outbox SET state = 'stuck', detail = ? WHERE id = ?"
        " AND state IN ('handed', 'uncertain', 'accepted')",
        (reason, row),
    )


def give_up(db: sqlite3.Connection, row: int, reason: str, now: datetime) -> None:
    """Close a message that WhatsApp refuses."""
    db.execute(
        "UPDATE outbox SET state = 'failed', detail = ?, settled_at = ? WHERE id = ?",
        (reason, seconds(now), row),
    )


def cancel_pending(
    db: sqlite3.Connection, account: AccountId, chat: ChatId, reason: str, now: datetime
) -> int:
    """Cancel the bot's replies that have not left this chat; the reason is kept."""
    return db.execute(
        "UPDATE outbox SET state = 'cancelled', detail = ?, settled_at = ?"
        " WHERE account = ? AND chat = ? AND +state = 'reserved'"
        " AND why IN ('answer', 'started', 'campaign')",
        (reason, seconds(now), account, chat),
    ).rowcount


def doubt_unacknowledged(db: sqlite3.Connection, account: AccountId) -> int:
    """Doubt what an earlier page took and WhatsApp never acknowledged: both may be lost."""
    return db.execute(
        "UPDATE outbox SET state = 'uncertain', detail = 'the page was lost before WhatsApp had it'"
        " WHERE +account = ? AND state = 'accepted' AND coalesce(ack, 0) < 1",
        (account,),
    ).rowcount


def cancel_started(
    db: sqlite3.Connection, account: AccountId, chat: ChatId, reason: str, now: datetime
) -> int:
    """Cancel what the bot was to say by itself in this chat; the reason is kept."""
    return db.execute(
        "UPDATE outbox SET state = 'cancelled', detail = ?, settled_at = ?"
        " WHERE +account = ? AND chat = ? AND +state = 'reserved'"
        " AND why IN ('started', 'campaign')",
        (reason, seconds(now), account, chat),
    ).rowcount


def unsettled(db: sqlite3.Connection, account: AccountId, now: datetime) -> list[Outgoing]:
    """Return what was handed and has no echo, or no receipt for long; oldest first.

    A message that WhatsApp refuses after the page took it raises no event: only the page tells.
    """
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE +account = ?"  # noqa: S608 - our words
        " AND state IN ('handed', 'uncertain', 'accepted')"
        " AND (state != 'accepted' OR handed_at < ?) ORDER BY id",
        (account, seconds(now - IN_FLIGHT / 2)),
    )
    return [_outgoing(db, row) for row in rows]


def note_receipt(db: sqlite3.Connection, receipt: Receipt) -> bool:
    """Note an acknowledgement; acks never go down. True when it changed something."""
    if receipt.ack < 0:
        return _note_refusal(db, receipt)
    if receipt.ack < SENT:
        return False
    return _note_acks(db, [receipt]) > 0


def note_receipts(db: sqlite3.Connection, told: Sequence[Receipt]) -> None:
    """Note many acknowledgements, as `note_receipt` does one after the other."""
    if all(receipt.ack >= SENT for receipt in told):
        _note_acks(db, told)
        return
    for receipt in told:
        note_receipt(db, receipt)


def _note_acks(db: sqlite3.Connection, told: Sequence[Receipt]) -> int:
    """Note how far messages came, none of them refused; return how many came further."""
    receipts.note_all(db, told)
    changed = db.executemany(
        "UPDATE outbox SET ack = ?, state = ?, settled_at = coalesce(settled_at, ?), detail = ''"
        " WHERE message_id = ? AND coalesce(ack, 0) < ? AND state NOT IN ('reserved', 'cancelled')",
        [(one.ack, _state_of(one.ack).value, seconds(one.at), one.id, one.ack) for one in told],
    )
    return changed.rowcount


def _note_refusal(db: sqlite3.Connection, receipt: Receipt) -> bool:
    changed = db.execute(
        "UPDATE outbox SET ack = ?, state = 'failed', settled_at = ?, detail = ?"
        " WHERE message_id = ? AND state IN ('handed', 'accepted', 'uncertain', 'stuck')",
        (receipt.ack, seconds(receipt.at), f"ack {receipt.ack}", receipt.id),
    )
    return changed.rowcount > 0


def _state_of(ack: int) -> OutboxState:
    if ack >= PLAYED:
        return OutboxState.PLAYED
    if ack >= READ:
        return OutboxState.READ
    return OutboxState.DELIVERED if ack >= DELIVERED else OutboxState.SENT


def texts_since(
    db: sqlite3.Connection, account: AccountId, chat: ChatId, since: datetime
) -> list[str]:
    """Return what we handed in a chat since a moment."""
    rows = db.execute(
        "SELECT text, message_id, sealed FROM outbox WHERE account = ? AND chat = ?"
        " AND handed_at >= ? ORDER BY id DESC LIMIT 50",
        (account, chat, seconds(since)),
    )
    found: list[str] = []
    for text, message_id, sealed in rows:
        held = drafts.opened(db, message_id, sealed) if sealed else None
        found.append(str(text) if held is None else held[0])
    return found


def stuck(db: sqlite3.Connection, account: AccountId) -> list[Outgoing]:
    """Return what stands at WhatsApp's clock, the latest first, at most 200."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE +account = ? AND state = 'stuck'"  # noqa: S608
        " ORDER BY id DESC LIMIT 200",
        (account,),
    )
    return [_outgoing(db, row) for row in rows]


def last_of_ours(db: sqlite3.Connection, account: AccountId, chat: ChatId) -> MessageId | None:
    """Return the id of the last message of ours in a chat that may be changed."""
    row = db.execute(
        "SELECT message_id FROM outbox WHERE account = ? AND chat = ? AND state != 'cancelled'"
        " AND body NOT LIKE '%\"target\"%' ORDER BY id DESC LIMIT 1",
        (account, chat),
    ).fetchone()
    return None if row is None else MessageId(row["message_id"])


def amended(db: sqlite3.Connection, row: int, now: datetime) -> None:
    """Note that a change was carried out; no receipt tells."""
    db.execute(
        "UPDATE outbox SET state = 'sent', ack = 1, settled_at = ?, detail = '' WHERE id = ?",
        (seconds(now), row),
    )


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many messages stand in each state that asks for attention.

    What the page took counts as handed until WhatsApp acknowledges it; what a person let go does
    not count.
    """
    found = dict.fromkeys(("reserved", "handed", "uncertain", "stuck", "failed"), 0)
    rows = db.execute(
        "SELECT CASE state WHEN 'accepted' THEN 'handed' ELSE state END AS state, count(*) AS n"
        " FROM outbox WHERE state IN ('reserved', 'handed', 'accepted', 'uncertain') GROUP BY 1"
        " UNION ALL SELECT state, count(*) FROM outbox WHERE state IN ('stuck', 'failed')"
        " AND dropped_at IS NULL GROUP BY 1"
    )
    found.update({row["state"]: row["n"] for row in rows})
    return found


_COLUMNS = (
    "id, account, chat, message_id, text, why, state, attempts, due_at, handed_at, cause, body,"
    " quoted, by, mentions, sealed"
)
"""What `_outgoing` reads, in its order: by name each column of a row is looked for anew."""


WHYS = {one.value: one for one in Why}
STATES = {one.value: one for one in OutboxState}
"""By their words at rest: a table is five times as fast as an enumeration is to ask."""


def _outgoing(db: sqlite3.Connection, row: Iterable[Any]) -> Outgoing:
    (
        id_, account, chat, message_id, text, why, state, attempts, due_at, handed_at, cause, body,
        quoted, by, mentions, sealed,
    ) = row  # fmt: skip
    if sealed:
        text, body = drafts.opened(db, message_id, sealed) or (text, body)
    return Outgoing(
        id=id_,
        account=AccountId(account),
        chat=ChatId(chat),
        message_id=MessageId(message_id),
        text=text,
        why=WHYS[why],
        state=STATES[state],
        attempts=attempts,
        due_at=moment(due_at),
        handed_at=moment_or_none(handed_at),
        cause=cause,
        body=bodies.from_text(body) if body else None,
        quoted=MessageId(quoted) if quoted else None,
        by=by,
        mentions=tuple(mentions.split()),
    )
