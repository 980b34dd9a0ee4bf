"""Lets the daemon live for long under a steady stream and a fault every few minutes.

    python -m benchmarks.soak --minutes 60 --rate 5 --fault-every 180
    python -m benchmarks.soak --minutes 5

The faults: browser, renderer or driver killed, network cut for ten seconds, page loaded anew. The
daemon itself lives on, so that what grows in it can be seen. Prints the seed and one JSON line:
every message answered exactly once, memory slope (MB an hour, least squares over the second half),
file descriptors, threads and tasks at the beginning and the end. Ends with 1 when a promise is
broken.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.chaos import all_left, integrity, keep_evidence, stuck
from benchmarks.oracle import judge
from benchmarks.stage import Stage

CHATS = 100
STEEPEST = 5.0  # MB an hour (DELIVERY); judged only over runs of half an hour and more
CUT = 10.0  # seconds without network
SAMPLE = 5.0  # seconds between two looks at the process
FAULTS = ("browser", "renderer", "driver", "offline", "reload")


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=5, help="messages a second")
    parser.add_argument("--fault-every", type=float, default=180, help="seconds")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="alexia-soak-") as folder:
        stage = Stage(Path(folder))
        try:
            stage.open_emulator()
            stage.log_in()
            return _run(stage, options, random.Random(seed), seed)
        except TimeoutError:
            keep_evidence(stage)
            raise
        finally:
            stage.close()


def _run(stage: Stage, options: argparse.Namespace, chance: random.Random, seed: int) -> int:
    begun = time.monotonic()
    end, next_fault, next_sample = begun + 60 * options.minutes, options.fault_every, 0.0
    samples: list[tuple[float, float]] = []
    expected: dict[str, list[str]] = {}
    faults = 0
    number = 0
    first = _process(stage)
    while time.monotonic() < end:
        age = time.monotonic() - begun
        if age >= next_fault:
            _fault(stage, chance.choice(FAULTS))
            faults, next_fault = faults + 1, next_fault + options.fault_every
        if age >= next_sample:
            samples.append((age / 3600, _process(stage)["memory_mb"]))
            next_sample += SAMPLE
        chat = f"55119{chance.randrange(CHATS):08d}@c.us"
        stage.put(chat, f"ping {number}")
        expected.setdefault(chat, []).append(f"pong {number}")
        number += 1
        time.sleep(max(0.0, begun + number / options.rate - time.monotonic()))
    stage.wait_ready(120)
    stage.wait_for("the end of all sends", lambda: all_left(stage), 240)
    verdict = judge(expected, stage.wait_quiet(6, 120), stuck(stage))
    slope = _slope(samples[len(samples) // 2 :])
    report = {
        "benchmark": "soak", "seed": seed, "minutes": options.minutes, "faults": faults,
        **asdict(verdict), "integrity": integrity(stage), "slope_mb_h": round(slope, 2),
        "before": first, "after": _process(stage),
    }  # fmt: skip
    print(json.dumps(report))
    flat = slope <= STEEPEST or options.minutes < 30
    return 0 if verdict.holds and report["integrity"] == "ok" and flat else 1


def _fault(stage: Stage, kind: str) -> None:
    match kind:
        case "offline":
            stage.post("/control/faults", {"online": False})
            time.sleep(CUT)
            stage.post("/control/faults", {"online": True})
        case "reload":
            stage.post("/control/session", {"do": "reload"})
        case _:
            for pid in stage.parts(kind):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def _process(stage: Stage) -> dict[str, float]:
    """Return what the daemon's process holds."""
    assert stage.daemon is not None
    home = Path(f"/proc/{stage.daemon.pid}")
    held = dict.fromkeys(("VmRSS", "Threads"), 0.0)
    for line in (home / "status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name in held:
            held[name] = float(value.split()[0])
    return {
        "memory_mb": round(held["VmRSS"] / 1024, 1), "threads": held["Threads"],
        "files": float(len(list((home / "fd").iterdir()))),
        "tasks": float(stage.status().get("tasks", 0)),
    }  # fmt: skip


def _slope(points: list[tuple[float, float]]) -> float:
    """Return the slope of the least squares line, 0 for fewer than two points."""
    if len(points) < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


if __name__ == "__main__":
    sys.exit(main())
