"""What groups remember of one member: the flows that this person has open there."""

import json
import sqlite3
from collections.abc import Sequence

from bot.domain.conversation import Conversation
from bot.domain.data import replace
from bot.domain.errors import BotError
from bot.domain.messages import AccountId, ChatId
from bot.store import conversations, states


def forget_member(db: sqlite3.Connection, addresses: Sequence[str], contact: int) -> int:
    """Take a person's open flows, with their slots, out of every group; return how many changed.

    Our last words there go too, since they may speak of the person. The others' flows stay.
    """
    rows = db.execute(
        "SELECT account, chat, contact_id, version, state FROM conversations"
        " WHERE chat LIKE '%@g.us' AND (contact_id = ?1 OR EXISTS"
        " (SELECT 1 FROM json_each(?2) WHERE instr(state, value)))",
        (contact, json.dumps(list(addresses))),
    ).fetchall()
    for row in rows:
        where = AccountId(row["account"]), ChatId(row["chat"])
        left = _without(db, where, row, frozenset(addresses))
        owner = int(row["contact_id"])
        if owner == contact:
            owner = _other(db, left) if left is not None else 0
        if left is None or not owner:
            db.execute("DELETE FROM conversations WHERE account = ? AND chat = ?", where)
        else:
            conversations.keep(db, where[0], owner, left)
    return len(rows)


def _without(
    db: sqlite3.Connection, where: tuple[AccountId, ChatId], row: sqlite3.Row,
    addresses: frozenset[str],
) -> Conversation | None:  # fmt: skip
    """Return what is remembered of a group without a member; None where it cannot be read."""
    try:
        known = states.parse(db, where, row["version"], row["state"])
    except BotError:
        return None
    frames = tuple(frame for frame in known.frames if frame.author not in addresses)
    return replace(
        known, frames=frames, last_reply="", menu=(), notes={}, is_hushed=False,
        is_reply_sensitive=False, is_menu_sensitive=False,
    )  # fmt: skip


def _other(db: sqlite3.Connection, left: Conversation) -> int:
    """Return who else has a flow open there, 0 for nobody."""
    authors = json.dumps([frame.author for frame in left.frames if frame.author])
    row = db.execute(
        "SELECT contact_id FROM identities WHERE address IN (SELECT value FROM json_each(?))",
        (authors,),
    ).fetchone()
    return 0 if row is None else int(row["contact_id"])
