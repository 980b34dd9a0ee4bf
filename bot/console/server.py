"""The HTTP server: its socket, and uvicorn on it."""

import asyncio
import contextlib
import errno
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from bot.domain.errors import PortInUse

if TYPE_CHECKING:
    from starlette.types import ASGIApp

logger = logging.getLogger("alexia.http")

MOST_AT_ONCE = 256  # connections
LAST_ANSWERS = 1  # seconds that a clean stop waits for answers under way
LONGEST_HEAD = 32_768  # bytes of a request's headers
LONGEST_FRAME = 65_536  # bytes of what a WebSocket's client says


def listen_on(host: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises:
        PortInUse: Somebody else does, or this machine has no such address.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, address = found[0]
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as failure:
        listening.close()
        if failure.errno in (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES):
            raise PortInUse(port, f"choose another `console.port`, 0 for none ({host})") from None
        raise
    listening.settimeout(0)
    return listening


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the daemon has them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the daemon."""
        yield


class HttpServer:
    """Serves an app on a socket until it is cancelled."""

    def __init__(
        self,
        app: "ASGIApp",
        listening: socket.socket,
        *,
        certificate: tuple[Path, Path] | None = None,
    ) -> None:
        """Take the app; ``certificate``: the files of chain and key, for TLS."""
        self._socket = listening
        self._server = _Server(
            uvicorn.Config(
                app,
                http="h11",
                ws="websockets-sansio",
                loop="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=MOST_AT_ONCE,
                timeout_graceful_shutdown=LAST_ANSWERS,
                h11_max_incomplete_event_size=LONGEST_HEAD,
                ws_max_size=LONGEST_FRAME,
                ssl_certfile=str(certificate[0]) if certificate else None,
                ssl_keyfile=str(certificate[1]) if certificate else None,
            )
        )

    async def run(self) -> None:
        """Serve; when cancelled, finish the answers under way and close the socket."""
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        serving = asyncio.ensure_future(self._server.serve(sockets=[self._socket]))
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            self._server.should_exit = True
            await serving
            raise
        finally:
            self._socket.close()
