"""`alexia media`: the files that customers sent."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import config_of, config_option, json_option, session_option
from bot.cli.talk import ask_daemon, fail, print_json, print_table, shown

if TYPE_CHECKING:
    from bot.config import Config


@click.group()
def media() -> None:
    """The files that customers sent."""


@media.command("list")
@click.option(
    "--state", type=click.Choice(["pending", "ok", "gone"]), default=None,
    help="Only those that are still to be fetched, are here, or are gone.",
)  # fmt: skip
@click.option(
    "--most", default=100, show_default=True, type=click.IntRange(1, 100_000),
    help="No more than so many.",
)  # fmt: skip
@session_option
@config_option
@json_option
def list_media(state: str | None, most: int, config_path: Path | None, as_json: bool) -> None:
    """List them, the latest first."""
    from bot.store import media as store
    from bot.store.reading import reading

    with reading(config_of(config_path).database) as db:
        rows = store.list_media(db, state=state or "", most=most)
    if as_json:
        print_json(rows)
        return
    columns = ("id", "t", "chat", "type", "state", "size", "mimetype", "filename")
    print_table(rows, {name: name for name in columns})


@media.command()
@click.argument("medium", metavar="ID")
@session_option
@config_option
@json_option
def show(medium: str, config_path: Path | None, as_json: bool) -> None:
    """Show one, by its number or its message's id."""
    row = _find(config_of(config_path), medium)
    if as_json:
        print_json(row)
        return
    for name, value in row.items():
        click.echo(f"{name}: {shown(value)}")


@media.command()
@click.argument("medium", metavar="ID")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--thumbnail", is_flag=True, help="Save the small JPEG of a picture instead.")
@session_option
@config_option
@json_option
def save(
    medium: str, file: Path, force: bool, thumbnail: bool, config_path: Path | None, as_json: bool
) -> None:
    """Save one as FILE, or into the folder FILE under its own name."""
    from bot.store.media_files import MediaFiles

    config = config_of(config_path)
    row = _find(config, medium)
    files = MediaFiles(config.home)
    path = files.path_of(row["sha256"])
    if row["state"] != "ok" or path is None:
        state = "gone" if row["state"] == "ok" else row["state"]
        hint = "" if state == "pending" else f"; `alexia media fetch {medium}` asks for it again"
        fail(f"the file of {medium} is {state} ({row['detail'] or 'not here'}){hint}")
    name = row["filename"]
    if thumbnail:
        path, name = files.thumbnail_of(row["sha256"]), f"{name}.small.jpg"
        if path is None:
            fail(f"{medium} has no thumbnail: it is no picture that could be read")
    target = file / name if file.is_dir() else file
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
    try:
        written = os.fdopen(os.open(target, flags, 0o600), "wb")
    except FileExistsError:
        fail(f"{target} is there already; --force replaces it")
    except OSError as failure:
        fail(f"{target} cannot be written: {failure.strerror}")
    with written, path.open("rb") as source:
        shutil.copyfileobj(source, written)
    if as_json:
        print_json({**row, "saved": str(target)})
    else:
        click.echo(f"{target.stat().st_size} bytes in {shown(str(target))}")


@media.command()
@click.argument("medium", metavar="ID")
@session_option
@config_option
def fetch(medium: str, config_path: Path | None) -> None:
    """Ask for one that is not here: of an old message, or given up."""
    answer = ask_daemon(config_of(config_path), "media", id=medium)
    if not answer.get("asked"):
        fail(str(answer.get("reason")))
    click.echo(f"it is fetched; `alexia media show {answer['id']}` tells how far it is")


def _find(config: "Config", medium: str) -> dict[str, Any]:
    from bot.store import media as store
    from bot.store.reading import reading

    with reading(config.database) as db:
        row = store.find_row(db, medium)
        found = [] if row is None else store.list_media(db, row)
    if row is None:
        fail(f"no message with a file is {medium!r}; `alexia media list` names those there are")
    if not found:
        fail(f"the file of {medium} was never asked for; `alexia media fetch {medium}` does")
    return found[0]
