"""Why a request is not done: one sentence and a status, as JSON."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.console.desk import NotYet
from bot.domain.errors import (
    BotError,
    RenameRefused,
    SendFailed,
    SendUncertain,
    SessionDown,
    TransportDown,
    UnknownSession,
)


@dataclass(eq=False)
class Refusal(Exception):
    """A request that cannot be done as it is."""

    status: int
    reason: str

    def __str__(self) -> str:
        return self.reason


def refuse(status: int, reason: str, headers: dict[str, str] | None = None) -> Response:
    """Return the answer to a request that is not done."""
    return JSONResponse({"statusCode": status, "error": reason}, status, headers=headers)


async def answer_refusal(_: Request, failure: Exception) -> Response:
    """Answer a `Refusal`."""
    assert isinstance(failure, Refusal)
    return refuse(failure.status, failure.reason)


async def answer_failure(_: Request, failure: Exception) -> Response:
    """Answer an error of ours: what is outside failed, not the request."""
    match failure:
        case NotYet() | TransportDown():
            return refuse(503, str(failure))
        case SessionDown() | RenameRefused():
            return refuse(422, str(failure))
        case UnknownSession():
            return refuse(404, str(failure))
        case SendUncertain():
            return refuse(504, str(failure))
        case SendFailed():
            return refuse(502, str(failure))
        case _:
            return refuse(500, str(failure))


async def answer_unknown(_: Request, failure: Exception) -> Response:
    """Answer where no route leads, or none with this method."""
    assert isinstance(failure, HTTPException)
    return refuse(failure.status_code, failure.detail)


HANDLERS = {
    Refusal: answer_refusal, BotError: answer_failure, HTTPException: answer_unknown
}  # fmt: skip
