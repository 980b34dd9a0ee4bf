"""When a page, or the browser it is in, must be opened anew."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.errors import BotError

MISSES = 3  # probes without an answer after which the page counts as frozen
ANSWER_WITHIN = 30.0  # seconds that a page may be one that we cannot ask: an error page, say
BOOT_WITHIN = 120.0  # seconds that wa-js may need to find WhatsApp Web in the page
OPENS_WITHIN = 600.0  # seconds that WhatsApp Web may need, once logged in: the phone tells it much
ASTRAY_WITHIN = 30.0  # seconds that it may show a login code to somebody who is logged in


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
        self._open_at = self._asked  # when it was last not between login and its chats
        self._astray: float | None = None  # since when

    def note_answer(self, *, ready: bool, opening: bool = False, astray: bool = False) -> None:
        """It answered.

        Args:
            ready: It is WhatsApp Web with wa-js in it.
            opening: Somebody is logged in, and it shows no chats yet, or no more.
            astray: Somebody is logged in, and it asks for a login.
        """
        self._misses = 0
        self._asked = self._clock()
        self._ready_at = self._asked if ready else self._ready_at
        self._open_at = self._open_at if opening else self._asked
        self._astray = (self._astray or self._asked) if astray else None

    def note_back(self) -> None:
        """What its answer led to is done, a long sweep say; it could not be asked meanwhile."""
        self._asked = self._clock()

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
        if self._astray is not None and now - self._astray > ASTRAY_WITHIN:
            raise PageLost("it asks for a login, and somebody is logged in")
        if now - self._open_at > OPENS_WITHIN:
            raise PageLost("WhatsApp Web does not get to the chats of who is logged in")


def is_opening(found: Mapping[str, Any]) -> bool:
    """Tell whether somebody is logged in into a page that shows neither chats nor a conflict."""
    if not found.get("ready") or not found["authenticated"] or found["mode"] == "CONFLICT":
        return False
    return found["mode"] != "MAIN" or not found["account"]


def is_astray(found: Mapping[str, Any]) -> bool:
    """Tell whether somebody is logged in into a page that asks for a login."""
    return bool(found.get("ready")) and bool(found["authenticated"]) and found["mode"] == "QR"
