"""Why a request is not done: one sentence and a status, as JSON."""

from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.console.desk import NotYet
from bot.domain.errors import (
    AddRefused,
    BotError,
    ChatRefused,
    ContactRefused,
    GroupRefused,
    NumberUnchecked,
    RemoveRefused,
    RenameRefused,
    SendFailed,
    SendUncertain,
    SessionDown,
    TransportDown,
    UnknownSession,
)

GROUP_STATUSES = {
    "group_you_are_not_admin": 403, "you_are_not_allowed_set_group_subject": 403,
    "you_are_not_allowed_set_group_description": 403, "not_a_member": 403, "chat_not_found": 404,
    "group_not_found": 404,
}  # fmt: skip
"""By wa-js' code; others are 422."""
NOTHING_HERE = "there is nothing at this address; /api/v1/openapi.json lists what there is"


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
        case SessionDown() | RenameRefused() | AddRefused() | RemoveRefused():
            return refuse(422, str(failure))
        case UnknownSession():
            return refuse(404, str(failure))
        case SendUncertain():
            return refuse(504, str(failure))
        case GroupRefused(code=code):
            return refuse(GROUP_STATUSES.get(code, 422), str(failure))
        case ChatRefused(code=code):
            return refuse(404 if code.endswith("not_found") else 422, str(failure))
        case NumberUnchecked(is_number=is_number):
            return refuse(503 if is_number else 400, str(failure))
        case ContactRefused():
            return refuse(422, str(failure))
        case SendFailed():
            return refuse(502, str(failure))
        case _:
            return refuse(500, str(failure))


async def answer_unknown(_: Request, failure: Exception) -> Response:
    """Answer where no route leads, or none with this method."""
    assert isinstance(failure, HTTPException)
    if failure.status_code == HTTPStatus.NOT_FOUND:
        return refuse(failure.status_code, NOTHING_HERE)
    return refuse(failure.status_code, failure.detail)


HANDLERS = {
    Refusal: answer_refusal, BotError: answer_failure, HTTPException: answer_unknown
}  # fmt: skip
