"""Wakes campaigns at their moments: APScheduler, one job a campaign.

The jobs only wake. Which moments have come, and that each comes once, is read from the store
(`rounds.come_round`): a job that fires twice, late, or not at all before a restart changes nothing.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.campaigns.moments import next_one
from bot.language.campaigns import Campaign

logger = logging.getLogger("alexia.campaigns")

GRACE = None  # however late a job is, it runs: what is too late for a campaign its round decides
TOGETHER = True  # of moments that were missed one wakes for all: the round takes the latest


class Coming(BaseTrigger):  # type: ignore[misc]  # apscheduler has no types
    """Fires at each moment of a campaign; the first after the last one that was seen to.

    Args:
        since: The last moment that was seen to; one after it that has passed was missed.
    """

    def __init__(self, campaign: Campaign, zones: tuple[str, ...], since: datetime) -> None:
        self._campaign = campaign
        self._zones = zones
        self._since = since

    def get_next_fire_time(
        self,
        previous_fire_time: datetime | None,
        now: datetime,  # noqa: ARG002 - apscheduler's
    ) -> datetime | None:
        """Return when the campaign comes round next, None when it never does again."""
        moment = next_one(self._campaign, self._zones, previous_fire_time or self._since)
        return None if moment is None else moment.begins


class Waiting:
    """A campaign that waits for its moment.

    Attributes:
        since: The last moment of it that was seen to.
    """

    __slots__ = ("campaign", "since", "zones")

    def __init__(self, campaign: Campaign, zones: tuple[str, ...], since: datetime) -> None:
        self.campaign, self.zones, self.since = campaign, zones, since

    @property
    def key(self) -> tuple[object, ...]:
        """Return what the job depends on."""
        return self.campaign.hash, self.zones


class Schedule:
    """The jobs of one account.

    Args:
        come: Called with a campaign's name when a moment of it has come.
    """

    def __init__(self, come: Callable[[str], Awaitable[None]]) -> None:
        self._come = come
        self._keys: dict[str, tuple[object, ...]] = {}
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": GRACE, "coalesce": TOGETHER, "max_instances": 1},
        )

    def start(self) -> None:
        """Begin to wake."""
        self._scheduler.start()

    def close(self) -> None:
        """Wake no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def set(self, waiting: Mapping[str, Waiting]) -> None:
        """Let exactly these campaigns be woken; jobs that are right already stay."""
        for name in self._keys.keys() - waiting.keys():
            if self._scheduler.get_job(name) is not None:
                self._scheduler.remove_job(name)
        for name, one in waiting.items():
            if self._keys.get(name) != one.key or self._scheduler.get_job(name) is None:
                trigger = Coming(one.campaign, one.zones, one.since)
                self._scheduler.add_job(
                    self._come, trigger, [name], id=name, name=name, replace_existing=True
                )
        self._keys = {
            name: one.key for name, one in waiting.items() if self._scheduler.get_job(name)
        }

    def look(self) -> None:
        """Look at the clock anew: it may have been set, or the machine may have slept."""
        if self._scheduler.running:
            self._scheduler.wakeup()

    @property
    def next_times(self) -> dict[str, datetime]:
        """Return when each campaign is woken next."""
        return {job.id: job.next_run_time for job in self._scheduler.get_jobs()}
