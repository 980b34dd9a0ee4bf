"""The stage of the system benchmarks: an emulator, a daemon on it, and the emulator's ledger."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ACCOUNT = "5511900000001@c.us"
RULES = """\
version: 1
rules:
  - id: echo
    when: {regex: '^ping (?P<n>\\d+)$'}
    do: {reply: "pong $(n)"}
  - id: hours
    when: {keyword: hours}
    do: {reply: "We are open from 9 to 18."}
"""
CONFIG = """\
data_dir: ./state
whatsapp:
  url: {url}
pacing: off
loop_guard: false
models:
  enabled: {models}
console:
  port: 0
"""


class Stage:
    """An emulator and a daemon in a folder of their own, both real processes."""

    def __init__(self, folder: Path, *, models: bool = False, rules: str = RULES) -> None:
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.bot = folder / "bot"
        (self.bot / "rules").mkdir(parents=True)
        (self.bot / "flows").mkdir()
        (self.bot / "rules" / "bench.yaml").write_text(rules, encoding="utf-8")
        config = CONFIG.format(url=f"{self.base}/", models="true" if models else "false")
        (self.bot / "config.yaml").write_text(config, encoding="utf-8")
        if models:
            shutil.copytree(Path(__file__).parent.parent / "models", self.bot / "models")
        self.log = (folder / "daemon.log").open("ab")
        self.emulator: subprocess.Popen[bytes] | None = None
        self.daemon: subprocess.Popen[bytes] | None = None

    def open_emulator(self) -> None:
        """Start the emulator and wait until it answers."""
        self.emulator = subprocess.Popen(
            [sys.executable, "-m", "bot.emulator", "--port", str(self.port),
             "--data", str(self.folder / "emulator")],
            stdout=self.log, stderr=self.log,
        )  # fmt: skip
        self.wait_for("the emulator", lambda: bool(self.get("/control/state")), 20)

    def open_daemon(self, crash: str = "") -> None:
        """Start the daemon; it leads a process group of its own.

        Args:
            crash: Where it is to die, such as ``t2:1`` (`bot.crash`).
        """
        self.daemon = subprocess.Popen(
            [sys.executable, "-c", "from bot.cli import main; main()",
             "run", "--config", str(self.bot / "config.yaml")],
            stdout=self.log, stderr=self.log, start_new_session=True,
            env={**os.environ, "ALEXIA_CRASH": crash},
        )  # fmt: skip

    def pair(self) -> None:
        """Scan the login code, as soon as one is shown."""

        def paired() -> bool:
            with contextlib.suppress(urllib.error.HTTPError, OSError):
                return bool(self.post("/control/pair", {"account": ACCOUNT}).get("paired"))
            return False

        self.wait_for("the login", paired, 60)

    def wait_ready(self, seconds: float = 60) -> float:
        """Wait until the daemon says it is ready; return how long that took, in seconds."""
        begun = time.monotonic()
        self.wait_for("the daemon", self.is_ready, seconds)
        return time.monotonic() - begun

    def log_in(self) -> None:
        """Start the daemon, scan its login code and wait until it is ready."""
        self.open_daemon()
        self.pair()
        self.wait_ready()

    def is_ready(self) -> bool:
        """Tell whether the daemon says it is ready."""
        return bool(self.status().get("ready"))

    def status(self) -> dict[str, Any]:
        """Return the daemon's status, empty when it does not answer."""
        from bot.control import ask
        from bot.domain.errors import NoDaemon

        try:
            return ask(self.bot / "state", "status", timeout=20)
        except NoDaemon:
            return {}

    def kill_daemon(self, *, group: bool = False) -> None:
        """Kill the daemon with SIGKILL, with its whole process group if asked for."""
        assert self.daemon is not None
        with contextlib.suppress(ProcessLookupError):
            if group:
                os.killpg(self.daemon.pid, signal.SIGKILL)
            else:
                self.daemon.kill()
        self.daemon.wait()

    def parts(self, kind: str) -> list[int]:
        """Return the daemon's processes of a kind: browser, renderer or driver."""
        assert self.daemon is not None
        return [pid for pid, words in descendants(self.daemon.pid) if is_part(kind, words)]

    def stop_daemon(self) -> int:
        """Stop the daemon cleanly and return its exit code."""
        assert self.daemon is not None
        self.daemon.terminate()
        return self.daemon.wait(timeout=20)

    def close(self) -> None:
        """End all processes."""
        if self.daemon is not None and self.daemon.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.stop_daemon()
            if self.daemon.poll() is None:
                self.kill_daemon(group=True)
        if self.emulator is not None:
            self.emulator.terminate()
            self.emulator.wait(timeout=10)
        self.log.close()

    def put(self, chat: str, text: str, **more: object) -> str:
        """Let a message arrive and return its id."""
        said = self.post("/control/messages", {"chat": chat, "from": chat, "text": text, **more})
        return str(said["id"])

    def ledger(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the ledger's lines after number ``after``."""
        return self.lines(f"/control/ledger?after={after}")

    def lines(self, path: str) -> list[dict[str, Any]]:
        """Return the JSON lines that a control call answers."""
        with urllib.request.urlopen(self.base + path) as answer:
            return [json.loads(line) for line in answer.read().splitlines() if line.strip()]

    def get(self, path: str) -> dict[str, Any]:
        """Return what a control call answers, empty when nobody does."""
        try:
            with urllib.request.urlopen(self.base + path, timeout=10) as answer:
                return dict(json.loads(answer.read()))
        except OSError:
            return {}

    def post(self, path: str, body: object) -> dict[str, Any]:
        """Make a control call and return its answer. Raises urllib.error.HTTPError."""
        request = urllib.request.Request(
            self.base + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.loads(answer.read()))

    def wait_for(self, what: str, happened: Callable[[], bool], seconds: float) -> None:
        """Wait until ``happened()``. Raises TimeoutError with the tail of the log."""
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                raise TimeoutError(f"{what} did not come within {seconds} s\n{self.tail()}")
            time.sleep(0.05)

    def tail(self, lines: int = 30) -> str:
        """Return the last lines of the log."""
        text = (self.folder / "daemon.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def wait_quiet(self, seconds: float, most: float) -> list[dict[str, Any]]:
        """Wait until the ledger rested for ``seconds``; return it."""
        lines = self.ledger()
        rested, end = time.monotonic(), time.monotonic() + most
        while time.monotonic() - rested < seconds and time.monotonic() < end:
            time.sleep(0.2)
            fresh = self.ledger(lines[-1]["n"] if lines else 0)
            if fresh:
                lines, rested = [*lines, *fresh], time.monotonic()
        return self.ledger()


def descendants(pid: int) -> list[tuple[int, list[str]]]:
    """Return the processes below one, each with the words of its command line."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            above = int(entry.read_text(errors="replace").rpartition(")")[2].split()[1])
            parents.setdefault(above, []).append(int(entry.parent.name))
    found: list[tuple[int, list[str]]] = []
    left = list(parents.get(pid, ()))
    while left:
        one = left.pop()
        left += parents.get(one, [])
        with contextlib.suppress(OSError):
            raw = Path(f"/proc/{one}/cmdline").read_bytes()
            found.append((one, words_of(raw)))
    return found


def words_of(raw: bytes) -> list[str]:
    """Return the words of a command line.

    Chromium joins those of its helpers with spaces where its zygote starts them.
    """
    return raw.decode(errors="replace").replace("\0", " ").split()


def is_part(kind: str, words: list[str]) -> bool:
    """Tell whether a command line is that of a browser, of a page's renderer, or of the driver."""
    if not words:  # it is ending
        return False
    chromium = "chrom" in words[0]
    types = [word for word in words if word.startswith("--type=")]
    match kind:
        case "browser":
            return chromium and not types and any("--user-data-dir" in word for word in words)
        case "renderer":
            return chromium and types == ["--type=renderer"] and "--top-chrome-webui" not in words
        case _:
            return "node" in words[0] and any("run-driver" in word for word in words)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which ``share`` (0..1) of the values lie; 0 when there are none."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
