"""Tells one system what is to be told: in order a lane, tried again for days, never in the way."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.crm.line import Declined, Unavailable, Undecided
from bot.domain.crm import CrmJob, Target
from bot.domain.errors import SealBroken
from bot.store import crm_jobs
from bot.store.database import Database

logger = logging.getLogger("alexia.crm")

LOOK_AGAIN = 1.0  # seconds
FIRST_RETRY = timedelta(seconds=1)  # doubled with each further failure
LONGEST_RETRY = timedelta(minutes=5)  # of one job
LONGEST_PAUSE = timedelta(minutes=1)  # of all of a system while it takes nothing
PATIENCE = timedelta(days=7)  # after which a job that never got through is set aside
STUCK = timedelta(hours=1)  # after which a job is set aside that fails while others get through
JITTER = 0.25  # up or down


class Tells(Protocol):
    """A system: does one job. Doing it twice is the same as doing it once."""

    @property
    def target(self) -> Target:
        """Which system it is."""

    async def tell(self, job: CrmJob) -> None:
        """Do it. Raises Unavailable or Declined."""

    async def look(self) -> list[str]:
        """Return what is missing there, none: all is well. Raises Unavailable or Declined."""

    async def set_up(self) -> list[str]:
        """Make what is missing and may be made; return what was. Raises as `look`."""


class Carrier:
    """Does the jobs of one system, one at a time.

    While the system takes nothing it is asked once a minute at most, whatever waits.

    Args:
        chance: Draws uniform in 0..1, to spread retries.

    Attributes:
        failing: Why the system takes nothing now, "" when it does.
        since: Since when.
    """

    def __init__(
        self,
        database: Database,
        system: Tells,
        *,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        self.system = system
        self.failing = ""
        self.since: datetime | None = None
        self._database = database
        self._clock = clock
        self._chance = chance
        self._woken = asyncio.Event()
        self._failures = 0
        self._again: datetime | None = None
        self._got_through: datetime | None = None

    def wake(self) -> None:
        """Look for jobs now; a system that takes nothing is asked at once."""
        self._again = None
        self._woken.set()

    async def run(self) -> None:
        """Tell, for ever."""
        while True:
            self._woken.clear()
            if await self.step():
                continue
            try:
                async with asyncio.timeout(LOOK_AGAIN):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def step(self) -> bool:
        """Do the next job; False when there is none to do now."""
        now = self._clock()
        if self._again is not None and now < self._again:
            return False
        found = await self._database.read(lambda db: crm_jobs.next_due(db, self.system.target, now))
        if found is None:
            return False
        begun = await self._database.write(lambda db: crm_jobs.begin(db, found))
        if begun is not None:
            await self._do(begun)
        return True

    async def _do(self, job: CrmJob) -> None:
        try:
            await self.system.tell(job)
        except Undecided:
            soon = self._clock() + FIRST_RETRY
            await self._database.write(lambda db: crm_jobs.hold(db, job, soon))
        except Unavailable as failure:
            await self._later(job, failure)
        except (Declined, SealBroken) as failure:
            self._well()
            await self._set_aside(job, str(failure))
        else:
            self._well()
            await self._database.write(lambda db: crm_jobs.done(db, job))

    async def _later(self, job: CrmJob, failure: Unavailable) -> None:
        now, reason = self._clock(), str(failure)
        self._fails(now, reason)
        asked = timedelta(seconds=failure.after or 0.0)
        self._again = now + max(asked, self._grown(self._failures - 1, LONGEST_PAUSE))
        if self._is_hopeless(job, now):
            await self._set_aside(job, reason)
            return
        due = now + max(asked, self._grown(job.tries - 1, LONGEST_RETRY))
        await self._database.write(lambda db: crm_jobs.postpone(db, job, due, now, reason))

    def _is_hopeless(self, job: CrmJob, now: datetime) -> bool:
        """Tell whether a job failed for a week, or for an hour while others got through."""
        since = job.failing_since
        if since is None:
            return False
        alone = self._got_through is not None and self._got_through > since
        return now - since >= (STUCK if alone else PATIENCE)

    async def _set_aside(self, job: CrmJob, reason: str) -> None:
        logger.error("%s %s is set aside: %s", job.target, job.kind, reason)
        give_up = partial(crm_jobs.give_up, job=job, now=self._clock(), reason=reason)
        await self._database.write(give_up)

    def _grown(self, failures: int, longest: timedelta) -> timedelta:
        grown = FIRST_RETRY.total_seconds() * 2.0 ** min(failures, 20)
        spread = 1 + JITTER * (2 * self._chance() - 1)
        return min(timedelta(seconds=grown * spread), longest)

    def _fails(self, now: datetime, reason: str) -> None:
        self._failures += 1
        self.failing = reason
        if self.since is None:
            self.since = now
            logger.warning("%s takes nothing (%s); it is tried again", self.system.target, reason)

    def _well(self) -> None:
        if self.since is not None:
            logger.info("%s is well again", self.system.target)
        self._failures, self.failing, self.since, self._again = 0, "", None, None
        self._got_through = self._clock()
