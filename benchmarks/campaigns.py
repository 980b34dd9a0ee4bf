"""Planning a campaign of many recipients, and looking at what it would do.

    python -m benchmarks.campaigns
    python -m benchmarks.campaigns --contacts 100000 --rounds 3
    python -m benchmarks.campaigns --where "contact.name | length > 3 and lead.score % 2 == 0"

A database on disk holds the contacts, each with tag, lead and consent; a tenth never agreed or took
it back. ``planned_s`` is the transaction that writes a run with all its recipients down, durable,
until the first of them can be claimed; ``preview_s`` is what `alexia campaign preview` works out.
Prints the medians in one JSON line; ends with 1 when planning takes over 3 s or a preview over 5 s.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.campaigns import rounds
from bot.campaigns.forecast import Allowance
from bot.campaigns.planning import Office
from bot.campaigns.preview import preview
from bot.domain.messages import AccountId
from bot.domain.turns import TurnSettings
from bot.engine.compiled import compile_rulebook
from bot.language.reading import read_rulebook
from bot.store import campaigns
from bot.store.database import Database

ACCOUNT = AccountId("5511900000001@c.us")
PLANNED, PREVIEW = 3.0, 5.0  # seconds, promised for 100,000 recipients
RULES = """\
version: 1
campaigns:
  spring:
    audience: [{consent: true}, {tag: buyer}, {lead: {stage: [new, hot], score: ">= 10"}}, "WHERE"]
    exclude: [{tag: complained}, {in_flow: any}]
    timezone: contact
    variants: ["Hi $(contact.first_name)!", "$(contact.first_name), it is spring!"]
"""


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=111_112)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--where", default="lead.score >= 0", help="also asked of each person")
    options = parser.parse_args()
    planned, previewed = list[float](), list[float]()
    told: dict[str, Any] = {}
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory(prefix="alexia-campaigns-") as folder:
            spent, look, told = asyncio.run(
                _round(Path(folder) / "bench.db", options.contacts, options.where)
            )
        planned.append(spent)
        previewed.append(look)
        print(f"round {number + 1}: planned {spent:.2f} s, preview {look:.2f} s", file=sys.stderr)
    report = {
        "benchmark": "campaigns", "contacts": options.contacts, **told,
        "planned_s": round(statistics.median(planned), 2),
        "preview_s": round(statistics.median(previewed), 2),
        "rounds": options.rounds, "cores": os.cpu_count(),
    }  # fmt: skip
    print(json.dumps(report))
    return 0 if report["planned_s"] <= PLANNED and report["preview_s"] <= PREVIEW else 1


async def _round(path: Path, contacts: int, where: str) -> tuple[float, float, dict[str, Any]]:
    rulebook, _ = read_rulebook({"rules/bench.yaml": RULES.replace("WHERE", where)})
    assert rulebook is not None
    office = Office(compile_rulebook(rulebook), TurnSettings(), ACCOUNT)
    campaign = rounds.named(office, "spring")
    database = Database(path)
    await database.write(lambda db: fill(db, contacts))
    now = datetime.now(UTC)
    begun = time.perf_counter()
    told = await database.read(lambda db: preview(db, office, campaign, Allowance(), now))
    looked = time.perf_counter() - begun
    begun = time.perf_counter()
    run, _ = await database.write(lambda db: rounds.start(db, office, campaign, now))
    assert run is not None
    first = await database.read(lambda db: campaigns.due(db, run.id, now, 16))
    spent = time.perf_counter() - begun
    counts = await database.read(lambda db: campaigns.counts(db, run.id))
    database.close()
    assert len(first) == min(16, told["recipients"])
    assert counts["planned"] == told["recipients"]
    return spent, looked, {"recipients": counts["planned"], "left_out": counts["suppressed"]}


def fill(db: Any, contacts: int) -> None:
    """Write people down: tag, lead and address each; one in ten without consent."""
    people = range(1, contacts + 1)
    zones = (None, "America/Sao_Paulo", "Europe/Lisbon")
    db.executemany(
        "INSERT INTO contacts (id, number, name, language, timezone, consent, fields, first_seen,"
        " last_seen) VALUES (?,?,?,?,?,?,'{}',0,NULL)",
        [
            (n, f"+55118{n:08d}", f"Person{n} Silva", "pt", zones[n % 3],
             "given" if n % 10 else ("unknown", "withdrawn")[n // 10 % 2])
            for n in people
        ],
    )  # fmt: skip
    db.executemany(
        "INSERT INTO identities VALUES (?,?)", [(f"55118{n:08d}@c.us", n) for n in people]
    )
    db.execute(
        "INSERT INTO consents (contact_id, at, state, source, wording, proof, who)"
        " SELECT id, 0, CASE consent WHEN 'given' THEN 'granted' ELSE 'withdrawn' END,"
        " 'a form', '', '', '' FROM contacts WHERE consent != 'unknown'"
    )
    db.executemany("INSERT INTO tags VALUES (?,'buyer',0)", [(n,) for n in people])
    db.executemany(
        "INSERT INTO leads (contact_id, stage, score, owner, fields, notes, created_at, updated_at)"
        " VALUES (?,?,?,'','{}','[]',0,0)",
        [(n, ("new", "hot")[n % 2], 10 + n % 50) for n in people],
    )


if __name__ == "__main__":
    sys.exit(main())
