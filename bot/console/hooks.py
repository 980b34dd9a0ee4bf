"""Delivers events to webhooks: signed, bounded, tried again for hours, and never in the way."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.config import WebhookTarget
from bot.store import webhooks
from bot.store.database import Database
from bot.store.webhooks import Delivery
from bot.webhook import HttpWebhook

logger = logging.getLogger("alexia.webhooks")

SIDE_BY_SIDE = 4  # calls to one webhook at once
WITHIN = 5.0  # seconds for a call in all
LOOK_AGAIN = 1.0  # seconds
FIRST_RETRY = timedelta(seconds=1)
GROWTH = 2.5  # ten retries lead from a second to an hour
LONGEST_RETRY = timedelta(hours=1)
JITTER = 0.25  # up or down


class Hooks:
    """Makes the calls of all webhooks; a dead one holds up only itself.

    Args:
        chance: Draws uniform in 0..1, to spread retries.
    """

    def __init__(
        self,
        database: Database,
        http: HttpWebhook,
        targets: Sequence[WebhookTarget],
        *,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        self._database = database
        self._http = http
        self._targets = {target.url: target for target in targets}
        self._clock = clock
        self._chance = chance
        self._woken = asyncio.Event()
        self._running: dict[str, set[int]] = {url: set() for url in self._targets}
        self._failing: set[str] = set()

    def wake(self) -> None:
        """Look for deliveries now."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver, for ever."""
        urls = frozenset(self._targets)
        if gone := await self._database.write(lambda db: webhooks.give_up_others(db, urls)):
            logger.warning("%d events were for webhooks that are not configured any more", gone)
        async with asyncio.TaskGroup() as running:
            while True:
                self._woken.clear()
                for url in self._targets:
                    for delivery in await self._due(url):
                        self._running[url].add(delivery.id)
                        running.create_task(self._deliver(delivery))
                try:
                    async with asyncio.timeout(LOOK_AGAIN if self._targets else None):
                        await self._woken.wait()
                except TimeoutError:
                    continue

    async def _due(self, url: str) -> list[Delivery]:
        """Return what may be delivered now, without what was under way when that was read."""
        running = frozenset(self._running[url])
        free = SIDE_BY_SIDE - len(running)
        if free <= 0:
            return []
        now = self._clock()
        found = await self._database.read(
            lambda db: webhooks.next_due(db, url, now, free + len(running))
        )
        return [one for one in found if one.id not in running][:free]

    async def _deliver(self, delivery: Delivery) -> None:
        target = self._targets[delivery.url]
        try:
            body = delivery.body.encode()
            key = target.hmac_key.value
            headers = signed(body, key, delivery.event_id, self._clock())
            failure = await self._http.post(delivery.url, body, headers, WITHIN)
            await self._settle(delivery, target, failure)
        finally:
            self._running[delivery.url].discard(delivery.id)
        self.wake()

    async def _settle(self, delivery: Delivery, target: WebhookTarget, failure: str) -> None:
        self._tell(delivery, failure)
        if not failure:
            await self._database.write(lambda db: webhooks.arrived(db, delivery.id))
        elif delivery.attempts >= target.retries:
            logger.error("%s is given up: %s", delivery.event_id, failure)
            await self._database.write(lambda db: webhooks.give_up(db, delivery.id, failure))
        else:
            due = self._clock() + retry_after(delivery.attempts, self._chance())
            await self._database.write(lambda db: webhooks.postpone(db, delivery.id, due, failure))

    def _tell(self, delivery: Delivery, failure: str) -> None:
        """Log when a webhook begins to fail and when it is well again, not each call."""
        host = urlsplit(delivery.url).hostname
        if failure and delivery.url not in self._failing:
            self._failing.add(delivery.url)
            logger.warning("the webhook at %s fails (%s); it is tried again", host, failure)
        elif not failure and delivery.url in self._failing:
            self._failing.discard(delivery.url)
            logger.info("the webhook at %s is well again", host)


def retry_after(attempts: int, chance: float) -> timedelta:
    """Return how long to wait after a failure that came after so many others.

    Args:
        chance: Uniform in 0..1, drawn by the caller.
    """
    grown = min(FIRST_RETRY.total_seconds() * GROWTH ** min(attempts, 20), 4000.0)
    spread = 1 + JITTER * (2 * chance - 1)
    return min(timedelta(seconds=grown * spread), LONGEST_RETRY)


def signed(body: bytes, key: str, request: str, now: datetime) -> Mapping[str, str]:
    """Return the headers of a call, with WAHA's signature when there is a key."""
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": request,
        "X-Webhook-Request-Id": request,
        "X-Webhook-Timestamp": str(int(now.timestamp() * 1000)),
    }
    if not key:
        return headers
    return {
        **headers,
        "X-Webhook-Hmac": hmac.new(key.encode(), body, hashlib.sha512).hexdigest(),
        "X-Webhook-Hmac-Algorithm": "sha512",
    }
