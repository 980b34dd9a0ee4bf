"""`alexia restore`: what a backup holds is put back, and what was there is kept."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.options import config_of, config_option, json_option
from bot.cli.talk import counted, fail, print_json, shown
from bot.config.accounts import MAIN, SESSIONS
from bot.domain.data import dataclass

if TYPE_CHECKING:
    from bot.cli.archive import Contents
    from bot.config import Config

STAGING = "restoring"
"""In the data folder: what is unpacked, before it is known to be whole."""
KEPT = "before-%Y%m%d-%H%M%S"  # UTC
WHOLE = ("media", "profile")  # folders that are replaced as one
MOST_NAMED = 10  # files in one line
ERASE = (
    "There is no database of before here that knows whom you erased since the backup was made; if"
    " there was somebody, erase them anew: `alexia privacy erase CONTACT`"
)
NEXT = (
    "What was said since the backup is read back from WhatsApp when the bot runs, and nothing old"
    " is answered again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a backup goes: the folder of config.yaml, and the data folder."""

    folder: Path
    data: Path
    config: "Config | None"

    @property
    def fresh(self) -> Path:
        """What is unpacked of the data, before it takes its place."""
        return self.data / STAGING / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Which files beside config.yaml were put there, and which were left as they are."""

    put: list[str]
    left: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What was kept from happening a second time: messages, campaigns, and who was erased.

    ``people`` is None where the database of before, which knew them, is lost.
    """

    messages: int
    runs: int
    people: int | None


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="There is data already: keep it beside.")
@click.option("--files", is_flag=True, help="Also config.yaml, rules and the like that differ.")
@config_option
@json_option
def restore(
    file: Path, replace: bool, files: bool, config_path: Path | None, as_json: bool
) -> None:
    """Put the backup FILE back; the bot must not run.

    It is checked as a whole first. Data that is there is replaced only with --replace, and kept in
    a folder before-DATE-TIME in the data folder. Files beside config.yaml are put where they are
    missing; those that differ stay as they are, unless you say --files.
    """
    from bot.control import hold_folder

    before = os.umask(0o077)
    try:
        target = _target(file, config_path)
        with hold_folder(target.data):
            _put_back(file, target, replace=replace, files=files, as_json=as_json)
    finally:
        os.umask(before)


def _target(file: Path, config_path: Path | None) -> Target:
    """Return where the backup goes: where config.yaml says, or as it was where there is none."""
    from bot.cli.archive import contents_of
    from bot.cli.backup import DATA_DIR
    from bot.config import CONFIG_NAME

    named = config_path or Path()
    written = named if named.suffix in (".yaml", ".yml") else named / CONFIG_NAME
    if written.exists():
        config = config_of(written, every=True)
        return Target(folder=config.folder, data=config.data_folder, config=config)
    folder = written.absolute().parent
    data = os.environ.get(DATA_DIR) or contents_of(file).data_dir
    return Target(folder=folder, data=folder / data, config=None)


def _put_back(file: Path, target: Target, *, replace: bool, files: bool, as_json: bool) -> None:
    from bot.cli.archive import unpack

    there = [one for one in _databases(target.data) if one.exists()]
    if there and not replace:
        fail(
            f"there is data in {target.data} already; `--replace` puts the backup in its place and"
            " keeps what is there beside"
        )
    staging = target.data / STAGING
    shutil.rmtree(staging, ignore_errors=True)  # of a restore that was cut off
    try:
        staging.mkdir(mode=0o700)
        contents = unpack(file, staging)
        settled = [_made_fit(one, target, contents.made_at) for one in contents.sessions]
        old = target.data / f"{datetime.now(UTC):{KEPT}}"
        placed = _place_files(staging / "files", target, old, files=files)
        _swap(target.fresh, target.data, old)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _tell(file, contents, settled, placed, old if old.exists() else None, as_json=as_json)


def _databases(data: Path) -> list[Path]:
    return [data / "alexia.db", *data.glob("sessions/*/alexia.db")]


