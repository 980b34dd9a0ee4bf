"""What a recipient's turn in a campaign came to, and what its calls came to afterwards."""

import json
import sqlite3
from collections.abc import Sequence

from bot.domain.campaigns import LeftOut, Recipient, Run, run_of
from bot.domain.effects import Effect, LeaveOut, Send
from bot.store.times import seconds


def settle(
    db: sqlite3.Connection, cause: str, contact_id: int, effects: Sequence[Effect], *,
    waits: bool = False,
) -> bool:  # fmt: skip
    """Note what a recipient's turn came to; part of the transaction that stores what it did.

    Args:
        cause: Of the turn itself, or of a call or pause in it.
        waits: It awaits the result of a call, or a pause, and goes on then.

    Returns:
        False when nothing may be said any more: the recipient is not claimed, the run was stopped.
    """
    left = next((one for one in effects if isinstance(one, LeaveOut)), None)
    said = any(isinstance(one, Send) for one in effects)
    base, call = _parts_of(cause)
    ids = json.dumps([contact_id, int(base.rpartition("|")[2])])  # merged since it was claimed
    if left is not None and left.again:
        state, reason = "planned", ""
    elif said:
        state, reason = "sent", ""
    elif waits and left is None:
        state, reason = "claimed", ""
    else:
        state, reason = "suppressed", LeftOut.SILENT if left is None else left.why
    settled = db.execute(
        "UPDATE campaign_recipients SET state = ?, reason = ? WHERE run = ? AND state = 'claimed'"
        " AND contact_id IN (SELECT value FROM json_each(?))",
        (state, str(reason), run_of(cause), ids),
    )
    return settled.rowcount > 0 or (bool(call) and _goes_on(db, run_of(cause), ids))


def said_before(db: sqlite3.Connection, cause: str) -> tuple[str, int]:
    """Return a recipient's cause, and how many messages are stored under it.

    Args:
        cause: Of the recipient's turn, or of a call or pause in it: what is said then is the
            campaign's too.
    """
    base, call = _parts_of(cause)
    if not call:
        return base, 0
    row = db.execute("SELECT count(*) FROM outbox WHERE cause = ?", (base,)).fetchone()
    return base, int(row[0])


def _parts_of(cause: str) -> tuple[str, str]:
    """Return a recipient's cause, and what follows it where it is a call's or a pause's."""
    parts = cause.split("|", 3)
    return "|".join(parts[:3]), "".join(parts[3:])


def _goes_on(db: sqlite3.Connection, run: int | None, ids: str) -> bool:
    """Tell whether more may be said to somebody who got something: not once the run is stopped."""
    row = db.execute(
        "SELECT 1 FROM campaign_recipients r JOIN campaign_runs u ON u.id = r.run WHERE r.run = ?"
        " AND r.state = 'sent' AND u.state != 'stopped'"
        " AND r.contact_id IN (SELECT value FROM json_each(?))",
        (run, ids),
    ).fetchone()
    return row is not None


def give_up(db: sqlite3.Connection, cause: str, why: LeftOut) -> None:
    """Note that a recipient whose turn waits gets nothing."""
    db.execute(
        "UPDATE campaign_recipients SET state = 'suppressed', reason = ? WHERE run = ?"
        " AND contact_id = ? AND state = 'claimed'",
        (why.value, run_of(cause), int(_parts_of(cause)[0].rpartition("|")[2])),
    )


def claim_again(db: sqlite3.Connection, cause: str) -> bool:
    """Let a recipient's turn that failed wait once more; False when its run was stopped."""
    claimed = db.execute(
        "UPDATE campaign_recipients SET state = 'claimed', reason = '' WHERE run = ?1"
        " AND contact_id = ?2 AND state = 'suppressed' AND reason = ?3"
        " AND EXISTS (SELECT 1 FROM campaign_runs WHERE id = ?1 AND state != 'stopped')",
        (run_of(cause), int(_parts_of(cause)[0].rpartition("|")[2]), LeftOut.FAILED.value),
    )
    return claimed.rowcount > 0


def add(db: sqlite3.Connection, run: Run, one: Recipient) -> None:
    """Mean one more person by a run, at once."""
    db.execute(
        "INSERT INTO campaign_recipients (run, contact_id, chat, variant, state, reason, due_at,"
        " place) VALUES (?,?,?,?,'planned','',?,1)",
        (run.id, one.contact_id, one.chat, one.variant, seconds(run.planned)),
    )
