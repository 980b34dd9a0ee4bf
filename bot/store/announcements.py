"""What happened and is to be told outside, noted in the transaction in which it happened.

While somebody listens, triggers of SQLite note every change of messages, whoever makes it; the
events that a decision raises are noted by `raised`. Nobody listens: nothing is noted.
"""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from bot.domain.data import dataclass
from bot.domain.effects import RaiseEvent
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import Decision, Turn
from bot.domain.values import HIDDEN, to_json

SENT = "('sent', 'delivered', 'read', 'played')"
HEARD = (
    "{0}.from_me = 0 AND {0}.origin != 'history' AND {0}.kind NOT IN ('ciphertext', 'system')"
    " AND {0}.chat NOT LIKE '%@newsletter' AND {0}.chat NOT LIKE '%@broadcast'"
)
OURS = (
    "(new.body = '' OR json_extract(new.body, '$.is') NOT IN ('reaction', 'edit', 'revoke')) AND "
)
"""A message of ours, not the change of another."""

OTHER = "new.text IS NOT old.text AND new.text != '•••' AND new.kind = old.kind"
"""A message whose writer gave it another text."""

GONE = "instr({0}.extra, '\"revoked_at\"')"
"""A message that its writer took back."""

NOTE = (
    "INSERT INTO announcements (account, chat, event, row, data)"
    " VALUES (new.account, new.chat, '{event}', new.id, {data});"
)
TRIGGERS = (
    ("message", "INSERT ON inbox", HEARD.format("new"), "'{}'"),
    (
        "message", "UPDATE OF kind ON inbox",
        f"old.kind = 'ciphertext' AND {HEARD.format('new')}", "'{}'",
    ),
    (
        "message.edited", "UPDATE OF extra ON inbox",
        f"{OTHER} AND {HEARD.format('new')}",
        "json_object('before', old.text)",
    ),
    (
        "message.revoked", "UPDATE OF extra ON inbox",
        f"{GONE.format('new')} AND NOT {GONE.format('old')} AND {HEARD.format('new')}",
        "'{}'",
    ),
    (
        "message.ack", "UPDATE OF ack ON outbox",
        f"{OURS} new.ack IS NOT NULL AND new.ack IS NOT old.ack",
        "json_object('ack', new.ack)",
    ),
    ("bot.reply.queued", "INSERT ON outbox", f"{OURS} 1", "'{}'"),
    (
        "bot.reply.sent", "UPDATE OF state ON outbox",
        f"{OURS} new.state IN {SENT} AND old.state NOT IN {SENT}", "'{}'",
    ),
    (
        "bot.reply.suppressed", "UPDATE OF state ON outbox",
        f"{OURS} new.state = 'cancelled' AND old.state != 'cancelled'",
        "json_object('reason', new.detail)",
    ),
    (
        "bot.reply.failed", "UPDATE OF state ON outbox",
        f"{OURS} new.state = 'failed' AND old.state != 'failed'",
        "json_object('reason', new.detail)",
    ),
    (
        "bot.rule.matched", "INSERT ON traces", "new.winner LIKE 'rule:%'",
        "json_object('rule', substr(new.winner, 6), 'event', new.event)",
    ),
)  # fmt: skip
"""Event, change, condition, and what is kept of it beside the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One thing that happened.

    Attributes:
        row: In the table that the event is about: inbox, outbox or traces; 0 for none.
    """

    id: int
    account: AccountId
    chat: ChatId
    event: str
    row: int
    data: dict[str, Any]


CONSENT = (
    "INSERT ON consents WHEN new.who NOT LIKE 'import:%' AND NOT EXISTS (SELECT 1 FROM consents c"
    " WHERE c.contact_id = new.contact_id AND c.id != new.id AND (c.at > new.at OR c.state ="
    " new.state AND c.at = (SELECT max(at) FROM consents p WHERE p.contact_id = new.contact_id"
    " AND p.id != new.id))) BEGIN INSERT INTO announcements (account, chat, event, row, data)"
    " VALUES (coalesce((SELECT account FROM accounts ORDER BY swept_at DESC LIMIT 1), ''),"
    " coalesce((SELECT address FROM identities WHERE contact_id = new.contact_id"
    " ORDER BY address LIKE '%@c.us' DESC LIMIT 1), ''), 'consent.changed', 0, json_object("
    "'consent', CASE new.state WHEN 'granted' THEN 'given' ELSE 'withdrawn' END,"
    " 'source', new.source, 'wording', new.wording, 'who', new.who)); END"
)
"""A person allows something else than before, whoever wrote it down; imports tell of themselves."""

