"""Makes the page deaf, frozen or unacknowledged, and asks how soon that is noticed and healed.

    python -m benchmarks.healing --rounds 20 --kinds deaf,frozen

deaf: the page answers, but raises nothing; noticed when `status` leaves ready, healed when it is
ready again after the page raises events anew. frozen: the page's thread hangs. unacknowledged: no
receipts come. In each round a message is put in, which must be answered once. Each round is told
as it ends. Prints one JSON line; ends with 1 when a limit is broken or a message was lost or
doubled.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.oracle import judge
from benchmarks.stage import Stage, percentile

LIMITS = {"deaf": (90.0, 60.0), "frozen": (45.0, 60.0), "unacknowledged": (90.0, 60.0)}
"""Seconds within which each is noticed, and ready again after its cause is gone (DELIVERY)."""


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kinds", type=lambda told: told.split(","), default=list(LIMITS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alexia-healing-") as folder:
        stage = Stage(Path(folder))
        try:
            stage.open_emulator()
            stage.log_in()
            return _run(stage, options.rounds, options.kinds)
        finally:
            stage.close()


def _run(stage: Stage, rounds: int, kinds: list[str]) -> int:
    expected: dict[str, list[str]] = {}
    report: dict[str, object] = {"benchmark": "healing", "rounds": rounds}
    within = True
    number = 0
    for kind in kinds:
        noticed, healed = [], []
        for _ in range(rounds):
            chat = f"55119{number:08d}@c.us"
            expected[chat] = [f"pong {number}"]
            seen, ready = _once(stage, kind, chat, f"ping {number}")
            noticed.append(seen)
            healed.append(ready)
            number += 1
            _say(f"{kind} {number}: noticed after {seen:.1f} s, ready after {ready:.1f} s")
        limits = LIMITS[kind]
        pairs = zip(noticed, healed, strict=True)
        good = sum(seen <= limits[0] and ready <= limits[1] for seen, ready in pairs)
        within = within and good == rounds
        report[kind] = {
            "healed": good, "noticed_max_s": round(max(noticed), 1),
            "ready_p95_s": round(percentile(healed, 0.95), 1),
        }  # fmt: skip
    stage.wait_for("the end of all sends", lambda: not stage.status()["outbox"]["reserved"], 120)
    verdict = judge(expected, stage.wait_quiet(6, 120))
    report |= {"lost": verdict.lost, "duplicate": verdict.duplicate, "answered": verdict.answered}
    print(json.dumps(report))
    return 0 if within and verdict.holds else 1


def _say(told: str) -> None:
    print(told, file=sys.stderr, flush=True)


def _once(stage: Stage, kind: str, chat: str, text: str) -> tuple[float, float]:
    """Return after how many seconds it was noticed, and healed."""
    begin, end = _cause(stage, kind)
    begin()
    stage.put(chat, text)
    begun = time.monotonic()
    stage.wait_for("the notice", lambda: not stage.is_ready(), 120)
    noticed = time.monotonic() - begun
    end()
    begun = time.monotonic()
    stage.put(f"{chat[:4]}8{chat[5:]}", "not a question")  # a proof that the way in works
    stage.wait_for("the healing", stage.is_ready, 120)
    return noticed, time.monotonic() - begun


def _cause(stage: Stage, kind: str) -> tuple[Callable[[], object], Callable[[], object]]:
    if kind == "frozen":
        return lambda: stage.post("/control/session", {"do": "freeze"}), lambda: None
    fault = {"deaf": "events", "unacknowledged": "acks"}[kind]
    return (
        lambda: stage.post("/control/faults", {fault: False}),
        lambda: stage.post("/control/faults", {fault: True}),
    )


if __name__ == "__main__":
    sys.exit(main())
