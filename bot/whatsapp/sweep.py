"""Gives on what the page's store holds, whether its events told it or not."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.messages import AccountId, Message, MessageId, MessageKind, Origin
from bot.ports import Inlet
from bot.whatsapp.driver import Driver
from bot.whatsapp.told import changes_of
from bot.whatsapp.wire import read_message

logger = logging.getLogger("alexia.session")

CHUNK = 200  # messages given on at once
FIRST_AGAIN = timedelta(seconds=5)  # before chats that could not be read back are read again
LONGEST_AGAIN = timedelta(minutes=1)  # doubled with each further try, up to this
YOUNG = timedelta(minutes=3)  # of a page, in which it may not have got all its chats
OWED_FOR = timedelta(minutes=15)  # after which what cannot be read is given up


class Sweep:
    """Of one session's page.

    Attributes:
        owed: From when on something may be missing in chats that could not be read back, None when
            nothing is.
    """

    def __init__(self, driver: Driver, inlet: Inlet, clock: Callable[[], datetime]) -> None:
        self._driver = driver
        self._inlet = inlet
        self._clock = clock
        self._reading = asyncio.Lock()  # the page reads back for one at a time
        self._since: datetime | None = None  # of the last sweep of everything
        self._at = clock()
        self._untold: dict[MessageId, datetime] = {}  # read before the page told of them, and when
        self.owed: datetime | None = None
        self._owed_since = self._due = clock()
        self._pause = FIRST_AGAIN

    async def give_since(
        self, account: AccountId, since: datetime, before: datetime | None = None
    ) -> int:
        """Give on everything since a moment; repeats cost little, a gap costs a message.

        Args:
            before: Leave out what the page told by itself, and has told as it is now.

        Returns:
            How many messages older than ``before`` the page has not told.
        """
        if before is None:
            self._since, self._at = since, self._clock()
            self._untold.clear()
        async with self._reading:
            held = await self._driver.since(since.timestamp(), untold=before is not None)
        unheard = await self._give(account, held.raws, before)
        self._note(since, held.unread)
        return unheard + (0 if before is None else self._drop_untold(before))

    async def give_new(self, account: AccountId, *, late: bool = True) -> None:
        """Give on what chats hold that the page did not have when it was swept.

        Args:
            late: False: only while the page is young; WhatsApp Web may get its chats bit by bit.
        """
        since = self._since
        if since is None or not (late or self._clock() - self._at < YOUNG):
            return
        async with self._reading:
            held = await self._driver.since(since.timestamp(), fresh=True)
        await self._give_ahead(account, held.raws)
        if held.unread:
            self._note(since, held.unread)

    def note_told(self, messages: Sequence[Message]) -> None:
        """The page told of messages by itself."""
        if self._untold:
            for one in messages:
                self._untold.pop(one.id, None)

    def _drop_untold(self, before: datetime) -> int:
        """Return how many messages were read before a moment of which the page never told."""
        late = [one for one, read in self._untold.items() if read < before]
        for one in late:
            del self._untold[one]
        return len(late)

    async def _give_ahead(self, account: AccountId, raws: Sequence[Any]) -> None:
        """Give on what a new chat holds; what came after the sweep the page must tell as well."""
        read = _messages(account, raws)
        swept = self._at.replace(microsecond=0)  # messages are dated in whole seconds
        await self._take([one for one in read if one.sent_at < swept])
        for one in (one for one in read if one.sent_at >= swept):
            is_new = await self._inlet.take_messages([one]) > 0
            if is_new and not one.from_me and one.kind is not MessageKind.SYSTEM:
                self._untold[one.id] = self._clock()
        await self._take_changes(account, raws)

    async def _give(self, account: AccountId, raws: Sequence[Any], before: datetime | None) -> int:
        """Give messages on, and what was done to them; return how many old ones were new to us."""
        read = _messages(account, raws)
        old = [one for one in read if before is not None and one.sent_at < before]
        rest = read if before is None else [one for one in read if one.sent_at >= before]
        unheard = await self._take(old)
        await self._take(rest)
        await self._take_changes(account, raws)
        return unheard

    async def _take(self, messages: Sequence[Message]) -> int:
        """Give messages on; return how many were new to us."""
        found = 0
        for start in range(0, len(messages), CHUNK):
            found += await self._inlet.take_messages(messages[start : start + CHUNK])
        return found

    async def _take_changes(self, account: AccountId, raws: Sequence[Any]) -> None:
        changes = changes_of(raws, account, self._clock())
        if changes:
            await self._inlet.take_changes(changes)

    async def make_up(self, account: AccountId) -> None:
        """Read again, when it is time, what could not be read back."""
        now = self._clock()
        if self.owed is None or now < self._due:
            return
        if now - self._owed_since > OWED_FOR:
            logger.error("messages since %s may be missing: chats cannot be read back", self.owed)
            self.owed = None
            return
        await self.give_since(account, self.owed)

    def _note(self, since: datetime, unread: int) -> None:
        """Note what is owed now."""
        now = self._clock()
        if unread:
            if self.owed is None:
                logger.warning("%d chats could not be read back; it is tried again", unread)
                self._owed_since, self._pause = now, FIRST_AGAIN
            self.owed = since if self.owed is None else min(since, self.owed)
            self._due = now + self._pause
            self._pause = min(self._pause * 2, LONGEST_AGAIN)
        elif self.owed is not None and since <= self.owed:
            self.owed = None


def _messages(account: AccountId, raws: Sequence[Any]) -> list[Message]:
    read = (read_message(raw, account, Origin.CAUGHT_UP) for raw in raws)
    return [message for message in read if message is not None]
