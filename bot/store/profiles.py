"""What WhatsApp shows of people, kept by address; a person's are joined where they are read."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.data import dataclass
from bot.domain.profiles import Portrait, Profile
from bot.store import contacts
from bot.store.times import seconds

FRESH_FOR = timedelta(days=1)  # an about text or picture is asked for again after that
AGAIN = timedelta(hours=1)  # after one that could not be had
LATEST = 2000  # people whose portraits are looked at: those who wrote last
LIMIT = timedelta(hours=1)
MOST = 120  # portraits asked for within `LIMIT`: an account that asks for many looks like a robot


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody whose about text and picture are due; ``tag``: of the picture we have."""

    address: str
    tag: str


def keep_all(
    db: sqlite3.Connection, profiles: Iterable[Profile], now: datetime, *, saved: bool
) -> None:
    """Keep the names of people whom we know.

    Args:
        saved: Everybody in the address book of the phone is a person here.
    """
    for profile in profiles:
        if saved and profile.is_saved:
            name = profile.saved_name or profile.push_name or profile.verified_name
            who = contacts.meet(db, profile.address, name, now)
            if profile.alias:
                db.execute("INSERT OR IGNORE INTO identities VALUES (?,?)", (profile.alias, who.id))
        elif not _is_known(db, profile):
            continue
        _keep(db, profile)


def _is_known(db: sqlite3.Connection, profile: Profile) -> bool:
    row = db.execute(
        "SELECT 1 FROM identities WHERE address IN (?, ?) UNION ALL"
        " SELECT 1 FROM profiles WHERE address = ? AND blocked = 1 LIMIT 1",
        (profile.address, profile.alias, profile.address),
    ).fetchone()
    return row is not None


def _keep(db: sqlite3.Connection, profile: Profile) -> None:
    db.execute(
        "INSERT INTO profiles (address, saved_name, push_name, verified_name, username, business,"
        " saved, blocked, about, picture, tag, looked_at, due_at)"
        " VALUES (?1,?2,?3,?4,?5,?6,?7,0,'','','',NULL,0)"
        " ON CONFLICT (address) DO UPDATE SET saved_name = ?2, push_name = ?3, verified_name = ?4,"
        " username = ?5, business = ?6, saved = ?7",
        (
            profile.address, profile.saved_name, profile.push_name, profile.verified_name,
            profile.username, int(profile.is_business), int(profile.is_saved),
        ),
    )  # fmt: skip
    db.execute(
        "UPDATE contacts SET name = ? WHERE name = '' AND id IN"
        " (SELECT contact_id FROM identities WHERE address IN (?, ?))",
        (
            profile.saved_name or profile.push_name or profile.verified_name,
            profile.address, profile.alias,
        ),
    )  # fmt: skip


def keep_blocked(db: sqlite3.Connection, addresses: Iterable[str]) -> None:
    """Note who is blocked; everybody else is not."""
    wanted = set(addresses)
    rows = db.execute("SELECT address FROM profiles WHERE blocked = 1").fetchall()
    for address in {str(row["address"]) for row in rows} - wanted:
        note_blocked(db, address, on=False)
    for address in wanted:
        note_blocked(db, address, on=True)


def note_blocked(db: sqlite3.Connection, address: str, *, on: bool) -> None:
    """Note that somebody is blocked, or no longer."""
    if on:
        _ensure(db, address)
    db.execute("UPDATE profiles SET blocked = ? WHERE address = ?", (int(on), address))


def has_blocked(db: sqlite3.Connection) -> bool:
    """Tell whether anybody at all is blocked."""
    found = db.execute("SELECT EXISTS (SELECT 1 FROM profiles WHERE blocked = 1)").fetchone()
    return bool(found[0])


