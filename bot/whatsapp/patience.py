"""When a page, or the browser it is in, must be opened anew."""

import time
from collections.abc import Callable

from bot.domain.errors import BotError

MISSES = 3  # probes without an answer after which the page counts as frozen
ANSWER_WITHIN = 30.0  # seconds that a page may be one that we cannot ask: an error page, say
BOOT_WITHIN = 120.0  # seconds that wa-js may need to find WhatsApp Web in the page


class PageLost(Exception):
    """The page cannot be used any more; open another."""


class Recycled(PageLost):
    """The browser is opened anew because we want it."""


class Patience:
    """With one page. Times are monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._misses = 0
        self._asked = self._ready_at = clock()  # when it last answered, and was WhatsApp Web

    def note_answer(self, *, ready: bool) -> None:
        """It answered; ``ready``: it is WhatsApp Web with wa-js in it."""
        self._misses = 0
        self._asked = self._clock()
        self._ready_at = self._asked if ready else self._ready_at

    @property
    def unready_for(self) -> float:
        """For how many seconds it has not been WhatsApp Web with wa-js in it."""
        return self._clock() - self._ready_at

    def note_failure(self, failure: BotError) -> None:
        """It could not be asked. Raises PageLost when that says that it is lost."""
        if "no answer" in str(failure):
            self._misses += 1
        if self._misses >= MISSES:
            raise PageLost("it does not answer any more") from failure
        if "closed" in str(failure):
            raise PageLost("it was closed") from failure

    def check(self) -> None:
        """Raise PageLost when it could not be asked, or was not WhatsApp Web, for too long."""
        now = self._clock()
        if now - self._asked > ANSWER_WITHIN:
            raise PageLost("what it shows is not WhatsApp Web")
        if now - self._ready_at > BOOT_WITHIN:
            raise PageLost("WhatsApp Web does not become ready in it")
