"""Whether messages that rules answer wait for the models: while those load, hang, or are dead.

    python -m benchmarks.beside_models [--messages 400] [--rounds 5]

Real SQLite and pipeline, one message after the other; a rulebook of keywords alone, and one that
reads intents too. Neither a machine nor its disk is as quick twice, so each state stands between
two stretches of messages with the models switched off, and is compared with those two alone.
Prints one line of JSON: the medians over the rounds of the p95 in milliseconds of each state, and
of its ratio to what stood around it. Ends with 1 when a rule-only message is more than a tenth
slower, or any message goes unanswered.
"""

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.stage import percentile
from benchmarks.w1 import ACCOUNT, RULES, rules
from bot.domain.messages import ChatId, Message, MessageId, MessageKind
from bot.domain.turns import TurnSettings
from bot.inbound.book import make_book
from bot.inbound.pipeline import Handled, Pipeline
from bot.nlu.understander import BackgroundUnderstander, open_understander
from bot.rulebook_files import load_rulebook
from bot.store import inbox
from bot.store.database import Database

MODELS = Path(__file__).parents[1] / "models"
SLOWEST = 1.1  # times the p95 without models
LOADED_WITHIN = 300.0  # seconds
WARM = 30  # messages that are not counted
READS_INTENTS = (
    "\n  - {id: by_intent, when: {intent: ask_hours}, do: {reply: We open at 9.}}\nflows:"
)


def loading() -> BackgroundUnderstander:
    """Return the shipped models, which begin to load when they are started."""
    return open_understander(MODELS, ("en", "es", "pt"))


def hung(models: BackgroundUnderstander) -> None:
    """Load the models, and have their process stand still."""
    _signal(models, signal.SIGSTOP)


def dead(models: BackgroundUnderstander) -> None:
    """Load the models, and have their process die; another one is started beside the messages."""
    _signal(models, signal.SIGKILL)


def _signal(models: BackgroundUnderstander, number: int) -> None:
    models.start()
    assert models.wait(LOADED_WITHIN)
    assert models.pid is not None
    os.kill(models.pid, number)


def off(models: BackgroundUnderstander) -> None:
    """Leave the models alone: what is told then is how far two equal things lie apart."""


STATES: dict[str, Callable[[BackgroundUnderstander], None]] = {
    "off": off, "dead": dead, "hung": hung, "loading": BackgroundUnderstander.start,
}  # fmt: skip


@dataclass(slots=True)
class Seen:
    """What the rounds of one state told: the p95 in milliseconds, and beside no models at all."""

    p95: list[float] = field(default_factory=list)
    ratio: list[float] = field(default_factory=list)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    logging.disable(logging.ERROR)
    told: dict[str, dict[str, float]] = {}
    unanswered = 0
    for book, text in (
        ("keywords", rules()), ("keywords and intents", rules().replace("\nflows:", READS_INTENTS))
    ):  # fmt: skip
        seen = {state: Seen() for state in STATES}
        for number in range(options.rounds):
            for state in _turned(list(STATES), number):
                p95, around, missed = _p95(text, STATES[state], options.messages)
                seen[state].p95.append(p95)
                seen[state].ratio.append(p95 / around)
                unanswered += missed
        told[book] = _compared(seen)
    slow = [state for state in STATES if told["keywords"][f"{state} ratio"] > SLOWEST]
    report = {"benchmark": "beside_models", "rounds": options.rounds, **told}
    print(json.dumps({**report, "unanswered": unanswered}))
    return 1 if slow or unanswered else 0


def _turned(states: list[str], by: int) -> list[str]:
    by %= len(states)
    return states[by:] + states[:by]


def _p95(
    text: str, begin: Callable[[BackgroundUnderstander], None], count: int
) -> tuple[float, float, int]:
    """Return the p95 in milliseconds in a state and around it, and how many had no reply."""
    with tempfile.TemporaryDirectory(prefix="alexia-beside-") as folder:
        waits, around, missed = asyncio.run(_run(Path(folder), text, begin, count))
    return 1000 * percentile(waits, 0.95), 1000 * percentile(around, 0.95), missed


def _compared(seen: dict[str, Seen]) -> dict[str, float]:
    """Return the medians of each state over the rounds."""
    found = {f"{state} p95_ms": round(median(each.p95), 2) for state, each in seen.items()}
    found.update({f"{state} ratio": round(median(each.ratio), 2) for state, each in seen.items()})
    return found


async def _run(
    folder: Path, text: str, begin: Callable[[BackgroundUnderstander], None], count: int
) -> tuple[list[float], list[float], int]:
    """Return how many seconds each message took, in the state and around it; how many had none."""
    (folder / "rules").mkdir()
    (folder / "rules" / "rules.yaml").write_text(text, encoding="utf-8")
    loaded = load_rulebook(folder, env_names=())
    assert loaded.rulebook is not None, loaded.problems
    database, models = Database(folder / "beside.db"), loading()
    handled: list[Handled] = []
    pipeline = Pipeline(
        database, models, make_book(loaded.rulebook, TurnSettings()),
        clock=lambda: datetime.now(UTC), due_at=lambda why, said, start: start,  # noqa: ARG005
    )  # fmt: skip
    pipeline.on_handled = handled.append
    numbers = iter(range(WARM + 2 * count))
    await _waits(database, pipeline, islice(numbers, WARM))
    around = await _waits(database, pipeline, islice(numbers, count // 2))
    await asyncio.to_thread(begin, models)
    waits = await _waits(database, pipeline, islice(numbers, count))
    await asyncio.to_thread(models.close)
    around += await _waits(database, pipeline, numbers)
    await asyncio.to_thread(database.close)
    return waits, around, sum(not one.sends for one in handled)


async def _waits(database: Database, pipeline: Pipeline, numbers: Iterable[int]) -> list[float]:
    """Put messages in, one after the other; return how many seconds each took."""
    found: list[float] = []
    for number in numbers:
        message = _message(number)
        await database.write(partial(inbox.record_all, messages=[message], now=datetime.now(UTC)))
        begun = time.perf_counter()
        await pipeline.step((ACCOUNT, message.chat))
        found.append(time.perf_counter() - begun)
    return found


def _message(number: int) -> Message:
    chat = ChatId(f"55117{number:08d}@c.us")
    return Message(
        account=ACCOUNT, chat=chat, id=MessageId(f"B{number}"), sender=chat,
        text=f"what about topic{number % RULES}?", kind=MessageKind.TEXT,
        sent_at=datetime.now(UTC),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
