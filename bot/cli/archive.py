"""A backup as a file: a tar of what it holds, with its list and checksums at the end.

Names begin with ``data/``, counted from the data folder, or ``files/``, from that of config.yaml.
"""

import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from bot.domain.data import dataclass
from bot.domain.errors import BackupRefused

LIST = "backup.json"
FORMAT = 1
PARTS = ("data", "files")
SQUEEZED = (".gz", ".tgz")
GZIP = b"\x1f\x8b"  # how a file that is squeezed begins
EFFORT = 3  # of gzip, 1 to 9: databases become a third, and it is five times as fast as 9
MOST_LIST = 64_000_000  # bytes
NO_BACKUP = "is no backup that `alexia backup` made, or only a part of one; take another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The list of a backup: what it holds, of what, and when it was made.

    Attributes:
        data_dir: As config.yaml has it.
        files: Size in bytes and SHA-256 by name.
    """

    alexia: str
    schema: int
    made_at: str
    data_dir: str
    sessions: list[str]
    files: dict[str, tuple[int, str]]


class Packing:
    """A backup that is being written. Files that vanish meanwhile are left out."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, tuple[int, str]] = {}

    def add(self, path: Path, name: str) -> None:
        """Add a file under a name."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            entry = self._tar.gettarinfo(arcname=name, fileobj=file)
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            hashing = _Hashing(file)
            self._tar.addfile(entry, hashing)
        self.files[name] = (entry.size, hashing.digest.hexdigest())

    def finish(self, contents: Contents) -> None:
        """Write the list down."""
        text = json.dumps({"format": FORMAT, **asdict(contents)}, indent=1).encode()
        entry = tarfile.TarInfo(LIST)
        entry.size, entry.mode = len(text), 0o600
        entry.mtime = int(datetime.now(UTC).timestamp())
        self._tar.addfile(entry, io.BytesIO(text))


class _Hashing(io.RawIOBase):
    """Gives a file on, and notes what was in it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self._file.read(size)
        self.digest.update(part)
        return part


@contextmanager
def writing(path: Path) -> Iterator[Packing]:
    """Write a backup that takes its name when it is whole, for its owner alone.

    Raises:
        BackupRefused: Something has the name already, or there is no room.
    """
    if path.exists() or path.is_symlink():
        raise BackupRefused(str(path), "is there already, and is not written over; name another")
    part = path.with_name(f"{path.name}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, 0o600)
            with _squeezed(file, path) as tar:
                yield Packing(tar)
            file.flush()
            os.fsync(handle)
        contents_of(part)  # it can be read, and is what was written
        part.rename(path)
    except OSError as failure:
        if failure.filename not in (None, str(part)):
            raise  # it is about what was to be copied
        raise BackupRefused(
            str(path), f"cannot be written ({failure.strerror or failure}); nothing was left there;"
            " name a FILE on a disk with room where you may write",
        ) from failure  # fmt: skip
    finally:
        part.unlink(missing_ok=True)


def _squeezed(file: IO[bytes], path: Path) -> tarfile.TarFile:
    if path.suffix in SQUEEZED:
        return tarfile.open(fileobj=file, mode="w:gz", compresslevel=EFFORT, dereference=True)
    return tarfile.open(fileobj=file, mode="w", dereference=True)  # no file is a link to another


def contents_of(path: Path) -> Contents:
    """Read a backup through; return its list. Raises BackupRefused where it is damaged."""
    return _walk(path, lambda _, file: _sha256_of(file, io.BytesIO))


def unpack(path: Path, folder: Path) -> Contents:
    """Write what a backup holds below a folder, for its owner alone; return its list.

    Raises:
        BackupRefused: It is damaged, or no backup.
    """

    def write(name: str, file: IO[bytes]) -> str:
        target = folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _sha256_of(file, lambda: os.fdopen(_new(target), "wb"))

    return _walk(path, write)


def _new(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)


def _walk(path: Path, take: Callable[[str, IO[bytes]], str]) -> Contents:
    """Go through a backup; ``take`` gets each file and returns its SHA-256."""
    found: dict[str, tuple[int, str]] = {}
    listed: Contents | None = None
    try:
        with _opened(path) as tar:
            for entry in tar:
                file = tar.extractfile(entry) if entry.isreg() else None
                if file is None or listed is not None:
                    raise BackupRefused(str(path), NO_BACKUP)
                if entry.name == LIST:
                    listed = _read_list(path, file.read(MOST_LIST))
                elif _is_fit(entry.name) and entry.name not in found:
                    found[entry.name] = (entry.size, take(entry.name, file))
                else:
                    raise BackupRefused(str(path), NO_BACKUP)
    except (tarfile.TarError, EOFError, ValueError, zlib.error) as failure:
        raise BackupRefused(str(path), f"{NO_BACKUP} ({failure})") from failure
    except OSError as failure:
        if failure.errno is not None:
            raise
        raise BackupRefused(str(path), f"{NO_BACKUP} ({failure})") from failure  # of gzip
    if listed is None or listed.files != found:
        raise BackupRefused(str(path), NO_BACKUP)
    return listed


def _opened(path: Path) -> tarfile.TarFile:
    with path.open("rb") as file:
        is_squeezed = file.read(2) == GZIP
    return tarfile.open(path, "r:gz" if is_squeezed else "r:")


def _is_fit(name: str) -> bool:
    """Tell whether a name leads below one of the parts and nowhere else."""
    parts = PurePosixPath(name).parts
    return len(parts) > 1 and parts[0] in PARTS and ".." not in parts and "\0" not in name


def _sha256_of(file: IO[bytes], target: Callable[[], IO[bytes]]) -> str:
    digest = hashlib.sha256()
    with target() as written:
        while part := file.read(1 << 20):
            digest.update(part)
            written.write(part)
    return digest.hexdigest()


def _read_list(path: Path, text: bytes) -> Contents:
    try:
        held: dict[str, Any] = json.loads(text)
        if held.pop("format") > FORMAT:
            raise BackupRefused(str(path), "was made by a newer Alexia; update Alexia first")
        files = {name: (int(size), str(digest)) for name, (size, digest) in held["files"].items()}
        return Contents(**{**held, "files": files})
    except (KeyError, TypeError, AttributeError) as failure:
        raise BackupRefused(str(path), NO_BACKUP) from failure
