"""The append-only journal on disk: one JSON line an entry, fsynced in groups."""

import asyncio
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

Entry = dict[str, object]


def read_entries(path: Path) -> Iterator[Entry]:
    """Yield the entries of a journal; a last line torn by a kill is left out."""
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                return
            yield json.loads(line)


def _cut_torn_line(path: Path) -> None:
    if not path.exists():
        return
    whole = path.read_bytes()
    end = whole.rfind(b"\n") + 1
    if end != len(whole):
        os.truncate(path, end)


class Ledger:
    """Keeps entries in order; ``durable`` returns when all entries so far are on the disk.

    Entries appended while one fsync runs share the next one, so a thousand concurrent requests
    cost a handful of fsyncs.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        _cut_torn_line(path)
        self._file: IO[bytes] = path.open("ab")
        self._waiting: list[bytes] = []
        self._written = 0  # entries on disk
        self._appended = 0  # entries given to us
        self._turn = asyncio.Lock()
        # its own thread: callers in the same process may fill the loop's pool waiting for us
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="emulator-ledger")

    def append(self, entry: Entry) -> None:
        """Take one entry; it is on disk after the next ``durable``."""
        self._waiting.append(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        self._appended += 1

    async def durable(self) -> None:
        """Return when every entry appended before this call is fsynced."""
        wanted = self._appended
        if self._written >= wanted:
            return
        async with self._turn:
            if self._written >= wanted:
                return
            lines, self._waiting = self._waiting, []
            upto = self._appended
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._thread, self._write, lines)
            self._written = upto

    def _write(self, lines: list[bytes]) -> None:
        self._file.write(b"".join(lines))
        self._file.flush()
        os.fsync(self._file.fileno())

    async def close(self) -> None:
        """Write what is left and close the file."""
        await self.durable()
        self._file.close()
        self._thread.shutdown()
