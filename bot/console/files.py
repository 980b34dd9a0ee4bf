"""Takes the file of a request: in its JSON, as a form, or from an address on the web."""

import asyncio
import base64
import binascii
import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import ExitStack

from starlette.requests import Request

from bot.console.asked import body_of, desk_of
from bot.console.desk import Bot, Desk
from bot.console.multipart import Write, read_parts
from bot.console.refusals import Refusal
from bot.domain.bodies import Attachment
from bot.domain.data import dataclass
from bot.domain.errors import MediumLost
from bot.domain.messages import MessageKind
from bot.domain.values import Value
from bot.store.media_files import Incoming, safe_mimetype, safe_name

FORM = "multipart/form-data"
FETCH_WITHIN = 30.0  # seconds for a file from the web
BLOCK = 256 * 1024  # letters of base64 that are decoded at once; a multiple of four
FITS: Mapping[MessageKind, tuple[str, ...]] = {
    MessageKind.IMAGE: ("image/",),
    MessageKind.VIDEO: ("video/",),
    MessageKind.VOICE: ("audio/", "application/ogg"),
    MessageKind.DOCUMENT: ("",),
}
"""What a medium's type begins with, by what it is sent as."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks to be sent, and by which session."""

    desk: Desk
    body: Mapping[str, Value]
    file: Attachment


@dataclass(slots=True)
class _Taken:
    """The file of a request, on its way to the disk."""

    desk: Desk
    incoming: Incoming
    mimetype: str = ""
    name: str = ""

    async def write(self, part: bytes) -> None:
        """Add a part."""
        await asyncio.to_thread(self.incoming.write, part)


async def read_file(bot: Bot, request: Request, kind: MessageKind) -> Asked:
    """Store the file of a request and return it with the rest that was asked.

    Raises:
        Refusal: There is no such file, it cannot be had, is too large, or is of another kind.
    """
    with ExitStack() as unfinished:

        async def begin(session: object) -> _Taken:
            desk = desk_of(bot, session)
            incoming = await asyncio.to_thread(desk.files.incoming)
            return _Taken(desk, unfinished.enter_context(incoming))

        try:
            body, taken = await _take(request, begin)
        except MediumLost as lost:
            status = 413 if lost.reason == "too large" else 422
            raise Refusal(status, f"the file cannot be sent: {lost.reason}") from None
        if desk_of(bot, body.get("session")).name != taken.desk.name:
            raise Refusal(400, "in a form the field 'session' stands before the file")
        return Asked(taken.desk, body, await _kept(taken, kind))


async def _kept(taken: _Taken, kind: MessageKind) -> Attachment:
    if not taken.incoming.size:
        raise Refusal(400, "the file is empty")
    mimetype = _mimetype(taken.mimetype, taken.name)
    if mimetype and not mimetype.startswith(FITS[kind]):
        wanted = FITS[kind][0].rstrip("/")
        raise Refusal(400, f"{mimetype} is no {wanted}; use sendFile for other files")
    kept = await asyncio.to_thread(taken.incoming.keep)
    return Attachment(kind=kind, name=_name(taken.name, mimetype, kind), kept=kept)


async def _take(
    request: Request, begin: Callable[[object], Awaitable[_Taken]]
) -> tuple[Mapping[str, Value], _Taken]:
    """Write the file; return the rest of the request, and what is known of the file."""
    given = request.headers.get("content-type", "")
    if given.partition(";")[0].strip().lower() == FORM:
        return await _of_form(request, given, begin)
    body = await body_of(request)
    file = body.get("file")
    if not isinstance(file, Mapping):
        raise Refusal(400, "'file' is {url: …} or {data: …}, with mimetype and filename")
    taken = await begin(body.get("session"))
    taken.mimetype, taken.name = _text(file, "mimetype"), _text(file, "filename")
    match file.get("data"), file.get("url"):
        case str(data), None:
            await _decode(data, taken.write)
        case None, str(url):
            found = await taken.desk.fetch(url, taken.write, FETCH_WITHIN)
            taken.mimetype = taken.mimetype or found
            taken.name = taken.name or url.partition("?")[0].rpartition("/")[2]
        case _:
            raise Refusal(400, "'file' holds either a url or base64 data")
    return body, taken


async def _of_form(
    request: Request, kind: str, begin: Callable[[object], Awaitable[_Taken]]
) -> tuple[Mapping[str, Value], _Taken]:
    begun: list[_Taken] = []

    async def open_file(fields: Mapping[str, str]) -> Write:
        begun.append(await begin(fields.get("session")))
        return begun[0].write

    parts = await read_parts(kind, _chunks(request), open_file)
    if not begun:
        raise Refusal(400, "the form holds no file")
    begun[0].mimetype, begun[0].name = parts.mimetype, parts.filename or ""
    return dict(parts.fields), begun[0]


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    async for chunk in request.stream():
        if chunk:
            yield chunk


async def _decode(data: str, write: Write) -> None:
    """Write base64, with or without the head of a ``data:`` address."""
    bare = data.partition(",")[2] if data.startswith("data:") else data
    letters = "".join(bare.split())
    try:
        for place in range(0, len(letters), BLOCK):
            await write(base64.b64decode(letters[place : place + BLOCK], validate=True))
    except (binascii.Error, ValueError):
        raise Refusal(400, "'file.data' is not base64") from None


def _text(file: Mapping[str, Value], name: str) -> str:
    found = file.get(name)
    if found is not None and not isinstance(found, str):
        raise Refusal(400, f"'file.{name}' must be a text")
    return found or ""


def _mimetype(told: str, name: str) -> str:
    """Return the media type as told, else as the name shows it, "" when nobody knows."""
    plain = safe_mimetype(told) if told else ""
    if plain and plain != "application/octet-stream":
        return plain
    return mimetypes.guess_type(name)[0] or ""


def _name(name: str, mimetype: str, kind: MessageKind) -> str:
    """Return a harmless name whose ending shows the media type."""
    safe = safe_name(name, mimetype, kind.value)
    if mimetype and mimetypes.guess_type(safe)[0] is None:
        return f"{safe}{mimetypes.guess_extension(mimetype) or ''}"
    return safe
