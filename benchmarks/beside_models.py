"""Whether messages that rules answer wait for the models: while those load, hang, or are dead.

    python -m benchmarks.beside_models [--seconds 180]

Real SQLite and pipeline, one message after the other; a rulebook of keywords alone, and one that
reads intents too. Neither a machine nor its disk is as quick twice, so stretches of messages take
turns: one in a state, one without models, while the state's process is made to stand still. Of each
stretch the p95 is taken, and the median of those is compared: `ratio`, between `from` and `to` in
95 of 100 draws of the same stretches. `off` compares two equal things: so far are those apart here.

Prints one line of JSON. `undecided` names the states of which so many stretches do not tell whether
a message is more than a tenth slower: more seconds do. Ends with 1 when one is surely slower, or
any message goes unanswered.
"""

import argparse
import asyncio
import contextlib
import gc
import json
import logging
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count, islice
from pathlib import Path
from statistics import median

from benchmarks.stage import percentile
from benchmarks.w1 import ACCOUNT, RULES, rules
from bot.daemon.bookshelf import RARELY
from bot.domain.messages import ChatId, Message, MessageId, MessageKind
from bot.domain.turns import TurnSettings
from bot.inbound.book import Book, make_book
from bot.inbound.pipeline import Handled, Pipeline
from bot.nlu.understander import BackgroundUnderstander, open_understander
from bot.rulebook_files import load_rulebook
from bot.store import inbox
from bot.store.database import Database

MODELS = Path(__file__).parents[1] / "models"
SLOWEST = 1.1  # times the p95 without models
LOADED_WITHIN = 100.0  # seconds
WARM = 100  # messages that are not counted
STRETCH = 20  # messages whose p95 is one figure: the slowest
FEWEST = 5  # blocks, however little time is left
DRAWS = 2000  # of the blocks, for the interval
JUDGED = 2 / 3  # of a state's time, for the keywords; a hung process is ended after 30 s of intents
BOOKS = ("keywords", "keywords and intents")
READS_INTENTS = (
    "\n  - {id: by_intent, when: {intent: ask_hours}, do: {reply: We open at 9.}}\nflows:"
)


def shipped() -> BackgroundUnderstander:
    """Return the shipped models, which begin to load when they are started."""
    return open_understander(MODELS, ("en", "es", "pt"))


class Off:
    """No models at all, on both sides."""

    def __init__(self) -> None:
        self.models = shipped()

    def go_on(self) -> None:
        """Bring the state about, for a stretch of messages."""

    def rest(self) -> bool:
        """Have the models take no time; tell whether they do."""
        return True

    def lasts(self) -> bool:
        """Tell whether the state was there until now."""
        return True

    def signal(self, number: int) -> None:
        """Send a signal to the models' process, if there is one."""
        if self.models.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.models.pid, number)


class Loading(Off):
    """Models that load, again and again; languages, which are loaded in this process, first."""

    def __init__(self) -> None:
        super().__init__()
        self.models.start()

    def go_on(self) -> None:
        """Load on, or anew."""
        self.signal(signal.SIGCONT)
        if self.models.wait(0.0):
            self.models.close()
            self.models = shipped()
            self.models.start()

    def rest(self) -> bool:
        """Stop the process, once there is one."""
        self.signal(signal.SIGSTOP)
        return self.models.pid is not None

    def lasts(self) -> bool:
        """Tell whether the models still load."""
        return not self.models.wait(0.0)


class Hung(Off):
    """Models that were loaded, and whose process stands still."""

    def __init__(self) -> None:
        super().__init__()
        self.models.start()
        assert self.models.wait(LOADED_WITHIN)
        self.signal(signal.SIGSTOP)


class Dead(Off):
    """Models that were loaded, and whose process dies, as does each that takes its place."""

    def __init__(self) -> None:
        super().__init__()
        self.models.start()
        assert self.models.wait(LOADED_WITHIN)

    def go_on(self) -> None:
        """Have the process die."""
        self.signal(signal.SIGKILL)

    def rest(self) -> bool:
        """Stop the process that took its place."""
        self.signal(signal.SIGSTOP)
        return True


STATES: dict[str, type[Off]] = {"off": Off, "dead": Dead, "hung": Hung, "loading": Loading}
Block = tuple[list[float], list[float]]
"""The p95 in seconds of neighbouring stretches: in a state, and without models."""


@dataclass(slots=True)
class Seen:
    """What one state told with one rulebook."""

    blocks: list[Block] = field(default_factory=list)

    def figures(self, state: str) -> dict[str, float]:
        """Return the p95 in milliseconds, and how it compares: the ratio and its interval."""
        chance = random.Random(1)
        drawn = sorted(
            _ratio(chance.choices(self.blocks, k=len(self.blocks))) for _ in range(DRAWS)
        )
        low, high = percentile(drawn, 0.025), percentile(drawn, 0.975)
        p95 = 1000 * median(one for on, _ in self.blocks for one in on)
        told = {"p95_ms": p95, "ratio": _ratio(self.blocks), "from": low, "to": high}
        return {f"{state} {name}": round(value, 2) for name, value in told.items()}


