"""Files on disk, each under its sha256: for their owner alone, whole or not there."""

import hashlib
import mimetypes
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.domain.errors import MediumLost
from bot.store.thumbnails import thumbnail

FOLDER = "media"  # below the data folder
LARGEST = 64 * 1024 * 1024  # bytes
LONGEST_NAME = 120  # bytes in UTF-8
LONGEST_ENDING = 12  # bytes
UNFINISHED = ".part"
SMALL = ".small"  # ending of the thumbnail beside a file
BLOCK = 1024 * 1024  # bytes read at once
HASH = re.compile(r"[0-9a-f]{64}")
MIMETYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
ENDINGS = {"image": ".jpg", "video": ".mp4", "audio": ".mp3", "voice": ".ogg", "sticker": ".webp"}


class Incoming:
    """A file that is being written; it is not there until `keep` says under which hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / f"{secrets.token_hex(16)}{UNFINISHED}"
        self._digest = hashlib.sha256()
        self.size = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self._file = os.fdopen(os.open(self._path, flags, 0o600), "wb")

    def write(self, part: bytes) -> None:
        """Add a part. Raises MediumLost when the file grows too large."""
        self.size += len(part)
        if self.size > LARGEST:
            raise MediumLost("too large", for_good=True)
        self._digest.update(part)
        self._file.write(part)

    def keep(self) -> str:
        """Make the file durable and return its sha256."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        sha256 = self._digest.hexdigest()
        self._path.replace(self._folder / sha256)
        place = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)
        return sha256

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None,
        where: TracebackType | None,
    ) -> None:  # fmt: skip
        self._file.close()
        self._path.unlink(missing_ok=True)


class MediaFiles:
    """The folder with one file a hash."""

    def __init__(self, data_folder: Path) -> None:
        self.folder = data_folder / FOLDER

    def incoming(self) -> Incoming:
        """Begin a file."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        return Incoming(self.folder)

    def path_of(self, sha256: str) -> Path | None:
        """Return where a file lies, None when it is not here."""
        path = self.folder / sha256
        return path if HASH.fullmatch(sha256) and path.is_file() else None

    def thumbnail_of(self, sha256: str) -> Path | None:
        """Return where the thumbnail (JPEG) of a file lies, None when it has none."""
        path = self.folder / f"{sha256}{SMALL}"
        return path if HASH.fullmatch(sha256) and path.is_file() else None

    def shrink(self, sha256: str) -> bool:
        """Make the thumbnail of a picture that is here; False when it is none that can be read."""
        source, target = self.path_of(sha256), self.folder / f"{sha256}{SMALL}"
        if source is None or target.is_file():
            return source is not None
        small = thumbnail(source)
        if small is None:
            return False
        unfinished = self.folder / f"{secrets.token_hex(16)}{UNFINISHED}"
        with os.fdopen(
            os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as to:
            to.write(small)
        unfinished.replace(target)
        return True

    def copy(self, source: Path) -> str:
        """Copy a file of the user's and return its sha256. Raises MediumLost, OSError."""
        with source.open("rb") as read, self.incoming() as written:
            while part := read.read(BLOCK):
                written.write(part)
            return written.keep()

    def remove(self, hashes: Iterable[str]) -> None:
        """Remove these files and their thumbnails, where they are here."""
        for one in hashes:
            for path in (self.path_of(one), self.thumbnail_of(one)):
                if path is not None:
                    path.unlink(missing_ok=True)

    def tidy(self, in_use: AbstractSet[str], before: float) -> int:
        """Remove what nobody uses and was written before a moment (epoch seconds); return how many.

        Unfinished files count as unused.
        """
        if not self.folder.is_dir():
            return 0
        removed = 0
        for path in self.folder.iterdir():
            if path.name.removesuffix(SMALL) not in in_use and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                removed += 1
        return removed


def safe_name(told: str, mimetype: str, kind: str) -> str:
    """Return a file name that is harmless everywhere, as near to the sender's as can be."""
    last = re.split(r"[/\\]", told)[-1]
    shown = "".join(
        "_" if letter in '<>:"|?*' else letter
        for letter in unicodedata.normalize("NFC", last)
        if unicodedata.category(letter)[0] != "C" and letter not in "\u2028\u2029"
    ).strip(" .-")
    if not shown:
        ending = mimetypes.guess_extension(safe_mimetype(mimetype)) or ENDINGS.get(kind, ".bin")
        return f"{kind}{ending}"
    if DEVICES.fullmatch(shown):
        shown = f"_{shown}"
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending.encode()) > LONGEST_ENDING:
        stem, ending = shown, ""
    room = LONGEST_NAME - len(ending.encode()) - 1
    stem = stem.encode()[:room].decode("utf-8", "ignore")
    return f"{stem}.{ending}" if ending else stem


def safe_mimetype(told: str) -> str:
    """Return a media type without its parameters, one for any bytes when it is none."""
    plain = told.partition(";")[0].strip().lower()
    return plain if MIMETYPE.fullmatch(plain) else "application/octet-stream"
