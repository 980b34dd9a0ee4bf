"""What other systems are to be told: noted in the transaction in which it happened.

While a system is configured, triggers of SQLite note every change that concerns it, whoever makes
it. What tells a state has one waiting job at most: an outage of a day leaves one call a person.
"""

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime

from bot.domain.crm import CrmJob, JobKind, Target
from bot.store.times import moment_or_none, seconds

NOTE = (
    "INSERT INTO crm_jobs (target, lane, kind, row, version, state, tries, due_at, failing_since,"
    " detail) SELECT '{target}', {lane}, '{kind}', {row}, 1, 'waiting', 0, coalesce("
    "(SELECT due_at FROM crm_jobs WHERE target = '{target}' AND lane = {lane}"
    " AND state = 'waiting' ORDER BY id DESC LIMIT 1), 0), NULL, '' {source} WHERE {condition}"
    " ON CONFLICT (target, lane, kind, row) DO UPDATE SET version = version + 1,"
    " tries = CASE state WHEN 'dead' THEN 0 ELSE tries END,"
    " due_at = CASE state WHEN 'dead' THEN 0 ELSE due_at END,"
    " failing_since = CASE state WHEN 'dead' THEN NULL ELSE failing_since END, state = 'waiting';"
)
HAS_LEAD = "EXISTS (SELECT 1 FROM leads WHERE contact_id = {})"
PRIVATE = "({0}.chat LIKE '%@c.us' OR {0}.chat LIKE '%@lid') AND {0}.chat != {0}.account"
"""Nothing of groups, nor of the account's chat with itself."""

HEARD = "{0}.origin != 'history' AND {0}.kind NOT IN ('ciphertext', 'system') AND " + PRIVATE
FETCHED = "i.id = new.id AND new.state = 'ok' AND old.state = 'pending' AND new.asked = 0 AND "
"""A file came by itself; one that a person fetches anew was told before."""

SENT = "('sent', 'delivered', 'read', 'played')"
SAID = (
    f"new.state IN {SENT} AND old.state NOT IN {SENT} AND new.why != 'notify'"
    " AND new.cause NOT LIKE 'api|chatwoot-%' AND (new.body = '' OR"
    " json_extract(new.body, '$.is') NOT IN ('reaction', 'edit', 'revoke')) AND "
    + PRIVATE.format("new")
)
"""What we sent, but for what came from there, for staff, and for changes of other messages."""

LABELLED = (
    "FROM crm_links l JOIN identities i ON i.address = l.lane",
    "l.target = 'chatwoot' AND l.kind = 'conversation' AND i.contact_id = {}",
)


def _changed(*columns: str) -> str:
    return "(" + " OR ".join(f"new.{one} IS NOT old.{one}" for one in columns) + ")"


LEAD = _changed("stage", "score", "owner", "fields")
PERSON = _changed("number", "name", "language", "fields", "consent")
TRIGGERS: dict[Target, tuple[tuple[str, JobKind, str, str, str, str], ...]] = {
    Target.HUBSPOT: (
        ("INSERT ON leads", JobKind.LEAD, "new.contact_id", "0", "", "1"),
        ("UPDATE ON leads", JobKind.LEAD, "new.contact_id", "0", "", LEAD),
        (
            "UPDATE ON contacts", JobKind.LEAD, "new.id", "0", "",
            f"{PERSON} AND {HAS_LEAD.format('new.id')}",
        ),
        *(
            (f"{change} ON tags", JobKind.LEAD, f"{row}.contact_id", "0", "",
             HAS_LEAD.format(f"{row}.contact_id"))
            for change, row in (("INSERT", "new"), ("DELETE", "old"))
        ),
    ),
    Target.CHATWOOT: (
        ("INSERT ON inbox", JobKind.HEARD, "new.chat", "new.id", "", HEARD.format("new")),
        (
            "UPDATE OF kind ON inbox", JobKind.HEARD, "new.chat", "new.id", "",
            f"old.kind = 'ciphertext' AND {HEARD.format('new')}",
        ),
        (
            "UPDATE OF state ON media", JobKind.FILE, "i.chat", "new.id", "FROM inbox i",
            FETCHED + HEARD.format("i"),
        ),
        ("UPDATE OF state ON outbox", JobKind.SENT, "new.chat", "new.id", "", SAID),
        *(
            (f"{change} ON tags", JobKind.LABELS, "l.lane", "0", LABELLED[0],
             LABELLED[1].format(f"{row}.contact_id"))
            for change, row in (("INSERT", "new"), ("DELETE", "old"))
        ),
        (
            "UPDATE OF muted_until ON conversations", JobKind.STATUS, "new.chat", "0", "",
            f"new.muted_until IS NOT old.muted_until AND {PRIVATE.format('new')}",
        ),
        (
            "INSERT ON conversations", JobKind.STATUS, "new.chat", "0", "",
            f"new.muted_until IS NOT NULL AND {PRIVATE.format('new')}",
        ),
    ),
}  # fmt: skip
"""For each system: the change, what it tells, its lane, its row, where from, and when it counts."""


