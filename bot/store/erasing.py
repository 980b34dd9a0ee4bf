"""Takes a person out of the database: every row and every text that is theirs or speaks of them."""

# ruff: noqa: S608 - only words of our own are put into the queries

import hmac
import json
import sqlite3
from collections.abc import Iterable, Sequence

from bot.domain.data import dataclass
from bot.domain.numbers import variants
from bot.store.members import forget_member
from bot.store.secret import secret_of

OPTED_OUT = "optout:"
"""Before the keyed hash of a number in `meta`: who opted out stays so, though all else is gone."""

LEAST_DIGITS = 7  # of a number that is looked for inside other texts


@dataclass(frozen=True, slots=True)
class Erased:
    """What was taken out.

    Attributes:
        rows: How many rows went or were emptied.
        files: Hashes of their files that nobody else's message uses.
    """

    rows: int
    files: tuple[str, ...]


def erase(db: sqlite3.Connection, contact: int) -> Erased:
    """Take a person out. What is not yet sent to them is not sent any more.

    Groups stay, without what this person wrote there. The text stays in no index and no queue;
    `Database.scrub` takes it from the pages of the file too.
    """
    row = db.execute("SELECT * FROM contacts WHERE id = ?", (contact,)).fetchone()
    if row is None:
        return Erased(0, ())
    addresses = [
        str(one["address"])
        for one in db.execute("SELECT address FROM identities WHERE contact_id = ?", (contact,))
    ]
    _remember_optout(db, row)
    files = _files(db, addresses)
    rows = (
        forget_member(db, addresses, contact)
        + _talk(db, addresses)
        + _queues(db, row, addresses)
        + _around(db, addresses)
    )
    rows += _person(db, contact)
    return Erased(rows, tuple(one for one in files if not _is_used(db, one)))


def has_opted_out(db: sqlite3.Connection, number: str) -> bool:
    """Tell whether somebody with this number opted out before they were erased."""
    return bool(opted_out(db, [number]))


def opted_out(db: sqlite3.Connection, numbers: Iterable[str]) -> set[str]:
    """Return those of these numbers whose owner opted out before being erased."""
    secret = secret_of(db)
    keys = {
        number: {OPTED_OUT + _hashed(secret, form) for form in variants(number)}
        for number in numbers
        if number
    }
    rows = db.execute(
        "SELECT key FROM meta WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps([key for some in keys.values() for key in some]),),
    )
    held = {row["key"] for row in rows}
    return {number for number, some in keys.items() if some & held}


def forget_optout(db: sqlite3.Connection, number: str) -> None:
    """Forget it: the person allowed it again."""
    for one in variants(number):
        db.execute("DELETE FROM meta WHERE key = ?", (OPTED_OUT + _hash(db, one),))


def _remember_optout(db: sqlite3.Connection, row: sqlite3.Row) -> None:
    if row["consent"] != "withdrawn":
        forget_optout(db, row["number"])
    elif row["number"]:
        key = OPTED_OUT + _hash(db, row["number"])
        db.execute("INSERT OR IGNORE INTO meta VALUES (?, '1')", (key,))


def _hash(db: sqlite3.Connection, number: str) -> str:
    return _hashed(secret_of(db), number)


def _hashed(secret: bytes, number: str) -> str:
    return hmac.digest(secret, number.encode(), "sha256").hex()


def _files(db: sqlite3.Connection, addresses: Sequence[str]) -> list[str]:
    """Return the files that came from a person or were sent to them."""
    rows = db.execute(
        "SELECT m.sha256 AS kept FROM media m JOIN inbox i ON i.id = m.id"
        f" WHERE m.sha256 != '' AND {WROTE}"
        " UNION SELECT json_extract(body, '$.kept') FROM outbox"
        f" WHERE body LIKE '%\"kept\"%' AND chat IN ({MANY})"
        f" UNION SELECT picture FROM profiles WHERE address IN ({MANY})",
        _of(addresses),
    )
    return [str(row["kept"]) for row in rows if row["kept"]]


def _is_used(db: sqlite3.Connection, kept: str) -> bool:
    row = db.execute(
        "SELECT 1 FROM media WHERE sha256 = ?1 UNION SELECT 1 FROM outbox"
        " WHERE body LIKE '%\"kept\"%' AND json_extract(body, '$.kept') = ?1 UNION"
        " SELECT 1 FROM profiles WHERE picture = ?1 LIMIT 1",
        (kept,),
    ).fetchone()
    return row is not None


MANY = "SELECT value FROM json_each(:addresses)"
WROTE = f"(chat IN ({MANY}) OR sender IN ({MANY}))"


def _of(addresses: Sequence[str]) -> dict[str, str]:
    return {"addresses": json.dumps(list(addresses))}


