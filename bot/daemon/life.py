"""One run of an account: its tasks, from start to stop."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial

from bot.daemon.account import Account
from bot.daemon.clock import now
from bot.daemon.resources import give_back_memory
from bot.delivery.courier import LAST_SENDS
from bot.inbound.lanes import WIDTH, Lane
from bot.inbound.media import WIDTH as MEDIA_WIDTH
from bot.ports import LinkState
from bot.store import accounts, calls, events, inbox, ledger, lives

logger = logging.getLogger("alexia.daemon")

Work = Callable[[], Coroutine[object, object, None]]

BEGIN_AGAIN = 1.0  # seconds before a failed part begins again
DEATHS_TO_SAFE_MODE = 3  # lives in a row that ended before they were ready
SAFE_MODE = 5.0  # seconds that WhatsApp must be ready before safe mode ends
LOOK_AT_RECEIPTS = 5.0  # seconds
TIDY = 600.0  # seconds between two looks for versions that nobody runs any more
NOTE_SWEPT = 30.0  # seconds between two notes of how far the chats are known
RECONCILED = timedelta(minutes=2)  # within which the session compares the page with what we heard


class Life:
    """Runs the parts of an account until it is cancelled.

    Args:
        on_ready: Called each time WhatsApp became ready.
    """

    def __init__(self, account: Account, on_ready: Callable[[], None]) -> None:
        self._account = account
        self._on_ready = on_ready

    async def run(self) -> None:
        """Work until cancelled; then end everything in order: sends, browser, calls."""
        account = self._account
        await account.feed.start()
        await account.crm.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._begin()
                for work in self._works():
                    tasks.create_task(_steadfast(work))
                await self._wake_the_waiting()
        finally:
            await account.webhook.close()

    async def end(self) -> None:
        """Note that this life was ended on purpose."""
        await self._account.database.write(lives.ended)

    def _works(self) -> list[Work]:
        account = self._account
        return [
            self._session,
            self._recover_on_ready,
            self._note_how_far,
            self._tidy,
            self._watch_receipts,
            account.standing.run,
            account.recycler.run,
            account.media.tidy,
            account.groups.run,
            account.labels.run,
            account.people.run,
            *(account.media.work for _ in range(MEDIA_WIDTH)),
            *((account.voice.work,) if account.config.models.voice else ()),
            account.feed.run,
            account.hooks.run,
            *map(
                self._once_trusted,
                (
                    account.courier.run,
                    account.errands.run,
                    account.alarm.run,
                    account.campaigns.run,
                    account.crm.run,
                ),
            ),
            *(self._once_trusted(account.lanes.work) for _ in range(WIDTH)),
        ]

    async def _session(self) -> None:
        """Run the session; at a stop its page is closed once it has taken what it was asked for."""
        account = self._account
        running = asyncio.ensure_future(account.session.run())
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            await account.courier.landed(LAST_SENDS)
            running.cancel()
            await asyncio.wait((running,))
            raise

    def _once_trusted(self, work: Work) -> Work:
        """Return work that waits while the account is in safe mode."""

        async def waits() -> None:
            await self._account.trusted.wait()
            await work()

        return waits

    async def _begin(self) -> None:
        """Choose safe mode when the last lives ended before they were ready.

        In safe mode all is received and stored, nothing decided or sent, until WhatsApp has been
        ready for a while. What then kills the daemon is a message, which is set aside.
        """
        failed = await self._account.database.write(partial(lives.begin, now=now()))
        self._account.link.safe_mode = failed >= DEATHS_TO_SAFE_MODE
        if failed < DEATHS_TO_SAFE_MODE:
            self._account.trusted.set()
        else:
            logger.error("safe mode: %d lives ended before they were ready", failed)

    async def _trust(self) -> None:
        """Leave safe mode once WhatsApp has been ready for a while."""
        await self._account.database.write(lives.became_ready)
        if not self._account.trusted.is_set():
            await asyncio.sleep(SAFE_MODE)
            logger.info("safe mode ends: WhatsApp is ready")
            self._account.trusted.set()
            self._account.link.safe_mode = False

    async def _wake_the_waiting(self) -> None:
        """Wake every chat that the last life left something in."""

        def waiting(db: sqlite3.Connection) -> list[Lane]:
            return [
                *inbox.chats_waiting(db), *calls.chats_answered(db), *events.chats_waiting(db)
            ]  # fmt: skip

        for lane in await self._account.database.read(waiting):
            self._account.lanes.wake(lane)

    async def _recover_on_ready(self) -> None:
        """Each time a page became ready, find out what the one before left in doubt."""
        account = self._account
        while True:
            await account.recovering.wait()
            account.recovering.clear()
            await self._trust()
            await account.courier.recover()
            self._on_ready()
            await account.campaigns.catch_up()

    async def _tidy(self) -> None:
        """Now and then, forget what only conversations that are over needed, and free memory."""
        while True:
            await asyncio.sleep(TIDY)
            await self._account.tidy()
            await asyncio.to_thread(give_back_memory)

    async def _note_how_far(self) -> None:
        """While messages come in, move up the point from which a later sweep must look."""
        link = self._account.link
        while True:
            await asyncio.sleep(NOTE_SWEPT)
            if link.state is LinkState.READY and link.account is not None:
                known = now() - RECONCILED
                begun = min(known, self._account.session.owed or known)
                note = partial(accounts.note_swept, account=link.account, begun=begun)
                await self._account.database.write(note)

    async def _watch_receipts(self) -> None:
        """Tell the session when what it sends is not acknowledged any more."""
        link = self._account.link
        while True:
            await asyncio.sleep(LOOK_AT_RECEIPTS)
            account, since = link.account, link.ready_since
            if account is None or since is None:
                continue
            missing = partial(ledger.receipts_missing, account=account, since=since, now=now())
            self._account.session.note_receipts(await self._account.database.read(missing))


async def _steadfast(work: Work) -> None:
    """Do a piece of work for ever: a failure that nobody foresaw is told, and it begins again."""
    while True:
        try:
            return await work()
        except Exception:
            logger.exception("a part of the daemon failed; it begins again")
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from None  # it failed on its way out
            await asyncio.sleep(BEGIN_AGAIN)
