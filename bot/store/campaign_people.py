"""Recipients of campaigns who turn out to be one person, or to be reached elsewhere."""

import sqlite3

from bot.domain.campaigns import LeftOut


def join(db: sqlite3.Connection, kept: int, gone: int) -> None:
    """Give one person the turns of another; who stands in a run twice gets it once."""
    db.execute(
        "UPDATE campaign_recipients SET state = 'suppressed', reason = ?3 WHERE state = 'planned'"
        " AND contact_id IN (?1, ?2) AND EXISTS (SELECT 1 FROM campaign_recipients o"
        "  WHERE o.run = campaign_recipients.run AND o.contact_id IN (?1, ?2)"
        "  AND o.contact_id != campaign_recipients.contact_id AND (o.state IN ('claimed', 'sent')"
        "   OR (o.state = 'planned' AND o.contact_id = ?1)))",
        (kept, gone, LeftOut.MERGED.value),
    )
    db.execute(
        "UPDATE OR IGNORE campaign_recipients SET contact_id = ? WHERE contact_id = ?", (kept, gone)
    )


def move_chat(db: sqlite3.Connection, old: str, new: str) -> None:
    """Let those who still wait get it under another address."""
    db.execute(
        "UPDATE campaign_recipients SET chat = ?2 WHERE chat = ?1 AND state = 'planned'"
        " AND contact_id IN (SELECT contact_id FROM identities WHERE address IN (?1, ?2))",
        (old, new),
    )
