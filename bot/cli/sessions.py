"""`alexia sessions`: the accounts of the bot, each started, stopped and named by itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.daemon import session_lines
from bot.cli.login import PHONE, PNG, follow_login
from bot.cli.options import config_of, config_option, json_option
from bot.cli.talk import ask_daemon, fail, print_json, print_table

if TYPE_CHECKING:
    from bot.config import Config

WITHIN = 60.0  # seconds; a browser is closed cleanly first
COLUMNS = {"name": "name", "state": "state", "account": "account", "rules": "rulebook.rules",
           "flows": "rulebook.flows", "waiting": "inbox.waiting", "why": "detail"}  # fmt: skip
NAME = click.argument("name")


@click.group()
def sessions() -> None:
    """Accounts of the bot: start, stop, log in, rename each by itself."""


@sessions.command("list")
@config_option
@json_option
def list_(config_path: Path | None, as_json: bool) -> None:
    """List them with their state."""
    rows = _rows(config_of(config_path))
    if as_json:
        print_json(rows)
    else:
        print_table(rows, COLUMNS)


@sessions.command()
@NAME
@config_option
@json_option
def status(name: str, config_path: Path | None, as_json: bool) -> None:
    """Show how one is."""
    config = config_of(config_path)
    row = next(one for one in _rows(config) if one["name"] == config.meant(name))
    if as_json:
        print_json(row)
        return
    for line in session_lines(row):
        click.echo(line)


@sessions.command()
@NAME
@config_option
@json_option
def add(name: str, config_path: Path | None, as_json: bool) -> None:
    """Make another, in config.yaml too; `alexia sessions login NAME` shows its code."""
    answer = ask_daemon(config_of(config_path), "session_add", WITHIN, session=name)
    _told(answer, as_json)


@sessions.command()
@NAME
@config_option
@json_option
def remove(name: str, config_path: Path | None, as_json: bool) -> None:
    """End one and take it out of config.yaml; its data stay, and so does its login on the phone."""
    answer = ask_daemon(config_of(config_path), "session_remove", WITHIN, session=name)
    if as_json:
        print_json(answer)
    else:
        click.echo(f"session {name} is ended; its data stay until you remove them")


@sessions.command()
@NAME
@config_option
@json_option
def start(name: str, config_path: Path | None, as_json: bool) -> None:
    """Start one that was stopped, or try at once what failed."""
    _told(_ask(config_path, "session_start", name), as_json)


@sessions.command()
@NAME
@config_option
@json_option
def stop(name: str, config_path: Path | None, as_json: bool) -> None:
    """Stop one; it stays so, over restarts too, until it is started."""
    _told(_ask(config_path, "session_stop", name), as_json)


@sessions.command()
@NAME
@PNG
@PHONE
@config_option
def login(name: str, png: Path | None, phone: str, config_path: Path | None) -> None:
    """Show the QR code that logs one in, until it is scanned."""
    config = config_of(config_path)
    follow_login(config, config.meant(name), png, phone)


@sessions.command()
@NAME
@config_option
@click.confirmation_option(prompt="It will need a new QR code afterwards. Log out?")
def logout(name: str, config_path: Path | None) -> None:
    """Log one out of WhatsApp."""
    _ask(config_path, "logout", name)
    click.echo("logged out")


@sessions.command()
@NAME
@click.argument("new_name")
@config_option
@json_option
def rename(name: str, new_name: str, config_path: Path | None, as_json: bool) -> None:
    """Give one another name, in config.yaml and on the disk; it stays logged in."""
    from bot.domain.errors import NoDaemon

    config = config_of(config_path)
    name = config.meant(name)
    try:
        said = ask_daemon(config, "session_rename", WITHIN, session=name, to=new_name)["session"]
    except NoDaemon:
        _rename_at_rest(config, name, new_name)
        said = {"name": new_name, "state": "stopped"}
    if as_json:
        print_json(said)
    else:
        click.echo(f"{name} is called {new_name} now")


def _rename_at_rest(config: "Config", name: str, new_name: str) -> None:
    """Rename an account of a bot that does not run."""
    from bot.control import hold_folder
    from bot.daemon.renaming import rename as rename_in
    from bot.daemon.renaming import settle_names

    with hold_folder(config.data_folder):
        settle_names(config)
        rename_in(config, name, new_name)


def _rows(config: "Config") -> list[dict[str, Any]]:
    """Return what the running bot says of its sessions; without one, what stands in the config."""
    from bot.domain.errors import NoDaemon

    try:
        return list(ask_daemon(config, "status")["sessions"])
    except NoDaemon:
        return [
            {"name": name, "state": "stopped", "detail": "no daemon runs", "account": None}
            for name in config.names
        ]


def _ask(config_path: Path | None, do: str, name: str) -> dict[str, Any]:
    config = config_of(config_path)
    return ask_daemon(config, do, WITHIN, session=config.meant(name))


def _told(answer: dict[str, Any], as_json: bool) -> None:
    session = answer["session"]
    if as_json:
        print_json(session)
    else:
        for line in session_lines(session):
            click.echo(line)
    if session["state"] == "failed":
        fail(f"it failed: {session['detail']}")
