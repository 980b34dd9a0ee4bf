"""What a page writes to its console, heard up to a measure: a flood would drown the daemon."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import ConsoleMessage, Page

logger = logging.getLogger("alexia.session")

MOST_LINES = 1000  # of one load of the page; about a second of the daemon's work


class Lines:
    """Gives each line on, and stops listening when there were too many."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        self._heard = heard
        self._page: Page | None = None
        self._count = 0
        self._listens = False

    def listen(self, page: "Page") -> None:
        """Hear this page from now on."""
        self._page, self._listens = page, False
        self.begin()

    def begin(self) -> None:
        """The page was loaded anew: count from the beginning."""
        self._count = 0
        if self._page is not None and not self._listens:
            self._listens = True
            self._page.on("console", self._hear)

    def _hear(self, line: "ConsoleMessage") -> None:
        self._count += 1
        if self._count > MOST_LINES:
            self._stop()
            return
        self._heard(line.text)

    def _stop(self) -> None:
        if self._page is not None and self._listens:
            self._listens = False
            self._page.remove_listener("console", self._hear)
            logger.warning("the page writes very much to its console; it is heard no more")
