"""Page → Python and Python → page through a real Chromium, one call a piece against ours.

    python -m benchmarks.bridge
    python -m benchmarks.bridge --events 4000 --commands 1000 --rounds 3

The page runs our real bridge over a stand-in for wa-js, no emulator. Events: one call of a binding
an event, against ours, gathered while the page's task lasts and while those before are taken in.
Commands: one ``evaluate`` a command, against our driver, which gathers up to 50. The ratios are to
calls of which each is awaited before the next; those to calls that are all asked at once are
printed beside them. Latency: events 10 ms apart, from the page's clock to Python. Prints one JSON
line; ends with 1 when a ratio or the latency misses its target.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.stage import percentile
from bot.domain.messages import AccountId, ChatId, MessageId
from bot.whatsapp.browser import find_browser, open_browser, user_agent
from bot.whatsapp.driver import RUN, Driver
from bot.whatsapp.injected import scripts

if TYPE_CHECKING:
    from playwright.async_api import Page

URL = "http://bridge.test/"
ACCOUNT = AccountId("5511900000001@c.us")
EVENTS, COMMANDS, P50 = 20.0, 10.0, 5.0  # times, times, milliseconds
SPACED = 200  # events whose latency is measured
WPP = """
window.heard = {};
window.WPP = {
  isFullReady: true,
  on: (name, hear) => { (window.heard[name] ||= []).push(hear); },
  conn: { getMyUserId: () => '5511900000001@c.us' },
  whatsapp: {
    MsgStore: { getModelsArray: () => [] }, ChatStore: { get: () => undefined },
    functions: { unixTime: () => Math.floor(Date.now() / 1000) },
  },
  chat: {
    find: async (id) => ({ id }),
    sendTextMessage: async (chat, text, options) => ({ id: options.messageId, ack: 0 }),
  },
};
const told = (name, event) => window.heard[name].forEach((hear) => hear(event));
window.raise = (number) => told('chat.new_message', {
  id: { remote: '5511987654321@c.us', fromMe: false, toString: () => `false_x_M${number}` },
  from: '5511987654321@c.us', type: 'chat', body: `message ${number} at ${performance.timeOrigin
  + performance.now()}`, t: 1767600000, ack: 1, isNewMsg: true, notifyName: 'Ana Souza',
});
window.raiseAll = (count) => { for (let n = 0; n < count; n += 1) window.raise(n); };
window.raiseSlowly = async (count) => {
  for (let n = 0; n < count; n += 1) {
    window.raise(n);
    await new Promise((done) => setTimeout(done, 10));
  }
};
window.oneByOne = async (count, told) => {
  for (let n = 0; n < count; n += 1) await window.takeOne(told);
};
window.oneEach = (count, told) => { for (let n = 0; n < count; n += 1) window.takeOne(told); };
"""


class Ears:
    """Counts what arrives from the page."""

    def __init__(self) -> None:
        self.count = 0
        self.wanted = 0
        self.all = asyncio.Event()
        self.waits: list[float] = []
        self.last = ""
        self.is_timing = False

    def expect(self, count: int) -> None:
        """Begin to count anew."""
        self.count, self.wanted, self.waits = 0, count, []
        self.all.clear()

    async def take(self, _: object, told: str) -> None:
        """Take in a batch of our bridge."""
        now = 1000 * time.time()
        events = json.loads(told)["events"]
        if self.is_timing:
            told_at = (float(event["raw"]["body"].rpartition(" ")[2]) for event in events)
            self.waits += [now - at for at in told_at]
        self.last = json.dumps(events[-1])
        self._counted(len(events))

    async def take_one(self, _: object, told: str) -> None:
        """Take in one event."""
        json.loads(told)
        self._counted(1)

    def _counted(self, more: int) -> None:
        self.count += more
        if self.count == self.wanted:
            self.all.set()


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=4000)
    parser.add_argument("--commands", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    return asyncio.run(_run(options.events, options.commands, options.rounds))


async def _run(events: int, commands: int, rounds: int) -> int:
    from playwright.async_api import async_playwright

    ears = Ears()
    browser = find_browser(None)
    with tempfile.TemporaryDirectory(prefix="alexia-bridge-") as profile:
        async with async_playwright() as playwright:
            context = await open_browser(
                playwright, browser, Path(profile), headless=True, no_sandbox=True, url=URL,
                agent=user_agent(browser), within=60,
            )  # fmt: skip
            await context.expose_binding("alexiaTake", ears.take)
            await context.expose_binding("takeOne", ears.take_one)
            page = context.pages[0]
            await page.route(
                "**/*", lambda route: route.fulfill(body="<p>", content_type="text/html")
            )
            for script in scripts(URL, WPP):
                await page.add_init_script(script)
            await page.goto(URL)
            found = [await _round(page, ears, events, commands) for _ in range(rounds)]
            waits = await _latency(page, ears)
            await context.close()
    return _report(found, waits)


async def _round(page: "Page", ears: Ears, events: int, commands: int) -> dict[str, float]:
    """Return events and commands a second, both ways."""
    driver = Driver()
    driver.attach(page)
    driver.open_sends(ACCOUNT, "")
    few_events, few_commands = max(events // 20, 50), max(commands // 10, 50)
    return {
        "events": await _events(page, ears, events),
        "events_one_by_one": await _events_each(page, ears, few_events, "oneByOne"),
        "events_each_at_once": await _events_each(page, ears, few_events, "oneEach"),
        "commands": await _commands(driver, commands),
        "commands_one_by_one": await _commands_one_by_one(page, few_commands),
        "commands_each_at_once": await _commands_each_at_once(page, few_commands),
    }


async def _events(page: "Page", ears: Ears, count: int) -> float:
    ears.expect(count)
    begun = time.perf_counter()
    await page.evaluate("count => window.raiseAll(count)", count)
    await ears.all.wait()
    return count / (time.perf_counter() - begun)


async def _events_each(page: "Page", ears: Ears, count: int, how: str) -> float:
    ears.expect(count)
    begun = time.perf_counter()
    await page.evaluate("([how, count, told]) => window[how](count, told)", [how, count, ears.last])
    await ears.all.wait()
    return count / (time.perf_counter() - begun)


async def _commands(driver: Driver, count: int) -> float:
    begun = time.perf_counter()
    await asyncio.gather(
        *(driver.send_text(_chat(number), "hello", _id(number)) for number in range(count))
    )
    return count / (time.perf_counter() - begun)


def _listed(count: int) -> list[str]:
    return [
        json.dumps([{"do": "send", "chat": _chat(number), "text": "hello", "id": _id(number)}])
        for number in range(count)
    ]


async def _commands_one_by_one(page: "Page", count: int) -> float:
    begun = time.perf_counter()
    for one in _listed(count):
        await page.evaluate(RUN, one)
    return count / (time.perf_counter() - begun)


async def _commands_each_at_once(page: "Page", count: int) -> float:
    begun = time.perf_counter()
    await asyncio.gather(*(page.evaluate(RUN, one) for one in _listed(count)))
    return count / (time.perf_counter() - begun)


async def _latency(page: "Page", ears: Ears) -> list[float]:
    """Return how long events took from the page to Python, in milliseconds."""
    ears.expect(SPACED)
    ears.is_timing = True
    await page.evaluate("count => window.raiseSlowly(count)", SPACED)
    await ears.all.wait()
    return ears.waits


def _report(found: list[dict[str, float]], waits: list[float]) -> int:
    def times(kind: str, other: str = "one_by_one") -> float:
        return statistics.median(one[kind] / one[f"{kind}_{other}"] for one in found)

    p50 = percentile(waits, 0.5)
    events, commands = times("events"), times("commands")
    print(json.dumps({
        "benchmark": "bridge",
        **{f"{kind}_per_s": round(statistics.median(one[kind] for one in found))
           for kind in found[0]},
        "events_times": round(events, 1), "commands_times": round(commands, 1),
        "events_times_at_once": round(times("events", "each_at_once"), 1),
        "commands_times_at_once": round(times("commands", "each_at_once"), 1),
        "p50_ms": round(p50, 2), "p99_ms": round(percentile(waits, 0.99), 2),
        "rounds": len(found), "cores": os.cpu_count(),
    }))  # fmt: skip
    return 0 if events >= EVENTS and commands >= COMMANDS and p50 <= P50 else 1


def _chat(number: int) -> ChatId:
    return ChatId(f"55119{number:08d}@c.us")


def _id(number: int) -> MessageId:
    return MessageId(f"3EB0{number:018X}")


if __name__ == "__main__":
    sys.exit(main())
