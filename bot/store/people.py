"""People as others ask for them: found by who they are, in the shape that programs rely on."""
# ruff: noqa: S608 - only words of our own are put into the queries

import json
import sqlite3
from datetime import datetime
from typing import Any

from bot.domain.data import dataclass
from bot.domain.numbers import normalise, region_of, variants
from bot.domain.values import HIDDEN
from bot.language.folding import fold
from bot.store import accounts
from bot.store.ageing import score_at
from bot.store.times import moment, moment_or_none, seconds

Row = dict[str, Any]

CONTACTS = (
    "SELECT c.*, (SELECT json_group_array(address) FROM (SELECT address FROM identities i"
    " WHERE i.contact_id = c.id ORDER BY address)) AS addresses,"
    " (SELECT json_group_array(tag) FROM (SELECT tag FROM tags t"
    " WHERE t.contact_id = c.id ORDER BY tag)) AS tag_list,"
    " (SELECT max(online) FROM presence p JOIN identities i ON i.address = p.address"
    "  WHERE i.contact_id = c.id) AS online,"
    " (SELECT max(at) FROM presence p JOIN identities i ON i.address = p.address"
    "  WHERE i.contact_id = c.id) AS seen_online,"
    f" l.stage AS lead_stage, {score_at(None)} AS lead_score,"
    " p.saved_name, p.push_name, p.verified_name, p.username, p.about, p.picture, p.business,"
    " EXISTS (SELECT 1 FROM profiles q JOIN identities i ON i.address = q.address"
    "  WHERE i.contact_id = c.id AND q.blocked = 1) AS blocked"
    " FROM contacts c LEFT JOIN leads l ON l.contact_id = c.id"
    " LEFT JOIN profiles p ON p.address = (SELECT i.address FROM identities i JOIN profiles q"
    "  ON q.address = i.address WHERE i.contact_id = c.id"
    "  ORDER BY q.looked_at IS NULL, i.address LIKE '%@lid', i.address LIMIT 1)"
)


