"""Groups as people and programs ask to see them."""

import json
import sqlite3
from typing import Any

from bot.domain.groups import Group
from bot.store.contacts import number_of
from bot.store.groups import list_groups

Row = dict[str, Any]


def rows(db: sqlite3.Connection, *, left: bool = False) -> list[Row]:
    """Return the groups by subject, each with its members."""
    return [row_of(db, group) for group in list_groups(db, left=left)]


def row_of(db: sqlite3.Connection, group: Group) -> Row:
    """Return one group with its members, their names as far as they are known."""
    addresses = [one.address for one in group.members]
    found = db.execute(
        "SELECT i.address, c.name, c.number FROM identities i JOIN contacts c"
        " ON c.id = i.contact_id WHERE i.address IN (SELECT value FROM json_each(?))",
        (json.dumps(addresses),),
    )
    known = {row["address"]: row for row in found}
    members = [
        {
            "id": one.address,
            "number": known[one.address]["number"]
            if one.address in known
            else number_of(one.address),
            "name": known[one.address]["name"] if one.address in known else "",
            "admin": one.is_admin,
            "owner": one.is_owner,
        }
        for one in group.members
    ]
    return {
        "id": group.id,
        "subject": group.subject,
        "description": group.description,
        "owner": group.owner or None,
        "created_at": group.created_at.isoformat() if group.created_at else None,
        "size": len(members),
        "member": group.is_member,
        "admin": group.is_admin,
        "members": members,
    }
