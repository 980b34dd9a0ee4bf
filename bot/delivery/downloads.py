"""Files that rules send from a url: fetched through the guards when they are sent."""

import asyncio
import mimetypes
import re
from collections.abc import Awaitable, Callable
from typing import Protocol
from urllib.parse import unquote, urlsplit

from bot.delivery.contents import LARGEST, USUAL
from bot.domain.bodies import Attachment, Content
from bot.domain.errors import MediumLost, SendFailed

FETCHED_WITHIN = 45.0  # seconds for one try
TRIES = 3
FIRST_RETRY = 1.0  # seconds, four times as long before the last
LONGEST_NAME = 100  # characters
MIMETYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")
VAGUE = ("application/octet-stream", "binary/octet-stream", "text/plain")

Write = Callable[[bytes], Awaitable[None]]


class Fetch(Protocol):
    """Reads a file at a url through the guards."""

    async def __call__(self, url: str, write: Write, *, within: float, most: int) -> str:
        """Give its parts to ``write``; return the media type that is told. Raises MediumLost."""


async def download(attachment: Attachment, fetch: Fetch, pause: float = FIRST_RETRY) -> Content:
    """Return the file at an attachment's url.

    Args:
        pause: Seconds before the second try.

    Raises:
        SendFailed: It is not to be had, or the guards do not let the call out.
    """
    for attempt in range(TRIES):
        parts: list[bytes] = []

        async def write(part: bytes, parts: list[bytes] = parts) -> None:
            parts.append(part)

        try:
            told = await fetch(attachment.url, write, within=FETCHED_WITHIN, most=LARGEST)
        except MediumLost as failure:
            if failure.for_good or attempt + 1 == TRIES:
                raise SendFailed("url", failure.reason) from failure
            await asyncio.sleep(pause * 4**attempt)
        else:
            name = attachment.name or _name_in(attachment.url)
            return Content(
                data=b"".join(parts), name=name, mimetype=_mimetype(told, name, attachment)
            )
    raise AssertionError("the last try returns or raises")


def _name_in(url: str) -> str:
    """Return the file's name as the url tells it."""
    last = unquote(urlsplit(url).path).rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable() and letter not in "\\/:")
    return shown.strip(" .")[-LONGEST_NAME:] or "file"


def _mimetype(told: str, name: str, attachment: Attachment) -> str:
    plain = told.partition(";")[0].strip().lower()
    guessed = mimetypes.guess_type(name)[0]
    if MIMETYPE.fullmatch(plain) and (plain not in VAGUE or guessed is None):
        return plain
    return guessed or USUAL.get(attachment.kind, "application/octet-stream")


async def no_net(url: str, write: Write, *, within: float, most: int) -> str:  # noqa: ARG001 - as `Fetch`
    """Stand in where nothing may be fetched."""
    raise MediumLost("nothing is fetched here", for_good=True)
