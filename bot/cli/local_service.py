"""A small HTTP service on this machine, in the place of those that rules call."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

MOST_BYTES = 64 * 1024  # of a request's body

Answer = Callable[[str, str, bytes], tuple[int, object]]
"""From method, path and body to status and JSON body."""


class LocalService:
    """Answers each request by a function: ``with LocalService(answer) as service: service.url``."""

    def __init__(self, answer: Answer) -> None:
        class Answers(BaseHTTPRequestHandler):
            def _take(self) -> None:
                length = min(int(self.headers.get("Content-Length") or 0), MOST_BYTES)
                status, told = answer(self.command, self.path, self.rfile.read(length))
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _take  # noqa: N815 - its names there

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                """Keep quiet: the bot's log tells what was called."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
