"""The browser of one session, with all that is injected into its page."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

from bot.whatsapp.browser import (
    clear_profile,
    end_browsers,
    find_browser,
    open_browser,
    user_agent,
)
from bot.whatsapp.injected import scripts
from bot.whatsapp.patience import PageLost
from bot.whatsapp.pinned import read_page, show_saved
from bot.whatsapp.settings import WhatsAppSettings
from bot.whatsapp.wajs import pin_of, read_bundle

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page, Playwright

CLOSE_WITHIN = 5.0  # seconds


@contextlib.asynccontextmanager
async def open_window(
    playwright: "Playwright",
    settings: WhatsAppSettings,
    take: Callable[[object, str], Awaitable[None]],
    within: float,
) -> "AsyncIterator[BrowserContext]":
    """Hold a browser open that is ready for WhatsApp Web; afterwards it is closed, or ended.

    Args:
        take: What the page tells is given to.
        within: Seconds for the browser, and again for what is injected.

    Raises:
        BrowserMissing, BundleRefused, PageRefused: A person must install or mend it.
        PageLost: It was not ready in time.
    """
    bundle = read_bundle(pin_of(settings.wa_js_path, settings.wa_js_sha256, settings.wa_js_version))
    saved = read_page(*settings.page) if settings.page else None
    browser = await asyncio.to_thread(find_browser, settings.browser)
    await asyncio.to_thread(clear_profile, settings.profile)
    agent = await asyncio.to_thread(user_agent, browser)
    context = await open_browser(
        playwright, browser, settings.profile, headless=settings.headless,
        no_sandbox=settings.no_sandbox, url=settings.url, agent=agent, within=within,
    )  # fmt: skip
    try:
        async with in_time(within):
            await context.expose_binding("alexiaTake", take)
            for script in scripts(settings.url, bundle):
                await context.add_init_script(script)
            if saved is not None:
                await show_saved(context, settings.url, saved)
        yield context
    finally:
        await _close(context, settings)


async def fresh_page(context: "BrowserContext", *, lost: bool) -> "Page":
    """Return the one page of the browser; ``lost``: another than the one that is there.

    What a dead page or browser leaves behind are rings of objects, half a megabyte each time; the
    daemon looks for such rings so rarely that they would pile up over a day of bad weather.
    """
    gc.collect()
    for old in context.pages[1:]:
        await old.close()
    page: Page = context.pages[0] if context.pages else await context.new_page()
    if lost or page.is_closed():
        fresh = await context.new_page()
        await page.close()
        page = fresh
    return page


async def _close(context: "BrowserContext", settings: WhatsAppSettings) -> None:
    """Close the browser cleanly, or end it."""
    from playwright.async_api import Error

    with contextlib.suppress(Error, TimeoutError):
        async with asyncio.timeout(CLOSE_WITHIN):
            await context.close()
    end_browsers(settings.profile)


@contextlib.asynccontextmanager
async def in_time(seconds: float) -> AsyncIterator[None]:
    """Give a block so many seconds. Raises PageLost when it needs more."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as late:
        raise PageLost(f"its page does not open within {seconds:.0f} s") from late