def _made_fit(session: str, target: Target, made_at: str) -> Fit:
    """Check a session's database and its key, and let nothing in it happen a second time."""
    from bot.config import default_config
    from bot.daemon.clock import now
    from bot.store import copies, erased
    from bot.store.media_files import MediaFiles
    from bot.store.opening import scrub

    home = target.fresh if session == MAIN else target.fresh / SESSIONS / session
    path, age = home / "alexia.db", (target.config or default_config(target.folder)).max_reply_age
    known = _erased_meanwhile(target.data / path.relative_to(target.fresh))
    with copies.opened_copy(path) as db:
        _check_key(path, copies.key_name(db), target)
        db.execute("BEGIN IMMEDIATE")
        settled = copies.settle(db, now(), age)
        people, files = erased.erase_again(db, known or {}, datetime.fromisoformat(made_at))
        db.execute("COMMIT")
        if people:
            scrub(db)
            MediaFiles(home).remove(files)
    return Fit(
        messages=settled.messages, runs=settled.runs, people=None if known is None else people
    )


def _erased_meanwhile(path: Path) -> dict[str, float] | None:
    """Return who was erased, as the database knows that is there; None where it is lost."""
    from bot.domain.errors import DatabaseRefused
    from bot.store.erased import erased
    from bot.store.reading import reading

    try:
        with reading(path) as db:
            return erased(db)
    except DatabaseRefused:
        return None


def _check_key(path: Path, owner: str, target: Target) -> None:
    """Tell where the key that a database needs is not at hand."""
    from bot.domain.errors import KeyRefused
    from bot.store.keyring import FILE_NAME, configured, file_beside, read_file

    held = read_file(file_beside(path))
    if held is not None and owner and held.find(owner) is None:
        raise KeyRefused(FILE_NAME, "of the backup is not the key of its database; take another")
    chosen = configured(target.config.storage.key.value) if target.config else None
    there = read_file(target.data / path.parent.relative_to(target.fresh) / FILE_NAME)
    if owner and all(ring is None or ring.find(owner) is None for ring in (held, chosen, there)):
        click.echo(
            f"warning: the key named {owner} is not in the backup; put its {FILE_NAME} beside"
            " alexia.db, or name it in storage.key, before `alexia run`",
            err=True,
        )


def _swap(fresh: Path, data: Path, old: Path) -> None:
    """Put what was unpacked in the place of what is there, which goes to ``old``."""
    for one in sorted(fresh.iterdir()):
        there = data / one.name
        if one.is_dir() and (one.name not in WHOLE or fresh.name == SESSIONS):
            there.mkdir(mode=0o700, exist_ok=True)
            _swap(one, there, old / one.name)
            continue
        for name in (there.name, f"{there.name}-wal", f"{there.name}-shm"):
            _keep(data / name, old / name)
        one.rename(there)


def _keep(one: Path, place: Path) -> None:
    """Move what is there aside."""
    if one.exists():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(one, place)


def _place_files(fresh: Path, target: Target, old: Path, *, files: bool) -> Placed:
    """Put the files beside config.yaml where they are missing, or all of them."""
    put, left = [], []
    for one in sorted(path for path in fresh.rglob("*") if path.is_file()):
        name = one.relative_to(fresh)
        there = target.folder / name
        if there.exists() and there.read_bytes() == one.read_bytes():
            continue
        if there.exists() and not files:
            left.append(name.as_posix())
            continue
        _keep(there, old / "files" / name)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(one, there)
        put.append(name.as_posix())
    return Placed(put=put, left=left)


def _tell(
    file: Path, contents: "Contents", settled: list[Fit], placed: Placed,
    kept: Path | None, *, as_json: bool,
) -> None:  # fmt: skip
    messages, runs = sum(one.messages for one in settled), sum(one.runs for one in settled)
    people = sum(one.people or 0 for one in settled)
    if as_json:
        print_json({
            "file": str(file), "made_at": contents.made_at, "sessions": contents.sessions,
            "files": placed.put, "left": placed.left, "kept": kept and str(kept),
            "let_go": messages, "paused": runs, "erased": people,
        })  # fmt: skip
        return
    click.echo(f"put back: {file}, made {contents.made_at}, of {shown(contents.sessions)}")
    if placed.put:
        click.echo(f"put beside config.yaml: {_named(placed.put)}")
    if placed.left:
        click.echo(f"left as they are: {_named(placed.left)}; `--files` puts those of the backup")
    if kept is not None:
        click.echo(f"what was there lies in {kept}; delete it when all is well")
    if messages:
        click.echo(f"not said any more: {counted(messages, 'message')} that waited in the backup")
    if runs:
        click.echo(f"paused: {counted(runs, 'campaign')}; `alexia campaign list` before you resume")
    if people:
        click.echo(f"erased again: {counted(people, 'contact')} whom you erased since the backup")
    if any(one.people is None for one in settled):
        click.echo(ERASE)
    click.echo(NEXT)


def _named(names: list[str]) -> str:
    rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + rest
