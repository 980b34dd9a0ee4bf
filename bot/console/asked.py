"""Reads what a request asks for: its body, its addresses, its numbers."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from bot.config.accounts import MAIN
from bot.console.desk import Bot, Desk
from bot.console.keys import Role
from bot.console.refusals import Refusal
from bot.domain.messages import ChatId, MessageId, key_parts
from bot.domain.values import Value, from_outside

Endpoint = Callable[[Request], Awaitable[Response]]

LONGEST_TEXT = 65_536  # characters; WhatsApp's own limit of a message
LONGEST_KEY = 255  # characters of an Idempotency-Key
MOST_LISTED = 1000  # entries of a list in one answer
LISTED = 100  # … when nobody says how many
SERVERS = ("c.us", "lid", "g.us")


def needs(role: Role, endpoint: Endpoint) -> Endpoint:
    """Return the endpoint for bearers of at least that role."""

    async def guarded(request: Request) -> Response:
        if request.scope.get("alexia.role", 0) < role:
            raise Refusal(403, f"this needs a key of the role {role.name.lower()}")
        return await endpoint(request)

    return guarded


async def body_of(request: Request) -> dict[str, Value]:
    """Return the JSON object that was sent."""
    raw = await request.body()
    try:
        found = from_outside(json.loads(raw))
    except (ValueError, RecursionError):
        raise Refusal(400, "the body is not JSON") from None
    if not isinstance(found, dict):
        raise Refusal(400, "the body must be a JSON object")
    return found


def text_in(body: Mapping[str, Value], name: str, longest: int = 1000) -> str:
    """Return a text that must be there, and not of blanks alone."""
    found = body.get(name)
    if not isinstance(found, str) or not found.strip():
        raise Refusal(400, f"{name!r} must be a text that is not empty")
    if len(found) > longest:
        raise Refusal(400, f"{name!r} is longer than {longest} characters")
    return found


def chat_in(body: Mapping[str, Value], name: str = "chatId") -> ChatId:
    """Return the chat that is named by an address, or by a number in any writing."""
    return chat_of(text_in(body, name, 200))


def chat_of(address: str) -> ChatId:
    """Return the chat at an address, or with a number."""
    local, at, server = address.strip().partition("@")
    if not at:
        digits = "".join(letter for letter in local if letter.isascii() and letter.isdigit())
        if not 5 <= len(digits) <= 20 or any(letter.isalpha() for letter in local):
            raise Refusal(400, "a chat is an address like 5511900000000@c.us, or a number")
        if digits.startswith("0"):
            raise Refusal(400, "a number is written with its country's code, like +5511900000000")
        return ChatId(f"{digits}@c.us")
    server = "c.us" if server == "s.whatsapp.net" else server
    if server not in SERVERS or not local.replace("-", "").isdecimal() or not local.isascii():
        raise Refusal(400, "a chat is an address like 5511900000000@c.us, or a number")
    return ChatId(f"{local}@{server}")


def key_of(body: Mapping[str, Value], name: str) -> tuple[ChatId, MessageId]:
    """Return chat and bare id of the message that is named by its whole id."""
    parts = key_parts(text_in(body, name, 300))
    if parts is None:
        raise Refusal(400, f"{name!r} is written like false_5511900000000@c.us_3EB0…")
    return chat_of(parts[0]), MessageId(parts[1])


def desk_of(bot: Bot, name: object) -> Desk:
    """Return the session with this name; none given means the only one, or ``default``."""
    sessions = bot.sessions
    if name in (None, "", "*"):
        name = MAIN if MAIN in sessions or len(sessions) > 1 else next(iter(sessions))
    found = sessions.get(str(name))
    if found is None:
        raise Refusal(404, f"there is no session {str(name)[:40]!r}; known: {', '.join(sessions)}")
    return found


def page_of(request: Request) -> tuple[int, int]:
    """Return how many entries are asked for and how many are skipped before them."""
    return (
        _number(request, "limit", LISTED, MOST_LISTED),
        _number(request, "offset", 0, 10_000_000),
    )


def flag_of(request: Request, name: str) -> bool | None:
    """Return what ``?name=true`` or ``false`` says, None when it is not there."""
    given = request.query_params.get(name)
    if given is None:
        return None
    if given not in ("true", "false"):
        raise Refusal(400, f"{name!r} is true or false")
    return given == "true"


def moment_of(request: Request, name: str) -> datetime | None:
    """Return the moment that ``?name=2026-11-23T09:00:00Z`` says, None when it is not there."""
    given = request.query_params.get(name)
    if given is None:
        return None
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        raise Refusal(400, f"{name!r} is a moment like 2026-11-23T09:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def command_key(request: Request) -> str | None:
    """Return the key under which a repeated request is the same one, None when none is given.

    It is kept apart for each bearer, and hashed: what people write there is theirs.
    """
    given = request.headers.get("idempotency-key", "")
    if not given:
        return None
    if len(given) > LONGEST_KEY:
        raise Refusal(400, f"an Idempotency-Key has at most {LONGEST_KEY} characters")
    bearer = str(request.scope.get("alexia.key", ""))
    return hashlib.sha256(f"{bearer}|{given}".encode()).hexdigest()[:40]


def _number(request: Request, name: str, default: int, most: int) -> int:
    given = request.query_params.get(name, "")
    if not given:
        return default
    if not (given.isascii() and given.isdecimal() and len(given) < 10 and int(given) <= most):
        raise Refusal(400, f"{name!r} is a whole number up to {most}")
    return int(given)
