"""Kills the daemon at random while messages arrive, and asks the ledger what became of them.

    python -m benchmarks.chaos --kills 20 --messages 200 --seed 7
    python -m benchmarks.chaos --kills 300 --messages 1500 --targets daemon,group,browser,driver

Prints the seed and one JSON line; ends with 1 when a message was lost, doubled or out of order, or
SQLite found the database broken after any of the kills.
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
from dataclasses import asdict
from pathlib import Path

from benchmarks.oracle import judge
from benchmarks.stage import Stage, percentile

CHATS = 20
TARGETS = ("daemon", "group", "browser", "renderer", "driver")
QUIET = 6.0  # seconds without a movement after which the ledger is judged


def main() -> int:
    """Run the benchmark and return its exit code."""
    options = _options()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="alexia-chaos-") as folder:
        stage = Stage(Path(folder))
        try:
            return _run(stage, options, random.Random(seed), seed)
        finally:
            stage.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument(
        "--targets", type=lambda told: told.split(","), default=["daemon"],
        help=f"what is killed: any of {', '.join(TARGETS)}",
    )  # fmt: skip
    parser.add_argument(
        "--faults", type=json.loads, default={}, help="JSON of the emulator's faults in force"
    )
    return parser.parse_args()


def _run(stage: Stage, options: argparse.Namespace, chance: random.Random, seed: int) -> int:
    stage.open_emulator()
    stage.post("/control/faults", options.faults)
    stage.log_in()
    moments = sorted(chance.sample(range(options.messages), min(options.kills, options.messages)))
    expected: dict[str, list[str]] = {}
    readies: list[float] = []
    checks: list[str] = []
    for number in range(options.messages):
        chat = f"55119{chance.randrange(CHATS):08d}@c.us"
        stage.put(chat, f"ping {number}")
        expected.setdefault(chat, []).append(f"pong {number}")
        time.sleep(chance.uniform(0, 0.15))
        if number in moments:
            readies.append(_kill(stage, options, chance))
            checks.append(integrity(stage))
            _progress(len(readies), options.kills)
    if stage.daemon is None or stage.daemon.poll() is not None:
        stage.open_daemon()
    stage.wait_ready(120)
    stage.wait_for("the end of all sends", lambda: all_left(stage), 240)
    ledger = stage.wait_quiet(QUIET, 180)
    verdict = judge(expected, ledger, stuck(stage))
    report = {
        "benchmark": "chaos", "seed": seed, "faults": options.faults,
        "targets": options.targets,
        "kills": len(readies), **asdict(verdict),
        "ready_p95_s": round(percentile(readies, 0.95), 2),
        "outbox": stage.status().get("outbox"),
        "integrity": "; ".join(sorted({*checks, integrity(stage)})),
        "integrity_checks": len(checks) + 1,
    }  # fmt: skip
    print(json.dumps(report))
    if not verdict.holds:
        keep_evidence(stage)
    return 0 if verdict.holds and report["integrity"] == "ok" else 1


def _kill(stage: Stage, options: argparse.Namespace, chance: random.Random) -> float:
    """Kill a target and wait until all is ready again; return how long that took, in seconds.

    Sometimes the next kill comes before that: then nobody waits here.
    """
    target = chance.choice(options.targets)
    begun = time.monotonic()
    if target in ("daemon", "group"):
        stage.kill_daemon(group=target == "group")
        begun = time.monotonic()
        stage.open_daemon()
    else:
        for pid in stage.parts(target):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(1.0)  # the required time in which it must be noticed
    if chance.random() < 0.3:
        time.sleep(chance.uniform(0.2, 3))
        return time.monotonic() - begun
    stage.wait_ready(90)
    return time.monotonic() - begun


def all_left(stage: Stage) -> bool:
    """Tell whether nothing waits to be sent or is of unknown fate."""
    outbox = stage.status().get("outbox") or {"reserved": 1}
    return not any(outbox.get(state) for state in ("reserved", "handed", "uncertain"))


def stuck(stage: Stage) -> list[str]:
    """Return the texts that stand at WhatsApp's clock for good, each named and counted."""
    source = sqlite3.connect(stage.bot / "state" / "alexia.db")
    rows = source.execute("SELECT text FROM outbox WHERE state = 'stuck'").fetchall()
    source.close()
    return [str(text) for (text,) in rows]


def integrity(stage: Stage) -> str:
    """Return what SQLite says of a copy of the database; "ok" when it is whole."""
    source = sqlite3.connect(stage.bot / "state" / "alexia.db")
    copy = sqlite3.connect(":memory:")
    source.backup(copy)
    source.close()
    found = str(copy.execute("PRAGMA integrity_check").fetchone()[0])
    copy.close()
    return found


def keep_evidence(stage: Stage) -> None:
    """Keep log, ledger and database of a broken promise, and say where."""
    kept = Path(tempfile.mkdtemp(prefix="alexia-chaos-evidence-"))
    (kept / "daemon.log").write_text(stage.tail(5000), encoding="utf-8")
    lines = "\n".join(json.dumps(line) for line in stage.ledger())
    (kept / "ledger.jsonl").write_text(lines, encoding="utf-8")
    source = sqlite3.connect(stage.bot / "state" / "alexia.db")
    copy = sqlite3.connect(kept / "alexia.db")
    source.backup(copy)
    copy.close()
    source.close()
    print(f"evidence: {kept}", file=sys.stderr)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\rkill {done} of {total}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
