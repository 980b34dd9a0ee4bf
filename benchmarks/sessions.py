"""Several accounts at once in one daemon; one crashes and one is logged out, the others answer.

    python -m benchmarks.sessions --sessions 5 --messages 20

Each account has a number of its own in one emulator, a browser, a state folder and rules of its
own. First all answer, also while one of them is flooded. Then the browser of one is killed and
another is logged out by its phone, while messages go on arriving everywhere: those of the others
must be answered as before, those of the killed one once it is back, those of the one that is
logged out after its next login. Prints one JSON line; ends with 1 when a message was lost,
doubled, or answered by the wrong account.

Memory is what the kernel says of each process's own share (PSS), in MB.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.stage import Stage, descendants, is_part, percentile

CONFIG = """\
data_dir: ./state
whatsapp:
  url: {url}
sessions:
{sessions}pacing: off
loop_guard: false
models:
  enabled: {models}
console:
  port: 0
"""
RULES = """\
version: 1
rules:
  - id: echo
    when: {{regex: '^ping (?P<n>\\d+)$'}}
    do: {{reply: "{name} says pong $(n)"}}
"""
READY_WITHIN = 180.0  # seconds for a browser, on a small machine with others beside it
NOTICED_WITHIN = 10.0  # seconds after which a logout by the phone is known
QUIET = 4.0  # seconds without a movement after which the ledger is judged
FLOOD = 25  # times as many messages for one account as for the others
FLOOD_FROM = 100_000  # the number of its first message
MOST_LATE = 5.0  # seconds for an answer of an account that nothing happened to


class Chain:
    """The stage with several accounts in its daemon."""

    def __init__(self, folder: Path, count: int, *, models: bool) -> None:
        self.stage = Stage(folder)
        self.names = [f"shop{number}" for number in range(1, count + 1)]
        self.numbers = {
            name: f"551190000{number:04d}@c.us" for number, name in enumerate(self.names, 1)
        }
        self.expected: dict[str, list[str]] = {name: [] for name in self.names}
        self._put: dict[str, float] = {}
        self._write(models=models)

    def _write(self, *, models: bool) -> None:
        bot, entries = self.stage.bot, ""
        for name in self.names:
            (bot / name / "rules").mkdir(parents=True)
            (bot / name / "rules" / "echo.yaml").write_text(RULES.format(name=name))
            entries += f"  - name: {name}\n    rules: {name}/rules\n"
        text = CONFIG.format(
            url=f"{self.stage.base}/", sessions=entries, models=str(models).lower()
        )
        (bot / "config.yaml").write_text(text)

    def sessions(self) -> Mapping[str, dict[str, Any]]:
        """Return what the daemon says of each account."""
        return {one["name"]: one for one in self.stage.status().get("sessions", [])}

    def ask(self, do: str, **more: object) -> dict[str, Any]:
        """Return what the daemon answers to a command."""
        from bot.control import ask

        return ask(self.stage.bot / "state", do, 60.0, **more)

    def log_in(self, name: str) -> None:
        """Scan the code of an account, the only one that shows one."""
        self.wait_state(name, "qr")

        def paired() -> bool:
            with contextlib.suppress(OSError):
                account = {"account": self.numbers[name]}
                return bool(self.stage.post("/control/pair", account).get("paired"))
            return False

        self.stage.wait_for(f"the login of {name}", paired, 60)
        self.wait_state(name, "ready")

    def wait_state(self, name: str, state: str) -> float:
        """Wait until an account is in a state; return how long that took, in seconds."""
        begun = time.monotonic()

        def there() -> bool:
            return bool(self.sessions().get(name, {}).get("state") == state)

        self.stage.wait_for(f"{name} to be {state}", there, READY_WITHIN)
        return time.monotonic() - begun

    def wait_left(self, name: str) -> float:
        """Wait until an account is not ready any more; return how long that took, in seconds."""
        begun = time.monotonic()
        self.stage.wait_for(
            f"the end of {name}", lambda: self.sessions()[name]["state"] != "ready", NOTICED_WITHIN
        )
        return time.monotonic() - begun

    def say(self, number: int, names: Iterable[str]) -> None:
        """Let a customer write to each of the accounts."""
        chat = f"55218{number:08d}@c.us"
        for name in names:
            self.stage.put(chat, f"ping {number}", account=self.numbers[name])
            answer = f"{name} says pong {number}"
            self.expected[name].append(answer)
            self._put[answer] = time.time()

    def sent(self) -> list[dict[str, Any]]:
        """Return what the accounts sent, as the emulator's ledger has it."""
        return [line for line in self.stage.ledger() if line["direction"] == "out"]

    def wait_answers(self, names: Iterable[str], seconds: float) -> None:
        """Wait until the accounts have answered all that was said to them."""
        wanted = {answer for name in names for answer in self.expected[name]}
        self.stage.wait_for(
            "the answers", lambda: wanted <= {line["body"] for line in self.sent()}, seconds
        )

    def delays(self, names: Iterable[str], since: float = 0.0) -> list[float]:
        """Return how long each answer took that was asked for since a moment, in seconds."""
        mine = {answer for name in names for answer in self.expected[name]}
        return [
            line["t"] - self._put[line["body"]]
            for line in self.sent()
            if line["body"] in mine and self._put[line["body"]] >= since
        ]

    def verdict(self) -> dict[str, int]:
        """Return how many answers are lost, doubled, or came from another account."""
        numbers = {number: name for name, number in self.numbers.items()}
        found = Counter(line["body"] for line in self.sent())
        wanted = [answer for answers in self.expected.values() for answer in answers]
        strangers = [
            line for line in self.sent()
            if line["body"].partition(" ")[0] != numbers.get(line["account"])
        ]  # fmt: skip
        return {
            "answers": len(wanted),
            "lost": sum(answer not in found for answer in wanted),
            "doubled": sum(count - 1 for count in found.values()),
            "strangers": len(strangers),
        }

    def memory(self) -> dict[str, Any]:
        """Return the memory of the daemon and of what each account has for itself, in MB."""
        assert self.stage.daemon is not None
        browsers = {
            name: sum(pss(pid) for pid in family(int(one["browser_pid"])))
            for name, one in self.sessions().items()
            if one["browser_pid"]
        }
        below = descendants(self.stage.daemon.pid)
        drivers = [pss(pid) for pid, words in below if is_part("driver", words)]
        return {
            "daemon_mb": round(pss(self.stage.daemon.pid)),
            "browser_mb": {name: round(one) for name, one in browsers.items()},
            "driver_mb": [round(one) for one in drivers],
        }


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    return [pid, *(one for one, _ in descendants(pid))]


