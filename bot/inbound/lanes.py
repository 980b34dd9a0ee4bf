"""Order within a chat, chats side by side."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.domain.messages import AccountId, ChatId

Lane = tuple[AccountId, ChatId]

WIDTH = 128
"""How many chats are worked on at once; bounds what a sudden death leaves half done."""


class Lanes:
    """Hands out chats that have something to do; never one chat to two workers.

    What is to be done lies in the database; here are only names of chats, so nothing is lost
    with the process and memory does not grow with the backlog.
    """

    def __init__(self, step: Callable[[Lane], Awaitable[bool]]) -> None:
        """Take the work: ``step`` handles a chat's next event and tells whether there is more."""
        self._step = step
        self._waiting: dict[Lane, None] = {}  # in the order in which they were woken
        self._busy: set[Lane] = set()
        self._again: set[Lane] = set()
        self._filled = asyncio.Event()

    @property
    def idle(self) -> bool:
        """True when no chat has anything to do."""
        return not self._waiting and not self._busy

    @property
    def depth(self) -> tuple[int, int]:
        """How many chats wait for a turn, and how many have one."""
        return len(self._waiting), len(self._busy)

    def wake(self, lane: Lane) -> None:
        """Note that a chat may have something to do. Costs nothing when it has not."""
        if lane in self._busy:
            self._again.add(lane)
        else:
            self._waiting[lane] = None
            self._filled.set()

    async def work(self) -> None:
        """Work for ever, one event at a time; run as many of these as chats may go side by side."""
        while True:
            while not self._waiting:
                self._filled.clear()
                await self._filled.wait()
            lane = self._take()
            try:
                more = await self._step(lane)
            finally:
                self._busy.discard(lane)
            if more or lane in self._again:
                self._again.discard(lane)
                self.wake(lane)

    def _take(self) -> Lane:
        lane = next(iter(self._waiting))
        del self._waiting[lane]
        self._busy.add(lane)
        return lane
