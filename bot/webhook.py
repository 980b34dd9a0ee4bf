"""Calls out over HTTP, through the guards: only to public addresses, bounded in time and size."""

import asyncio
import ipaddress
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from bot.domain.data import dataclass
from bot.domain.effects import CallHttp
from bot.domain.errors import MediumLost
from bot.domain.messages import Location
from bot.domain.turns import CallAnswered
from bot.domain.values import Value, from_outside

if TYPE_CHECKING:
    import httpx2

logger = logging.getLogger("alexia.http")

FOUND = 200
BROKEN = 500  # and above: it may be mended by the next try
MOST_BYTES = 64 * 1024  # of an answer that is read
FIRST_RETRY = 0.5  # seconds, doubled with each further attempt
LOOKUPS = 8  # of names side by side, on threads of their own: a hung one holds up only calls
NOT_PUBLIC = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16",
        "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10",
    )
)  # fmt: skip
"""Blocks that lead inside or nowhere, though some Pythons call them global."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a request to another system's API.

    Attributes:
        status: 0: no answer came, or the guards refused; ``error`` says why.
        body: Parsed JSON, or a text.
        retry_after: Seconds after which it may be asked again, as it says; None: it does not.
    """

    status: int
    body: Value = None
    retry_after: float | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file in a form, under the field's name."""

    field: str
    path: Path
    name: str
    mimetype: str


class Refused(Exception):
    """The guards do not let this call out."""


class HttpWebhook:
    """Implements `ports.Webhook` with httpx2."""

    def __init__(self, *, allow_local: bool = False) -> None:
        """Take the guard's setting: ``allow_local`` also lets calls to this machine and net out."""
        self._allow_local = allow_local
        self._client: httpx2.AsyncClient | None = None
        self._lookups = ThreadPoolExecutor(LOOKUPS, thread_name_prefix="alexia-lookup")

    async def call(self, request: CallHttp) -> CallAnswered:
        """Make one call with its retries; a failure is told in ``error``, never raised."""
        answered = await self._try(request)
        for attempt in range(request.retries):
            if not answered.error or 400 <= answered.status < 500:
                break
            await asyncio.sleep(FIRST_RETRY * 2**attempt)
            answered = await self._try(request)
        return answered

    async def close(self) -> None:
        """Close the connections that are kept open."""
        self._lookups.shutdown(wait=False, cancel_futures=True)
        if self._client is not None:
            await self._client.aclose()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], within: float) -> str:
        """Post these very bytes once; return "" when they were taken, else why not.

        Args:
            within: Seconds for all of it. What the other side answers beside its status is not
                read.
        """
        import httpx2

        try:
            async with asyncio.timeout(within):
                target = await self._guarded(url)
                built = self._http().build_request(
                    "POST", target.url, headers={**headers, **target.headers}, content=body,
                    extensions={"sni_hostname": target.name},
                )  # fmt: skip
                answer = await self._http().send(built, stream=True)
                await answer.aclose()
        except TimeoutError:
            return f"no answer within {within:.0f} s"
        except Refused as reason:
            return str(reason)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as failure:
            return f"{type(failure).__name__}: {failure}"[:200]
        return "" if 200 <= answer.status_code < 300 else f"status {answer.status_code}"

    async def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: Value, *,
        within: float, most: int,
    ) -> Answer:  # fmt: skip
        """Make one request to an API; a failure is told in ``error``, never raised.

        Args:
            body: Sent as JSON; None for none.
            within: Seconds for all of it.
            most: Bytes of the answer.
        """
        sent = {} if body is None else {"json": plain(body)}
        return await self._asked(method, url, headers, sent, within, most)

    async def upload(
        self, url: str, headers: Mapping[str, str], fields: Mapping[str, str], part: Upload, *,
        within: float, most: int,
    ) -> Answer:  # fmt: skip
        """Post a form with a file to an API; a failure is told in ``error``, never raised.

        Args:
            within: Seconds for all of it.
            most: Bytes of the answer.
        """
        try:
            with part.path.open("rb") as file:
                held = {part.field: (part.name, file, part.mimetype)}
                sent = {"data": dict(fields), "files": held}
                return await self._asked("POST", url, headers, sent, within, most)
        except OSError as failure:
            return Answer(status=0, error=f"{type(failure).__name__}: {failure.strerror}")

    async def _asked(
        self, method: str, url: str, headers: Mapping[str, str], sent: Mapping[str, Any],
        within: float, most: int,
    ) -> Answer:  # fmt: skip
        import httpx2

        try:
            async with asyncio.timeout(within):
                target = await self._guarded(url)
                built = self._http().build_request(
                    method, target.url, headers={**headers, **target.headers}, **sent,
                    extensions={"sni_hostname": target.name},
                )  # fmt: skip
                answer = await self._http().send(built, stream=True)
                try:
                    told = _parsed(await _read(answer, most))
                    wait = _seconds(answer.headers.get("retry-after", ""))
                    return Answer(status=answer.status_code, body=told, retry_after=wait)
                finally:
                    await answer.aclose()
        except TimeoutError:
            return Answer(status=0, error=f"no answer within {within:.0f} s")
        except Refused as reason:
            return Answer(status=0, error=str(reason))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as failure:
            return Answer(status=0, error=f"{type(failure).__name__}: {failure}"[:200])

    async def fetch(
        self, url: str, write: Callable[[bytes], Awaitable[None]], *, within: float, most: int,
        hops: int = 0,
    ) -> str:  # fmt: skip
        """Read a file, part by part, and return its media type as the other side tells it.

        Args:
            within: Seconds for all of it.
            most: Bytes; of a larger file nothing more is read.
            hops: So many redirects are followed, each through the guards.

        Raises:
            MediumLost: It cannot be had, or not from there.
        """
        import httpx2

        try:
            async with asyncio.timeout(within):
                return await self._fetched(url, write, most, hops)
        except TimeoutError:
            raise MediumLost(f"it did not come within {within:.0f} s") from None
        except Refused as reason:
            raise MediumLost(str(reason), for_good=True) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as failure:
            raise MediumLost(f"{type(failure).__name__}: {failure}"[:200]) from failure

    async def _fetched(
        self, url: str, write: Callable[[bytes], Awaitable[None]], most: int, hops: int
    ) -> str:  # fmt: skip
        target = await self._guarded(url)
        built = self._http().build_request(
            "GET", target.url, headers=target.headers, extensions={"sni_hostname": target.name}
        )
        answer = await self._http().send(built, stream=True)
        try:
            if hops and (further := answer.headers.get("location")) and answer.is_redirect:
                return await self._fetched(urljoin(url, further), write, most, hops - 1)
            if answer.status_code >= BROKEN:
                raise MediumLost(f"status {answer.status_code}")
            if answer.status_code != FOUND:
                raise Refused(f"status {answer.status_code}")
            read = 0
            async for part in answer.aiter_raw():
                read += len(part)
                if read > most:
                    raise Refused("too large")
                await write(part)
            return str(answer.headers.get("content-type", ""))
        finally:
            await answer.aclose()

    def _http(self) -> "httpx2.AsyncClient":
        import httpx2

        if self._client is None:
            self._client = httpx2.AsyncClient(
                follow_redirects=False,
                trust_env=False,
                timeout=None,  # each call has its own, over all of it
                limits=httpx2.Limits(max_keepalive_connections=0),  # a line is one name's alone
            )
        return self._client

    async def _try(self, request: CallHttp) -> CallAnswered:
        import httpx2

        try:
            async with asyncio.timeout(request.timeout.total_seconds()):
                return await self._send(request)
        except TimeoutError:
            return _failed(request, f"no answer within {request.timeout.total_seconds():.0f} s")
        except Refused as reason:
            return _failed(request, str(reason))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as failure:
            return _failed(request, f"{type(failure).__name__}: {failure}")

    async def _send(self, request: CallHttp) -> CallAnswered:
        target = await self._guarded(request.url)
        headers = {**request.headers, "Idempotency-Key": request.key, **target.headers}
        built = self._http().build_request(
            request.method,
            target.url,
            headers=headers,
            json=plain(request.json) if request.json is not None else None,
            data=dict(request.form) if request.form is not None else None,
            extensions={"sni_hostname": target.name},
        )
        answer = await self._http().send(built, stream=True)
        try:
            return _answered(request, answer.status_code, await _read(answer))
        finally:
            await answer.aclose()

    async def _guarded(self, url: str) -> "_Target":
        """Return where to connect: an address that was checked, under the name that was asked for.

        Raises:
            Refused: The url is not plain http(s), or leads to an address that is not public.
        """
        if "\\" in url or any(letter.isspace() or ord(letter) < 32 for letter in url):
            raise Refused("the url holds a backslash or a blank")
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused("only http and https urls with a host are called")
        if parts.username or parts.password:
            raise Refused("a url must not hold a user name")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = await self._resolve(parts.hostname, port)
        shown = f"[{address}]" if ":" in address else address
        there = parts._replace(netloc=f"{shown}:{port}").geturl()
        return _Target(url=there, host=parts.netloc, name=parts.hostname)

    async def _resolve(self, name: str, port: int) -> str:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._lookups, lambda: socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        )
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses:
            raise Refused(f"{name} has no address")
        if not self._allow_local:
            for address in addresses:
                if not is_public(address):
                    raise Refused(
                        f"{name} leads to {address}, which is not public; "
                        "set http.allow_local to call it"
                    )
        return addresses[0]


