"""Opens browser and daemon anew now and then, at a quiet moment: what grows slowly begins again."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta

from bot.config import Recycle
from bot.daemon.clock import now
from bot.daemon.parts import Parts
from bot.daemon.resources import memory_of, own_usage
from bot.domain.data import dataclass
from bot.ports import LinkState
from bot.store import reading

Told = dict[str, str]

logger = logging.getLogger("alexia.recycle")

LOOK = 20.0  # seconds between two looks
SHORT_IDLE = timedelta(seconds=10)  # quiet enough when memory presses
PRESSING = timedelta(minutes=10)  # over its cap for so long, a part is opened anew without a quiet
FULL = 0.8  # share of the file descriptors from which on they press
LANDING = 5.0  # seconds that sends under way get before the browser is closed


@dataclass(slots=True)
class Part:
    """The browser or the daemon.

    Attributes:
        begun: Monotonic seconds.
        over_since: Since when it is over its cap; None: it is not.
        planned: It is opened anew also for its age alone.
    """

    begun: float
    over_since: float | None = None
    planned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a decision about a part rests on. Times are monotonic seconds.

    Attributes:
        idle: For how long nothing was heard, decided or sent; 0 while something is under way.
    """

    now: float
    idle: float
    used_mb: float
    cap_mb: int
    crowded: bool = False
    outdated: bool = False


def why_recycle(part: Part, moment: Moment, settings: Recycle) -> str:
    """Return why a part is opened anew now, "" when it is not. Notes when its cap is passed."""
    over = ""
    if moment.cap_mb and moment.used_mb > moment.cap_mb:
        over = f"it uses {moment.used_mb:.0f} MB, over its cap of {moment.cap_mb}"
    elif moment.crowded:
        over = "its file descriptors run short"
    elif moment.outdated:
        over = "WhatsApp Web asks for an update"
    part.over_since = (part.over_since or moment.now) if over else None
    age = moment.now - part.begun
    if over and age >= settings.least_life.total_seconds():
        presses = moment.now - (part.over_since or moment.now) >= PRESSING.total_seconds()
        return over if presses or moment.idle >= SHORT_IDLE.total_seconds() else ""
    every = settings.every.total_seconds()
    if part.planned and every and age >= every and moment.idle >= settings.idle.total_seconds():
        return f"it has run for {timedelta(seconds=round(age))}"
    return ""


class BrowserRecycler:
    """Opens an account's browser anew.

    Attributes:
        done: When and why it was last opened anew.
    """

    def __init__(self, account: Parts) -> None:
        self._looked = 0.0
        self.done: Told = {}
        self._account = account
        self._settings = account.config.recycle
        self._part = Part(time.monotonic(), planned=True)
        self._pid: int | None = None
        self._seen = (0, 0)
        self._moved = time.monotonic()

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            await asyncio.sleep(_pause(self._settings))
            await self.look()

    async def look(self) -> None:
        """Look once, and act."""
        account, settings = self._account, self._settings
        pid = account.session.browser_pid
        self._looked = await asyncio.to_thread(memory_of, pid)
        moment = time.monotonic()
        if pid != self._pid:
            self._pid, self._part = pid, Part(moment, planned=True)
        await self._note_movement(moment)
        seen = Moment(
            now=moment, idle=self.idle, used_mb=self._looked, cap_mb=settings.browser_mb,
            outdated=account.session.outdated,
        )  # fmt: skip
        ready = account.link.state is LinkState.READY
        if ready and (why := why_recycle(self._part, seen, settings)):
            logger.info("the browser is opened anew: %s", why)
            self.done = _told(why)
            await account.session.recycle(why, account.courier.landed(LANDING))

    @property
    def used_mb(self) -> float | None:
        """Memory of the browser in MB, as last seen; None where nobody looked at this one yet."""
        pid = self._account.session.browser_pid
        return 0.0 if pid is None else self._looked if pid == self._pid else None

    @property
    def idle(self) -> float:
        """For how long nothing has happened, in seconds."""
        return time.monotonic() - self._moved

    async def _note_movement(self, moment: float) -> None:
        account = self._account
        marks = await account.database.read(reading.marks)
        if marks != self._seen or account.courier.is_flying or any(account.lanes.depth):
            self._seen, self._moved = marks, moment


class DaemonRecycler:
    """Lets the daemon be started anew.

    Attributes:
        again: It is to be started anew after it has stopped.
    """

    def __init__(
        self, settings: Recycle, idle: Callable[[], float], stop: Callable[[], None]
    ) -> None:
        """Take for how many seconds nothing has happened in any account, and how to stop."""
        self.again = False
        self._settings = settings
        self._idle = idle
        self._stop = stop
        self._part = Part(time.monotonic())

    async def run(self) -> None:
        """Look, until it is time."""
        while not self.again:
            await asyncio.sleep(_pause(self._settings))
            await self.look()

    async def look(self) -> None:
        """Look once, and act."""
        usage = await asyncio.to_thread(own_usage)
        seen = Moment(
            now=time.monotonic(), idle=self._idle(), used_mb=usage.memory_mb,
            cap_mb=self._settings.daemon_mb, crowded=usage.files > FULL * usage.most_files > 0,
        )  # fmt: skip
        if why := why_recycle(self._part, seen, self._settings):
            logger.info("the daemon is started anew: %s", why)
            self.again = True
            self._stop()


def _pause(settings: Recycle) -> float:
    return min(LOOK, max(settings.idle.total_seconds() / 2, 0.5))


def _told(why: str) -> Told:
    return {"at": now().isoformat(), "why": why}
