"""`alexia backup`: a copy of all that the bot knows, while it runs."""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from bot.cli.options import config_of, config_option, json_option
from bot.cli.talk import fail, print_json

if TYPE_CHECKING:
    from bot.cli.archive import Packing
    from bot.config import Config

NAME = "alexia-%Y%m%d-%H%M%S.tar.gz"
FOLDERS = ("rules", "flows", "models", "extensions", "tests", "media", "schema")
"""Of the folder of config.yaml, beside what config.yaml names."""
CACHES = frozenset((
    "Cache", "Code Cache", "GPUCache", "DawnCache", "GrShaderCache", "ShaderCache", "__pycache__",
))  # fmt: skip
KINDS = {
    "database": ("database", "databases"),
    "key": ("file of keys", "files of keys"),
    "media": ("file of customers", "files of customers"),
    "profile": ("file of the login", "files of the login"),
    "own": ("file from beside config.yaml", "files from beside config.yaml"),
}
"""What a backup holds, in words: one of it, several."""
DATA_DIR = "ALEXIA_DATA_DIR"
"""The variable of the environment that puts the data folder elsewhere."""
WARNING = (
    "It holds what customers wrote and the keys of the API; whoever has it can read all of that."
    " Keep it as safe as the folder, and on another machine."
)
NO_LOGIN = "Not in it: the login; after `alexia restore` on a new machine, `alexia login`."


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--no-key", is_flag=True, help="Leave sealing.key out; keep it in another place.")
@click.option("--login", is_flag=True, help="The browser profile too; the bot must not run.")
@click.option(
    "--also", multiple=True, type=click.Path(path_type=Path, exists=True),
    help="More files or folders beside config.yaml; may be given several times.",
)  # fmt: skip
@config_option
@json_option
def backup(
    file: Path | None, no_key: bool, login: bool, also: tuple[Path, ...],
    config_path: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Copy all that the bot knows into FILE, also while it runs.

    In it: each session's database, the key of its sensitive values, the files that customers sent,
    the keys of the API, config.yaml, rules, flows, models, extensions, tests. `alexia restore`
    puts it back. FILE is alexia-DATE-TIME.tar.gz when none is named; it is never written over.
    """
    begun, config = time.monotonic(), config_of(config_path)
    path = file or Path(f"{datetime.now(ZoneInfo(config.timezone)):{NAME}}")
    if not path.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.parent}; make it first")
    more = [_below(config, one) for one in also]
    before = os.umask(0o077)
    try:
        if login:
            from bot.control import hold_folder

            with hold_folder(config.data_folder):
                files = _pack(config, path, more, key=not no_key, login=True)
        else:
            files = _pack(config, path, more, key=not no_key, login=False)
    finally:
        os.umask(before)
    size, took = path.stat().st_size, time.monotonic() - begun
    if as_json:
        print_json({"file": str(path), "bytes": size, "seconds": round(took, 3), "files": files})
        return
    _tell(path, size, took, files)
    left = _left_out(config, more)
    if left:
        click.echo(f"Not in it: {', '.join(left)}; `--also NAME` takes more.")
    if not login:
        click.echo(NO_LOGIN)
    if no_key:
        click.echo("Not in it: sealing.key; without it what is sensitive cannot be read again.")


def _tell(path: Path, size: int, took: float, files: dict[str, int]) -> None:
    counts = Counter(_kind(name) for name in files)
    held = ", ".join(
        f"{counts[one]:,} {names[counts[one] != 1]}" for one, names in KINDS.items() if counts[one]
    )
    click.echo(f"{path}: {size / 1e6:,.1f} MB in {took:.1f} s, checked")
    click.echo(f"In it: {held}.")
    click.echo(WARNING)


def _kind(name: str) -> str:
    """Return which of ``KINDS`` a file of a backup is."""
    part, *inner = name.split("/")
    if part == "files":
        return "own"
    if inner[-1] == "alexia.db":
        return "database"
    return next((kind for kind in ("media", "profile") if kind in inner), "key")


def _written_data_dir(config: "Config") -> str:
    """Return the data folder as config.yaml has it, whatever the environment says here."""
    from bot.config import load_config

    here = {name: value for name, value in os.environ.items() if name != DATA_DIR}
    return str(load_config(config.file, here).data_dir)


def _pack(
    config: "Config", path: Path, more: list[Path], *, key: bool, login: bool
) -> dict[str, int]:
    """Write the backup; return size by name."""
    from bot import __version__
    from bot.cli.archive import Contents, writing
    from bot.store.migrations import SCHEMA_VERSION

    begun = datetime.now(ZoneInfo(config.timezone))  # who is erased after it goes as it is put back
    with writing(path) as packing:
        sessions = [
            name for name in config.names if _pack_session(packing, config.alone(name), path)
        ]  # fmt: skip
        if not sessions:
            fail(f"there is no database below {config.data_folder} yet; nothing is to be kept")
        for name in sessions:
            for one in _beside(config.alone(name), key=key, login=login):
                packing.add(one, f"data/{one.relative_to(config.data_folder).as_posix()}")
        packing.add(config.data_folder / "tokens.json", "data/tokens.json")
        for one in _files(config, more):
            packing.add(one, f"files/{one.relative_to(_base(config)).as_posix()}")
        packing.finish(Contents(
            alexia=__version__, schema=SCHEMA_VERSION, data_dir=_written_data_dir(config),
            made_at=begun.isoformat(timespec="seconds"),
            sessions=sessions, files=packing.files,
        ))  # fmt: skip
        return {name: size for name, (size, _) in packing.files.items()}


def _pack_session(packing: "Packing", config: "Config", path: Path) -> bool:
    """Add a session's database; False where it has none yet."""
    from bot.store.copies import copy_database, opened_copy

    if not config.database.exists():
        return False
    with tempfile.TemporaryDirectory(prefix=".alexia-", dir=path.absolute().parent) as folder:
        copy = Path(folder) / config.database.name
        copy_database(config.database, copy)
        with opened_copy(copy):
            pass  # it is whole
        packing.add(copy, f"data/{config.database.relative_to(config.data_folder).as_posix()}")
    return True


def _beside(config: "Config", *, key: bool, login: bool) -> Iterator[Path]:
    """Yield the files that belong to a session's database."""
    from bot.store.keyring import file_beside
    from bot.store.media_files import FOLDER, UNFINISHED

    if key and not config.storage.key:
        yield file_beside(config.database)
    for one in _all_below(config.home / FOLDER):
        if one.suffix != UNFINISHED:
            yield one
    if login and config.profile_folder.is_relative_to(config.data_folder):
        yield from _all_below(config.profile_folder)


def _base(config: "Config") -> Path:
    """Return the folder of config.yaml, written in one way however it was named."""
    return Path(os.path.normpath(config.folder))


def _folders(config: "Config", more: list[Path]) -> list[Path]:
    """Return the folders that are the owner's work, some of which may lie elsewhere."""
    each = [config.alone(name) for name in config.names]
    named = [folder for one in each for folder in (one.rules_folder, one.flows_folder)]
    found = [*(config.folder / name for name in FOLDERS), *named, config.models_folder, *more]
    return [Path(os.path.normpath(one)) for one in found]


def _files(config: "Config", more: list[Path]) -> list[Path]:
    """Return the files beside config.yaml that are the owner's work."""
    folders = [one for one in _folders(config, more) if one.is_relative_to(_base(config))]
    found = {one for folder in folders for one in _all_below(folder)}
    if config.file is not None:
        found.add(_base(config) / config.file.name)
    own = config.data_folder.resolve()
    return sorted(one for one in found if not one.resolve().is_relative_to(own))


def _left_out(config: "Config", more: list[Path]) -> list[str]:
    """Return what lies beside config.yaml, or is named in it, and is not in the backup."""
    tops = {one.relative_to(_base(config)).parts[0] for one in _files(config, more)}
    tops.add(config.data_folder.name)
    there = (one.name for one in config.folder.iterdir() if not one.name.startswith("."))
    elsewhere = {
        str(one) for one in _folders(config, more)
        if one.exists() and not one.is_relative_to(_base(config))
    }  # fmt: skip
    beside = sorted(
        name for name in there
        if name not in tops and name not in FOLDERS and not name.startswith("alexia-")
    )  # fmt: skip
    return beside + sorted(elsewhere)


def _below(config: "Config", path: Path) -> Path:
    whole = Path(os.path.normpath(path.absolute()))
    if not whole.is_relative_to(_base(config)):
        raise click.BadParameter(f"{path} is not beside config.yaml in {config.folder}")
    return whole


def _all_below(folder: Path) -> Iterator[Path]:
    """Yield a file, or all files below a folder; links and caches are left out."""
    if folder.is_file() and not folder.is_symlink():
        yield folder
        return
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in CACHES)
        for name in sorted(names):
            one = Path(place) / name
            if one.is_file() and not one.is_symlink():
                yield one