def listen(db: sqlite3.Connection, targets: Collection[Target]) -> None:
    """Note what concerns these systems from now on, as long as this connection lives.

    What an earlier life left counts as tried: it may have been told before a copy of the database
    was put back.
    """
    db.execute("UPDATE crm_jobs SET tries = 1 WHERE tries = 0")
    for target in targets:
        for number, (change, kind, lane, row, source, condition) in enumerate(TRIGGERS[target]):
            note = NOTE.format(
                target=target, lane=lane, kind=kind, row=row, source=source, condition=condition
            )
            db.execute(
                f"CREATE TEMP TRIGGER IF NOT EXISTS crm_{target}_{number} AFTER {change}"
                f" BEGIN {note} END"
            )


def note(db: sqlite3.Connection, target: Target, lane: str, kind: JobKind) -> None:
    """Note that something is to be told that no change tells of."""
    values = NOTE.format(target=target, lane="?1", kind=kind, row=0, source="", condition="1")
    db.execute(values.rstrip(";"), (lane,))


def note_all_leads(db: sqlite3.Connection, target: Target) -> int:
    """Note that every lead is to be told; return how many there are."""
    found = [row[0] for row in db.execute("SELECT contact_id FROM leads ORDER BY contact_id")]
    for contact in found:
        note(db, target, str(contact), JobKind.LEAD)
    return len(found)


def next_due(db: sqlite3.Connection, target: Target, now: datetime) -> CrmJob | None:
    """Return what is told next: of each lane the first, and of these the longest due."""
    row = db.execute(
        "SELECT * FROM crm_jobs j WHERE target = ?1 AND state = 'waiting' AND due_at <= ?2"
        " AND NOT EXISTS (SELECT 1 FROM crm_jobs b WHERE b.target = ?1 AND b.lane = j.lane"
        " AND b.state = 'waiting' AND b.id < j.id) ORDER BY due_at, id LIMIT 1",
        (target, seconds(now)),
    ).fetchone()
    return None if row is None else _job(row)


def begin(db: sqlite3.Connection, job: CrmJob) -> CrmJob | None:
    """Count a try before it is made, and return the job as it stands then; None: it is gone."""
    db.execute(
        "UPDATE crm_jobs SET tries = tries + 1 WHERE id = ? AND state = 'waiting'", (job.id,)
    )
    row = db.execute(
        "SELECT * FROM crm_jobs WHERE id = ? AND state = 'waiting'", (job.id,)
    ).fetchone()
    return None if row is None else _job(row)


def done(db: sqlite3.Connection, job: CrmJob) -> None:
    """Forget what was told; what changed meanwhile is told anew."""
    db.execute("DELETE FROM crm_jobs WHERE id = ? AND version = ?", (job.id, job.version))
    db.execute(
        "UPDATE crm_jobs SET tries = 0, due_at = 0, failing_since = NULL, detail = ''"
        " WHERE id = ? AND state = 'waiting'",
        (job.id,),
    )


def postpone(
    db: sqlite3.Connection, job: CrmJob, due: datetime, now: datetime, reason: str
) -> None:  # fmt: skip
    """Note a failed try, and when the next one is due; with it waits all of its lane."""
    db.execute(
        "UPDATE crm_jobs SET detail = ?, failing_since = coalesce(failing_since, ?) WHERE id = ?",
        (reason, seconds(now), job.id),
    )
    _wait(db, job, due)


def hold(db: sqlite3.Connection, job: CrmJob, due: datetime) -> None:
    """Take a try back that was none, and let the lane wait a moment."""
    db.execute("UPDATE crm_jobs SET tries = tries - 1 WHERE id = ?", (job.id,))
    _wait(db, job, due)


def give_up(db: sqlite3.Connection, job: CrmJob, now: datetime, reason: str) -> None:
    """Set a job aside: it can never be told so; a person may ask for more."""
    db.execute(
        "UPDATE crm_jobs SET state = 'dead', detail = ?,"
        " failing_since = coalesce(failing_since, ?) WHERE id = ?",
        (reason, seconds(now), job.id),
    )


def give_up_others(db: sqlite3.Connection, targets: Collection[Target], now: datetime) -> int:
    """Set aside what was for systems that are not configured any more; return how much."""
    return db.execute(
        "UPDATE crm_jobs SET state = 'dead', detail = 'this system is not configured any more',"
        " failing_since = coalesce(failing_since, ?) WHERE state = 'waiting'"
        " AND target NOT IN (SELECT value FROM json_each(?))",
        (seconds(now), json.dumps(list(targets))),
    ).rowcount


def counts(db: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """Return by system how many jobs wait and how many were set aside."""
    found: dict[str, dict[str, int]] = {}
    for row in db.execute("SELECT target, state, count(*) AS n FROM crm_jobs GROUP BY 1, 2"):
        found.setdefault(row["target"], {"waiting": 0, "dead": 0})[row["state"]] = row["n"]
    return found


def _wait(db: sqlite3.Connection, job: CrmJob, due: datetime) -> None:
    """Let all of a lane wait, so that nobody looks through it for something to do."""
    db.execute(
        "UPDATE crm_jobs SET due_at = ? WHERE target = ? AND lane = ? AND state = 'waiting'",
        (seconds(due), job.target, job.lane),
    )


def _job(row: sqlite3.Row) -> CrmJob:
    return CrmJob(
        id=row["id"], target=Target(row["target"]), lane=row["lane"], kind=JobKind(row["kind"]),
        row=row["row"], version=row["version"], tries=row["tries"],
        failing_since=moment_or_none(row["failing_since"]),
    )  # fmt: skip
