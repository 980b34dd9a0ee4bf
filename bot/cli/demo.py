"""`alexia demo`: everything on this machine, without a phone."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shlex import quote
from typing import Any

import click

from bot.cli.demo_parts import (
    ACCOUNT,
    Gone,
    bring_somebody,
    emulator_answers,
    free_port,
    pair,
    until,
)
from bot.cli.emulator import emulator_command
from bot.cli.options import config_option
from bot.cli.shipped import copy_template
from bot.cli.shop_stub import ShopStub
from bot.cli.talk import fail
from bot.domain.data import dataclass

CONFIG_NAME = "config.yaml"
CONSOLE_PORT = 8765  # of health, metrics and the API, unless somebody has it
PORT = 8766  # of the emulator, when nobody says otherwise
EMULATOR_WITHIN = 20.0  # seconds
READY_WITHIN = 120.0  # seconds; a first start of the browser on a small machine is slow
STOP_WITHIN = 15.0  # seconds
EXAMPLES = ": hello, pizza, hours, human"

WELCOME = """
  Open  {phone}  and write as a customer{such_as}.
  The rules lie in  {folder}/rules  and  {folder}/flows : edit them, they load at once.
  In another terminal{activate}:
    {alexia} trace{option}    what it did, and why; also  status, contacts list, report …
    {alexia} tokens show{option}    the key of the API at  http://127.0.0.1:{console}
    alexia chat{option}    talk without a browser
  Ctrl-C ends the demo; what was said is kept for the next time.
"""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the phone page.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-state"),
    show_default=True,
    help="Where the demo keeps its data, and the example's rules to be edited.",
)
@config_option
def demo(port: int | None, folder: Path, config_path: Path | None) -> None:
    """Try it without a phone: emulator, daemon and the example business.

    With a config.yaml (here or by --config) your own rules are tried instead.
    """
    from bot.cli.setup import require_browser

    require_browser(click.echo)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with ExitStack() as running:
            _run(running, Demo.of(folder.absolute(), config_path), free_port(port, PORT))
    except KeyboardInterrupt:
        click.echo("\nthe demo has ended")
    except Gone as gone:
        fail(str(gone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Where the demo's data lie, and under which config it runs."""

    folder: Path
    config: Path

    @classmethod
    def of(cls, folder: Path, config: Path | None) -> "Demo":
        """Take the config that was named, the one that is here, or the example's."""
        if config is None and Path(CONFIG_NAME).exists():
            config = Path(CONFIG_NAME)
        if config is None:
            copy_template("shop", folder)
            config = folder / CONFIG_NAME
        folder.mkdir(parents=True, exist_ok=True)
        found = config / CONFIG_NAME if config.is_dir() else config
        return cls(folder=folder, config=found.absolute())

    @property
    def state(self) -> Path:
        """The data folder of the bot."""
        return self.folder / "state"

    @property
    def is_example(self) -> bool:
        """Whether it is the example business that is tried."""
        return self.config.parent == self.folder

    @property
    def asked_by(self) -> tuple[str, str]:
        """What stands before and behind a command that is to reach this bot."""
        home = self.config.parent
        option = "" if home == Path.cwd() else f" --config {quote(str(_near(home)))}"
        if self.is_example:
            return "alexia", option
        near = self.state.relative_to(home) if self.state.is_relative_to(home) else self.state
        return f"ALEXIA_DATA_DIR={quote(str(near))} alexia", option


def _run(running: ExitStack, demo: Demo, port: int) -> None:
    shop = running.enter_context(ShopStub())
    with _told("starting the emulator"):
        emulator = running.enter_context(
            _process(emulator_command(port, demo.folder / "emulator"), dict(os.environ), _drop)
        )
        url = f"http://127.0.0.1:{port}/"
        until(
            lambda: emulator_answers(url), EMULATOR_WITHIN, "the emulator does not answer", emulator
        )
    env = environment(demo, url, shop.url)
    with _told("starting the bot"):
        bot = running.enter_context(_process(bot_command(demo), env, _follow(demo.folder)))
        _make_ready(demo, url, bot)
    click.echo(welcome(demo, url, env["ALEXIA_CONSOLE__PORT"]))
    if bot.wait() != 0:
        raise Gone(f"the bot ended with {bot.returncode}")
    click.echo("the bot was stopped, and the demo has ended")


def welcome(demo: Demo, url: str, console: str) -> str:
    """Return what is said when all runs: where to write, and how to ask the bot about it."""
    alexia, option = demo.asked_by
    script = Path(sys.prefix) / "bin" / "activate"
    return WELCOME.format(
        phone=url + "phone", folder=_near(demo.config.parent), console=console,
        such_as=EXAMPLES if demo.is_example else "",
        activate=f" (after  source {_near(script)} )" if script.exists() else "",
        alexia=alexia, option=option,
    )  # fmt: skip


def bot_command(demo: Demo) -> list[str]:
    """Return the command line of the daemon's process."""
    return [sys.executable, "-m", "bot.cli", "run", "--config", str(demo.config)]


def environment(demo: Demo, url: str, shop: str) -> dict[str, str]:
    """Return the environment under which the daemon talks to the emulator and the stub."""
    return {
        **os.environ,
        "ALEXIA_DATA_DIR": str(demo.state),
        "ALEXIA_WHATSAPP__URL": url,
        "ALEXIA_PACING": "off",
        "ALEXIA_CONSOLE__PORT": str(free_port(None, CONSOLE_PORT)),
        "ALEXIA_HTTP__ALLOW_LOCAL": "true",
        "SHOP": shop,
        "CAL": shop,
    }


def _make_ready(demo: Demo, url: str, bot: "subprocess.Popen[str]") -> None:
    """Pair the account as a person would with a phone, and wait until the bot hears."""
    from bot.control import ask
    from bot.domain.errors import DaemonSilent, NoDaemon

    def state() -> dict[str, Any] | None:
        try:
            return ask(demo.state, "status", 5.0)
        except (DaemonSilent, NoDaemon):
            return None

    def step() -> bool:
        said = state()
        if said is None:
            return False
        if any(one["state"] == "qr" for one in said["sessions"]):
            pair(url, ACCOUNT)
        return bool(said["ready"])

    until(step, READY_WITHIN, "the bot did not become ready", bot)
    bring_somebody(url)


@contextmanager
def _process(
    command: list[str], env: dict[str, str], take: Callable[[str], None]
) -> Iterator["subprocess.Popen[str]"]:
    """Run a process of its own group; at the end it is asked to stop, then made to."""
    process = subprocess.Popen(  # noqa: S603 - our own words
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
    )  # fmt: skip
    reader = threading.Thread(target=_read, args=(process, take), daemon=True)
    reader.start()
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(2)


def _read(process: "subprocess.Popen[str]", take: Callable[[str], None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        take(line.rstrip("\n"))


def _follow(folder: Path) -> Callable[[str], None]:
    """Show the bot's lines, and keep them in a file."""
    log = folder / "demo.log"
    log.touch(mode=0o600)

    def take(line: str) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        click.echo(click.style(line, dim=True))

    return take


def _drop(line: str) -> None:
    """Keep the emulator's own words out of the way."""


@contextmanager
def _told(what: str) -> Iterator[None]:
    click.echo(f"{what} …")
    yield
    click.echo(f"{what} … done")


def _near(folder: Path) -> Path:
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
