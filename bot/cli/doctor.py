"""`alexia doctor`: one line a finding, with the remedy."""

import os
import platform
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.doctor_rules import rule_findings
from bot.cli.findings import Finding
from bot.cli.live_check import live_findings
from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import print_json
from bot.domain.errors import BotError

if TYPE_CHECKING:
    from bot.config import Config

OLDEST_PYTHON = (3, 11)
LEAST_SPACE = 500_000_000  # bytes: the browser profile, media and the database grow
MISSING = 5  # exit code


@click.command()
@click.option("--live", is_flag=True,
              help="Try the running bot too: it sends one message to its own number.")  # fmt: skip
@session_option
@config_option
@json_option
def doctor(live: bool, config_path: Path | None, as_json: bool) -> None:
    """Check this machine; one line a finding, with the remedy. Changes nothing."""
    findings = list(_findings(config_path))
    if live:
        findings += live_findings(config_of(config_path))
    if as_json:
        names = ("name", "ok", "said", "remedy", "essential")
        print_json([{name: getattr(one, name) for name in names} for one in findings])
    else:
        for one in findings:
            mark = "ok  " if one.ok else ("BAD " if one.essential else "warn")
            click.echo(f"{mark} {one.name}: {one.said}")
            if one.remedy and not one.ok:
                click.echo(f"     {one.remedy}")
    if any(not one.ok and one.essential for one in findings):
        raise click.exceptions.Exit(MISSING)


def _findings(config_path: Path | None) -> Iterator[Finding]:
    yield _versions()
    yield _clock()
    config, told = _config(config_path)
    yield told
    yield _browser(config)
    yield _bundle(config)
    yield from _weights()
    if config is not None:
        yield _data_folder(config.data_folder)
        if not _is_ours(config.data_folder):
            return
        yield _space(config.data_folder)
        yield from _sessions(config)
        yield from rule_findings(config)
        yield _daemon(config)


def _versions() -> Finding:
    from importlib import metadata

    names = ("alexia-bot", "playwright", "torch", "transformers", "sqlmodel", "click")
    found = []
    for name in names:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"{name} missing")
    said = f"Python {platform.python_version()}, {', '.join(found)}"
    ok = sys.version_info >= OLDEST_PYTHON and "missing" not in said
    return Finding(name="versions", ok=ok, said=said, remedy="run `python3 bootstrap.py doctor`")


def _clock() -> Finding:
    """A clock behind the newest of our own files is surely wrong."""
    now = time.time()
    newest = max(file.stat().st_mtime for file in Path(__file__).parent.glob("*.py"))
    return Finding(
        name="clock",
        ok=now > newest - 86_400,
        said=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        remedy="the clock is behind; set it, or start the time service (timedatectl set-ntp true)",
    )


def _config(path: Path | None) -> tuple["Config | None", Finding]:
    from bot.config import CONFIG_NAME

    if path is None and not Path(CONFIG_NAME).exists():
        return None, Finding(
            name="config", ok=False, essential=False, said=f"no {CONFIG_NAME} here",
            remedy="make one with `alexia init`, or name one with --config",
        )  # fmt: skip
    try:
        config = config_of(path, every=True)
    except BotError as failure:
        return None, Finding(name="config", ok=False, said=str(failure))
    return config, Finding(name="config", ok=True, said=str(config.file))


def _browser(config: "Config | None") -> Finding:
    from bot.whatsapp.browser import find_browser

    try:
        found = find_browser(config.whatsapp.browser if config else None)
    except BotError as failure:
        return Finding(name="browser", ok=False, said=str(failure))
    return Finding(name="browser", ok=True, said=str(found))


def _bundle(config: "Config | None") -> Finding:
    from bot.whatsapp.wajs import find_bundle

    try:
        return Finding(name="wa-js", ok=True, said=str(find_bundle(config)))
    except BotError as failure:
        return Finding(name="wa-js", ok=False, said=str(failure))


def _weights() -> Iterator[Finding]:
    from bot.nlu.admin import ENCODERS

    for name, find in ENCODERS.items():
        try:
            yield Finding(name=f"weights {name}", ok=True, said=str(find()))
        except BotError as failure:
            yield Finding(name=f"weights {name}", ok=False, essential=False, said=str(failure))


def _data_folder(folder: Path) -> Finding:
    if not _is_ours(folder):
        return Finding(
            name="data folder", ok=False, said=f"{folder} cannot be read and written by you",
            remedy="run this as the user of the bot, or give the folder away:"
            f" sudo chown -R $USER {folder}",
        )  # fmt: skip
    if not folder.exists():
        return Finding(name="data folder", ok=True, said=f"{folder} (made at the first start)")
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        said, remedy = f"others may read {folder}", f"chmod 700 {folder}"
        return Finding(name="data folder", ok=False, essential=False, said=said, remedy=remedy)
    return Finding(name="data folder", ok=True, said=str(folder))


def _is_ours(folder: Path) -> bool:
    """Tell whether a data folder may be worked in, or made where there is none."""
    near = next(one for one in (folder, *folder.parents) if os.access(one, os.F_OK))
    return os.access(near, os.R_OK | os.W_OK | os.X_OK)


def _sessions(config: "Config") -> Iterator[Finding]:
    """Look at the folders of each account, and at data that belong to none."""
    from bot.config.accounts import SESSIONS
    from bot.daemon.library import missing_folders

    alone = [config.alone(name) for name in config.names]
    for one in alone:
        missing = missing_folders(one)
        said = missing[0].message if missing else str(one.home)
        yield Finding(name=f"session {one.names[0]}", ok=not missing, said=said,
                      remedy="make it, or name another in config.yaml")  # fmt: skip
        if one.database.exists():
            yield _database(one)
    homes = {one.home for one in alone}
    there = [file.parent for file in config.data_folder.glob(f"{SESSIONS}/*/alexia.db")]
    there += [file.parent for file in config.data_folder.glob("alexia.db")]
    for home in sorted(set(there) - homes):
        yield Finding(
            name="sessions", ok=False, essential=False,
            said=f"the data in {home} belong to no session of config.yaml",
            remedy="name it under sessions: again, or move the data away",
        )  # fmt: skip


def _database(config: "Config") -> Finding:
    """Look at each page of an account's database."""
    from bot.store.copies import look_through

    name, path = f"database {config.names[0]}", config.database
    try:
        look_through(path)
    except BotError as failure:
        return Finding(name=name, ok=False, said=str(failure))
    said = f"{path.stat().st_size / 1e6:,.1f} MB, whole"
    return Finding(name=name, ok=True, said=said)


def _space(folder: Path) -> Finding:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    free = shutil.disk_usage(there).free
    return Finding(
        name="disk", ok=free > LEAST_SPACE, said=f"{free / 1e9:.1f} GB free",
        remedy="make room, or put data_dir elsewhere",
    )  # fmt: skip


def _daemon(config: "Config") -> Finding:
    from bot.control import ask
    from bot.domain.errors import DaemonSilent, NoDaemon

    try:
        said = ask(config.data_folder, "status", 5.0)
    except NoDaemon:
        return Finding(name="daemon", ok=True, said="none runs here")
    except DaemonSilent as failure:
        return Finding(name="daemon", ok=False, said=str(failure), remedy="its log says more")
    reasons = [str(reason) for reason in said.get("reasons", [])]
    whole = bool(said.get("ready")) and not reasons
    return Finding(
        name="daemon", ok=whole, essential=False, said=f"pid {said.get('pid')}",
        remedy="; ".join(reasons) or "see `alexia status`",
    )  # fmt: skip
