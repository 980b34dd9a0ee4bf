"""A saved page of WhatsApp Web, shown in place of the one that WhatsApp serves today."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.errors import PageRefused

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Route


def read_page(path: Path, sha256: str) -> str:
    """Return a saved page.

    Raises:
        PageRefused: It is missing, no text, or a byte of it is not as pinned.
    """
    try:
        raw = path.read_bytes()
    except OSError as reason:
        raise PageRefused(str(path), reason.strerror or "it cannot be read") from reason
    found = hashlib.sha256(raw).hexdigest()
    if found != sha256:
        raise PageRefused(str(path), f"its sha256 is {found}, pinned is {sha256}")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as reason:
        raise PageRefused(str(path), "it is not UTF-8 text") from reason


async def show_saved(context: "BrowserContext", url: str, page: str) -> None:
    """Answer requests for the page at ``url`` with a saved one; its parts come from WhatsApp."""

    async def answer(route: "Route") -> None:
        await route.fulfill(body=page, content_type="text/html; charset=utf-8")

    await context.route(url, answer)
