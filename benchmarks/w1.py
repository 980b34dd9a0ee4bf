"""W1: 1,000 users write 10 messages each; every reply is durable, sent once, and right.

    python -m benchmarks.w1
    python -m benchmarks.w1 --users 200 --profile

200 keyword rules, 5 flows; 60 % of the messages ask something, 30 % are steps of a flow, 10 % are
known to nobody. Real SQLite, pipeline and courier; the transport is a double, so no browser is
measured. Prints CPU time and latency a message in one JSON line; ends with 1 when a reply is wrong.

Of 140 µs on a core shared with others, some 30 are the decision, 15 the commits and 10 the arrival;
the rest is what is read and stored of a message, the sends and the loop.
"""

import argparse
import asyncio
import gc
import json
import logging
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.stage import percentile
from bot.daemon.bookshelf import RARELY
from bot.delivery.courier import Courier
from bot.delivery.governor import Governor
from bot.delivery.pacing import OFF
from bot.domain.bodies import Amendment, Body, Content
from bot.domain.messages import AccountId, ChatId, Message, MessageId, MessageKind, Origin
from bot.domain.receipts import SENT, Receipt, Standing
from bot.domain.turns import TurnSettings
from bot.inbound.book import make_book
from bot.inbound.lanes import WIDTH, Lanes
from bot.inbound.pipeline import Handled, Pipeline
from bot.rulebook_files import load_rulebook
from bot.store import inbox, outbox
from bot.store.database import Database
from bot.testing.doubles import ScriptedUnderstander

ACCOUNT = AccountId("5511900000001@c.us")
RULES = 200
FLOWS = 5
IN_FLIGHT = 1000  # messages put in before the next wait


def rules() -> str:
    """Return the rule file."""
    lines = ["version: 1", "rules:"]
    for number in range(RULES):
        lines += [
            f"  - id: faq{number}",
            f"    when: {{keyword: [topic{number}, subject{number}]}}",
            f"    do: {{reply: The answer to topic {number}.}}",
        ]
    lines += ["flows:"]
    for number in range(FLOWS):
        lines += [
            f"  flow{number}:",
            f"    when: {{keyword: begin{number}}}",
            "    slots:",
            "      size: {type: choice, choices: [small, large], ask: Which size?}",
            "      count: {type: integer, ask: How many?}",
            "    steps:",
            "      - ask: size",
            "      - ask: count",
            f"      - {{reply: \'Flow {number}: $(count) $(size)\'}}",
        ]  # fmt: skip
    return "\n".join(lines)


def script(user: int) -> list[tuple[str, str | None]]:
    """Return ten messages of a user, each with the reply that is right (None: silence)."""
    chance = random.Random(user)
    flow, count = user % FLOWS, 1 + user % 9
    said: list[tuple[str, str | None]] = [
        (f"begin{flow} please", "Which size?"), ("large", "How many?"),
        (str(count), f"Flow {flow}: {count} large"),
    ]  # fmt: skip
    asked = [chance.randrange(RULES) for _ in range(6)]
    faqs: list[tuple[str, str | None]] = [
        (f"what about topic{number}?", f"The answer to topic {number}.") for number in asked
    ]
    return [*faqs[:3], *said, *faqs[3:], ("something quite different", None)]


class Echo:
    """A transport double that acknowledges at once."""

    def __init__(self) -> None:
        self.account: AccountId | None = ACCOUNT
        self.ready = True
        self.page = "the only one"
        self.sent: dict[str, list[str]] = defaultdict(list)
        self.at: dict[tuple[str, int], float] = {}
        self.acks: list[Receipt] = []

    async def send_text(
        self, chat: ChatId, text: str, message_id: MessageId, quoted: MessageId | None = None,
        mentions: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Take one text."""
        del quoted, mentions
        self.at[chat, len(self.sent[chat])] = time.perf_counter()
        self.sent[chat].append(text)
        now = datetime.now(UTC)
        self.acks.append(Receipt(account=ACCOUNT, chat=chat, id=message_id, ack=SENT, at=now))

    async def find(self, chat: ChatId, message_id: MessageId) -> Standing | None:
        """Say that everything arrived."""
        del chat, message_id
        return Standing(SENT)

    async def show_typing(self, chat: ChatId, typing: bool) -> None:
        """Show nothing."""

    async def show_online(self, online: bool) -> None:
        """Nobody looks."""

    async def show_recording(self, chat: ChatId) -> None:
        """Show nothing."""

    async def mark_read(self, chat: ChatId) -> None:
        """Mark nothing."""

    async def send_body(  # noqa: PLR0913 - what a message has
        self, chat: ChatId, body: Body, text: str, message_id: MessageId, *,
        quoted: MessageId | None = None, content: Content | None = None,
        mentions: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Take what no rule of this workload sends."""
        raise NotImplementedError

    async def amend(self, chat: ChatId, amendment: Amendment) -> None:
        """Take what no rule of this workload does."""
        raise NotImplementedError


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="alexia-w1-") as folder:
        if not options.profile:
            return asyncio.run(_run(Path(folder), options.users))
        import cProfile
        import pstats

        profile = cProfile.Profile()
        code = profile.runcall(asyncio.run, _run(Path(folder), options.users))
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
        return code


