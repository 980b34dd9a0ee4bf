"""10,000 messages in 50 chats at once, while a person writes: all stored, the person comes first.

    python -m benchmarks.flood
    python -m benchmarks.flood --messages 2000 --answered

Emulator, Chromium and daemon are real. Meanwhile a person sends a message through the daemon's
socket, as `alexia send` does, several times. With ``--answered`` a rule answers every message, and
the emulator's ledger must show each answer once and in order. Prints one JSON line; ends with 1
when storing takes over 60 s, a person's message over 5 s, or memory grows by over 200 MB.
"""

import argparse
import contextlib
import json
import sqlite3
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.burst import PeakMemory
from benchmarks.oracle import judge
from benchmarks.stage import Stage
from bot.control import ask

STORED_WITHIN, SENT_WITHIN, GROWTH = 60.0, 5.0, 200.0  # seconds, seconds, MB
PERSON = "5511955555555@c.us"
EVERY = 3.0  # seconds between two messages of the person
PATIENCE = 600.0  # seconds until the answers are given up


@dataclass(frozen=True, slots=True)
class Put:
    """What was put in, by chat in its order."""

    by_chat: dict[str, list[str]]
    began: float
    seconds: float


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--answered", action="store_true", help="a rule answers every message")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alexia-flood-") as folder:
        stage = Stage(Path(folder))
        try:
            stage.open_emulator()
            stage.log_in()
            word = "ping" if options.answered else "nobody answers"
            return _run(stage, options.messages, options.chats, word)
        finally:
            stage.close()


def _run(stage: Stage, count: int, chats: int, word: str) -> int:
    peak = PeakMemory(stage)
    before = peak.now()
    person = Person(stage)
    put = _put_all(stage, count, chats, word)
    stored_at = _wait_stored(stage, count)
    waits = person.stop()
    holds, verdict = _judge(stage, put) if word == "ping" else (True, {})
    growth = round(peak.stop() - before, 1)
    stored = round(stored_at - put.began, 2)
    slowest = round(max(waits, default=0.0), 2)
    print(json.dumps({
        "benchmark": "flood", "messages": count, "chats": chats, "put_s": round(put.seconds, 2),
        "stored_s": stored, "person_sends": len(waits), "person_slowest_s": slowest,
        "memory_before_mb": before, "memory_growth_mb": growth, **verdict,
    }))  # fmt: skip
    kept = stored <= STORED_WITHIN and slowest <= SENT_WITHIN and growth <= GROWTH
    return 0 if kept and waits and holds else 1


def _put_all(stage: Stage, count: int, chats: int, word: str) -> Put:
    """Put the messages in, chats side by side, each chat in its order."""
    names = [f"55119{number:08d}@c.us" for number in range(chats)]
    by_chat: dict[str, list[str]] = {name: [] for name in names}
    for number in range(count):
        by_chat[names[number % chats]].append(f"{word} {number}")

    def put(name: str) -> None:
        for text in by_chat[name]:
            stage.put(name, text)

    began = time.time()
    with ThreadPoolExecutor(16) as hands:
        list(hands.map(put, names))
    return Put(by_chat, began, time.time() - began)


def _wait_stored(stage: Stage, count: int) -> float:
    """Wait until the daemon stored all; return when, in epoch seconds."""
    path = stage.bot / "state" / "alexia.db"
    end = time.monotonic() + 4 * STORED_WITHIN
    while time.monotonic() < end:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            if db.execute("SELECT count(*) FROM inbox WHERE from_me = 0").fetchone()[0] >= count:
                return time.time()
        time.sleep(0.2)
    raise TimeoutError(f"not all were stored within {4 * STORED_WITHIN:.0f} s\n{stage.tail()}")


class Person:
    """Writes through the daemon's socket now and then, and watches when each message leaves."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._waits: list[float] = []
        self._seen = 0  # lines of the ledger
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write_on, daemon=True)
        self._thread.start()

    def stop(self) -> list[float]:
        """Return how long each message took from the socket to WhatsApp, in seconds."""
        self._ended.set()
        self._thread.join()
        return self._waits

    def _write_on(self) -> None:
        while not self._ended.wait(EVERY if self._waits else 0.5):
            text = f"a person writes {len(self._waits)}"
            asked = time.monotonic()
            ask(self._stage.bot / "state", "send", timeout=30, chat=PERSON, text=text)
            while not self._has_left(text) and time.monotonic() - asked < 4 * SENT_WITHIN:
                time.sleep(0.05)
            self._waits.append(time.monotonic() - asked)

    def _has_left(self, text: str) -> bool:
        fresh = self._stage.ledger(self._seen)
        self._seen = max([self._seen, *(int(line["n"]) for line in fresh)])
        return any(line["direction"] == "out" and line["body"] == text for line in fresh)


def _judge(stage: Stage, put: Put) -> tuple[bool, dict[str, object]]:
    """Wait for all answers and compare them with what was asked."""
    count = sum(map(len, put.by_chat.values()))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        out = [line for line in stage.ledger() if line["direction"] == "out"]
        if sum(line["chat"] != PERSON for line in out) >= count:
            break
        time.sleep(1)
    ledger = [line for line in stage.wait_quiet(3, 30) if line["chat"] != PERSON]
    expected = {
        chat: [text.replace("ping", "pong") for text in texts]
        for chat, texts in put.by_chat.items()
    }
    verdict = judge(expected, ledger)
    last = max((line["t"] for line in ledger if line["direction"] == "out"), default=put.began)
    return verdict.holds, {**asdict(verdict), "answered_s": round(last - put.began, 2)}


if __name__ == "__main__":
    sys.exit(main())