def _talk(db: sqlite3.Connection, addresses: Sequence[str]) -> int:
    """Take out what a person wrote, what was said to them, and what is told of it to teams."""
    given = _of(addresses)
    asked = (
        f"cause IN (SELECT cause FROM traces WHERE chat IN ({MANY}) OR contact_id IN"
        f" (SELECT contact_id FROM identities WHERE address IN ({MANY})))"
    )
    quotes = (
        "UPDATE inbox SET extra = json_remove(extra, '$.quoted_text') WHERE extra != ''"
        " AND json_extract(extra, '$.quoted') IN"
        f" (SELECT message_id FROM inbox WHERE {WROTE})"
    )
    said = (
        f"DELETE FROM outbox WHERE chat IN ({MANY}) OR {asked} OR EXISTS"
        " (SELECT 1 FROM json_each(:addresses) WHERE instr(cause, value))"
    )
    answers = (
        "DELETE FROM outbox WHERE cause IN (SELECT account || '|' || chat || '|' ||"
        f" participant || '|' || message_id FROM inbox WHERE {WROTE})"
    )
    done = _each(db, given, (quotes, said, answers, f"DELETE FROM inbox WHERE {WROTE}"))
    for index in ("inbox_words", "outbox_words"):
        db.execute(
            f"INSERT INTO {index} ({index}) VALUES ('optimize')"
        )  # drops words that are gone
    return done


def _queues(db: sqlite3.Connection, row: sqlite3.Row, addresses: Sequence[str]) -> int:
    """Take out what waits for a person or speaks of them: timers, calls, events, webhooks."""
    done = _each(
        db,
        _of(addresses),
        tuple(
            f"DELETE FROM {table} WHERE chat IN ({MANY})"
            for table in ("timers", "calls", "events", "announcements", "conversations")
        ),
    )
    words = [one.partition("@")[0] for one in addresses] + [str(row["number"]).lstrip("+")]
    for word in {one for one in words if len(one) >= LEAST_DIGITS}:
        for table, column in (("deliveries", "body"), ("calls", "request"), ("events", "data"),
                              ("timers", "payload"), ("announcements", "data"),
                              ("number_checks", "number"), ("number_checks", "chat")):  # fmt: skip
            done += db.execute(f"DELETE FROM {table} WHERE instr({column}, ?)", (word,)).rowcount
    return done


def _around(db: sqlite3.Connection, addresses: Sequence[str]) -> int:
    """Take out what is known of a person beside the talk: labels, presence, groups, receipts.

    Who is still in a group stands there again when the bot next looks at it.
    """
    others = (
        "(SELECT json_group_array(json(value)) FROM json_each(members)"
        f" WHERE json_extract(value, '$[0]') NOT IN ({MANY}))"
    )
    member = (
        f"EXISTS (SELECT 1 FROM json_each(members) WHERE json_extract(value, '$[0]') IN ({MANY}))"
    )
    mentioned = (
        "UPDATE outbox SET mentions = '' WHERE mentions != '' AND EXISTS"
        " (SELECT 1 FROM json_each(:addresses) WHERE instr(mentions, value))"
    )
    return _each(
        db,
        _of(addresses),
        (
            f"DELETE FROM labels WHERE chat IN ({MANY})",
            f"DELETE FROM presence WHERE address IN ({MANY})",
            f"DELETE FROM profiles WHERE address IN ({MANY})",
            f"DELETE FROM receipts WHERE reader IN ({MANY})",
            *(f"DELETE FROM {table} WHERE lane IN ({MANY})" for table in CRM),
            f"UPDATE groups SET members = {others} WHERE {member}",
            f"UPDATE groups SET owner = '' WHERE owner IN ({MANY})",
            mentioned,
        ),
    )


CRM = ("crm_jobs", "crm_links")
OF_A_PERSON = (
    "traces", "leads", "lead_changes", "waits", "tags", "consents", "campaign_recipients",
    "conversations", "identities",
)  # fmt: skip
"""The tables with a row, or several, of each person."""


def _person(db: sqlite3.Connection, contact: int) -> int:
    return _each(
        db,
        {"contact": contact},
        (
            *(f"DELETE FROM {table} WHERE contact_id = :contact" for table in OF_A_PERSON),
            *(f"DELETE FROM {table} WHERE lane = CAST(:contact AS TEXT)" for table in CRM),
            "DELETE FROM merges WHERE kept = :contact OR gone = :contact",
            "DELETE FROM contacts WHERE id = :contact",
        ),
    )


def _each(
    db: sqlite3.Connection, given: dict[str, str] | dict[str, int], statements: Sequence[str]
) -> int:  # fmt: skip
    return sum(db.execute(statement, given).rowcount for statement in statements)


PERSONAL = frozenset((
    "inbox", "inbox_words", "media", "outbox", "outbox_words", "contacts", "identities", "tags",
    "leads", "conversations", "timers", "calls", "events", "traces", "announcements", "deliveries",
    "merges", "number_checks",
    "groups", "labels", "presence", "profiles", "receipts", "consents", "lead_changes",
    "campaign_recipients", "waits", *CRM,
))  # fmt: skip
"""The tables that hold something of a person, all of which `erase` looks through."""

OURS = frozenset((
    "meta", "accounts", "incidents", "variables", "sources", "rulebooks", "versions",
    "campaigns", "campaign_runs",
))  # fmt: skip
"""The tables that hold nothing of a person; of one who opted out a keyed hash in `meta`."""
