"""Keeps what WhatsApp shows of people current: names at once, about texts and pictures slowly."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.domain.errors import BotError, ContactRefused
from bot.domain.messages import AccountId
from bot.domain.profiles import PeopleNews, Portrait
from bot.ports import People
from bot.store import profiles
from bot.store.database import Database
from bot.store.media_files import MediaFiles
from bot.store.profiles import Due

logger = logging.getLogger("alexia.people")

GATHER = 0.5  # seconds in which many changes ask for one look
AGAIN = 30.0  # seconds before what failed is tried again
PACE = 2.0  # seconds between two portraits: nobody is asked for many at once
RARELY = 60.0  # seconds between two looks for portraits that became due
CHUNK = 500  # people kept in one transaction: a message's own waits no longer than for these


class ProfileKeeper:
    """Keeps names, about texts, pictures and the block list.

    Nothing is asked while the account is busy with answers.

    Args:
        saved: Everybody in the address book of the phone is a person here.
        busy: Tells whether something is decided or sent at this moment.
    """

    def __init__(  # noqa: PLR0913 - what it works with
        self, database: Database, source: People, files: MediaFiles,
        clock: Callable[[], datetime], *, saved: bool, account: Callable[[], AccountId | None],
        busy: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._database = database
        self._source = source
        self._files = files
        self._clock = clock
        self._saved = saved
        self._account = account
        self._busy = busy
        self._woken = asyncio.Event()
        self._is_stale = False

    def look_at_all(self) -> None:
        """Look at all names and the block list soon: a page became ready."""
        self._is_stale = True
        self._woken.set()

    def wake(self) -> None:
        """Look for people whose portrait is due: somebody wrote."""
        self._woken.set()

    async def take(self, news: PeopleNews) -> None:
        """Keep what the page tells by itself."""
        now, saved = self._clock(), self._saved

        def keep(db: sqlite3.Connection) -> None:
            if news.blocked is not None:
                profiles.keep_blocked(db, news.blocked)
            profiles.keep_all(db, news.profiles, now, saved=saved)
            profiles.look_again(db, news.portraits)

        await self._database.write(keep)
        self._woken.set()

    async def run(self) -> None:
        """Look at what is stale, for ever."""
        pause = RARELY
        while True:
            await self._rest(pause)
            self._woken.clear()
            try:
                pause = await self._look()
            except BotError as failure:
                logger.info("people cannot be looked at yet: %s", failure)
                pause = AGAIN

    async def _rest(self, pause: float) -> None:
        """Wait so long, or until woken; a pause that keeps the pace is kept whole."""
        if pause <= PACE:
            await asyncio.sleep(pause)
            return
        try:
            async with asyncio.timeout(pause):
                await self._woken.wait()
        except TimeoutError:
            return
        await asyncio.sleep(GATHER)

    async def _look(self) -> float:
        """Look at one thing; return how many seconds to rest then."""
        if self._account() is None:
            return RARELY
        if self._busy():
            return PACE
        if self._is_stale:
            await self._look_at_names()
            return PACE
        due = await self._database.read(partial(profiles.next_due, now=self._clock()))
        if due is None:
            return RARELY
        await self._look_at_portrait(due)
        return PACE

    async def _look_at_names(self) -> None:
        """Take in all names and who is blocked."""
        found, blocked = await self._source.list_profiles(), await self._source.list_blocked()
        self._is_stale = False
        await self._database.write(partial(profiles.keep_blocked, addresses=blocked))
        for start in range(0, len(found), CHUNK):
            some = found[start : start + CHUNK]
            keep = partial(profiles.keep_all, profiles=some, now=self._clock(), saved=self._saved)
            await self._database.write(keep)

    async def _look_at_portrait(self, due: Due) -> None:
        """Take in about text and picture of one person; what cannot be had is looked at later."""
        address = due.address
        try:
            portrait = await self._source.portrait(address, due.tag)
        except ContactRefused as refused:
            logger.info("a portrait cannot be had: %s", refused)
            await self._database.write(
                partial(profiles.put_off, address=address, now=self._clock())
            )
            return
        sha256 = await asyncio.to_thread(self._store, portrait)
        keep = partial(
            profiles.keep_portrait, address=address, portrait=portrait, sha256=sha256,
            now=self._clock(),
        )  # fmt: skip
        await self._database.write(keep)

    def _store(self, portrait: Portrait) -> str | None:
        """Put a picture among the files, with a small one; None where the one of before stays."""
        if portrait.picture is None:
            return None if portrait.tag else ""
        with self._files.incoming() as incoming:
            incoming.write(portrait.picture)
            sha256 = incoming.keep()
        self._files.shrink(sha256)
        return sha256
