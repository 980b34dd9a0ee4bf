"""Ends the daemon at every named point, under every answer to what WhatsApp is not known to do.

    python -m benchmarks.sweep --seed 7
    python -m benchmarks.sweep --points t2,t3 --times 1 --combinations 2

The three unknowns: whether the far side drops equal ids, what the page does with an id that its
store holds, and whether a new page sends again what stood at the clock. Each death is also the
start of the next: the daemon that mends one is the one that dies next. A message that was in hand
at four deaths in a row stands aside and is named; at the end it is tried again, as a person would.
Prints the seed and one JSON line; ends with 1 when a message was lost, doubled or out of order.
"""

import argparse
import itertools
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.chaos import all_left, integrity, keep_evidence, stuck
from benchmarks.older import take_back
from benchmarks.oracle import Verdict, judge
from benchmarks.stage import Stage
from bot.control import ask
from bot.crash import KILLED, POINTS

UNKNOWNS = (
    ("drop_equal_ids", (False, True)),
    ("equal_id", ("resend", "merge", "throw")),
    ("resend_clock_on_start", (True, False)),
)
CHATS = 4  # written to again and again, so that what an earlier death left stands in their way
MESSAGES = 8  # put in before each death
DIES_WITHIN = 45.0  # seconds after it was ready; a point that is not passed is killed instead
BETWEEN = 0.05  # seconds between two more messages, each in a chat of its own, until it dies
READY_WITHIN = 120.0  # seconds; on a loaded machine a start takes long
QUIET = 6.0  # seconds without a movement after which the ledger is judged


@dataclass(slots=True)
class Tally:
    """What the sweep saw."""

    deaths: int = 0
    unreached: list[str] = field(default_factory=list)
    set_aside: int = 0
    verdicts: list[Verdict] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def main() -> int:
    """Run the sweep and return its exit code."""
    options = _options()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", flush=True)
    chance = random.Random(seed)
    faults = [
        dict(zip([name for name, _ in UNKNOWNS], values, strict=True))
        for values in itertools.product(*(values for _, values in UNKNOWNS))
    ]
    chance.shuffle(faults)
    points = [(point, n) for n in range(1, options.times + 1) for point in options.points]
    tally = Tally()
    for number, fault in enumerate(faults[: options.combinations], 1):
        chance.shuffle(points)
        _sweep(points, fault, tally, chance)
        told = json.dumps(_sum(tally.verdicts))  # a run that is cut off has told what it saw
        print(f"{number} of {options.combinations}: {tally.deaths} deaths, {told}", file=sys.stderr)
    report = {
        "benchmark": "sweep", "seed": seed, "points": len(options.points),
        "times": options.times, "combinations": min(options.combinations, len(faults)),
        "deaths": tally.deaths, "set_aside": tally.set_aside,
        "unreached": dict(Counter(tally.unreached)), **_sum(tally.verdicts),
        "integrity": "ok" if not tally.broken else tally.broken,
    }  # fmt: skip
    print(json.dumps(report))
    return 0 if not tally.broken and all(verdict.holds for verdict in tally.verdicts) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=lambda told: told.split(","), default=list(POINTS))
    parser.add_argument("--times", type=int, default=3, help="1..n: at which passing it dies")
    parser.add_argument("--combinations", type=int, default=12, help="of the unknowns, at most 12")
    parser.add_argument("--seed", type=int, default=None)
    return parser.parse_args()


def _sweep(
    points: Sequence[tuple[str, int]], fault: dict[str, object], tally: Tally, chance: random.Random
) -> None:
    with tempfile.TemporaryDirectory(prefix="alexia-sweep-") as folder:
        stage = Stage(Path(folder))
        try:
            stage.open_emulator()
            stage.post("/control/faults", {**fault, "send_latency_ms": [0, 400]})
            expected = _die_everywhere(stage, points, tally, chance)
            stage.open_daemon()
            stage.wait_ready(120)
            stage.wait_for("the end of all sends", lambda: all_left(stage), 240)
            aside = set_aside(stage)
            named = [*stuck(stage), *(answer for _, answer in aside)]
            verdict = judge(expected, stage.wait_quiet(QUIET, 120), named)
            tally.verdicts.append(verdict)
            tally.set_aside += len(aside)
            if not _redriven(stage, aside):
                tally.broken.append(f"set aside for good under {json.dumps(fault)}")
            if integrity(stage) != "ok":
                tally.broken.append(json.dumps(fault))
            if not verdict.holds:
                print(f"broken under {fault}: {verdict}", file=sys.stderr)
                keep_evidence(stage)
        finally:
            stage.close()


