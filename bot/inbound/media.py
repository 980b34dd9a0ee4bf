"""Fetches the files of messages, after their replies: each until it is here or is given up."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.domain.errors import MediumLost, TransportDown
from bot.domain.messages import AccountId
from bot.ports import MediaSource, WantedMedium
from bot.store import media
from bot.store.database import Database
from bot.store.media import Medium
from bot.store.media_files import LARGEST, Incoming, MediaFiles, safe_mimetype, safe_name

logger = logging.getLogger("alexia.media")

WIDTH = 2  # files fetched side by side: a voice note does not wait for a film
LOOK_AGAIN = 5.0  # seconds between two looks for files that are due again
GATHER = 0.2  # seconds in which many decided messages ask for one look
FIRST_RETRY = timedelta(seconds=1)  # five times as long with each further try
LONGEST_RETRY = timedelta(hours=6)
NOT_READY_PAUSE = timedelta(seconds=2)
MOST_TRIES = 8
TIDY = 3600.0  # seconds between two looks for files whose time is over
PICTURES = ("image", "sticker")  # of these a small one is made
JUST_WRITTEN = 3600.0  # seconds for which a file may lie there before a row names it


class MediaFetcher:
    """Brings files from the page to the disk; what was cut off is begun again."""

    def __init__(
        self, database: Database, source: MediaSource, files: MediaFiles,
        clock: Callable[[], datetime], *, keep: timedelta, quota: int,
    ) -> None:  # fmt: skip
        """Take how long (``timedelta.max``: for ever) and how many bytes of files are kept."""
        self._database = database
        self._source = source
        self._files = files
        self._clock = clock
        self._keep = keep
        self._quota = quota
        self._woken = asyncio.Event()
        self._busy: set[int] = set()

    def wake(self) -> None:
        """Look now: a message was decided, or a person asks for a file."""
        self._woken.set()

    async def work(self) -> None:
        """Fetch for ever, one file after the other; run `WIDTH` of these."""
        while True:
            self._woken.clear()
            account = self._source.account
            if account is None or not self._source.ready or not await self._fetch_next(account):
                await self._pause()

    async def tidy(self) -> None:
        """Now and then remove what is kept no longer."""
        while True:
            now = self._clock()
            beginning = datetime.fromtimestamp(0, UTC)
            since = beginning if self._keep > now - beginning else now - self._keep
            gone = await self._database.write(
                partial(media.expire, before=since, most=self._quota)
            )  # fmt: skip
            used = await self._database.read(partial(media.in_use, since=since))
            before = time.time() - JUST_WRITTEN
            removed = await asyncio.to_thread(self._files.tidy, used, before)
            if gone or removed:
                logger.info("%d files are kept no longer, %d removed", gone, removed)
            await asyncio.sleep(TIDY)

    async def _fetch_next(self, account: AccountId) -> bool:
        """Fetch the file that is due next; False when none is."""
        now, busy = self._clock(), frozenset(self._busy)
        medium = await self._database.read(
            lambda db: media.next_due(db, account, now, busy | self._busy)
        )
        if medium is None or medium.row in self._busy:
            return False
        self._busy.add(medium.row)
        try:
            await self._fetch(medium)
        finally:
            self._busy.discard(medium.row)
        return True

    async def _fetch(self, medium: Medium) -> None:
        row, now = medium.row, self._clock()
        try:
            sha256, size = await self._receive(medium)
        except TransportDown as down:
            due, reason, counts = now + NOT_READY_PAUSE, str(down), self._source.ready
            if counts:
                due = now + _pause_after(medium.attempts)
            await self._database.write(
                lambda db: media.postpone(db, row, due, reason, counts=counts)
            )
        except MediumLost as lost:
            await self._note_lost(medium, lost)
        else:
            mimetype = safe_mimetype(medium.mimetype)
            name = safe_name(medium.filename, medium.mimetype, medium.kind)
            await self._database.write(
                partial(
                    media.stored,
                    row=row,
                    sha256=sha256,
                    size=size,
                    mimetype=mimetype,
                    filename=name,
                    now=self._clock(),
                )
            )
            logger.info("medium %d: %d bytes", row, size)
            if medium.kind in PICTURES:
                await asyncio.to_thread(self._files.shrink, sha256)

    async def _note_lost(self, medium: Medium, lost: MediumLost) -> None:
        row, reason = medium.row, lost.reason
        if lost.for_good or medium.attempts + 1 >= MOST_TRIES:
            logger.warning("medium %d is given up: %s", row, reason)
            await self._database.write(lambda db: media.give_up(db, row, reason))
            return
        due = self._clock() + _pause_after(medium.attempts)
        await self._database.write(lambda db: media.postpone(db, row, due, reason, counts=True))

    async def _receive(self, medium: Medium) -> tuple[str, int]:
        """Write a file as it comes; return its hash and size."""
        if medium.size > LARGEST:
            raise MediumLost("too large", for_good=True)
        wanted = WantedMedium(
            chat=medium.chat, id=medium.id, sent_at=medium.sent_at, most=LARGEST
        )  # fmt: skip
        incoming: Incoming = await asyncio.to_thread(self._files.incoming)
        with incoming:
            async with aclosing(self._source.read_medium(wanted)) as parts:
                async for part in parts:
                    await asyncio.to_thread(incoming.write, part)
            return await asyncio.to_thread(incoming.keep), incoming.size

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), LOOK_AGAIN)
        except TimeoutError:
            return
        await asyncio.sleep(GATHER)


def _pause_after(attempts: int) -> timedelta:
    factor: int = 5 ** min(attempts, MOST_TRIES)
    return min(FIRST_RETRY * factor, LONGEST_RETRY)
