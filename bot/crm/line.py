"""One system's API: its address and credential, and what its answers mean for what is told."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlencode

from bot.domain.values import Value
from bot.webhook import Answer, Upload

WITHIN = 10.0  # seconds for a request
UPLOADED_WITHIN = 60.0  # seconds for one with a file
MOST_BYTES = 2_000_000  # of an answer: lists of conversations hold messages
NOT_NOW = frozenset((401, 402, 403, 408, 423, 425, 429))
"""Not the request's fault: a credential to be mended, a limit, a lock. Later it is taken."""


class Unavailable(Exception):
    """The system does not take it now; the same may be told later.

    Attributes:
        after: Seconds before it wants to be asked again; None: it does not say.
    """

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Undecided(Exception):
    """What is to be told is not decided here yet; in a moment it is."""


class Declined(Exception):
    """The system will never take this as it is."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class Asks(Protocol):
    """What makes requests (`webhook.HttpWebhook`)."""

    async def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: Value, *,
        within: float, most: int,
    ) -> Answer:  # fmt: skip
        """Make one request; a failure is told, never raised."""

    async def upload(
        self, url: str, headers: Mapping[str, str], fields: Mapping[str, str], part: Upload, *,
        within: float, most: int,
    ) -> Answer:  # fmt: skip
        """Post a form with a file; a failure is told, never raised."""


class Line:
    """Asks one API, and raises what keeps a job from being done."""

    def __init__(self, http: Asks, url: str, headers: Mapping[str, str]) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._headers = headers

    async def ask(
        self, method: str, path: str, body: Value = None, query: Mapping[str, str] | None = None
    ) -> Value:
        """Return what the API answers.

        Raises:
            Unavailable: It cannot be reached, is busy, or does not know our credential.
            Declined: It refuses this request for good.
        """
        where = f"{self._url}{path}" + (f"?{urlencode(query)}" if query else "")
        answer = await self._http.ask(
            method, where, self._headers, body, within=WITHIN, most=MOST_BYTES
        )
        return _body_of(answer, f"{method} {path.partition('?')[0]}")

    async def upload(self, path: str, fields: Mapping[str, str], part: Upload) -> Value:
        """Post a form with a file and return what the API answers. Raises as `ask`."""
        answer = await self._http.upload(
            f"{self._url}{path}", self._headers, fields, part,
            within=UPLOADED_WITHIN, most=MOST_BYTES,
        )  # fmt: skip
        return _body_of(answer, f"POST {path}")


def _body_of(answer: Answer, what: str) -> Value:
    """Return the body of what was done. Raises Unavailable or Declined."""
    if 200 <= answer.status < 300:
        return answer.body
    if answer.status == 0:
        raise Unavailable(answer.error)
    if answer.status in NOT_NOW or answer.status >= 500 or answer.status < 400:
        raise Unavailable(f"status {answer.status} for {what}", answer.retry_after)
    raise Declined(f"status {answer.status} for {what}{_said(answer.body)}", answer.status)


def _said(body: Value) -> str:
    """Return the reason that an API gives by a name, without what it repeats of the request."""
    held = body.get("category") if isinstance(body, Mapping) else None
    return f" ({held})" if isinstance(held, str) else ""


def table(value: Value) -> Mapping[str, Value]:
    """Return a JSON object, an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def rows(value: Value) -> list[Mapping[str, Value]]:
    """Return the objects of a JSON list, none for anything else."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def id_of(value: Mapping[str, Value], name: str = "id") -> str:
    """Return an id as text, "" where there is none."""
    held = value.get(name)
    return str(held) if isinstance(held, (int, str)) and not isinstance(held, bool) else ""
