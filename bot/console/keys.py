"""The API keys: a file of the data folder that only its owner may read."""

import hmac
import json
import os
import secrets
from enum import IntEnum
from pathlib import Path

from bot.domain.data import dataclass
from bot.domain.errors import FileRefused

FILE_NAME = "tokens.json"
KEY_BYTES = 32  # 256 bits
FIRST = "admin"  # the name of the key that is made at the first start


class Role(IntEnum):
    """What the bearer of a key may do; each may do what those before it may."""

    VIEWER = 1  # read
    OPERATOR = 2  # send, and speak for the business
    ADMIN = 3  # log in, reload, change keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key with its name."""

    name: str
    role: Role
    secret: str

    def __repr__(self) -> str:
        return f"Key({self.name!r}, {self.role.name}, '•••')"


class KeysRefused(FileRefused):
    """The file of the keys cannot be used."""

    def __str__(self) -> str:
        return f"{super().__str__()}; `alexia tokens rotate` writes it anew"


class KeyFile:
    """The keys in force; a change of the file counts from the next look on."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._seen: tuple[int, int] | None = None
        self._keys: tuple[Key, ...] = ()

    def ensure(self) -> None:
        """Make the first key if there is none yet. Raises KeysRefused."""
        if not self.path.exists():
            self.write((fresh(FIRST, Role.ADMIN),))
        self.keys()

    def keys(self) -> tuple[Key, ...]:
        """Return the keys in force; none when the file is gone. Raises KeysRefused."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return ()
        seen = (found.st_mtime_ns, found.st_ino)
        if seen != self._seen:
            self._keys, self._seen = self._read(), seen
        return self._keys

    def find(self, secret: str) -> Key | None:
        """Return the key with this secret; takes as long whichever it is, or none."""
        given = secret.encode("utf-8", "replace")
        fitting = [
            key for key in self.keys() if hmac.compare_digest(key.secret.encode(), given)
        ]  # fmt: skip
        return fitting[0] if fitting else None

    def put(self, name: str, role: Role | None = None) -> Key:
        """Give a name a fresh key, in the role that it has unless another is given."""
        kept = tuple(self.keys()) if self.path.exists() else ()
        had = next((key.role for key in kept if key.name == name), Role.ADMIN)
        made = fresh(name, role or had)
        self.write((*(key for key in kept if key.name != name), made))
        return made

    def remove(self, name: str) -> bool:
        """Take a name's key away; False when there is none."""
        kept = tuple(key for key in self.keys() if key.name != name)
        if len(kept) == len(self.keys()):
            return False
        self.write(kept)
        return True

    def write(self, keys: tuple[Key, ...]) -> None:
        """Replace the file as a whole."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        plain = {key.name: {"role": key.role.name.lower(), "key": key.secret} for key in keys}
        fresh_file = self.path.with_suffix(".new")
        fresh_file.unlink(missing_ok=True)
        descriptor = os.open(fresh_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(plain, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        fresh_file.replace(self.path)

    def _read(self) -> tuple[Key, ...]:
        try:
            plain = json.loads(self.path.read_text(encoding="utf-8"))
            return tuple(
                Key(name=str(name), role=Role[one["role"].upper()], secret=_long(one["key"]))
                for name, one in plain.items()
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as reason:
            raise KeysRefused(str(self.path), f"cannot be read ({type(reason).__name__})") from None


def fresh(name: str, role: Role) -> Key:
    """Return a new key with a secret of 256 bits."""
    return Key(name=name, role=role, secret=secrets.token_hex(KEY_BYTES))


def _long(secret: object) -> str:
    """Return a secret that is long enough to be one: 128 bits in hexadecimal."""
    if not isinstance(secret, str) or len(secret) < 32:
        raise ValueError("a key is shorter than 32 letters")
    return secret
