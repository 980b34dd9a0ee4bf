"""One message at a time, the machine idle: how long until the reply reached WhatsApp, in parts.

    python -m benchmarks.latency --messages 60
    python -m benchmarks.latency --messages 60 --models

The parts: page (put in -> stored), turn (stored -> decided; models are here), decide (the decision
and its writes), claim (decided -> handed), send (handed -> in the servers' ledger).
"""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.stage import RULES, Stage, percentile

INTENT_RULE = """\
  - id: hours_by_intent
    when: {intent: ask_hours}
    do: {reply: "We are open from 9 to 18."}
  - id: angry
    when: {sentiment: negative, min: 0.9}
    do: {reply: "I am sorry."}
    priority: 10
"""
PARTS = ("page", "turn", "decide", "claim", "send", "total")


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=60)
    parser.add_argument("--models", action="store_true")
    options = parser.parse_args()
    rules = RULES + (INTENT_RULE if options.models else "")
    with tempfile.TemporaryDirectory(prefix="alexia-latency-") as folder:
        stage = Stage(Path(folder), models=options.models, rules=rules)
        try:
            stage.open_emulator()
            stage.open_daemon()
            stage.pair()
            stage.wait_ready()
            time.sleep(15 if options.models else 2)  # models load in the background
            return _run(stage, options.messages, models=options.models)
        finally:
            stage.close()


def _run(stage: Stage, messages: int, *, models: bool) -> int:
    for number in range(messages):
        chat = f"55119{number:08d}@c.us"
        stage.put(chat, f"ping {number}")
        stage.wait_for("the reply", lambda chat=chat: _answered(stage, chat), 20)  # type: ignore[misc]
    time.sleep(1)
    parts = _parts(stage)
    report: dict[str, object] = {"benchmark": "latency", "models": models, "messages": messages}
    for name in PARTS:
        values = [row[name] for row in parts]
        report[f"{name}_p50_ms"] = round(1000 * percentile(values, 0.5), 1)
        report[f"{name}_p95_ms"] = round(1000 * percentile(values, 0.95), 1)
    print(json.dumps(report))
    return 0 if len(parts) == messages else 1


def _answered(stage: Stage, chat: str) -> bool:
    return any(line["direction"] == "out" and line["chat"] == chat for line in stage.ledger())


def _parts(stage: Stage) -> list[dict[str, float]]:
    ledger = stage.ledger()
    put = {line["chat"]: float(line["t"]) for line in ledger if line["direction"] == "in"}
    out = {line["chat"]: float(line["t"]) for line in ledger if line["direction"] == "out"}
    db = sqlite3.connect(stage.bot / "state" / "alexia.db")
    rows = db.execute(
        "SELECT i.chat, i.received_at, i.decided_at, t.milliseconds, o.handed_at FROM inbox i"
        " JOIN outbox o ON o.chat = i.chat JOIN traces t ON t.chat = i.chat"
    ).fetchall()
    db.close()
    return [
        {
            "page": received - put[chat],
            "turn": decided - received,
            "decide": milliseconds / 1000,
            "claim": handed - decided - milliseconds / 1000,
            "send": out[chat] - handed,
            "total": out[chat] - put[chat],
        }
        for chat, received, decided, milliseconds, handed in rows
    ]


if __name__ == "__main__":
    sys.exit(main())
