"""A rule is edited while the daemon runs: how long until its new text is in force, and answers.

    python -m benchmarks.edits --edits 20 --rules 200 --most 0.1
    python -m benchmarks.edits --edits 5 --rules 10000 --most 1.5

Real Chromium and emulator. The edited file holds all rules, or 2,500 of them. From the write to the
moment that the daemon tells of its rulebook; and to the first new answer, which takes a question
and its way through the page besides, asked again as soon as the old text came. Prints one JSON
line; ends with 1 when the median until it is in force is over ``--most`` seconds, or when a broken
edit took the old text out of force.
"""

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.rulebooks import rule_files
from benchmarks.stage import RULES, Stage, percentile


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--most", type=float, default=1.0, help="seconds until it is in force")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alexia-edits-") as folder:
        edited, *others = rule_files(options.rules).values()
        stage = Stage(Path(folder), rules=_rules(edited, -1))
        for number, text in enumerate(others):
            (stage.bot / "rules" / f"more{number}.yaml").write_text(text, encoding="utf-8")
        try:
            stage.open_emulator()
            stage.log_in()
            return _run(stage, edited, options)
        finally:
            stage.close()


def _run(stage: Stage, edited: str, options: argparse.Namespace) -> int:
    waits = [_edit(stage, edited, number) for number in range(options.edits)]
    text = _rules(edited, options.edits).replace("when:", "wehn:", 1)
    (stage.bot / "rules" / "bench.yaml").write_text(text, encoding="utf-8")
    stage.wait_for("the refusal", lambda: bool(_rejected(stage)), 30)
    kept = _reply(stage, "551190000099@c.us")
    rejected = _rejected(stage)[0]
    place = f"{rejected['file']}:{rejected['line']}:{rejected['column']}"
    in_force, answered = ([one[which] for one in waits] for which in (0, 1))
    print(json.dumps({
        "benchmark": "edits", "edits": options.edits, "rules": options.rules,
        "in_force_p50_s": round(percentile(in_force, 0.5), 3),
        "in_force_p95_s": round(percentile(in_force, 0.95), 3),
        "answered_p50_s": round(percentile(answered, 0.5), 3), "broken_at": place,
        "old_text_kept": kept == _text(options.edits - 1),
    }))  # fmt: skip
    is_quick = percentile(in_force, 0.5) <= options.most
    return 0 if is_quick and kept == _text(options.edits - 1) else 1


def _edit(stage: Stage, edited: str, number: int) -> tuple[float, float]:
    """Write a new text and ask until it answers; return the seconds until in force, and answered.

    The time to write the file counts: the watch may see its first part.
    """
    text = _rules(edited, number)
    written, begun = datetime.now(UTC), time.monotonic()
    (stage.bot / "rules" / "bench.yaml").write_text(text, encoding="utf-8")
    for question in range(1_000):
        if _reply(stage, f"55119{number:04d}{question:04d}@c.us") == _text(number):
            answered = time.monotonic() - begun
            told = datetime.fromisoformat(stage.status()["rulebook"]["loaded_at"])
            return (told - written).total_seconds(), answered
    raise TimeoutError(f"edit {number} never answered")


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


def _rules(edited: str, number: int) -> str:
    """Return the file with the rules of the stage at its end."""
    _, ours = RULES.replace("We are open from 9 to 18.", _text(number)).split("rules:\n")
    return edited + ours


def _text(number: int) -> str:
    return f"Open, edit {number}."


def _rejected(stage: Stage) -> list[dict[str, object]]:
    return list(stage.status().get("rulebook", {}).get("rejected", []))


if __name__ == "__main__":
    sys.exit(main())
