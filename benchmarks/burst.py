"""1,000 messages from 1,000 chats at once, pacing off: none lost, all answered, and how fast.

    python -m benchmarks.burst --messages 1000

Ends with 1 when a message was lost, doubled or unanswered.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.oracle import judge
from benchmarks.stage import Stage, percentile


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--models", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alexia-burst-") as folder:
        stage = Stage(Path(folder), models=options.models)
        try:
            stage.open_emulator()
            stage.log_in()
            return _run(stage, options.messages)
        finally:
            stage.close()


def _run(stage: Stage, messages: int) -> int:
    chats = [f"55119{number:08d}@c.us" for number in range(messages)]
    peak = PeakMemory(stage)
    begun = time.time()
    with ThreadPoolExecutor(16) as hands:
        list(hands.map(lambda n: stage.put(chats[n], f"ping {n}"), range(messages)))
    put = time.time() - begun
    ledger = _wait_answers(stage, messages)
    memory = peak.stop()
    arrived = {line["chat"]: line["t"] for line in ledger if line["direction"] == "in"}
    answered = {line["chat"]: line["t"] for line in ledger if line["direction"] == "out"}
    waits = [answered[chat] - arrived[chat] for chat in chats if chat in answered]
    expected = {chat: [f"pong {number}"] for number, chat in enumerate(chats)}
    verdict = judge(expected, ledger)
    print(json.dumps({
        "benchmark": "burst", **asdict(verdict), "put_s": round(put, 2),
        "p50_s": round(percentile(waits, 0.5), 3), "p95_s": round(percentile(waits, 0.95), 3),
        "total_s": round(max(answered.values(), default=begun) - begun, 2),
        "daemon_peak_mb": memory,
    }))  # fmt: skip
    return 0 if verdict.holds else 1


def _wait_answers(stage: Stage, messages: int) -> list[dict[str, Any]]:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if sum(line["direction"] == "out" for line in stage.ledger()) >= messages:
            break
        time.sleep(0.2)
    return stage.wait_quiet(3, 30)


class PeakMemory:
    """Watches the daemon's resident memory."""

    def __init__(self, stage: Stage) -> None:
        assert stage.daemon is not None
        self._file = Path(f"/proc/{stage.daemon.pid}/status")
        self._peak = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Return the peak in MB."""
        self._ended.set()
        self._thread.join()
        return round(self._peak, 1)

    def now(self) -> float:
        """Return what it is now, in MB."""
        lines = self._file.read_text(encoding="ascii").splitlines()
        held = next((line for line in lines if line.startswith("VmRSS:")), "VmRSS: 0 kB")
        return round(int(held.split()[1]) / 1024, 1)

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            self._peak = max(self._peak, self.now())


if __name__ == "__main__":
    sys.exit(main())
