"""`alexia setup`: what this machine needs beyond the Python packages."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click

from bot.domain.errors import BotError, BrowserMissing

Say = Callable[[str], None]
DOWNLOAD_WITHIN = 900.0  # seconds
MISSING = 5  # exit code


@click.command()
def setup() -> None:
    """Fetch what is missing: browser, wa-js, model weights. Can be run again."""
    missing = [name for name, step in STEPS.items() if not _done(name, step)]
    if missing:
        click.echo(f"still missing: {', '.join(missing)}; `alexia doctor` says more", err=True)
        raise click.exceptions.Exit(MISSING)


def browser_step(say: Say) -> str:
    """Find a Chromium or install one; return what was found."""
    return str(require_browser(say))


def require_browser(say: Say) -> Path:
    """Return a Chromium, installed now when there is none.

    Raises:
        BrowserMissing: There is none, and none could be installed.
    """
    from bot.whatsapp.browser import find_browser

    try:
        return find_browser(None)
    except BrowserMissing:
        say("browser: none found; fetching Playwright's Chromium …")
    for command in _installers():
        if _succeeds(command):
            try:
                return find_browser(None)
            except BrowserMissing:
                continue
    return find_browser(None)


def bundle_step(say: Say) -> str:
    """Fetch and verify the wa-js bundle; return where it lies."""
    from bot.whatsapp.wajs import fetch_bundle

    say("wa-js: looking …")
    return str(fetch_bundle(cache_folder()))


def weights_step(say: Say) -> str:
    """Fetch and verify the weights of the text models; return where they lie."""
    from bot.nlu.multilingual import find_multilingual
    from bot.nlu.weights import fetch_minilm

    say("weights: looking …")
    return f"{fetch_minilm(cache_folder())} and {find_multilingual()}"


def cache_folder() -> Path:
    """Return where fetched files lie for all of this user's bots."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "alexia"


STEPS: dict[str, Callable[[Say], str]] = {
    "browser": browser_step,
    "wa-js": bundle_step,
    "weights": weights_step,
}


def _done(name: str, step: Callable[[Say], str]) -> bool:
    try:
        click.echo(f"{name}: ok, {step(click.echo)}")
    except BotError as failure:
        click.echo(f"{name}: missing, {failure}", err=True)
        return False
    return True


def _installers() -> list[list[str]]:
    commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and Path("/etc/debian_version").exists():
        commands.append(["apt-get", "update"])
        commands.append(["apt-get", "install", "-y", "--no-install-recommends", "chromium"])
    return commands


def _succeeds(command: list[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command, check=False, capture_output=True, timeout=DOWNLOAD_WITHIN, env=env
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
