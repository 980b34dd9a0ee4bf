"""A small HTTP/1.1 server on asyncio: keep-alive, JSON, and server-sent events."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs, unquote, urlsplit

MAX_BODY = 96 * 1024 * 1024  # bytes; a medium of 64 MiB travels as base64 inside JSON
MAX_HEAD = 64 * 1024  # bytes of request line and headers
BEAT = 15.0  # seconds between two comments that keep an idle event stream alive


class Refused(Exception):
    """A request that is answered with an error status and a sentence."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request, wholly read."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> object:
        """Return the body as JSON; an empty body is an empty object.

        Raises:
            Refused: With 400 when the body is not JSON.
        """
        if not self.body:
            return {}
        try:
            parsed: object = json.loads(self.body)
        except ValueError as error:
            raise Refused(400, f"the body is not JSON: {error}") from error
        return parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One HTTP response, wholly written."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Stream:
    """A response of server-sent events; items queued together travel in one event."""

    def __init__(self, *, most: int = 400) -> None:
        self._most = most
        self._queue: list[object] = []
        self._wake = asyncio.Event()
        self.closed = False
        self.on_close: Callable[[], None] | None = None

    def push(self, item: object) -> None:
        """Queue one item for the other side."""
        self._queue.append(item)
        self._wake.set()

    def close(self) -> None:
        """End the response after what is queued."""
        self.closed = True
        self._wake.set()

    async def write_to(self, writer: asyncio.StreamWriter) -> None:
        """Write events until closed; each is a JSON list of items."""
        writer.write(b": open\n\n")
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), BEAT)
            self._wake.clear()
            if not self._queue:
                if self.closed:
                    return
                writer.write(b": beat\n\n")
            while self._queue:
                items, self._queue = self._queue[: self._most], self._queue[self._most :]
                writer.write(b"data: " + json.dumps(items).encode() + b"\n\n")
                await writer.drain()


Answer = Response | Stream
Handler = Callable[[Request], Awaitable[Answer]]


def json_response(value: object, status: int = 200) -> Response:
    """Return a JSON response."""
    return Response(status=status, body=json.dumps(value, ensure_ascii=False).encode())


class Router:
    """Finds the handler of a request by method and path; ``/media/*`` takes any last part."""

    def __init__(self) -> None:
        self._handlers: dict[tuple[str, str], Handler] = {}

    def add(self, method: str, path: str, handler: Handler) -> None:
        """Let ``handler`` answer this method and path."""
        self._handlers[method, path] = handler

    async def answer(self, request: Request) -> Answer:
        """Return the handler's answer, or an error response."""
        path = request.path
        handler = self._handlers.get((request.method, path)) or self._handlers.get(
            (request.method, path.rpartition("/")[0] + "/*")
        )
        origin = urlsplit(request.headers.get("origin", "")).netloc
        if origin and origin != request.headers.get("host"):
            return json_response({"error": "other sites may not call the emulator"}, 403)
        if handler is None:
            return json_response({"error": f"nothing at {request.method} {path}"}, 404)
        try:
            return await handler(request)
        except Refused as refused:
            return json_response({"error": refused.why}, refused.status)


async def _read_request(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    target = urlsplit(rest.rpartition(" ")[0])
    headers = {
        name.strip().lower(): value.strip()
        for name, colon, value in (line.partition(":") for line in lines)
        if colon
    }
    size = int(headers.get("content-length", "0") or 0)
    if size > MAX_BODY:
        return None
    body = await reader.readexactly(size) if size else b""
    query = {name: values[-1] for name, values in parse_qs(target.query).items()}
    return Request(
        method=method, path=unquote(target.path), query=query, headers=headers, body=body
    )


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _write_response(writer: asyncio.StreamWriter, response: Response) -> None:
    headers = {
        "Content-Type": response.kind,
        "Content-Length": str(len(response.body)),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        **response.headers,
    }
    writer.write(_head(response.status, headers) + response.body)
    await writer.drain()


async def _write_stream(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stream: Stream
) -> None:
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    writer.write(_head(200, {**headers, "Connection": "close"}))
    writing = asyncio.create_task(stream.write_to(writer))
    gone = asyncio.create_task(reader.read(1))
    try:
        await asyncio.wait({writing, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (writing, gone):
            task.cancel()
        await asyncio.gather(writing, gone, return_exceptions=True)
        stream.closed = True
        if stream.on_close is not None:
            stream.on_close()


class Server:
    """Serves a router on a loopback port."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self, port: int) -> int:
        """Listen on 127.0.0.1 and return the port."""
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", port, limit=MAX_HEAD, backlog=1024
        )
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server is not None:
            self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (request := await _read_request(reader)) is not None:
            answer = await self._router.answer(request)
            if isinstance(answer, Stream):
                await _write_stream(reader, writer, answer)
                return
            await _write_response(writer, answer)
            if request.headers.get("connection", "").lower() == "close":
                return
