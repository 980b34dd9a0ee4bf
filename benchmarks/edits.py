"""A rule is edited while the daemon runs: how long until its new text answers.

    python -m benchmarks.edits --edits 20

Ends with 1 when the median is over a second, or when a broken edit took the old text out of force.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.stage import RULES, Stage, percentile

TARGET = 1.0  # seconds


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alexia-edits-") as folder:
        stage = Stage(Path(folder))
        try:
            stage.open_emulator()
            stage.log_in()
            return _run(stage, options.edits)
        finally:
            stage.close()


def _run(stage: Stage, edits: int) -> int:
    waits = [_edit(stage, number) for number in range(edits)]
    text = _rules(edits).replace("when:", "wehn:", 1)
    (stage.bot / "rules" / "bench.yaml").write_text(text, encoding="utf-8")
    stage.wait_for("the refusal", lambda: bool(_rejected(stage)), 10)
    kept = _reply(stage, "551190000099@c.us")
    rejected = _rejected(stage)[0]
    place = f"{rejected['file']}:{rejected['line']}:{rejected['column']}"
    median = percentile(waits, 0.5)
    print(json.dumps({
        "benchmark": "edits", "edits": edits, "p50_s": round(median, 3),
        "p95_s": round(percentile(waits, 0.95), 3), "broken_at": place,
        "old_text_kept": kept == _text(edits - 1),
    }))  # fmt: skip
    return 0 if median <= TARGET and kept == _text(edits - 1) else 1


def _edit(stage: Stage, number: int) -> float:
    """Write a new text and ask until it answers; return the time from write to the new answer."""
    (stage.bot / "rules" / "bench.yaml").write_text(_rules(number), encoding="utf-8")
    begun = time.monotonic()
    for question in range(100):
        if _reply(stage, f"55119{number:04d}{question:04d}@c.us") == _text(number):
            return time.monotonic() - begun
    return 100.0


def _reply(stage: Stage, chat: str) -> str:
    stage.put(chat, "hours")
    found: list[str] = []

    def answered() -> bool:
        found[:] = [
            str(line["body"])
            for line in stage.ledger()
            if line["direction"] == "out" and line["chat"] == chat
        ]
        return bool(found)

    stage.wait_for("the reply", answered, 20)
    return found[0]


def _rules(number: int) -> str:
    return RULES.replace("We are open from 9 to 18.", _text(number))


def _text(number: int) -> str:
    return f"Open, edit {number}."


def _rejected(stage: Stage) -> list[dict[str, object]]:
    return list(stage.status().get("rulebook", {}).get("rejected", []))


if __name__ == "__main__":
    sys.exit(main())
