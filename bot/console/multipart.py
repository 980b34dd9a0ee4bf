"""Reads multipart/form-data as it comes: fields are kept, the one file is given on in parts."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from email.message import Message

from bot.console.refusals import Refusal

MOST_FIELDS = 20
LONGEST_FIELD = 256 * 1024  # bytes of one field
LONGEST_HEAD = 8 * 1024  # bytes of the headers of one part
BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{1,70}")

Write = Callable[[bytes], Awaitable[None]]
Begin = Callable[[Mapping[str, str]], Awaitable[Write]]


class Parts:
    """What was sent: ``fields`` by name, and of the file its name and media type."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.filename: str | None = None  # None: no file was sent
        self.mimetype = ""


async def read_parts(kind: str, stream: AsyncIterator[bytes], begin: Begin) -> Parts:
    """Read a whole body.

    Args:
        kind: The request's content type, with its boundary.
        begin: Called when the file begins, with the fields before it; what it returns takes the
            file, part by part.

    Raises:
        Refusal: It is not well-formed, or holds too much; a part of the file may be written.
    """
    reader = _Reader(_boundary(kind), stream)
    found = Parts()
    await reader.skip_to_first()
    while await reader.has_part():
        head = await reader.head()
        name, filename = head.get_param("name", header="content-disposition"), _filename(head)
        if not isinstance(name, str):
            raise Refusal(400, "a part of the form has no name")
        if filename is not None:
            if found.filename is not None:
                raise Refusal(400, "a form holds one file")
            found.filename, found.mimetype = filename, head.get_content_type()
            await reader.content(await begin(found.fields))
            continue
        if len(found.fields) >= MOST_FIELDS:
            raise Refusal(400, f"a form holds at most {MOST_FIELDS} fields")
        found.fields[name] = await _field(reader)
    return found


async def _field(reader: "_Reader") -> str:
    value = bytearray()

    async def keep(part: bytes) -> None:
        value.extend(part)
        if len(value) > LONGEST_FIELD:
            raise Refusal(413, f"a field of the form is at most {LONGEST_FIELD} bytes")

    await reader.content(keep)
    return value.decode("utf-8", "replace").replace("\0", "\ufffd")


def _boundary(kind: str) -> bytes:
    head = Message()
    head["content-type"] = kind
    found = head.get_param("boundary")
    if not isinstance(found, str) or not BOUNDARY.fullmatch(found):
        raise Refusal(400, "the form names no boundary")
    return found.encode("ascii")


def _filename(head: Message) -> str | None:
    found = head.get_filename()
    return None if found is None else str(found)[:500]


class _Reader:
    """Finds the parts between the boundaries of a stream."""

    def __init__(self, boundary: bytes, stream: AsyncIterator[bytes]) -> None:
        self._mark = b"\r\n--" + boundary
        self._stream = stream
        self._held = b"\r\n"  # the first boundary needs no line before it

    async def skip_to_first(self) -> None:
        """Skip what stands before the first part."""
        await self.content(_nowhere)

    async def has_part(self) -> bool:
        """Tell whether another part follows the boundary just read."""
        while len(self._held) < 2:
            await self._more()
        ends, self._held = self._held[:2] == b"--", self._held[2:]
        return not ends

    async def head(self) -> Message:
        """Return the headers of a part."""
        while b"\r\n\r\n" not in self._held:
            if len(self._held) > LONGEST_HEAD:
                raise Refusal(400, "the headers of a part of the form are too long")
            await self._more()
        raw, _, self._held = self._held.partition(b"\r\n\r\n")
        head = Message()
        for line in raw.decode("utf-8", "replace").split("\r\n"):
            name, colon, value = line.partition(":")
            if colon:
                head[name.strip()] = value.strip()
        return head

    async def content(self, write: Write) -> None:
        """Give on everything up to the next boundary, and pass that."""
        while True:
            before, mark, after = self._held.partition(self._mark)
            if mark:
                await write(before)
                self._held = after
                return
            safe = max(0, len(self._held) - len(self._mark))
            if safe:
                await write(self._held[:safe])
                self._held = self._held[safe:]
            await self._more()

    async def _more(self) -> None:
        part = await anext(self._stream, b"")
        if not part:
            raise Refusal(400, "the form ends in its middle")
        self._held += part


async def _nowhere(part: bytes) -> None:
    """Let a part go."""