def _ratio(blocks: Sequence[Block]) -> float:
    return median(x for on, _ in blocks for x in on) / median(x for _, off in blocks for x in off)


class Desk:
    """A database, and pipelines with each rulebook that take messages one after the other."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "beside.db")
        self.handled: list[Handled] = []
        self._numbers = count()
        self._books = {
            book: _book(folder / name, text)
            for book, name, text in zip(
                BOOKS, ("a", "b"), (rules(), rules().replace("\nflows:", READS_INTENTS)),
                strict=True,
            )
        }  # fmt: skip

    async def stretch(
        self, book: str, models: BackgroundUnderstander, messages: int = STRETCH
    ) -> float:
        """Answer some messages; return the p95 of the seconds that each took."""
        pipeline = Pipeline(
            self.database, models, self._books[book],
            clock=lambda: datetime.now(UTC), due_at=lambda why, said, start: start,  # noqa: ARG005
        )  # fmt: skip
        pipeline.on_handled = self.handled.append
        took: list[float] = []
        for message in map(_message, islice(self._numbers, messages)):
            await self.database.write(
                partial(inbox.record_all, messages=[message], now=datetime.now(UTC))
            )
            begun = time.perf_counter()
            await pipeline.step((ACCOUNT, message.chat))
            took.append(time.perf_counter() - begun)
        return percentile(took, 0.95)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0, help="for all states together")
    options = parser.parse_args()
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="alexia-beside-") as folder:
        seen, unanswered = asyncio.run(_run(Path(folder), options.seconds))
    told = {
        book: {
            name: value
            for state in STATES
            for name, value in seen[book, state].figures(state).items()
        }
        for book in BOOKS
    }
    judged = told[BOOKS[0]]
    slow = [state for state in STATES if judged[f"{state} from"] > SLOWEST]
    undecided = [
        state for state in STATES if judged[f"{state} from"] <= SLOWEST < judged[f"{state} to"]
    ]
    report = {"benchmark": "beside_models", **told, "slower": slow, "undecided": undecided}
    print(json.dumps({**report, "unanswered": unanswered}))
    return 1 if slow or unanswered else 0


async def _run(folder: Path, seconds: float) -> tuple[dict[tuple[str, str], Seen], int]:
    """Return what each state told with each rulebook, and how many messages had no reply."""
    desk, without, chance = Desk(folder), shipped(), random.Random(1)
    gc.freeze()  # as the daemon does once a rulebook is in force
    gc.set_threshold(*RARELY)
    for book in BOOKS:
        await desk.stretch(book, without, WARM)
    seen: dict[tuple[str, str], Seen] = {}
    end = time.monotonic() + seconds
    for left, (name, begin) in zip(range(len(STATES), 0, -1), STATES.items(), strict=True):
        until = time.monotonic() + (end - time.monotonic()) / left
        state = await asyncio.to_thread(begin)
        for book, share in zip(BOOKS, (JUDGED, 1.0), strict=True):
            seen[book, name] = Seen()
            stop = time.monotonic() + share * (until - time.monotonic())
            while time.monotonic() < stop or len(seen[book, name].blocks) < FEWEST:
                turned = chance.random() < 0.5  # no beat: a checkpoint has one, too
                seen[book, name].blocks += await _block(desk, book, state, without, turned=turned)
        state.signal(signal.SIGKILL)
        await asyncio.to_thread(state.models.close)
    await asyncio.to_thread(desk.database.close)
    return seen, sum(not one.sends for one in desk.handled)


async def _block(
    desk: Desk, book: str, state: Off, without: BackgroundUnderstander, *, turned: bool
) -> list[Block]:
    """Return one block, as many stretches on each side; none when the state ended meanwhile.

    Args:
        turned: Whether it begins without models, and not in the state.
    """
    off = [await desk.stretch(book, without)] if turned and state.rest() else []
    state.go_on()
    on = [await desk.stretch(book, state.models)]
    while not state.rest():
        on.append(await desk.stretch(book, state.models))
    lasted, process = state.lasts(), state.models.pid
    off += [await desk.stretch(book, without) for _ in on[len(off) :]]
    return [(on, off)] if lasted and process == state.models.pid else []


def _book(folder: Path, text: str) -> Book:
    (folder / "rules").mkdir(parents=True)
    (folder / "rules" / "rules.yaml").write_text(text, encoding="utf-8")
    loaded = load_rulebook(folder, env_names=())
    assert loaded.rulebook is not None, loaded.problems
    return make_book(loaded.rulebook, TurnSettings())


def _message(number: int) -> Message:
    chat = ChatId(f"55117{number:08d}@c.us")
    return Message(
        account=ACCOUNT, chat=chat, id=MessageId(f"B{number}"), sender=chat,
        text=f"what about topic{number % RULES}?", kind=MessageKind.TEXT,
        sent_at=datetime.now(UTC),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
