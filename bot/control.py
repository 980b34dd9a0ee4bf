"""The daemon's control socket, its client, and the lock on the data folder.

Requests and answers are lines of JSON: ``{"do": "status"}`` gives ``{"ok": true, …}`` or
``{"ok": false, "error": "…"}``. Some verbs answer with several lines; the last has ``"done"``.
"""

import asyncio
import fcntl
import json
import logging
import os
import socket
import stat
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.domain.errors import BotError, DaemonSilent, DataFolderHeld, NoDaemon

logger = logging.getLogger("alexia.control")

Message = dict[str, Any]
Handler = Callable[[Message], Awaitable[Message]]
Stream = Callable[[Message], AsyncIterator[Message]]

SOCKET_NAME = "control.sock"
LOCK_NAME = "alexia.lock"
LONGEST_PATH = 100  # bytes; the system's limit for a socket's path is 107, on macOS 103
LONGEST_LINE = 1_000_000  # bytes
PATIENCE = 10.0  # seconds that a client may take to read an answer


class ControlServer:
    """Answers the verbs of `alexia` on a Unix socket that only its owner may open.

    Args:
        path: Where the socket lies; an old one there is replaced, so hold the folder first.
        handlers: By verb; each gets the request and returns what is put beside ``"ok": true``.
        streams: By verb; each yields messages until it ends or the client goes.
    """

    def __init__(
        self,
        path: Path,
        handlers: Mapping[str, Handler],
        streams: Mapping[str, Stream] | None = None,
    ) -> None:
        self._path = path
        self._handlers = dict(handlers)
        self._streams = dict(streams or {})
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen."""
        with _short(self._path) as near:
            near.unlink(missing_ok=True)
            listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listening.bind(str(near))
        self._path.chmod(0o600)
        self._server = await asyncio.start_unix_server(
            self._serve, sock=listening, limit=LONGEST_LINE
        )

    async def close(self) -> None:
        """Stop listening, let go of all clients and take the socket away."""
        if self._server is None:
            return
        self._server.close()
        for client in tuple(self._clients):
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        self._path.unlink(missing_ok=True)
        self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        await self.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        try:
            while line := await reader.readline():
                await self._answer(line, writer)
        except (OSError, ValueError, TimeoutError) as failure:
            logger.debug("a control client went: %s", failure)
        except asyncio.CancelledError:
            pass  # the server closes; a cancelled callback would be logged as an error
        finally:
            self._clients.discard(task)
            writer.close()

    async def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        try:
            request = json.loads(line)
            verb = request["do"]
            if verb in self._streams:
                async for part in self._streams[verb](request):
                    await _write(writer, {"ok": True, **part})
                await _write(writer, {"ok": True, "done": True})
            elif verb in self._handlers:
                await _write(writer, await self._handled(verb, request))
            else:
                known = ", ".join(sorted([*self._handlers, *self._streams]))
                await _refuse(writer, f"unknown verb {verb!r}; known: {known}", "unknown")
        except BotError as failure:
            await _refuse(writer, str(failure), type(failure).__name__)
        except (OSError, TimeoutError):
            raise  # the client went
        except Exception as failure:  # a verb's failure must not look like a missing daemon
            logger.warning("a control request failed", exc_info=failure)
            await _refuse(writer, f"{type(failure).__name__}: {failure}", "failed")

    async def _handled(self, verb: str, request: Message) -> Message:
        """Return a verb's answer; trouble with a file is its own, and none of the client's line."""
        try:
            return {"ok": True, **await self._handlers[verb](request)}
        except (OSError, TimeoutError) as failure:
            logger.warning("a control request failed", exc_info=failure)
            return {
                "ok": False,
                "error": f"{verb}: {failure or 'it took too long'}",
                "kind": "failed",
            }


def ask(folder: Path, do: str, timeout: float = 30.0, **args: object) -> Message:
    """Return the daemon's answer; look at its ``ok``.

    Args:
        folder: The data folder.
        timeout: Seconds.

    Raises:
        NoDaemon: Nobody listens, or whoever did has ended.
        DaemonSilent: It did not answer in time.
        PermissionError: The folder is another user's.
    """
    for answer in listen(folder, do, timeout, **args):
        return answer
    raise NoDaemon(str(folder))


def listen(folder: Path, do: str, timeout: float = 30.0, **args: object) -> Iterator[Message]:
    """Yield the daemon's answers one by one, up to the one that has ``done`` or no ``ok``.

    Args:
        timeout: Seconds to wait for each.

    Raises:
        NoDaemon: Nobody listens, or whoever did has ended.
        DaemonSilent: It did not answer in time.
        PermissionError: The folder is another user's.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(timeout)
            with _short(folder / SOCKET_NAME) as near:
                line.connect(str(near))
            line.sendall(json.dumps({"do": do, **args}).encode() + b"\n")
            with line.makefile("rb") as answers:
                for answer in answers:
                    said: Message = json.loads(answer)
                    yield said
                    if said.get("done") or not said.get("ok"):
                        return
    except TimeoutError as failure:
        raise DaemonSilent(str(folder), timeout) from failure
    except PermissionError as failure:
        place = str(folder / SOCKET_NAME)
        raise PermissionError(failure.errno, failure.strerror, place) from failure
    except (OSError, json.JSONDecodeError) as failure:
        raise NoDaemon(str(folder)) from failure


