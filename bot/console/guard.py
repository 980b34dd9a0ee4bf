"""The door of the HTTP server: who may come in, from where, and with what."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.console.keys import KeyFile
from bot.console.refusals import Refusal, refuse

MOST_WRONG = 10  # keys that one address may try within a minute
MINUTE = 60.0  # seconds
MOST_ADDRESSES = 10_000  # whose wrong tries are remembered
MOST_BODY = 1_000_000  # bytes
MOST_JSON_FILE = 24_000_000  # bytes of JSON that holds a file; larger ones come as a form
MOST_FORM = 68_000_000  # bytes of a form: a file of the largest size and some fields
TAKES_FILES = ("/api/sendImage", "/api/sendFile", "/api/sendVoice", "/api/sendVideo")
FORM = "multipart/form-data"
SAFE = ("GET", "HEAD", "OPTIONS")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
IN_ADDRESS = ("x-api-key", "api_key", "apikey", "token")
HEADERS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


class Guard:
    """Lets a request through to the routes, or answers it.

    Args:
        hosts: Names under which we are called, beside those of this machine.
        origins: Pages that may change things, beside our own, as ``https://name``.
        is_open: Paths that are read without a key; ``POST /path`` takes what its sender signed.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        keys: KeyFile,
        hosts: frozenset[str] = frozenset(),
        origins: frozenset[str] = frozenset(),
        is_open: frozenset[str] = frozenset(("/health",)),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._keys = keys
        self._hosts = frozenset(LOOPBACK) | hosts
        self._origins = origins
        self._open = is_open
        self._clock = clock
        self._wrong: dict[str, deque[float]] = defaultdict(deque)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI asks."""
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _answer(scope, receive, send, *refusal)
            return
        if scope["type"] == "http":
            receive = _Capped(receive, _most(scope["path"], headers))
        await self._app(scope, receive, _Sealed(send))

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return why this request is not let through; None when it is."""
        if not self._is_ours(headers):
            return 400, "this name does not lead here"
        is_read = scope["type"] == "http" and scope["method"] in SAFE
        path = scope["path"] if is_read else f"{scope.get('method')} {scope['path']}"
        if path not in self._open:
            refusal = self._without_key(scope, headers)
            if refusal is not None:
                return refusal
        if is_read:
            return None
        if not self._is_own_page(headers):
            return 403, "a page from elsewhere may not change anything here"
        return _unfit_body(scope["path"], headers) if scope["type"] == "http" else None

    def _is_ours(self, headers: Headers) -> bool:
        given = headers.getlist("host")
        return len(given) == 1 and _name(given[0]) in self._hosts

    def _without_key(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if any(name.lower() in IN_ADDRESS for name in query):
            return 401, "a key never stands in an address; send it in the header X-Api-Key"
        given = headers.getlist("x-api-key")
        if len(given) != 1 or not given[0]:
            return 401, "send the key of `alexia tokens show` in the header X-Api-Key"
        key = self._keys.find(given[0])
        if key is not None:
            scope["alexia.role"] = key.role
            scope["alexia.key"] = key.name
            return None
        if self._tries_too_often(scope):
            return 429, "too many wrong keys; wait a minute"
        return 401, "this key is not known"

    def _tries_too_often(self, scope: Scope) -> bool:
        """Count a wrong key, and tell whether it is one too many."""
        now = self._clock()
        if len(self._wrong) >= MOST_ADDRESSES:
            self._wrong.clear()
        tries = self._wrong[str((scope.get("client") or ("",))[0])]
        while tries and now - tries[0] >= MINUTE:
            tries.popleft()
        if len(tries) >= MOST_WRONG:
            return True
        tries.append(now)
        return False

    def _is_own_page(self, headers: Headers) -> bool:
        origins = headers.getlist("origin")
        if not origins:
            return True
        if len(origins) > 1:
            return False
        try:
            parts = urlsplit(origins[0])
        except ValueError:
            return False
        own = parts.scheme in ("http", "https") and parts.netloc == headers["host"]
        return own or origins[0] in self._origins


class _Capped:
    """Gives a request's body on, up to the most that is taken."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._taken = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self._taken > self._most:
            raise Refusal(413, _too_long(self._most))
        return message


class _Sealed:
    """Adds to each answer the headers that keep browsers from doing more with it."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


def _unfit_body(path: str, headers: Headers) -> tuple[int, str] | None:
    length, most = headers.get("content-length", "0"), _most(path, headers)
    kind = _kind(headers)
    if not length.isdecimal() or int(length) > most:
        return 413, _too_long(most)
    has_body = length != "0" or "transfer-encoding" in headers
    fit = ("application/json", FORM) if path in TAKES_FILES else ("application/json",)
    if (has_body or kind) and kind not in fit:
        return 415, f"a body must be {' or '.join(fit)}"
    return None


def _kind(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _most(path: str, headers: Headers) -> int:
    """Return how many bytes a body may have."""
    if path not in TAKES_FILES:
        return MOST_BODY
    return MOST_FORM if _kind(headers) == FORM else MOST_JSON_FILE


def _too_long(most: int) -> str:
    return f"a body is at most {most} bytes"


def _name(host: str) -> str:
    """Return the name of a Host header without its port, "" when it is none."""
    try:
        parts = urlsplit(f"//{host}")
        port_is_fit = parts.port is None or parts.port > 0
    except ValueError:
        return ""
    plain = not parts.username and parts.netloc == host and not parts.path
    return (parts.hostname or "") if plain and port_is_fit else ""


async def _answer(scope: Scope, receive: Receive, send: Send, status: int, reason: str) -> None:
    wait: Mapping[str, str] = {"retry-after": "60"} if status == 429 else {}
    response = refuse(status, reason, {**HEADERS, **wait})
    if scope["type"] == "websocket":
        await _deny(response.body, status, send)
        return
    await response(scope, receive, send)


async def _deny(body: bytes | memoryview, status: int, send: Send) -> None:
    """Refuse a WebSocket before it is opened."""
    kind = [(b"content-type", b"application/json")]
    await send({"type": "websocket.http.response.start", "status": status, "headers": kind})
    await send({"type": "websocket.http.response.body", "body": bytes(body)})
