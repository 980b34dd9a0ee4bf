"""Sensitive values at rest: sealed for one place, so that a value moved elsewhere does not open.

AES-256-GCM under data keys that lie in the database, themselves sealed under the owner's key.
"""

import base64
import json
import os
import sqlite3
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.domain.errors import KeyRefused, SealBroken
from bot.domain.values import HIDDEN
from bot.store.keyring import (
    KEY_BYTES,
    Keyring,
    file_beside,
    make_key,
    name_of,
    read_file,
    write_file,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes, drawn anew for each value: the length that GCM is made for
OWNER, DATA = "sealing.owner", "sealing.data"
"""In `meta`: the name of the owner's key, and the data keys, sealed under it, the newest last."""
SEALED = "sealed"
MEMORY = ":memory:"
_DATA_KEY = "alexia data key"


class Connection(sqlite3.Connection):
    """A connection that can open what is sealed. Without a cipher it shows ••• instead."""

    cipher: "Cipher | None" = None


class Cipher:
    """Seals and opens. The library is loaded with the first value."""

    def __init__(self, data_keys: Callable[[], Sequence[bytes]]) -> None:
        self._data_keys = data_keys
        self._opened: list[AESGCM] = []

    def seal(self, plain: str, place: str) -> str:
        """Return a text sealed for a place."""
        keys = self._keys()
        return f"{len(keys) - 1}.{_seal(keys[-1], plain.encode(), place)}"

    def open(self, sealed: str, place: str) -> str:
        """Return the text. Raises SealBroken when it was changed, or sealed for another place."""
        number, _, token = sealed.partition(".")
        keys = self._keys()
        if not number.isdecimal() or int(number) >= len(keys):
            raise SealBroken(place)
        return _open(keys[int(number)], token, place).decode()

    def _keys(self) -> "list[AESGCM]":
        if not self._opened:
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM

            self._opened = [AESGCM(one) for one in self._data_keys()]
        return self._opened


def seal_data_keys(owner: bytes, keys: Sequence[bytes]) -> list[str]:
    """Return data keys sealed under the owner's key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    lock = AESGCM(owner)
    return [_seal(lock, key, f"{_DATA_KEY}|{number}") for number, key in enumerate(keys)]


def open_data_keys(owner: bytes, sealed: Sequence[str]) -> list[bytes]:
    """Return the data keys. Raises SealBroken."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    lock = AESGCM(owner)
    return [_open(lock, one, f"{_DATA_KEY}|{number}") for number, one in enumerate(sealed)]


def _seal(key: "AESGCM", plain: bytes, place: str) -> str:
    nonce = os.urandom(NONCE)
    return base64.urlsafe_b64encode(nonce + key.encrypt(nonce, plain, place.encode())).decode()


def _open(key: "AESGCM", token: str, place: str) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        held = base64.urlsafe_b64decode(token)
        return key.decrypt(held[:NONCE], held[NONCE:], place.encode())
    except (InvalidTag, ValueError) as failure:
        raise SealBroken(place) from failure


# ------------------------------------------------------------------ in the store's rows


def cipher_of(db: sqlite3.Connection) -> Cipher | None:
    """Return what opens the values of a database, None where they are only shown as •••."""
    return db.cipher if isinstance(db, Connection) else None


def sealed_text(db: sqlite3.Connection, plain: str, place: str) -> str:
    """Return a text sealed for its place."""
    cipher = cipher_of(db)
    assert cipher is not None, "nothing is written without a cipher"
    return cipher.seal(plain, place)


def opened_text(db: sqlite3.Connection, sealed: str, place: str) -> str | None:
    """Return what `sealed_text` was given; None where it cannot be opened. Raises SealBroken."""
    cipher = cipher_of(db)
    return None if cipher is None else cipher.open(sealed, place)


def sealed(db: sqlite3.Connection, plain: object, place: str) -> dict[str, object]:
    """Return what `to_json` gave, sealed for its place."""
    return {"$": SEALED, "v": sealed_text(db, json.dumps(plain), place)}


def opened(db: sqlite3.Connection, stored: object, place: str) -> object:
    """Return what `sealed` was given; any other stored value as it is. Raises SealBroken."""
    match stored:
        case {"$": "sealed", "v": str(token)}:
            text = opened_text(db, token, place)
            return HIDDEN if text is None else json.loads(text)
        case _:
            return stored


def moved(db: sqlite3.Connection, stored: object, place: str, to: str) -> object:
    """Return a stored value as it lies at another place. Raises SealBroken."""
    match stored:
        case {"$": "sealed", "v": str(token)}:
            text = opened_text(db, token, place)
            return stored if text is None else {"$": SEALED, "v": sealed_text(db, text, to)}
        case _:
            return stored


# ------------------------------------------------------------------ the keys of a database


def establish(db: Connection, path: str, keys: Keyring | None) -> None:
    """Give an open database its cipher, as part of a transaction.

    A database without keys gets some. One whose owner has a new first key, and the old one still
    beside it, is put under the new one, with a new data key for what is sealed from now on.

    Args:
        keys: What the owner configured; None: the file beside the database, made when absent.

    Raises:
        KeyRefused: The key is missing or another one; nothing was changed.
    """
    if path == MEMORY:
        db.cipher = Cipher(lambda: [bytes(KEY_BYTES)])  # what is there leaves no trace
        return
    known = dict(db.execute("SELECT key, value FROM meta WHERE key IN (?, ?)", (OWNER, DATA)))
    owner, stored = known.get(OWNER, ""), json.loads(known.get(DATA, "[]"))
    ring = keys or _of_file(path, owner)
    first = ring.keys[0]
    if not owner:
        stored = _keep(db, first, [make_key()])
    elif owner != name_of(first):
        old = ring.find(owner)
        if old is None:
            raise KeyRefused(ring.where, _another(path, owner))
        stored = _keep(db, first, [*open_data_keys(old, stored), make_key()])
    db.cipher = Cipher(lambda: open_data_keys(first, stored))


def lend(db: Connection, keys: Keyring) -> None:
    """Let a connection open what is sensitive, where its key is among these; nothing is written."""
    known = dict(db.execute("SELECT key, value FROM meta WHERE key IN (?, ?)", (OWNER, DATA)))
    owner = keys.find(known.get(OWNER, ""))
    if owner is not None:
        stored: list[str] = json.loads(known[DATA])
        db.cipher = Cipher(lambda: open_data_keys(owner, stored))


def _keep(db: sqlite3.Connection, owner: bytes, keys: Sequence[bytes]) -> list[str]:
    stored = seal_data_keys(owner, keys)
    rows = [(OWNER, name_of(owner)), (DATA, json.dumps(stored))]
    db.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", rows)
    return stored


def _of_file(path: str, owner: str) -> Keyring:
    file = file_beside(path)
    found = read_file(file)
    if found is not None:
        return found
    if owner:
        raise KeyRefused(str(file), f"is missing; {_another(path, owner)}")
    key = make_key()
    write_file(file, [key])
    return Keyring((key,), str(file))


def _another(path: str, owner: str) -> str:
    return (
        f"{path} keeps its sensitive values under the key named {owner}, which is not there;"
        " nothing was changed. Put back the key file that was kept with this database, or name"
        " its key in `storage.key`; `alexia rekey --lost` goes on without what only it opens"
    )