class _Target:
    """Where a call connects, and the name it is asked under."""

    def __init__(self, *, url: str, host: str, name: str) -> None:
        self.url = url
        self.name = name
        self.headers = {"Host": host, "Accept-Encoding": "identity"}


def is_public(address: str) -> bool:
    """Tell whether an IP address lies in the public net."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        return is_public(str(ip.ipv4_mapped))
    return (
        ip.is_global
        and not ip.is_multicast
        and not any(ip in block for block in NOT_PUBLIC if block.version == ip.version)
    )


async def _read(answer: "httpx2.Response", most: int = MOST_BYTES) -> bytes:
    body = b""
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > most:
            raise Refused(f"the answer is over {most} bytes")
    return body


def _seconds(told: str) -> float | None:
    """Return what the header ``Retry-After`` says in seconds; None: nothing, or a date."""
    return float(told) if told.strip().isdecimal() else None


def _answered(request: CallHttp, status: int, body: bytes) -> CallAnswered:
    value = _parsed(body)
    error = "" if 200 <= status < 300 else f"status {status}"
    return CallAnswered(key=request.key, status=status, body=value, error=error)


def _parsed(body: bytes) -> Value:
    text = body.decode("utf-8", "replace")
    try:
        return from_outside(json.loads(text))
    except (ValueError, RecursionError):
        return from_outside(text)


def _failed(request: CallHttp, reason: str) -> CallAnswered:
    return CallAnswered(key=request.key, status=0, body=None, error=reason)


def plain(value: Value) -> object:
    """Return a value as outside programs expect it: dates ISO, decimals as numbers."""
    from decimal import Decimal

    match value:
        case Decimal():
            return float(value)
        case Location(text=text, latitude=latitude, longitude=longitude):
            return text or f"{latitude},{longitude}"
        case Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)
