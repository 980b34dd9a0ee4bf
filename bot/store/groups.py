"""Groups as WhatsApp last showed them, so that nobody has to ask it again and again."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.data import replace
from bot.domain.groups import Group, GroupMoved, Member, Move
from bot.domain.messages import AccountId, ChatId
from bot.store.times import moment_or_none, seconds

GONE = (Move.LEFT, Move.REMOVED)


def keep(db: sqlite3.Connection, account: AccountId, group: Group, now: datetime) -> None:
    """Store a group as it is now."""
    members = [[one.address, one.is_admin, one.is_owner] for one in group.members]
    db.execute(
        "INSERT OR REPLACE INTO groups (account, chat, subject, description, owner, created_at,"
        " members, is_member, is_admin, seen_at) VALUES (?,?,?,?,?,?,?,?,?,?)",
        (
            account, group.id, group.subject, group.description, group.owner,
            None if group.created_at is None else seconds(group.created_at),
            json.dumps(members), group.is_member, group.is_admin, seconds(now),
        ),
    )  # fmt: skip


def keep_all(
    db: sqlite3.Connection, account: AccountId, groups: Sequence[Group], now: datetime
) -> None:
    """Store all groups of an account; those that WhatsApp shows no more are forgotten."""
    for group in groups:
        keep(db, account, group, now)
    db.execute(
        "DELETE FROM groups WHERE account = ? AND chat NOT IN (SELECT value FROM json_each(?))",
        (account, json.dumps([group.id for group in groups])),
    )


def note_move(db: sqlite3.Connection, moved: GroupMoved, now: datetime) -> None:
    """Change what is stored of a group by what happened there; an unknown one stays unknown."""
    group = find(db, moved.account, moved.chat)
    if group is None or moved.move is Move.CHANGED:
        return
    others = [one for one in group.members if one.address not in moved.members]
    known = {one.address: one for one in group.members}
    fresh: list[Member] = []
    if moved.move not in GONE:
        is_admin = moved.move is Move.PROMOTED
        fresh = [
            replace(known.get(one, Member(address=one)), is_admin=is_admin)
            for one in moved.members
        ]  # fmt: skip
    ours = moved.account in moved.members
    group = replace(
        group,
        members=(*others, *fresh),
        is_member=moved.move not in GONE if ours else group.is_member,
        is_admin=moved.move is Move.PROMOTED if ours else group.is_admin,
    )
    keep(db, moved.account, group, now)


def find(db: sqlite3.Connection, account: AccountId, chat: ChatId) -> Group | None:
    """Return one group, None when it is unknown."""
    row = db.execute(
        "SELECT * FROM groups WHERE account = ? AND chat = ?", (account, chat)
    ).fetchone()
    return None if row is None else _group(row)


def list_groups(db: sqlite3.Connection, *, left: bool = False) -> list[Group]:
    """Return the groups by subject; with ``left`` also those that the account is not in."""
    rows = db.execute(
        "SELECT * FROM groups WHERE is_member OR ? ORDER BY lower(subject), chat", (left,)
    )
    return [_group(row) for row in rows]


def named(groups: Iterable[Group], wanted: str) -> list[Group]:
    """Return the groups that a person may mean: by address, else by subject, case aside."""
    everyone = list(groups)
    found = [one for one in everyone if wanted in (one.id, one.id.partition("@")[0])]
    return found or [
        one for one in everyone if one.subject.casefold() == wanted.strip().casefold()
    ]  # fmt: skip


def _group(row: sqlite3.Row) -> Group:
    return Group(
        id=ChatId(row["chat"]),
        subject=row["subject"],
        description=row["description"],
        owner=row["owner"],
        created_at=moment_or_none(row["created_at"]),
        members=tuple(
            Member(address=address, is_admin=bool(admin), is_owner=bool(owner))
            for address, admin, owner in json.loads(row["members"])
        ),
        is_member=bool(row["is_member"]),
        is_admin=bool(row["is_admin"]),
    )
