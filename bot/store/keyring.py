"""The keys that open what is sensitive: a file of the data folder, or what the owner configured.

Each key is 64 hexadecimal digits, which are 256 bits. The first seals, all of them open.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from bot.domain.data import dataclass
from bot.domain.errors import KeyRefused

FILE_NAME = "sealing.key"
"""Beside the database; only its owner may read it."""
KEY_BYTES = 32
_SHAPE = re.compile(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}")


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys, and where they come from, in words."""

    keys: tuple[bytes, ...]
    where: str

    def __repr__(self) -> str:
        return f"Keyring({len(self.keys)} keys of {self.where})"

    def find(self, name: str) -> bytes | None:
        """Return the key of that name, None when it is not here."""
        return next((key for key in self.keys if name_of(key) == name), None)


def name_of(key: bytes) -> str:
    """Return a key's name: a hash, which tells nothing of the key."""
    return hashlib.sha256(b"alexia sealing key|" + key).hexdigest()[:16]


def read_keys(text: str, where: str) -> Keyring:
    """Return the keys of a text, in their order; ``#`` begins a comment. Raises KeyRefused."""
    bare = " ".join(line.partition("#")[0] for line in text.splitlines())
    words = bare.replace(",", " ").split()
    if not words or not all(_SHAPE.fullmatch(word) for word in words):
        raise KeyRefused(
            where, "holds no key; one is 64 hexadecimal digits: `openssl rand -hex 32` makes one"
        )
    return Keyring(tuple(bytes.fromhex(word) for word in words), where)


def configured(text: str) -> Keyring | None:
    """Return the keys of ``storage.key``, None when it is empty. Raises KeyRefused."""
    return read_keys(text, "storage.key") if text else None


def file_beside(database: str | Path) -> Path:
    """Return where the key file of a database lies."""
    return Path(database).parent / FILE_NAME


def read_file(path: Path) -> Keyring | None:
    """Return the keys of a key file, None when there is no such file. Raises KeyRefused."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as failure:
        raise KeyRefused(str(path), f"cannot be read ({failure})") from failure
    return read_keys(text, str(path))


def make_key() -> bytes:
    """Return a fresh key."""
    return secrets.token_bytes(KEY_BYTES)


def write_file(path: Path, keys: Sequence[bytes]) -> None:
    """Write a key file, whole or not at all, for its owner alone; durable when this returns."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_TOLD + "".join(f"{key.hex()}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


_TOLD = (
    "# Opens the sensitive values in alexia.db. Whoever has both files can read them;\n"
    "# without this one nobody can. Keep a copy, and not where the copies of the database are.\n"
)