def pss(pid: int) -> float:
    """Return a process's share of the memory in MB, 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=5)
    parser.add_argument("--messages", type=int, default=20, help="to each, in each of three parts")
    parser.add_argument("--models", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alexia-sessions-") as folder:
        chain = Chain(Path(folder), options.sessions, models=options.models)
        try:
            report = play(chain, options.messages)
        finally:
            chain.stage.close()
    print(json.dumps({"benchmark": "sessions", "sessions": options.sessions, **report}))
    return 0 if holds(report) else 1


def holds(report: Mapping[str, Any]) -> bool:
    """Tell whether nothing was lost and nobody was disturbed."""
    faultless = not report["lost"] and not report["doubled"] and not report["strangers"]
    alone = len(report["driver_mb"]) == len(report["browser_mb"])  # nothing is left over
    on_time = max(report["undisturbed_p95_s"], report["beside_flood_p95_s"]) <= MOST_LATE
    return faultless and alone and on_time and report["stopped"] == 0


def play(chain: Chain, messages: int) -> dict[str, Any]:
    """Let all answer, then trouble two of them, then heal them; return the figures."""
    stage, names = chain.stage, chain.names
    crashed, logged_out, *others = names
    stage.open_emulator()
    stage.open_daemon()
    alone = open_one_after_another(chain)
    for number in range(messages):
        chain.say(number, names)
        time.sleep(0.1)
    chain.wait_answers(names, 60)
    calm, together = chain.delays(names), chain.memory()
    beside = flood(chain, others[-1], messages)

    trouble = time.time()
    os.kill(int(chain.sessions()[crashed]["browser_pid"]), signal.SIGKILL)
    stage.post("/control/session", {"do": "logout", "account": chain.numbers[logged_out]})
    for number in range(messages, 2 * messages):
        chain.say(number, names)
        time.sleep(0.1)
    chain.wait_answers(others, 30)
    troubled = chain.delays(others, trouble)
    noticed = chain.wait_left(logged_out)
    chain.wait_state(crashed, "ready")
    back = time.time() - trouble
    chain.wait_answers([crashed], 60)
    chain.log_in(logged_out)
    for number in range(2 * messages, 3 * messages):
        chain.say(number, names)
    chain.wait_answers(names, 90)
    stage.wait_quiet(QUIET, 60)
    verdict = chain.verdict()
    begun = time.monotonic()
    return {
        **verdict,
        "calm_p95_s": round(percentile(calm, 0.95), 2),
        "beside_flood_p95_s": round(percentile(beside, 0.95), 2),
        "undisturbed_p95_s": round(percentile(troubled, 0.95), 2),
        "logout_noticed_s": round(noticed, 1),
        "crashed_ready_again_s": round(back, 1),
        "daemon_mb_with_1": alone["daemon_mb"],
        **together,
        "stopped": stage.stop_daemon(),
        "stop_s": round(time.monotonic() - begun, 1),
    }


def flood(chain: Chain, name: str, messages: int) -> list[float]:
    """Flood one account; return how long the answers of the others took meanwhile, in seconds."""
    begun, others = time.time(), [one for one in chain.names if one != name]

    def pour() -> None:
        for number in range(FLOOD_FROM, FLOOD_FROM + FLOOD * messages):
            chain.say(number, [name])

    flooding = threading.Thread(target=pour)
    flooding.start()
    for number in range(FLOOD_FROM - messages, FLOOD_FROM):
        chain.say(number, others)
        time.sleep(0.1)
    flooding.join()
    chain.wait_answers(chain.names, 180)
    return chain.delays(others, begun)


def open_one_after_another(chain: Chain) -> dict[str, Any]:
    """Log each account in while the later ones are stopped, so that one code is shown at a time.

    Returns:
        The memory while only the first one runs.
    """
    first, *rest = chain.names
    chain.stage.wait_for("the daemon", lambda: len(chain.sessions()) == len(chain.names), 60)
    for name in rest:
        chain.ask("session_stop", session=name)
    chain.log_in(first)
    alone = chain.memory()
    for name in rest:
        chain.ask("session_start", session=name)
        chain.log_in(name)
    return alone


if __name__ == "__main__":
    sys.exit(main())
