"""Gives on what the page's store holds, whether its events told it or not."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.messages import AccountId, Origin
from bot.ports import Inlet
from bot.whatsapp.driver import Driver
from bot.whatsapp.told import changes_of
from bot.whatsapp.wire import read_message

CHUNK = 200  # messages given on at once


class Sweep:
    """Of one session's page."""

    def __init__(self, driver: Driver, inlet: Inlet, clock: Callable[[], datetime]) -> None:
        self._driver = driver
        self._inlet = inlet
        self._clock = clock

    async def give_since(
        self, account: AccountId, since: datetime, before: datetime | None = None
    ) -> int:
        """Give on everything since a moment; repeats cost nothing, a gap costs a message.

        Returns:
            How many messages older than ``before`` were new to us.
        """
        raws = await self._driver.since(since.timestamp())
        read = [read_message(raw, account, Origin.CAUGHT_UP) for raw in raws]
        messages = [message for message in read if message is not None]
        changes = changes_of(raws, account, self._clock())
        old = [one for one in messages if before is not None and one.sent_at < before]
        rest = messages if before is None else [one for one in messages if one.sent_at >= before]
        unheard = 0
        for start in range(0, len(old), CHUNK):
            unheard += await self._inlet.take_messages(old[start : start + CHUNK])
        for start in range(0, len(rest), CHUNK):
            await self._inlet.take_messages(rest[start : start + CHUNK])
        if changes:
            await self._inlet.take_changes(changes)
        return unheard
