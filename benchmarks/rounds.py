"""Starts and stops the daemon again and again, and asks what a stop leaves behind.

    python -m benchmarks.rounds --rounds 20

A round: start on the same folder, wait until ready, answer one message, stop with SIGTERM. Then no
process below the daemon may live, no lock may lie in the profile or be held on the data folder, no
socket may be there, and nothing in the folder for temporary files, which is one of its own. Prints
one JSON line; ends with 1 when anything is left, a stop takes over 10 s, or a message was lost or
doubled.
"""

import argparse
import contextlib
import fcntl
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.oracle import judge
from benchmarks.stage import Stage, descendants, percentile

STOPS_WITHIN = 10.0  # seconds (DELIVERY)
GONE_WITHIN = 2.0  # seconds that the kernel gets to end the last processes


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alexia-rounds-") as folder:
        stage = Stage(Path(folder) / "stage")
        try:
            return _run(stage, options.rounds)
        finally:
            stage.close()


def _run(stage: Stage, rounds: int) -> int:
    stage.open_emulator()
    temporary = stage.folder.parent / "tmp"
    temporary.mkdir()
    os.environ["TMPDIR"] = str(temporary)  # of the daemon and all below it
    left: dict[str, list[str]] = {"processes": [], "locks": [], "sockets": [], "files": []}
    expected: dict[str, list[str]] = {}
    codes, stops = [], []
    for number in range(rounds):
        known = _round(stage, number, expected)
        begun = time.monotonic()
        codes.append(stage.stop_daemon())
        stops.append(time.monotonic() - begun)
        left["processes"] += _alive(known)
        left["locks"] += _locks(stage)
        left["sockets"] += [path.name for path in (stage.bot / "state").glob("*.sock")]
        left["files"] += sorted(path.name for path in temporary.iterdir())
        _progress(number + 1, rounds)
    verdict = judge(expected, stage.wait_quiet(3, 60))
    report = {
        "benchmark": "rounds", "rounds": rounds, "left": left, "exit_codes": sorted(set(codes)),
        "stop_max_s": round(max(stops), 1), "stop_p50_s": round(percentile(stops, 0.5), 1),
        "answered": verdict.answered, "lost": verdict.lost, "duplicate": verdict.duplicate,
    }  # fmt: skip
    print(json.dumps(report))
    clean = not any(left.values()) and set(codes) == {0} and max(stops) <= STOPS_WITHIN
    return 0 if clean and verdict.holds else 1


def _round(stage: Stage, number: int, expected: dict[str, list[str]]) -> list[tuple[int, str]]:
    """Start, answer one message, and return all processes of this life with their start times."""
    stage.open_daemon()
    if number == 0:
        stage.pair()
    stage.wait_ready(120)
    chat = f"55119{number:08d}@c.us"
    expected[chat] = [f"pong {number}"]
    stage.put(chat, f"ping {number}")
    stage.wait_for("the reply", lambda: _is_answered(stage, chat), 60)
    assert stage.daemon is not None
    family = [stage.daemon.pid, *(pid for pid, _ in descendants(stage.daemon.pid))]
    return [(pid, _begun(pid)) for pid in family]


def _is_answered(stage: Stage, chat: str) -> bool:
    return any(
        line["direction"] == "out" and line["chat"] == chat for line in stage.ledger()
    )  # fmt: skip


def _begun(pid: int) -> str:
    """Return when a process began, "" when it is gone: a number may be given again."""
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[19]
    return ""


def _alive(known: list[tuple[int, str]]) -> list[str]:
    """Return the processes of a life that outlived it, zombies included."""
    end = time.monotonic() + GONE_WITHIN
    while True:
        found = [str(pid) for pid, begun in known if begun and _begun(pid) == begun]
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.05)


def _locks(stage: Stage) -> list[str]:
    """Return the locks that are left: of the browser's profile, and a held one of the folder."""
    state = stage.bot / "state"
    found = [path.name for path in (state / "profile").glob("Singleton*")]
    lock = state / "alexia.lock"
    if lock.exists():
        handle = os.open(lock, os.O_RDWR)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            found.append(lock.name)
        finally:
            os.close(handle)
    return found


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\rround {done} of {total}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