SHOWN = ("saved_name", "push_name", "verified_name", "username", "about", "picture")
"""What WhatsApp shows of a person; ``picture`` is the sha256 of a file of the media store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPeople:
    """Who is looked for; all of it must hold, "" and None hold for everybody.

    Attributes:
        words: Each must begin a word of one of the names, whatever its case and accents.
        number: Its digits stand somewhere in the number, or it is the number in another form.
        seen_since: Heard at this moment or later.
        seen_before: Last heard before this moment.
        business, blocked: None for either.
        among: Only these people by id; None for all.
    """

    words: str = ""
    number: str = ""
    tag: str = ""
    language: str = ""
    stage: str = ""
    seen_since: datetime | None = None
    seen_before: datetime | None = None
    business: bool | None = None
    blocked: bool | None = None
    among: tuple[int, ...] | None = None


def find_people(db: sqlite3.Connection, wanted: WantedPeople) -> list[Row]:
    """Return the people who fit, oldest first."""
    tests, values = tests_of(db, wanted)
    rows = db.execute(f"{CONTACTS} WHERE {tests} ORDER BY c.id", values)
    return [_plain(row) for row in rows if wears_the_name(_names(row), wanted.words)]


def tests_of(db: sqlite3.Connection, wanted: WantedPeople) -> tuple[str, list[object]]:
    """Return what must hold of a row ``c`` of contacts with its lead ``l``, and the values."""
    tests = ["1"]
    values: list[object] = []
    if wanted.number:
        digits = "".join(letter for letter in wanted.number if letter.isdigit())
        tests.append(
            "(? != '' AND instr(c.number, ?) OR c.number IN (SELECT value FROM json_each(?)))"
        )
        values += [digits, digits, json.dumps(_forms(db, wanted.number))]
    if wanted.tag:
        tests.append("EXISTS (SELECT 1 FROM tags t WHERE t.contact_id = c.id AND t.tag = ?)")
        values.append(wanted.tag)
    if wanted.language:
        tests.append("(c.language = ? OR c.language LIKE ? || '-%')")
        values += [wanted.language, wanted.language]
    if wanted.stage:
        tests.append("l.stage = ?")
        values.append(wanted.stage)
    if wanted.seen_since is not None:
        tests.append("c.last_seen >= ?")
        values.append(seconds(wanted.seen_since))
    if wanted.seen_before is not None:
        tests.append("c.last_seen < ?")
        values.append(seconds(wanted.seen_before))
    for flag, is_wanted in (("business", wanted.business), ("blocked", wanted.blocked)):
        if is_wanted is not None:
            tests.append(
                "EXISTS (SELECT 1 FROM profiles q JOIN identities i ON i.address = q.address"
                f" WHERE i.contact_id = c.id AND q.{flag} = 1) = ?"
            )
            values.append(int(is_wanted))
    if wanted.among is not None:
        tests.append("c.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(wanted.among))
    return " AND ".join(tests), values


def show_person(db: sqlite3.Connection, who: str) -> Row | None:
    """Return one person by id, number, address or name; None when nobody fits."""
    found = find_contact(db, who)
    if found is None:
        return None
    return _plain(db.execute(f"{CONTACTS} WHERE c.id = ?", (found,)).fetchone())


def find_contact(db: sqlite3.Connection, who: str) -> int | None:
    """Return the id of the person that ``who`` names: an id, a number, an address or a name.

    A number may be written in any way; one without its country is of the account's own.
    An empty text names nobody, though there are people without a name.
    """
    if not who.strip():
        return None
    numbers = _forms(db, who)
    row = db.execute(
        "SELECT c.id FROM contacts c LEFT JOIN identities i ON i.contact_id = c.id"
        " WHERE i.address = ?1 OR c.number IN (SELECT value FROM json_each(?2))"
        " OR c.name = ?1 COLLATE NOCASE OR CAST(c.id AS TEXT) = ?1"
        " OR c.id IN (SELECT n.contact_id FROM profiles p JOIN identities n"
        "  ON n.address = p.address WHERE p.saved_name = ?1 COLLATE NOCASE)"
        " ORDER BY i.address = ?1 DESC, c.number = json_extract(?2, '$[0]') DESC,"
        " c.number IN (SELECT value FROM json_each(?2)) DESC, c.id LIMIT 1",
        (who, json.dumps(numbers)),
    ).fetchone()
    return None if row is None else int(row[0])


def addresses_of(db: sqlite3.Connection, who: str) -> list[str]:
    """Return the addresses of the person that ``who`` names, those with a number first."""
    rows = db.execute(
        "SELECT address FROM identities WHERE contact_id = ?"
        " ORDER BY address LIKE '%@lid', address",
        (find_contact(db, who),),
    )
    return [str(row["address"]) for row in rows]


def _forms(db: sqlite3.Connection, who: str) -> list[str]:
    """Return the numbers that somebody may mean: as written, and as they are known."""
    digits = "".join(letter for letter in who if letter.isdigit())
    if not digits or any(letter.isalpha() for letter in who):
        return []
    number = number_of(db, who)
    return list(dict.fromkeys([*(variants(number) if number else ()), f"+{digits}"]))


def number_of(db: sqlite3.Connection, written: str) -> str:
    """Return a number in E.164; one without its country is of the account's own. "" for none."""
    account = accounts.latest(db)
    return normalise(written, region_of(account) if account else "")


def wears_the_name(name: str, wanted: str) -> bool:
    """Tell whether each word that is looked for begins a word of a name."""
    words = fold(wanted).words
    if not words:
        return True
    parts = fold(name).words
    return all(any(part.startswith(word) for part in parts) for word in words)


def _names(row: sqlite3.Row) -> str:
    """Return all that a person is called, in one text."""
    kinds = ("name", "saved_name", "push_name", "verified_name", "username")
    return " ".join(filter(None, (row[kind] for kind in kinds)))


def _plain(row: sqlite3.Row) -> Row:
    stage = row["lead_stage"]
    return {
        "id": row["id"],
        "number": row["number"],
        "name": row["name"],
        "language": row["language"],
        "tags": json.loads(row["tag_list"]),
        "fields": {name: readable(value) for name, value in json.loads(row["fields"]).items()},
        "consent": row["consent"],
        "identities": json.loads(row["addresses"]),
        "lead": None if stage is None else {"stage": stage, "score": row["lead_score"]},
        "first_seen": moment(row["first_seen"]).isoformat(),
        "last_seen": None if (seen := moment_or_none(row["last_seen"])) is None
        else seen.isoformat(),
        "online": None if row["online"] is None else bool(row["online"]),
        **{name: row[name] or None for name in SHOWN},
        "business": bool(row["business"]),
        "blocked": bool(row["blocked"]),
        "seen_online": None if (at := moment_or_none(row["seen_online"])) is None
        else at.isoformat(),
    }  # fmt: skip


def readable(stored: object) -> object:
    """Return a stored value as people read it: the tag of its type taken away."""
    match stored:
        case {"$": "hidden" | "sealed"}:
            return HIDDEN
        case {"$": _, "v": held}:
            return held
        case _:
            return stored
