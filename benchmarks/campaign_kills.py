"""A campaign to many, killed again and again, and the emulator's ledger asked what became of it.

    python -m benchmarks.campaign_kills --contacts 5000 --kills 20 --seed 7
    python -m benchmarks.campaign_kills --contacts 60 --kills 3 --without 5 --stops 4

Real daemon, Chromium and emulator; the account's pacing is off, the campaign keeps a rate of its
own. Beside those who agreed there are some without a record of consent; some write STOP meanwhile.
A kill at the wrong moment leaves a message of which nobody can tell whether it left: it is held and
named, and a person's `alexia campaign retry` at the end sends it under its id.

Prints the seed and one JSON line; ends with 1 unless each who agreed got the message exactly once,
nobody else anything, nobody after a STOP, no window more than the rate, and the report says what
the ledger says.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.chaos import integrity, keep_evidence
from benchmarks.stage import ACCOUNT, Stage, percentile
from bot.store.database import Database

RULES = """\
version: 1
campaigns:
  spring:
    audience: {{tag: buyer}}
    rate: {most} per {window}s
    do: {{reply: "Spring, $(contact.first_name)!"}}
"""
TARGETS = ("daemon", "group", "browser", "renderer", "driver")
SLACK = 1.0  # seconds: the ledger keeps the second in which a message came
LOOK = 0.2  # seconds


def main() -> int:
    """Run the benchmark and return its exit code."""
    options = _options()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="alexia-campaign-") as folder:
        rules = RULES.format(most=options.most, window=options.window)
        stage = Stage(Path(folder), rules=rules)
        try:
            return Play(stage, options, random.Random(seed)).run(seed)
        finally:
            stage.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=5000, help="with consent")
    parser.add_argument("--without", type=int, default=300, help="without consent")
    parser.add_argument("--stops", type=int, default=50, help="who write STOP meanwhile")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--most", type=int, default=150, help="messages within --window")
    parser.add_argument("--window", type=int, default=10, help="seconds")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument(
        "--targets", type=lambda told: told.split(","), default=list(TARGETS),
        help=f"what is killed: any of {', '.join(TARGETS)}",
    )  # fmt: skip
    return parser.parse_args()


def chat_of(number: int) -> str:
    """Return the chat of a contact."""
    return f"55118{number:08d}@c.us"


class Play:
    """One campaign from its preview to its report."""

    def __init__(self, stage: Stage, options: argparse.Namespace, chance: random.Random) -> None:
        self.stage, self.options, self.chance = stage, options, chance
        self.agreed = [chat_of(n) for n in range(1, options.contacts + 1)]
        begin = options.contacts + 1
        self.without = [chat_of(n) for n in range(begin, begin + options.without)]
        self.stops: dict[str, float] = {}
        self.lines: list[dict[str, Any]] = []
        self.readies: list[float] = []
        self.checks: list[str] = []

    def run(self, seed: int) -> int:
        """Play it, judge it, and return the exit code."""
        stage, options = self.stage, self.options
        self._meet()
        stage.open_emulator()
        stage.log_in()
        self._ask("preview")
        preview = self.answer["preview"]
        begun = time.monotonic()
        self._ask("start", token=self.answer["token"])
        last = options.contacts * 9 // 10  # what is held may never be told before the end
        kills = sorted(self.chance.sample(range(1, last), options.kills))
        stops = sorted(self.chance.sample(range(last), options.stops))
        self._watch(kills, stops)
        stage.wait_ready(120)
        held = self._send_held()
        spent = time.monotonic() - begun
        stage.wait_quiet(6, 120)
        self.lines = stage.ledger()
        verdict = self._judge()
        report = {
            "benchmark": "campaign_kills", "seed": seed, "contacts": options.contacts,
            "kills": len(self.readies), "targets": options.targets, "left_out": preview["left_out"],
            **verdict, "held_and_retried": held, "seconds": round(spent, 1),
            "ready_p95_s": round(percentile(self.readies, 0.95), 2) if self.readies else None,
            "integrity": "; ".join(sorted({*self.checks, integrity(stage)})),
        }  # fmt: skip
        print(json.dumps(report))
        holds = verdict["holds"] and report["integrity"] == "ok"
        if not holds:
            keep_evidence(stage)
        return 0 if holds else 1

    # ------------------------------------------------------------------ what happens

    def _meet(self) -> None:
        """Write the contacts down, as an import would."""
        (self.stage.bot / "state").mkdir(mode=0o700)
        database = Database(self.stage.bot / "state" / "alexia.db")
        agreed = set(self.agreed)

        def fill(db: sqlite3.Connection) -> None:
            for number, chat in enumerate([*self.agreed, *self.without], 1):
                gave = chat in agreed
                db.execute(
                    "INSERT INTO contacts (id, number, name, language, timezone, consent, fields,"
                    " first_seen, last_seen) VALUES (?,?,?,NULL,NULL,?,'{}',0,NULL)",
                    (number, f"+{chat.partition('@')[0]}", f"P{number} Silva",
                     "given" if gave else "unknown"),
                )  # fmt: skip
                db.execute("INSERT INTO identities VALUES (?,?)", (chat, number))
                db.execute("INSERT INTO tags VALUES (?,'buyer',0)", (number,))
                if gave:
                    db.execute(
                        "INSERT INTO consents (contact_id, at, state, source, wording, proof, who)"
                        " VALUES (?,?,'granted','a form','','','import:bench')",
                        (number, datetime.now(UTC).timestamp() - 3600),
                    )

        database.write_now(fill)
        database.close()

    def _ask(self, action: str, **more: object) -> None:
        """Ask the daemon; the answer stands in ``answer``."""
        from bot.control import ask

        answer = ask(self.stage.bot / "state", "campaign", 60, action=action, name="spring", **more)
        assert answer.pop("ok"), answer
        self.answer = answer

    def _watch(self, kills: Sequence[int], stops: Sequence[int]) -> None:
        """Kill and write STOP as the campaign goes on, until its run is over."""
        left, waiting = list(kills), list(stops)
        end = time.monotonic() + 120 + 0.2 * len(self.agreed) + 30 * len(left)
        while True:
            told = self._told()
            while waiting and told >= waiting[0]:
                waiting.pop(0)
                self._write_stop()
            if left and told >= left[0]:
                left.pop(0)
                self._kill()
            elif not left and self._state() in ("done", "stopped"):
                return
            if time.monotonic() > end:
                raise TimeoutError(f"the campaign did not end: {told} told\n{self.stage.tail()}")
            time.sleep(LOOK)

    def _told(self) -> int:
        """Return how many campaign messages the ledger holds."""
        after = self.lines[-1]["n"] if self.lines else 0
        with contextlib.suppress(OSError):
            self.lines += self.stage.ledger(after)
        return sum(_is_ours(line) for line in self.lines)

    def _write_stop(self) -> None:
        """Let somebody write STOP; those to whom nothing came yet come first."""
        reached = {line["chat"] for line in self.lines if _is_ours(line)}
        fresh = [chat for chat in self.agreed if chat not in self.stops]
        unreached = [chat for chat in fresh if chat not in reached]
        chat = self.chance.choice(unreached if unreached and self.chance.random() < 0.8 else fresh)
        self.stage.put(chat, "STOP")
        self.stops[chat] = time.time()

    def _kill(self) -> None:
        stage, target = self.stage, self.chance.choice(self.options.targets)
        time.sleep(self.chance.uniform(0, 0.3))
        begun = time.monotonic()
        if target in ("daemon", "group"):
            stage.kill_daemon(group=target == "group")
            stage.open_daemon()
        else:
            for pid in stage.parts(target):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(1.0)  # the required time in which it must be noticed
        stage.wait_ready(120)
        self.readies.append(time.monotonic() - begun)
        self.checks.append(integrity(stage))
        if sys.stderr.isatty():
            print(f"\rkill {len(self.readies)} ({target})", end="", file=sys.stderr, flush=True)

    def _send_held(self) -> int:
        """Send again what is held since nobody can tell whether it left; return how many."""
        held = self._count("SELECT count(*) FROM outbox WHERE state = 'stuck'")
        if held:
            self._ask("retry")
            self.stage.wait_for(
                "the held messages",
                lambda: (
                    not self._count(
                        "SELECT count(*) FROM outbox WHERE state IN ('reserved', 'handed', 'stuck',"
                        " 'uncertain') AND why = 'campaign'"
                    )
                ),
                90,
            )
        return held

    def _state(self) -> str:
        db = sqlite3.connect(self.stage.bot / "state" / "alexia.db", timeout=10)
        with contextlib.closing(db):
            row = db.execute("SELECT state FROM campaign_runs").fetchone()
        return str(row[0]) if row else ""

    def _count(self, query: str) -> int:
        db = sqlite3.connect(self.stage.bot / "state" / "alexia.db", timeout=10)
        with contextlib.closing(db):
            return int(db.execute(query).fetchone()[0])

    # ------------------------------------------------------------------ the ledger

    def _judge(self) -> dict[str, Any]:
        reached = Counter(str(line["chat"]) for line in self.lines if _is_ours(line))
        wanted = [chat for chat in self.agreed if chat not in self.stops]
        once = sum(reached[chat] == 1 for chat in wanted)
        figures = {
            "exactly_once": once, "lost": sum(reached[chat] == 0 for chat in wanted),
            "duplicate": sum(max(count - 1, 0) for count in reached.values()),
            "to_those_without_consent": sum(reached[chat] for chat in self.without),
            "stopped": len(self.stops), "after_stop": self._after_stop(),
            "most_in_a_window": most_within(
                [_moment(line) for line in self.lines if _is_ours(line)],
                self.options.window - SLACK,
            ),
            "rate": self.options.most,
            "most_handed_in_a_window": most_within(self._handed(), self.options.window - 0.001),
        }  # fmt: skip
        equal, report = self._report_equals(reached)
        figures |= {"report": report, "report_equals_ledger": equal}
        return {**figures, "holds": (
            once == len(wanted) and not figures["duplicate"]
            and not figures["to_those_without_consent"] and not figures["after_stop"]
            and max(figures["most_in_a_window"], figures["most_handed_in_a_window"])
            <= self.options.most and equal
        )}  # fmt: skip

    def _after_stop(self) -> int:
        """Return how many messages were handed after the STOP was decided."""
        return self._count(
            "SELECT count(*) FROM outbox o JOIN identities i ON i.address = o.chat JOIN traces t"
            " ON t.contact_id = i.contact_id WHERE o.why = 'campaign' AND t.winner ="
            " 'guard:optout' AND o.handed_at > t.at"
        )

    def _handed(self) -> list[float]:
        db = sqlite3.connect(self.stage.bot / "state" / "alexia.db", timeout=10)
        with contextlib.closing(db):
            rows = db.execute(
                "SELECT handed_at FROM outbox WHERE why = 'campaign' AND handed_at IS NOT NULL"
            )
            return sorted(float(row[0]) for row in rows)

    def _report_equals(self, reached: Counter[str]) -> tuple[bool, dict[str, int]]:
        from bot.campaigns.figures import told
        from bot.store import campaigns
        from bot.store.opening import open_connection

        db = open_connection(str(self.stage.bot / "state" / "alexia.db"))
        with contextlib.closing(db):
            run = campaigns.runs_of(db, "spring")[-1]
            figures = told(db, run, campaigns.left_out(db, run.id))["figures"]
        acks = {str(line["chat"]): int(line["ack"]) for line in self.lines if _is_ours(line)}
        ledger = {
            "sent": len(reached), "delivered": sum(ack >= 2 for ack in acks.values()),
            "read": sum(ack >= 3 for ack in acks.values()),
        }  # fmt: skip
        return all(figures[name] == count for name, count in ledger.items()), figures


def _is_ours(line: dict[str, Any]) -> bool:
    return (
        line["direction"] == "out" and str(line["body"]).startswith("Spring")
        and not line.get("dropped") and line["account"] == ACCOUNT
    )  # fmt: skip


def _moment(line: dict[str, Any]) -> float:
    return float(line["t"])


def most_within(moments: Sequence[float], window: float) -> int:
    """Return the most moments that lie within any window of so many seconds, its end not in it."""
    ordered = sorted(moments)
    most = first = 0
    for number, moment in enumerate(ordered):
        while moment - ordered[first] >= window:
            first += 1
        most = max(most, number - first + 1)
    return most


if __name__ == "__main__":
    sys.exit(main())