async def _run(folder: Path, users: int) -> int:
    (folder / "rules").mkdir()
    (folder / "rules" / "w1.yaml").write_text(rules(), encoding="utf-8")
    loaded = load_rulebook(folder, env_names=())
    assert loaded.rulebook is not None, loaded.problems
    database = Database(folder / "w1.db")
    gc.freeze()  # as the daemon does once a rulebook is in force
    gc.set_threshold(*RARELY)
    echo = Echo()
    handled: list[Handled] = []
    pipeline = Pipeline(
        database, ScriptedUnderstander({}), make_book(loaded.rulebook, TurnSettings()),
        clock=lambda: datetime.now(UTC), due_at=lambda why, text, start: start,  # noqa: ARG005
    )  # fmt: skip
    lanes = Lanes(pipeline.step)
    courier = Courier(database, echo, Governor(OFF), lambda: datetime.now(UTC))

    def on_handled(one: Handled) -> None:
        handled.append(one)
        courier.wake()

    pipeline.on_handled = on_handled
    works = [asyncio.create_task(lanes.work()) for _ in range(WIDTH)]
    works += [
        asyncio.create_task(courier.run()),
        asyncio.create_task(_acknowledge(database, echo, courier)),
    ]
    scripts = {user: script(user) for user in range(users)}
    put_at: dict[tuple[str, int], float] = {}
    cpu, begun = time.process_time(), time.perf_counter()
    for turn in range(10):
        for start in range(0, users, IN_FLIGHT):
            batch = [
                _message(user, turn, scripts[user][turn][0])
                for user in range(start, min(start + IN_FLIGHT, users))
            ]
            for one in batch:
                put_at[one.chat, turn] = time.perf_counter()
            now = datetime.now(UTC)
            record = partial(inbox.record_all, messages=batch, now=now)
            for lane in await database.write(record):
                lanes.wake(lane)
            await _settle(database, handled, lanes, turn * users + start + len(batch))
    spent, wall = time.process_time() - cpu, time.perf_counter() - begun
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)
    database.close()
    right, waits = _judge(scripts, echo, put_at)
    report = {
        "benchmark": "w1", "messages": 10 * users, "right": right,
        "cpu_us": round(1e6 * spent / (10 * users), 1), "wall_s": round(wall, 2),
        "messages_s": round(10 * users / wall), "p50_ms": round(1000 * percentile(waits, 0.5), 1),
        "p99_ms": round(1000 * percentile(waits, 0.99), 1),
    }  # fmt: skip
    print(json.dumps(report))
    return 0 if right == 10 * users else 1


def _message(user: int, turn: int, text: str) -> Message:
    chat = ChatId(f"55118{user:08d}@c.us")
    return Message(
        account=ACCOUNT, chat=chat, id=MessageId(f"U{user}T{turn}"), sender=chat, sender_name="",
        text=text, kind=MessageKind.TEXT, sent_at=datetime.now(UTC), from_me=False,
        origin=Origin.LIVE,
    )  # fmt: skip


async def _acknowledge(database: Database, echo: Echo, courier: Courier) -> None:
    while True:
        await asyncio.sleep(0.02)
        if echo.acks:
            acks, echo.acks = echo.acks, []
            await database.write(partial(outbox.note_receipts, told=acks))
            courier.wake()


async def _settle(database: Database, handled: list[Handled], lanes: Lanes, count: int) -> None:
    """Wait until so many messages were decided and all replies are gone; look seldom: it costs."""
    while len(handled) < count or not lanes.idle:
        await asyncio.sleep(0.01)
    open_ = {"reserved": 1}
    while open_["reserved"] or open_["handed"]:
        await asyncio.sleep(0.02)
        open_ = await database.read(outbox.counts)


def _judge(
    scripts: dict[int, list[tuple[str, str | None]]],
    echo: Echo,
    put_at: dict[tuple[str, int], float],
) -> tuple[int, list[float]]:
    """Return how many messages had the right answer, in order, and how long each took."""
    right, waits = 0, []
    for user, said in scripts.items():
        chat = f"55118{user:08d}@c.us"
        got = iter(enumerate(echo.sent[chat]))
        for turn, (_, wanted) in enumerate(said):
            if wanted is None:
                right += 1
                continue
            number, text = next(got, (-1, None))
            right += text == wanted
            if number >= 0:
                waits.append(echo.at[chat, number] - put_at[chat, turn])
        right -= sum(1 for _ in got)  # whatever else was said is wrong
    return right, waits


if __name__ == "__main__":
    sys.exit(main())
