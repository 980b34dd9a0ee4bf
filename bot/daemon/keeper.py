"""Opens one account, keeps it going, closes it; whatever fails in there ends there."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.config import Config
from bot.control import FolderLock, lock_folder, mend_folder
from bot.daemon.account import Account
from bot.daemon.bookshelf import Reloaded
from bot.daemon.clock import now
from bot.daemon.life import Life
from bot.daemon.parts import Shared
from bot.daemon.visible import Visible
from bot.domain.errors import BotError, SessionDown
from bot.domain.messages import AccountId
from bot.language.problems import Problem
from bot.ports import LinkState
from bot.store import accounts
from bot.store.database import Database
from bot.store.keyring import configured
from bot.telemetry import account_name

logger = logging.getLogger("alexia.daemon")

Found = TypeVar("Found")

STOPPED = "stopped"
"""An empty file in the account's folder: a person stopped it, so it stays so over a restart."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before an account that failed is tried again
BY_A_PERSON = "by a person"


class BrokenRules(Exception):
    """An account does not start under broken files."""

    def __init__(self, reloaded: Reloaded) -> None:
        super().__init__(reloaded.said)
        self.reloaded = reloaded


class Keeper:
    """One account's place in the daemon.

    Attributes:
        config: As the account sees it.
        account: None while it is stopped or could not be opened.
        rejected: Why the rules could not be put in force at a start.
        changing: Held by who starts, stops or renames it.
        was_opened: Somebody has tried to open it, or to keep it closed.
        number: Who was logged in when it was opened last, None where nobody ever was.
        twin: Names the other account of this daemon that a number is logged in to, "" for none.
    """

    def __init__(
        self, config: Config, shared: Shared, *, last_good: bool, on_ready: Callable[[], None]
    ) -> None:
        self.config = config
        self.visible = Visible()
        self.account: Account | None = None
        self.rejected: tuple[Problem, ...] = ()
        self.was_opened = False
        self.number: AccountId | None = None
        self.twin: Callable[[AccountId], str] = lambda _: ""
        self.changing = asyncio.Lock()
        self._shared = shared
        self._last_good = last_good
        self._on_ready = on_ready
        self._held: FolderLock | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._again = asyncio.Event()

    @property
    def name(self) -> str:
        """The name of the account."""
        return self.config.sessions[0].name

    @property
    def folders(self) -> tuple[Path, Path]:
        """Where the rules and flows of the account are."""
        return self.config.rules_folder, self.config.flows_folder

    def has(self, number: AccountId, before: "Keeper") -> bool:
        """Tell whether a number is that of this account, though another is logged in with it too.

        While this one opens it has the number that it had, unless the other one had it as well.
        """
        link = self.visible.link
        if link.account is not None or link.state is not LinkState.STARTING:
            return link.account == number
        return self.number == number and number not in (before.number, before.visible.link.account)

    @property
    def is_stopped(self) -> bool:
        """A person wants it stopped."""
        return (self.config.home / STOPPED).exists()

    @property
    def running(self) -> Account:
        """The account. Raises SessionDown while it does not run."""
        if self.account is None:
            link = self.visible.link
            raise SessionDown(self.name, link.state.value, link.detail)
        return self.account

    async def open(self) -> None:
        """Build the account and put its rules in force; nothing runs yet.

        Raises:
            DataFolderHeld: Another daemon drives its browser profile.
            DatabaseRefused: The database cannot be used.
            KeyRefused: The key of its sensitive values is missing, or another one.
            BrokenRules: The rule files are broken, and the last good ones are not asked for.
        """
        self.was_opened = True
        try:
            self._held = await _whole(self._hold, FolderLock.release)
            self.account = await self._built()
        except BaseException as failure:
            self._let_go()
            self._note_failure(failure)
            raise
        self.rejected = ()

    async def _built(self) -> Account:
        keys = configured(self.config.storage.key.value)
        database = await _whole(partial(Database, self.config.database, keys), Database.close)
        try:
            account = Account(self.config, database, self._shared, self.visible)
            account.session.door.twin = self.twin
            self.number = await database.read(accounts.latest)
            opened = await account.open(last_good=self._last_good)
        except BaseException:
            await asyncio.to_thread(database.close)
            raise
        if not opened.ok:
            await asyncio.to_thread(database.close)
            raise BrokenRules(opened)
        rejected = account.shelf.rejected
        if rejected:
            logger.error("rules not loaded, the last good rules are in force")
        for problem in opened.problems:
            logger.log(logging.ERROR if rejected else logging.WARNING, "%s", problem)
        return account

    def start(self, tasks: asyncio.TaskGroup) -> None:
        """Keep the account going from now on; it may have been opened before."""
        self._again.clear()
        if self.visible.link.state is LinkState.STOPPED:
            self.visible.link.moved(LinkState.STARTING, None, "", now())
        self._keeping = tasks.create_task(self._keep(), name=f"account {self.name}")

    async def stop(self) -> None:
        """End what runs, in order; afterwards nothing of the account is open."""
        keeping, self._keeping = self._keeping, None
        if keeping is not None:
            keeping.cancel()
            await asyncio.wait([keeping])
        await self._close()

    def note_stopped(self, detail: str = BY_A_PERSON) -> None:
        """Tell that the account does not run on purpose."""
        self.was_opened = True
        self.visible.link.moved(LinkState.STOPPED, None, detail, now())

    def try_again(self) -> None:
        """Do not wait any longer: what kept the account from being opened may have changed."""
        self._again.set()

    async def _keep(self) -> None:
        """Open and run the account for ever; each failure is told, and after a pause it goes on."""
        account_name.set(self.name)
        pause = FIRST_PAUSE
        while True:
            wait: float | None = pause
            try:
                if self.account is None:
                    await self.open()
                async with self._life() as life:
                    pause = FIRST_PAUSE
                    await life.run()
            except BrokenRules:
                wait = None  # until somebody edits them
            except BotError as trouble:
                logger.error("the account cannot be opened: %s", trouble)  # noqa: TRY400
            except Exception as failure:
                logger.exception("the account failed; it begins again")
                self._note_failure(failure)
            finally:
                await self._close()
            pause = min(pause * 2, LONGEST_PAUSE)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._again.wait()
            self._again.clear()

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[Life]:
        """Give a run of the open account; one that is cancelled was ended on purpose."""
        life = Life(self.running, self._on_ready)
        try:
            yield life
        except asyncio.CancelledError:
            logger.info("stopping")
            await life.end()
            raise

    async def _close(self) -> None:
        account, self.account = self.account, None
        if account is not None:
            await asyncio.to_thread(account.database.close)
        self._let_go()

    def _hold(self) -> FolderLock:
        """Make the folders of the account ours alone. Raises DataFolderHeld."""
        home = self.config.home
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        mend_folder(home)
        return lock_folder(self.config.profile_folder)

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()

    def _note_failure(self, failure: BaseException) -> None:
        detail = str(failure).splitlines()[0] if str(failure) else type(failure).__name__
        if isinstance(failure, BrokenRules):
            problems = failure.reloaded.problems
            self.rejected = tuple(one for one in problems if one.severity == "error")
            for problem in self.rejected:
                logger.error("%s", problem)
            detail = "the rule files have mistakes"
        self.visible.link.moved(LinkState.FAILED, None, detail, now())


async def _whole(begin: Callable[[], Found], end: Callable[[Found], None]) -> Found:
    """Begin something in a thread; who is cancelled meanwhile ends it before going on."""
    beginning = asyncio.ensure_future(asyncio.to_thread(begin))
    try:
        return await asyncio.shield(beginning)
    except asyncio.CancelledError:
        await asyncio.wait((beginning,))
        if beginning.exception() is None:
            await asyncio.to_thread(end, beginning.result())
        raise