def set_aside(stage: Stage) -> list[tuple[str, str]]:
    """Return what stands aside since it was in hand at death after death, with its answer.

    `alexia dlq` lists it: it is named, so no silent loss, and a person may have it tried again.
    """
    source = sqlite3.connect(stage.bot / "state" / "alexia.db")
    rows = source.execute("SELECT text FROM inbox WHERE state = 'quarantined'").fetchall()
    source.close()
    return [(str(text), str(text).replace("ping", "pong")) for (text,) in rows]


def _redriven(stage: Stage, aside: Sequence[tuple[str, str]]) -> bool:
    """Have what stands aside tried again; tell whether each is answered then, once."""
    if not aside:
        return True
    ask(stage.bot / "state", "dlq", 10, action="retry", ids=None)
    told = Counter(
        line["body"] for line in stage.wait_quiet(QUIET, 60) if line["direction"] == "out"
    )
    return all(told[answer] == 1 for _, answer in aside)


@dataclass(slots=True)
class _Talk:
    """What is put in, and what must be answered."""

    stage: Stage
    chance: random.Random
    number: int = 0
    expected: dict[str, list[str]] = field(default_factory=dict)

    def burst(self) -> None:
        """Put several messages into the chats that all deaths share."""
        for _ in range(MESSAGES):
            self._put(f"55119{self.chance.randrange(CHATS):08d}@c.us")
            time.sleep(self.chance.uniform(0, 0.1))

    def one_more(self) -> None:
        """Put one into a chat where nothing older waits."""
        self._put(f"55118{self.number:08d}@c.us")

    def _put(self, chat: str) -> None:
        self.stage.put(chat, f"ping {self.number}")
        self.expected.setdefault(chat, []).append(f"pong {self.number}")
        self.number += 1


def _die_everywhere(
    stage: Stage, points: Sequence[tuple[str, int]], tally: Tally, chance: random.Random
) -> dict[str, list[str]]:
    stage.log_in()
    stage.stop_daemon()
    talk = _Talk(stage, chance)
    for point, times in points:
        if point == "migration":
            take_back(stage.bot / "state" / "alexia.db", times)
        if point == "recovery":  # somebody must have left as much to look up
            for _ in range(MESSAGES):
                talk.one_more()
            _die(talk, "t3", 1, tally)
        _die(talk, point, times, tally)
    return talk.expected


def _die(talk: _Talk, point: str, times: int, tally: Tally) -> None:
    talk.stage.open_daemon(f"{point}:{times}")
    talk.burst()
    if not _died(talk, point):
        tally.unreached.append(f"{point}:{times}")
    tally.deaths += 1


def _died(talk: _Talk, point: str) -> bool:
    """Write until the daemon is dead; kill it when it does not pass its point."""
    stage = talk.stage
    assert stage.daemon is not None
    last = time.monotonic() + READY_WITHIN
    end = 0.0  # known once it is ready
    while stage.daemon.poll() is None and time.monotonic() < (end or last):
        if not end and stage.is_ready():
            end = time.monotonic() + DIES_WITHIN
        if end:
            talk.one_more()
        if point == "reload":
            rules = stage.bot / "rules" / "bench.yaml"
            rules.write_text(rules.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        time.sleep(BETWEEN)
    if stage.daemon.poll() is None:
        stage.kill_daemon()
        return False
    return stage.daemon.returncode == KILLED


def _sum(verdicts: Sequence[Verdict]) -> dict[str, int]:
    names = asdict(verdicts[0]) if verdicts else {}
    return {name: sum(int(getattr(one, name)) for one in verdicts) for name in names}


if __name__ == "__main__":
    sys.exit(main())