TAKEN_BACK = "INSERT ON lead_changes WHEN new.cause LIKE 'undo|%' BEGIN {} END"
TOLD = (
    "INSERT INTO announcements (account, chat, event, row, data)"
    " SELECT coalesce((SELECT account FROM accounts ORDER BY swept_at DESC LIMIT 1), ''),"
    " coalesce((SELECT address FROM identities WHERE contact_id = new.contact_id"
    " ORDER BY address LIKE '%@c.us' DESC LIMIT 1), ''), '{}', 0, json_object("
    "'stage', new.stage, 'score', new.score, 'owner', new.owner{}) WHERE {};"
)
MOVED = (
    ("lead.updated", "", "1"),
    ("lead.stage_changed", ", 'from', new.stage_before", "new.stage != new.stage_before"),
    ("lead.scored", ", 'points', new.score - new.score_before", "new.score != new.score_before"),
    ("lead.assigned", ", 'from', new.owner_before", "new.owner != new.owner_before"),
)
"""A person took a change of a lead back: no decision tells of it."""


def listen(db: sqlite3.Connection) -> None:
    """Note changes from now on, as long as this connection lives."""
    for number, (event, change, condition, data) in enumerate(TRIGGERS):
        note = NOTE.format(event=event, data=data)
        db.execute(
            f"CREATE TEMP TRIGGER IF NOT EXISTS announce_{number} AFTER {change}"
            f" WHEN {condition} BEGIN {note} END"
        )
    db.execute(f"CREATE TEMP TRIGGER IF NOT EXISTS announce_consent AFTER {CONSENT}")
    undone = TAKEN_BACK.format(" ".join(TOLD.format(*one) for one in MOVED))
    db.execute(f"CREATE TEMP TRIGGER IF NOT EXISTS announce_undone AFTER {undone}")


def ignore(db: sqlite3.Connection) -> None:
    """Note nothing any more, and forget what nobody was told."""
    for number in range(len(TRIGGERS)):
        db.execute(f"DROP TRIGGER IF EXISTS temp.announce_{number}")
    for name in ("consent", "undone"):
        db.execute(f"DROP TRIGGER IF EXISTS temp.announce_{name}")
    db.execute("DELETE FROM announcements")


def raised(db: sqlite3.Connection, turn: Turn, decision: Decision) -> None:
    """Note the events that a decision raises; of consent the ledger itself tells."""
    account = AccountId(str(turn.bot.get("account", "")))
    for effect in decision.effects:
        if isinstance(effect, RaiseEvent) and effect.name != "consent.changed":
            data = {
                str(name): HIDDEN if name in effect.sensitive else to_json(value)
                for name, value in effect.data.items()
            }
            note(db, account, turn.conversation.chat, effect.name, data)


def note(
    db: sqlite3.Connection, account: AccountId, chat: ChatId, event: str, data: dict[str, Any]
) -> None:
    """Note an event that is about no stored row."""
    db.execute(
        "INSERT INTO announcements (account, chat, event, row, data) VALUES (?,?,?,0,?)",
        (account, chat, event, json.dumps(data)),
    )


def next_untold(db: sqlite3.Connection, most: int) -> list[Announcement]:
    """Return what is to be told next, oldest first."""
    rows = db.execute("SELECT * FROM announcements ORDER BY id LIMIT ?", (most,))
    return [
        Announcement(
            id=row["id"], account=AccountId(row["account"]), chat=ChatId(row["chat"]),
            event=row["event"], row=row["row"], data=json.loads(row["data"]),
        )
        for row in rows
    ]  # fmt: skip


def told(db: sqlite3.Connection, announcements: Sequence[Announcement]) -> None:
    """Forget what was given on."""
    db.executemany("DELETE FROM announcements WHERE id = ?", [(one.id,) for one in announcements])


def count(db: sqlite3.Connection) -> int:
    """Return how much waits to be given on."""
    return int(db.execute("SELECT count(*) FROM announcements").fetchone()[0])
