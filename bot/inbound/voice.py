"""Writes down what customers say in voice notes: their words come as a message of their own."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.domain.messages import AccountId
from bot.inbound.lanes import Lane
from bot.store import voice
from bot.store.database import Database

logger = logging.getLogger("alexia.media")

LATE = timedelta(hours=1)  # after which a voice note's words would come as a surprise
LOOK_AGAIN = 5.0  # seconds

Hear = Callable[[Path], str]
"""Returns the words of a sound file, "" when there are none; may take long, and may raise."""


class VoiceNotes:
    """Listens to voice notes, one after the other, once their files are here."""

    def __init__(
        self, database: Database, folder: Path, hear: Hear, *,
        account: Callable[[], AccountId | None], clock: Callable[[], datetime],
        wake: Callable[[Lane], None],
    ) -> None:  # fmt: skip
        """Take where files lie by their hash, and who wakes the chat that gets the words."""
        self._database = database
        self._folder = folder
        self._hear = hear
        self._account = account
        self._clock = clock
        self._wake = wake
        self._given_up: set[str] = set()

    async def work(self) -> None:
        """Listen for ever."""
        while True:
            if not await self.listen():
                await asyncio.sleep(LOOK_AGAIN)

    async def listen(self) -> bool:
        """Write one voice note down; False when none waits."""
        account = self._account()
        if account is None:
            return False
        since = self._clock() - LATE
        waiting = await self._database.read(partial(voice.unheard, account=account, since=since))
        note = next((one for one in waiting if one.message.id not in self._given_up), None)
        if note is None:
            return False
        self._given_up.add(note.message.id)
        words = await self._words_of(note)
        if words:
            told = await self._database.write(
                partial(voice.tell_words, note=note, words=words, now=self._clock())
            )
            for lane in told:
                self._wake(lane)
        return True

    async def _words_of(self, note: voice.VoiceNote) -> str:
        try:
            words = await asyncio.to_thread(self._hear, self._folder / note.sha256)
        except Exception:
            # a recogniser is a foreign program: a file that it cannot read must not end the others
            logger.exception("a voice note could not be written down")
            return ""
        return " ".join(words.split())