def is_heard(folder: Path) -> bool:
    """Tell whether a daemon listens there; it is asked nothing, so it may be ending."""
    try:
        with (
            socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line,
            _short(folder / SOCKET_NAME) as near,
        ):
            line.connect(str(near))
    except OSError:
        return False
    return True


@dataclass(slots=True)
class FolderLock:
    """The right to work on a data folder; ends with the process at the latest."""

    folder: Path
    _file: int = -1

    def release(self) -> None:
        """Give the folder back. May be called twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.release()


def hold_folder(folder: Path) -> FolderLock:
    """Return the lock on a data folder, which is made when missing; for this user alone.

    Raises:
        DataFolderHeld: Another process holds it; the error names it.
    """
    held = lock_folder(folder)
    mend_folder(folder)
    return held


def lock_folder(folder: Path) -> FolderLock:
    """Return the lock on a folder that is ours to write, such as a browser profile.

    Raises:
        DataFolderHeld: Another process holds it; the error names it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as failure:
        holder = _holder(file)
        os.close(file)
        raise DataFolderHeld(str(folder), holder) from failure
    os.ftruncate(file, 0)
    os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
    return FolderLock(folder, file)


def mend_folder(folder: Path) -> None:
    """Take from others what they may do in a data folder; a warning says where that was needed."""
    looser = [one for one in (folder, *folder.iterdir()) if _is_open(one)]
    for one in looser:
        one.chmod(0o700 if one.is_dir() else 0o600)
    if looser:
        names = ", ".join(one.name for one in looser[:5])
        logger.warning("others could read parts of the data folder (%d); mended: %s",
                       len(looser), names)  # fmt: skip


def _is_open(one: Path) -> bool:
    mode = one.lstat().st_mode
    return not stat.S_ISLNK(mode) and bool(mode & 0o077)


def _holder(file: int) -> int | None:
    for _ in range(20):  # it may have just begun and not written its number yet
        if (said := os.pread(file, 20, 0).strip()).isdigit():
            return int(said)
        time.sleep(0.02)
    return None


@contextmanager
def _short(path: Path) -> Iterator[Path]:
    """Give a name of that path that is short enough for a socket, for as long as it is needed."""
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="alexia-") as near:
        link = Path(near) / "d"
        link.symlink_to(path.parent.absolute(), target_is_directory=True)
        yield link / path.name


async def _write(writer: asyncio.StreamWriter, message: Message) -> None:
    writer.write(json.dumps(message, default=str).encode() + b"\n")
    async with asyncio.timeout(PATIENCE):
        await writer.drain()


async def _refuse(writer: asyncio.StreamWriter, error: str, kind: str) -> None:
    await _write(writer, {"ok": False, "error": error, "kind": kind})
