"""Prints a page of ours onto paper: a browser of its own, without scripts and without network."""

import asyncio
from pathlib import Path

from bot.domain.errors import PrintFailed
from bot.whatsapp.browser import find_browser, open_playwright

WITHIN = 60.0  # seconds that the browser may take; a busy machine needs some to start one
SIDE, TOP, BOTTOM = "14mm", "16mm", "18mm"  # margins
FOOT = (
    '<div style="width: 100%; font-size: 8px; color: #55607a; text-align: center;'
    ' font-family: sans-serif"><span class="pageNumber"></span> / <span class="totalPages"></span>'
    "</div>"
)


def print_page(html: str, browser: Path | None, *, no_sandbox: bool = False) -> bytes:
    """Return a page as PDF, A4 upright.

    Args:
        html: Needs nothing that lies outside of it; whatever it asks for is refused.
        browser: The Chromium that is chosen in the configuration, None to find one.

    Raises:
        BrowserMissing: There is none.
        PrintFailed: The browser broke down, or was not done within a minute.
    """
    from playwright.async_api import Error

    found = find_browser(browser)
    try:
        return asyncio.run(asyncio.wait_for(_printed(html, found, no_sandbox=no_sandbox), WITHIN))
    except TimeoutError:
        raise PrintFailed(f"it took over {WITHIN:.0f} s") from None
    except Error as failure:
        raise PrintFailed(failure.message.partition("\n")[0]) from failure


async def _printed(html: str, browser: Path, *, no_sandbox: bool) -> bytes:
    async with open_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=browser,
            args=["--no-sandbox", "--disable-gpu"] if no_sandbox else ["--disable-gpu"],
        )
        try:
            context = await opened.new_context(java_script_enabled=False, offline=True)
            page = await context.new_page()
            await page.set_content(html)
            return await page.pdf(
                format="A4", print_background=True, tagged=True, outline=True,
                margin={"top": TOP, "bottom": BOTTOM, "left": SIDE, "right": SIDE},
                display_header_footer=True, header_template="<span></span>", footer_template=FOOT,
            )  # fmt: skip
        finally:
            await opened.close()
