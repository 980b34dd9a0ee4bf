"""Goes on without a key that is lost for good: what was sealed under it is given up, and told.

Nothing is answered on guesses: flows that worked on a value that is gone end, what waited to be
said, called or decided with one does not happen.
"""

import json
import sqlite3

from bot.domain.values import is_hidden
from bot.store import cipher

WHY = "its key is lost"


def give_up_sealed(db: sqlite3.Connection) -> int:
    """Take out everything sealed, as part of a transaction; return how many rows it stood in."""
    rows = _conversations(db)
    rows += sum(_fields(db, table) for table in ("contacts", "leads"))
    for statement in _STATEMENTS:
        rows += db.execute(statement, {"why": WHY}).rowcount
    db.execute("DELETE FROM meta WHERE key IN (?, ?)", (cipher.OWNER, cipher.DATA))
    return rows


_STATEMENTS = (
    'DELETE FROM variables WHERE value LIKE \'{"$": "sealed"%\'',
    'DELETE FROM timers WHERE payload LIKE \'%"$": "sealed"%\'',
    'DELETE FROM events WHERE data LIKE \'%"$": "sealed"%\'',
    "DELETE FROM calls WHERE request LIKE 'sealed:%'",
    (
        "UPDATE inbox SET sealed = '', detail = :why, state ="
        " CASE state WHEN 'waiting' THEN 'ignored' ELSE state END WHERE sealed != ''"
    ),
    (
        "UPDATE outbox SET sealed = '', detail = :why, state = CASE WHEN state = 'reserved'"
        " THEN 'cancelled' WHEN state IN ('handed', 'uncertain') THEN 'stuck' ELSE state END"
        " WHERE sealed != ''"
    ),
)


def _conversations(db: sqlite3.Connection) -> int:
    """End the flows of chats in which something was sealed, and forget our last words there."""
    rows = db.execute("SELECT account, chat, state FROM conversations").fetchall()
    count = 0
    for row in rows:
        if cipher.SEALED not in row["state"]:
            continue
        state = json.loads(row["state"])
        state |= {"frames": [], "is_hushed": False}
        for name, empty in (("last_reply", ""), ("menu", [])):
            if is_hidden(state.get(name)):
                state[name] = empty
        if state.get("handoff") and is_hidden(state["handoff"][2]):
            state["handoff"][2] = ""
        db.execute(
            "UPDATE conversations SET state = ?, flow = '', step = '', hushed = 0"
            " WHERE account = ? AND chat = ?",
            (json.dumps(state), row["account"], row["chat"]),
        )
        count += 1
    return count


def _fields(db: sqlite3.Connection, table: str) -> int:
    found = db.execute(
        f'SELECT id, fields FROM {table} WHERE fields LIKE \'%"$": "sealed"%\''  # noqa: S608 - our words
    ).fetchall()
    for row in found:
        kept = {
            name: value for name, value in json.loads(row["fields"]).items() if not is_hidden(value)
        }
        db.execute(f"UPDATE {table} SET fields = ? WHERE id = ?", (json.dumps(kept), row["id"]))  # noqa: S608
    return len(found)
