"""Finds and opens the browser, as WhatsApp Web wants to see it."""

import asyncio
import contextlib
import logging
import os
import re
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.domain.errors import BrowserMissing

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Playwright, Route

logger = logging.getLogger("alexia.browser")

ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
ARGUMENTS = (
    "--disable-blink-features=AutomationControlled",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
)
_ENDING: "set[asyncio.Future[None]]" = set()
"""What ends late starts, held until it is done."""
_VERSIONS: dict[tuple[Path, int], str] = {}
"""Major versions by the browser's file and the moment (ns) in which it was last written."""
OWN_HOSTS = ("whatsapp.com", "whatsapp.net")


def find_browser(chosen: Path | None) -> Path:
    """Return a Chromium: the chosen one, Playwright's own, or one of the PATH.

    Raises:
        BrowserMissing: There is none.
    """
    if chosen is not None:
        if chosen.exists():
            return chosen
        raise BrowserMissing((str(chosen),))
    own = sorted((Path.home() / ".cache/ms-playwright").glob("chromium-*/chrome-linux*/chrome"))
    if own:
        return own[-1]
    for name in ON_PATH:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise BrowserMissing(("Playwright's Chromium", *ON_PATH))


def user_agent(browser: Path) -> str:
    """Return the name of Chrome of this browser's version, without the word Headless.

    The browser is asked once; again when its file is another one.
    """
    changed = browser.stat().st_mtime_ns if browser.exists() else 0
    known = _VERSIONS.get((browser, changed))
    if known is None and (known := _major_of(browser)):
        _VERSIONS[browser, changed] = known
    major = known or "140"
    return (
        f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
        f" Chrome/{major}.0.0.0 Safari/537.36"
    )


def _major_of(browser: Path) -> str:
    """Return the major version that a browser tells, "" where it does not in time."""
    said = ""
    with contextlib.suppress(subprocess.TimeoutExpired):  # a busy machine: the name of then will do
        said = subprocess.run(  # noqa: S603 - the browser that was found
            [str(browser), "--version"], check=False, capture_output=True, text=True, timeout=20
        ).stdout
    found = re.search(r"(\d+)\.\d+\.\d+", said)
    return found[1] if found else ""


def clear_profile(profile: Path) -> None:
    """Make the profile ours: end browsers that a killed daemon left on it, drop their locks."""
    profile.mkdir(mode=0o700, parents=True, exist_ok=True)
    end_browsers(profile)
    for lock in profile.glob("Singleton*"):
        lock.unlink(missing_ok=True)


def end_browsers(profile: Path) -> None:
    """Kill whatever still runs on this profile."""
    for pid in browsers_on(profile):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def browsers_on(profile: Path) -> list[int]:
    """Return the processes whose command line names this profile."""
    wanted = f"--user-data-dir={profile}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if wanted in entry.read_bytes().split(b"\0"):
                found.append(int(entry.parent.name))
    return found


def main_process(profile: Path) -> int | None:
    """Return the pid of the browser that holds the profile, None when there is none."""
    wanted = f"--user-data-dir={profile}".encode()
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = entry.read_bytes().split(b"\0")
            if wanted in words and not any(word.startswith(b"--type=") for word in words):
                return int(entry.parent.name)
    return None


@asynccontextmanager
async def open_playwright() -> "AsyncIterator[Playwright]":
    """Run Playwright's driver process for the block.

    A start that is cancelled goes on by itself, and its process is ended then: it would stay for
    ever. On a busy machine that takes longer than whoever cancels can wait.
    """
    from playwright.async_api import async_playwright

    manager = async_playwright()
    starting = asyncio.ensure_future(manager.start())
    try:
        playwright = await asyncio.shield(starting)
    except asyncio.CancelledError:
        starting.add_done_callback(_end_late)
        raise
    _hear_of_death(manager)
    try:
        yield playwright
    finally:
        await playwright.stop()


def _hear_of_death(manager: object) -> None:
    """Hear of it when the driver process is gone before it was told to end.

    Playwright (1.65) notes the death in a future that it looks at while the driver starts, and
    never again: asyncio would tell of an exception that nobody retrieved. What was under way
    fails by itself; a new driver is started by whoever opened this one.
    """
    for name in ("_client", "_connection"):  # the latter before 1.65
        transport = getattr(getattr(manager, name, None), "_transport", None)
        if transport is not None:
            transport.on_error_future.add_done_callback(_tell_death)


def _tell_death(died: "asyncio.Future[None]") -> None:
    if not died.cancelled():
        logger.warning("Playwright's driver process is gone (%s)", died.exception())


def _end_late(starting: "asyncio.Future[Playwright]") -> None:
    """End a driver process that nobody wants any more, now that it has started."""
    if not starting.cancelled() and starting.exception() is None:
        ending = asyncio.ensure_future(starting.result().stop())
        _ENDING.add(ending)
        ending.add_done_callback(_ENDING.discard)


def end_if_cancelled() -> None:
    """Go on ending, when what failed did so on the way out: it stands in the place of the end.

    Raises:
        CancelledError: The task is to end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def open_browser(  # noqa: PLR0913 - what a browser is opened with
    playwright: "Playwright", browser: Path, profile: Path, *, headless: bool, no_sandbox: bool,
    url: str, agent: str, within: float,
) -> "BrowserContext":  # fmt: skip
    """Open the browser on its profile; requests to strangers' hosts are aborted.

    Args:
        within: Seconds it may take. Whatever dies in a browser that is just opening (a renderer,
            say) is told by nobody: the call would never return.
    """
    arguments = [*ARGUMENTS]
    if no_sandbox or os.geteuid() == 0:
        logger.warning("the browser runs without its sandbox (as root it cannot have one)")
        arguments.append("--no-sandbox")
    context = await playwright.chromium.launch_persistent_context(
        profile,
        executable_path=browser,
        args=arguments,
        headless=headless,
        user_agent=agent,
        service_workers="block",
        viewport={"width": 1200, "height": 800},
        handle_sigint=False,
        handle_sigterm=False,
        handle_sighup=False,
        timeout=within * 1000,
    )
    await context.route(strangers(url), _refuse)
    return context


def strangers(url: str) -> re.Pattern[str]:
    """Return what fits addresses that the page at ``url`` has no business with.

    It is worked out beside the browser: requests to WhatsApp's own hosts never come to us.
    """
    host = re.escape(urlsplit(url).hostname or "")
    own = "|".join(rf"(?:[a-z0-9-]+\.)*{re.escape(name)}" for name in OWN_HOSTS)
    return re.compile(rf"^(?!data:|blob:)(?![a-z]+://(?:{host}|{own})(?::\d+)?(?:[/?#]|$))")


async def _refuse(route: "Route") -> None:
    logger.warning("a request to a stranger's host was aborted")
    await route.abort()


def trouble_of(failure: Exception) -> str:
    """Return in a sentence why a browser was given up, and what follows."""
    said = str(failure).splitlines()[0][:200] if str(failure) else "closed"
    if found := re.search(r"net::(ERR_\w+)", said):
        return (
            f"WhatsApp Web cannot be reached ({found[1]}); look at the network of this machine,"
            " it is tried again by itself"
        )
    return f"the browser is lost ({said}); another is opened"
