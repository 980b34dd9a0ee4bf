"""Waits for what a page loads late: nothing is handed to it that it cannot do yet."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bot.domain.errors import BotError, NotLoaded, TransportDown
from bot.whatsapp.capabilities import CAPABILITIES

LOADS_WITHIN = 45.0  # seconds in which a page loads its last modules
CHANGES_WITHIN = 15.0  # seconds that a reaction or an edit is worth holding up its chat
LOOK_AGAIN = 1.0  # seconds between two looks for what is missing

USED: Mapping[str, str] = {
    "file": "sent files", "card": "contact cards", "react": "reactions", "edit": "edits",
    "revoke": "revokes",
}  # fmt: skip
"""The capability that a command of the page is."""

CHANGES = frozenset(("react", "edit", "revoke"))

_PATHS: Mapping[str, tuple[str, ...]] = {
    one.name: tuple(f"whatsapp.{need}" for need in one.needs) for one in CAPABILITIES
}

Survey = Callable[[Sequence[str]], Awaitable[dict[str, Any]]]


class Loading:
    """Of one page after the other. Times are monotonic seconds."""

    def __init__(self, survey: Survey, clock: Callable[[], float] = time.monotonic) -> None:
        self._survey = survey
        self._clock = clock
        self._begun = clock()
        self._lacks: dict[str, float] = {}  # when last looked at

    def begin(self) -> None:
        """Another page begins."""
        self._begun = self._clock()
        self._lacks.clear()

    async def lacks(self, do: str) -> bool:
        """Tell whether the page still lacks what a command needs, after all the time it may take.

        Raises:
            NotLoaded: It may come yet.
            TransportDown: The page cannot be asked.
        """
        name = USED.get(do, "")
        if not name:
            return False
        now = self._clock()
        looked = self._lacks.get(name)
        if looked is None or now - looked >= LOOK_AGAIN:
            if not await self._missing(name):
                self._lacks.pop(name, None)
                return False
            self._lacks[name] = now
        if now - self._begun < (CHANGES_WITHIN if do in CHANGES else LOADS_WITHIN):
            raise NotLoaded(f"what {name} need is not loaded yet")
        return True

    async def _missing(self, name: str) -> bool:
        try:
            return bool((await self._survey(_PATHS[name]))["missing"])
        except TransportDown:
            raise
        except BotError as cut:
            raise TransportDown(str(cut)) from cut
