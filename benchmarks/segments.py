"""Who is in a segment, of 100,000 people: asked of SQL, and worked out where SQL cannot tell.

    python -m benchmarks.segments [PEOPLE]

``by``: ``sql``; ``columns``, an expression worked out once a person; ``turns``, where the engine
must look at each. Ends with 1 when a segment by SQL takes over 3 s, or one by columns over 5 s.
"""

import json
import math
import random
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.conversation import Conversation
from bot.domain.messages import AccountId, ChatId
from bot.domain.turns import TurnSettings
from bot.engine.compiled import compile_rulebook
from bot.language.reading import read_rulebook
from bot.store.opening import open_connection, prepare
from bot.store.segments import Segments
from bot.store.states import plain

TARGET = {"sql": 3.0, "columns": 5.0, "turns": math.inf}  # seconds
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RULES = """\
version: 1
fields: {points: {type: integer}, vip: {type: yes_no}}
segments:
  buyers: [{consent: true}, {any: [{tag: vip}, {language: pt}]}, {lead: {score: ">= 30"}}]
  sleeping: contact.points > 5 and contact.vip and contact.last_seen < now - '30d'
  others: [{not: {segment: buyers}}, {in_flow: none}, {segment: sleeping}]
  worked_out: [{segment: buyers}, contact.name | length > 3]
  free: contact.name | length > 3 and (contact.points * 2 > lead.score or contact.points % 3 == 1)
  mixed: {any: [{tag: vip}, 'contact.points + 1 > 8', {not: 'contact.first_name == "P7"'}]}
  by_turns: [{segment: buyers}, has_tag('vip')]
"""


def fill(db: sqlite3.Connection, people: int) -> None:
    """Store people with tags, leads, consents and talks, half of them with each."""
    chance = random.Random(1)
    alone = Conversation(chat=ChatId("1@c.us"), language="pt")
    talk = json.dumps(plain(db, AccountId("1@c.us"), alone))
    db.execute("BEGIN")
    for number in range(1, people + 1):
        phone = f"5511{900_000_000 + number}"
        fields = {"points": chance.randint(0, 9), "vip": chance.random() < 0.5}
        db.execute(
            "INSERT INTO contacts VALUES (?,?,?,?,NULL,'given',?,0,?)",
            (number, f"+{phone}", f"P{number}", chance.choice([None, "pt", "es"]),
             json.dumps(fields), NOW.timestamp() - chance.random() * 1e7),
        )  # fmt: skip
        db.execute("INSERT INTO identities VALUES (?,?)", (f"{phone}@c.us", number))
        db.execute("INSERT INTO consents VALUES (NULL,?,1,'granted','x','y','','')", (number,))
        if number % 2:
            tag, stage = chance.choice(["vip", "new"]), chance.choice(["won", "new"])
            db.execute("INSERT INTO tags VALUES (?,?,0)", (number, tag))
            db.execute(
                "INSERT INTO leads (contact_id, stage, score, owner, fields, notes, created_at,"
                " updated_at) VALUES (?,?,?,'','{}','[]',0,0)",
                (number, stage, chance.randint(0, 99)),
            )
            db.execute(
                "INSERT INTO conversations VALUES ('1@c.us',?,?,1,?,'','',NULL,?,0,'')",
                (f"{phone}@c.us", number, talk, chance.random()),
            )
    db.execute("COMMIT")


def main(people: int) -> int:
    """Measure each segment and return the exit code."""
    book, problems = read_rulebook({"rules/a.yaml": RULES})
    assert book is not None, problems
    with tempfile.TemporaryDirectory(prefix="alexia-segments-") as folder:
        path = str(Path(folder) / "alexia.db")
        db = open_connection(path)
        prepare(db, path)
        fill(db, people)
        found = Segments(db, compile_rulebook(book), TurnSettings(), NOW)
        is_slow = False
        for name, segment in book.segments.items():
            begun = time.perf_counter()
            members = found.members(name)
            seconds = time.perf_counter() - begun
            by = found.told_by(segment.conditions)
            is_slow |= seconds > TARGET[by]
            print(json.dumps({
                "benchmark": "segments", "people": people, "segment": name, "members": len(members),
                "by": by, "seconds": round(seconds, 2),
            }))  # fmt: skip
        db.close()
    return 1 if is_slow else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
