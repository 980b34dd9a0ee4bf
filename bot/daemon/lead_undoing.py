"""A change of a lead that a person takes back."""

import sqlite3
from datetime import datetime
from typing import Any

from bot.domain.contacts import nobody_known
from bot.store import lead_history
from bot.store.people import find_contact


def undo(
    db: sqlite3.Connection, who: str, number: int, by: str, at: datetime
) -> dict[str, Any]:  # fmt: skip
    """Take a change back and return where the lead stands then, or why nothing was done.

    Args:
        who: A number or name.
        number: The change's, as `alexia leads why` shows it.
        by: Who takes it back.
    """
    person = find_contact(db, who)
    if person is None:
        return {"done": False, "reason": nobody_known(who)}
    lead = lead_history.undo(db, person, number, by, at)
    if lead is None:
        reason = f"their lead has no change {number} that holds; `alexia leads why {who}` lists all"
        return {"done": False, "reason": reason}
    return {"done": True, "stage": lead.stage, "score": lead.score, "owner": lead.owner or None}
