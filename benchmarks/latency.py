"""One message at a time, the machine idle: how long until the reply was handed to the page.

    python -m benchmarks.latency --messages 60
    python -m benchmarks.latency --messages 60 --models

The parts: page (put in -> heard by us), ingest (-> stored), models (-> read), decide (the pure
decision and its writes), commit (-> durable), send (-> handed to the page), total; echo is what
the page then takes until it has the reply. The daemon runs in this process, so that one clock
measures all; the emulator and the browser are processes of their own.
"""

import argparse
import asyncio
import json
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.stage import RULES, Stage, percentile
from bot.config import load_config
from bot.daemon.account import Account
from bot.daemon.accounts import Accounts
from bot.domain.messages import Message
from bot.domain.outgoing import Outgoing
from bot.inbound.pipeline import Handled
from bot.store.database import Database

INTENT_RULE = """\
  - id: hours_by_intent
    when: {intent: ask_hours}
    do: {reply: "We are open from 9 to 18."}
  - id: angry
    when: {sentiment: negative, min: 0.9}
    do: {reply: "I am sorry."}
    priority: 10
"""
PARTS = ("page", "ingest", "models", "decide", "commit", "send", "total", "echo")
WITHIN = 30.0  # seconds for one reply
WARM_UP = 5  # messages that are not counted


class Watch:
    """Notes when each thing happened to the message under way, in seconds of one clock."""

    def __init__(self, account: Account) -> None:
        self.at: dict[str, float] = {}
        self.handed = asyncio.Event()
        self._take = account.ingest.take_messages
        self._send = account.session.transport.send_text
        self._on_handled = account.pipeline.on_handled
        account.ingest.take_messages = self.take_messages  # type: ignore[method-assign]
        account.session.transport.send_text = self.send_text  # type: ignore[method-assign]
        account.pipeline.on_handled = self.on_handled
        account.courier.on_handed = self.on_handed

    async def take_messages(self, messages: Sequence[Message]) -> int:
        """Stand before the inlet."""
        begun = time.perf_counter()
        stored = await self._take(messages)
        if not all(message.from_me for message in messages):
            self.at.update(page=begun, ingest=time.perf_counter())
        return stored

    def on_handled(self, handled: Handled) -> None:
        """Hear of the turn."""
        now = time.perf_counter()
        self.at.update(commit=now, models=now - handled.decided / 1000)
        self._on_handled(handled)

    def on_handed(self, _: Outgoing) -> None:
        """Hear that the reply goes to the page."""
        self.at["send"] = time.perf_counter()

    async def send_text(self, *words: Any, **more: Any) -> None:  # as the port has it
        """Stand before the transport."""
        await self._send(*words, **more)
        self.at["echo"] = time.perf_counter()
        self.handed.set()

    def parts(self, put: float, decided: float) -> dict[str, float]:
        """Return the lengths of the parts, in seconds."""
        at = self.at
        return {
            "page": at["page"] - put,
            "ingest": at["ingest"] - at["page"],
            "models": at["models"] - at["ingest"],
            "decide": decided,
            "commit": at["commit"] - at["models"] - decided,
            "send": at["send"] - at["commit"],
            "total": at["send"] - put,
            "echo": at["echo"] - at["send"],
        }


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=60)
    parser.add_argument("--models", action="store_true")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    rules = RULES + (INTENT_RULE if options.models else "")
    with tempfile.TemporaryDirectory(prefix="alexia-latency-") as folder:
        stage = Stage(Path(folder), models=options.models, rules=rules)
        try:
            stage.open_emulator()
            rows = asyncio.run(_play(stage, options.messages, models=options.models))
        finally:
            stage.close()
    report: dict[str, object] = {
        "benchmark": "latency", "models": options.models, "messages": options.messages,
    }  # fmt: skip
    for name in PARTS:
        values = [row[name] for row in rows]
        report[f"{name}_p50_ms"] = round(1000 * percentile(values, 0.5), 1)
        report[f"{name}_p95_ms"] = round(1000 * percentile(values, 0.95), 1)
    print(json.dumps(report))
    return 0 if len(rows) == options.messages else 1


async def _play(stage: Stage, messages: int, *, models: bool) -> list[dict[str, float]]:
    config = load_config(stage.bot / "config.yaml")
    ready = asyncio.Event()
    accounts = Accounts(config, on_ready=ready.set)
    await accounts.open()
    account = accounts.find().running
    watch, database = Watch(account), account.database
    if models:
        accounts.understander.start()
    running = asyncio.create_task(accounts.run())
    await asyncio.to_thread(stage.pair)
    await asyncio.wait_for(ready.wait(), 60)
    await asyncio.sleep(15 if models else 2)  # the models load in the background
    rows = [await _one(stage, watch, database, number) for number in range(WARM_UP + messages)]
    accounts.stopping.set()
    await running
    await accounts.close()
    return rows[WARM_UP:]


async def _one(stage: Stage, watch: Watch, database: Database, number: int) -> dict[str, float]:
    chat = f"55119{number:08d}@c.us"
    watch.handed.clear()
    put = time.perf_counter()
    await asyncio.to_thread(stage.put, chat, f"ping {number}")
    await asyncio.wait_for(watch.handed.wait(), WITHIN)
    found = await database.read(
        lambda db: db.execute("SELECT milliseconds FROM traces WHERE chat = ?", (chat,)).fetchone()
    )
    await asyncio.sleep(0.15)  # idle again
    return watch.parts(put, float(found["milliseconds"]) / 1000)


if __name__ == "__main__":
    sys.exit(main())
