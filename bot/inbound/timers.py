"""Wakes chats when something is due in them. The waiting itself lies in the database."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.inbound.lanes import Lanes
from bot.store import timers
from bot.store.database import Database

LONGEST_SLEEP = 1.0  # seconds; a timer set meanwhile fires at most so late


class Alarm:
    """Looks at the timers' table and wakes chats."""

    def __init__(self, database: Database, lanes: Lanes, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._lanes = lanes
        self._clock = clock

    async def ring(self) -> None:
        """Wake every chat where something is due now."""
        now = self._clock()
        for lane in await self._database.read(lambda db: timers.chats_due(db, now)):
            self._lanes.wake(lane)

    async def run(self) -> None:
        """Ring for ever."""
        while True:
            await self.ring()
            due = await self._database.read(timers.next_due_at)
            pause = LONGEST_SLEEP if due is None else (due - self._clock()).total_seconds()
            await asyncio.sleep(min(max(pause, 0.05), LONGEST_SLEEP))
