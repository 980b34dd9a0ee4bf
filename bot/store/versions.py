"""Rulebooks that were in force, as their files said, so that old versions can be compiled again."""

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from bot.domain.data import dataclass
from bot.store.times import seconds

HISTORY, ROLLED_BACK = "rulebook.history", "rulebook.rolled_back"
MOST_KEPT = 10  # rulebooks that were in force and that one may go back to


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """Which rulebooks were in force, the one in force last.

    Attributes:
        rolled_back: Hash of the files that were put out of force; "" when the files are in force.
    """

    history: tuple[str, ...] = ()
    rolled_back: str = ""


def in_force(db: sqlite3.Connection) -> InForce:
    """Return what is, and was, in force."""
    rows = db.execute("SELECT key, value FROM meta WHERE key IN (?, ?)", (HISTORY, ROLLED_BACK))
    known = {row["key"]: row["value"] for row in rows}
    history = tuple(json.loads(known.get(HISTORY, "[]")))
    return InForce(history=history, rolled_back=known.get(ROLLED_BACK, ""))


def put_in_force(
    db: sqlite3.Connection,
    rulebook: str,
    sources: Mapping[str, bytes],
    versions: Mapping[str, str],
    now: datetime,
) -> None:
    """Keep a rulebook's files and note that it is in force.

    Args:
        rulebook: Its hash.
        versions: Hash of each of its flows and rules, to the name.
    """
    _keep(db, rulebook, sources, now)
    _put_versions(db, versions, rulebook)
    history = [one for one in in_force(db).history if one != rulebook]
    _note(db, [*history, rulebook][-MOST_KEPT:], "")


def roll_back(db: sqlite3.Connection, to: str, versions: Mapping[str, str], files: str) -> None:
    """Note that an earlier rulebook is in force again, and which files are not."""
    _put_versions(db, versions, to)
    history = in_force(db).history
    _note(db, list(history[: history.index(to) + 1]), files)


def sources_of(db: sqlite3.Connection, rulebook: str) -> dict[str, bytes]:
    """Return the files of a rulebook, {} when it is not kept."""
    row = db.execute("SELECT files FROM rulebooks WHERE hash = ?", (rulebook,)).fetchone()
    names: dict[str, str] = {} if row is None else json.loads(row["files"])
    found: dict[str, bytes] = {}
    for name, digest in names.items():
        held = db.execute("SELECT content FROM sources WHERE digest = ?", (digest,)).fetchone()
        found[name] = bytes(held["content"])
    return found


def rulebooks_of(db: sqlite3.Connection, versions: Collection[str]) -> set[str]:
    """Return the rulebooks that these versions of flows and rules can be compiled from."""
    rows = db.execute(
        "SELECT DISTINCT rulebook FROM versions WHERE version IN (SELECT value FROM json_each(?))",
        (json.dumps(list(versions)),),
    )
    return {row["rulebook"] for row in rows}


def current(db: sqlite3.Connection) -> set[str]:
    """Return the versions of the rulebook in force."""
    history = in_force(db).history
    rows = db.execute("SELECT version FROM versions WHERE rulebook = ?", history[-1:] or ("",))
    return {row["version"] for row in rows}


def in_use(db: sqlite3.Connection) -> set[str]:
    """Return the versions that open frames, and what is due later, still run."""
    rows = db.execute(
        "SELECT json_extract(frame.value, '$.version') AS version FROM conversations,"
        " json_each(conversations.state, '$.frames') AS frame WHERE flow != ''"
        " UNION SELECT json_extract(payload, '$.version') FROM timers WHERE kind = 'later'"
    )
    return {row["version"] for row in rows if row["version"]}


def drop_unused(db: sqlite3.Connection) -> None:
    """Forget rulebooks that nobody runs and nobody may go back to, with all that was theirs."""
    kept = set(in_force(db).history) | rulebooks_of(db, in_use(db))
    named = (json.dumps(sorted(kept)),)
    within = "IN (SELECT value FROM json_each(?))"
    db.execute(f"DELETE FROM versions WHERE rulebook NOT {within}", named)  # noqa: S608 - a constant
    db.execute(f"DELETE FROM rulebooks WHERE hash NOT {within}", named)  # noqa: S608 - a constant
    db.execute(
        "DELETE FROM sources WHERE digest NOT IN"
        " (SELECT file.value FROM rulebooks, json_each(rulebooks.files) AS file)"
    )


def _keep(
    db: sqlite3.Connection, rulebook: str, sources: Mapping[str, bytes], now: datetime
) -> None:
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sources.items()}
    db.executemany(
        "INSERT OR IGNORE INTO sources (digest, content) VALUES (?,?)",
        [(digests[name], content) for name, content in sources.items()],
    )
    db.execute(
        "INSERT OR REPLACE INTO rulebooks (hash, at, files) VALUES (?,?,?)",
        (rulebook, seconds(now), json.dumps(digests)),
    )


def _put_versions(db: sqlite3.Connection, versions: Mapping[str, str], rulebook: str) -> None:
    """Note that these can be compiled from a rulebook; those in force before in one statement."""
    before = in_force(db).history[-1:] or ("",)
    rows = db.execute("SELECT version FROM versions WHERE rulebook = ?", before)
    known = {row["version"] for row in rows}
    db.execute(
        "UPDATE versions SET rulebook = ? WHERE rulebook = ?"
        " AND version NOT IN (SELECT value FROM json_each(?))",
        (rulebook, *before, json.dumps(list(known - versions.keys()))),
    )
    db.executemany(
        "INSERT OR REPLACE INTO versions (version, name, rulebook) VALUES (?,?,?)",
        [(one, name, rulebook) for one, name in versions.items() if one not in known],
    )


def _note(db: sqlite3.Connection, history: Iterable[str], rolled_back: str) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO meta (key, value) VALUES (?,?)",
        [(HISTORY, json.dumps(list(history))), (ROLLED_BACK, rolled_back)],
    )