def is_blocked(db: sqlite3.Connection, address: str) -> bool:
    """Tell whether the person at an address is blocked, under this or another address."""
    row = db.execute(
        "SELECT 1 FROM profiles p WHERE p.blocked = 1 AND (p.address = ?1 OR p.address IN"
        " (SELECT other.address FROM identities one JOIN identities other"
        " ON other.contact_id = one.contact_id WHERE one.address = ?1)) LIMIT 1",
        (address,),
    ).fetchone()
    return row is not None


def next_due(db: sqlite3.Connection, now: datetime) -> Due | None:
    """Return whose portrait is to be looked at next, None when nobody's is, or enough were.

    Those who wrote last come first; of somebody who never wrote nothing is asked.
    """
    asked = db.execute(
        "SELECT count(*) FROM profiles WHERE looked_at > ?", (seconds(now - LIMIT),)
    ).fetchone()[0]
    if asked >= MOST:
        return None
    row = db.execute(
        "SELECT i.address, p.tag FROM (SELECT id, last_seen FROM contacts"
        "  WHERE last_seen IS NOT NULL ORDER BY last_seen DESC LIMIT ?) c"
        " JOIN identities i ON i.contact_id = c.id"
        " LEFT JOIN profiles p ON p.address = i.address"
        " WHERE coalesce(p.due_at, 0) <= ?"
        " AND i.address = (SELECT address FROM identities WHERE contact_id = c.id"
        "  ORDER BY address LIKE '%@lid', address LIMIT 1)"
        " ORDER BY c.last_seen DESC LIMIT 1",
        (LATEST, seconds(now)),
    ).fetchone()
    return None if row is None else Due(row["address"], row["tag"] or "")


def keep_portrait(
    db: sqlite3.Connection, address: str, portrait: Portrait, sha256: str | None, now: datetime
) -> None:
    """Keep about text and picture of somebody; not of who was erased while they were asked for.

    Args:
        sha256: Of the picture's file; "" where there is none, None where it stays as it is.
    """
    if not _is_met(db, address):
        return
    _ensure(db, address)
    at, due = seconds(now), seconds(now + FRESH_FOR)
    db.execute(
        "UPDATE profiles SET about = coalesce(?, about), tag = ?, picture = coalesce(?, picture),"
        " looked_at = ?, due_at = ? WHERE address = ?",
        (portrait.about, portrait.tag, sha256, at, due, address),
    )


def put_off(db: sqlite3.Connection, address: str, now: datetime) -> None:
    """Look at somebody's portrait later: it could not be had now."""
    if not _is_met(db, address):
        return
    _ensure(db, address)
    db.execute(
        "UPDATE profiles SET looked_at = ?, due_at = ? WHERE address = ?",
        (seconds(now), seconds(now + AGAIN), address),
    )


def look_again(db: sqlite3.Connection, addresses: Sequence[str]) -> None:
    """Let the portraits of these be looked at soon: they are others now."""
    db.executemany(
        "UPDATE profiles SET due_at = 0 WHERE address = ?", [(one,) for one in addresses]
    )


def picture_of(db: sqlite3.Connection, contact: int) -> str:
    """Return the sha256 of a person's picture, "" when there is none."""
    row = db.execute(
        "SELECT p.picture FROM profiles p JOIN identities i ON i.address = p.address"
        " WHERE i.contact_id = ? AND p.picture != '' ORDER BY p.looked_at DESC LIMIT 1",
        (contact,),
    ).fetchone()
    return "" if row is None else str(row["picture"])


def _is_met(db: sqlite3.Connection, address: str) -> bool:
    found = db.execute("SELECT 1 FROM identities WHERE address = ?", (address,)).fetchone()
    return found is not None


def _ensure(db: sqlite3.Connection, address: str) -> None:
    db.execute(
        "INSERT OR IGNORE INTO profiles (address, saved_name, push_name, verified_name, username,"
        " business, saved, blocked, about, picture, tag, looked_at, due_at)"
        " VALUES (?,'','','','',0,0,0,'','','',NULL,0)",
        (address,),
    )
