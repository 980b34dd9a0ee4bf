"""Emulator, browser and daemon as real processes, for tests that run end to end."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self
from urllib.parse import unquote

from bot.cli.demo_parts import ACCOUNT, Gone, call, emulator_answers, free_port, pair, until
from bot.cli.emulator import emulator_command
from bot.cli.local_service import LocalService

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.config import Config

CONTROL = 10.0  # seconds that the emulator has for an answer
EMULATOR_WITHIN, READY_WITHIN, STOP_WITHIN = 20.0, 120.0, 15.0  # seconds
LOOK_AGAIN = 0.05  # seconds
PARTS = ("media", "extensions")

Answer = Callable[[str, str, object], tuple[int, object]]
"""From method, url and JSON body to status and JSON body."""


class LiveStage:
    """A copy of a user's folder under a daemon of its own: ``with LiveStage(...) as stage:``.

    Attributes:
        answer: What stands for the services that the rules call.
        env: What the tests call each service's address; the daemon sees ours instead.
    """

    def __init__(self, config: "Config", folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.answer: Answer = _nobody
        self.env: Mapping[str, str] = {}
        self._config = config
        self._settings = settings
        self._port = free_port(None, 0)
        self._services = LocalService(self._answered)
        self._running = ExitStack()
        self._daemon: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """The emulator's address."""
        return f"http://127.0.0.1:{self._port}/"

    @property
    def database(self) -> Path:
        """The running daemon's database file."""
        return self.folder / "state" / "alexia.db"

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self._running.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._running.close()

    def _open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        parts = {part: self._config.folder / part for part in PARTS}
        parts |= {"rules": self._config.rules_folder, "flows": self._config.flows_folder}
        for part, source in parts.items():
            if source.is_dir():
                shutil.copytree(source, self.folder / part)
        self._write_config()
        self._running.enter_context(self._services)
        log = self._running.enter_context((self.folder / "live.log").open("a", encoding="utf-8"))
        self._log = log
        command = emulator_command(self._port, self.folder / "emulator")
        emulator = self._running.enter_context(_process(command, dict(os.environ), log))
        until(lambda: emulator_answers(self.url), EMULATOR_WITHIN,
              "the emulator does not answer", emulator)  # fmt: skip
        self.start()

    def _write_config(self) -> None:
        settings = {
            "data_dir": "./state", "pacing": "off", "loop_guard": "false",
            **self._settings,
        }  # fmt: skip
        lines = [f"{key}: {json.dumps(value)}" for key, value in settings.items()]
        lines += [
            f"whatsapp: {{url: {json.dumps(self.url)}}}",
            "models: {enabled: false}",
            "http: {allow_local: true}",
            "console: {port: 0}",
            f"env: {json.dumps(list(self._config.env))}",
        ]
        (self.folder / "config.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    # ------------------------------------------------------------------ the daemon

    def start(self) -> None:
        """Start the daemon, pair it if it must be, and wait until it hears."""
        env = {key: value for key, value in os.environ.items() if not key.startswith("ALEXIA_")}
        env |= {name: f"{self._services.url}/env/{name}" for name in self._config.env}
        command = [
            sys.executable, "-m", "bot.cli", "run",
            "--config", str(self.folder / "config.yaml"),
        ]  # fmt: skip
        self._daemon = _start(command, env, self._log)
        until(self._is_ready, READY_WITHIN, "the bot did not become ready", self._daemon)

    def _is_ready(self) -> bool:
        said = self.status()
        if any(one["state"] == "qr" for one in said.get("sessions", ())):
            pair(self.url, ACCOUNT)
        return bool(said.get("ready"))

    def status(self) -> dict[str, Any]:
        """Return what the daemon says of itself, empty while it does not answer."""
        from bot.control import ask
        from bot.domain.errors import DaemonSilent, NoDaemon

        try:
            return ask(self.folder / "state", "status", 5.0)
        except (DaemonSilent, NoDaemon):
            return {}

    def reload(self) -> bool:
        """Load the changed files; False when they are broken."""
        from bot.control import ask

        return bool(ask(self.folder / "state", "reload", 30.0).get("reloaded"))

    def kill(self) -> None:
        """Let the daemon die, as in a power cut."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon.wait()

    def stop(self) -> None:
        """End the daemon cleanly."""
        if self._daemon is not None:
            _stop(self._daemon)
            self._daemon = None

    # ------------------------------------------------------------------ the phone's side

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Make a control call. Raises Gone when it is refused."""
        status, raw = call(self.url, "POST", f"/control/{path}", body, CONTROL)
        found: dict[str, Any] = json.loads(raw) if raw else {}
        if status != 200:
            raise Gone(f"the emulator refuses /control/{path}: {found.get('error', status)}")
        return found

    def sent_to(self, chat: str) -> list[dict[str, Any]]:
        """Return what reached a chat from the bot, in order."""
        _, raw = call(self.url, "GET", "/control/ledger", None, CONTROL)
        lines = (json.loads(line) for line in raw.splitlines() if line.strip())
        return [
            line
            for line in lines
            if line["direction"] == "out" and line["chat"] == chat and not line.get("dropped")
        ]

    def _answered(self, method: str, path: str, raw: bytes) -> tuple[int, object]:
        return self.answer(method, _meant(path, self.env), _json_of(raw))

    def wait_until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait for something; False when time is up."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                return False
            time.sleep(LOOK_AGAIN)
        return True


def _json_of(raw: bytes) -> object:
    """Return a body as JSON, as text where it is none."""
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw.decode(errors="replace")


def _meant(path: str, env: Mapping[str, str]) -> str:
    """Return the url that a test means by a path of ours, ``/env/SHOP/price``."""
    _, _, rest = unquote(path).partition("/env/")
    name, slash, tail = rest.partition("/")
    return f"{env.get(name, name)}{slash}{tail}"


def _nobody(method: str, url: str, body: object) -> tuple[int, object]:
    del body
    return 503, {"error": f"nobody answers {method} {url}"}


def _start(command: Sequence[str], env: Mapping[str, str], log: IO[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own words
        command, env=dict(env), stdin=subprocess.DEVNULL, stdout=log, stderr=log, text=True,
        start_new_session=True,
    )  # fmt: skip


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def _process(
    command: Sequence[str], env: Mapping[str, str], log: IO[str]
) -> "Iterator[subprocess.Popen[str]]":
    process = _start(command, env, log)
    try:
        yield process
    finally:
        _stop(process)


def moment() -> datetime:
    """Return the time that the daemon's clock shows too."""
    from bot.daemon.clock import now

    return now()
