"""Events reach webhooks: signed, tried again, given up, redriven."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.config import Secret, WebhookTarget
from bot.console.hooks import Hooks, retry_after, signed
from bot.store import dead, webhooks
from bot.testing.memory import MemoryDatabase
from tests.make import NOW

URL = "https://hooks.example/in"
OTHER = "https://hooks.example/other"
VECTOR = (
    "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8097c462b2b17a6ce93b6b47a136cf2e"
    "78a33a63f6752c2c1631777076153fa89"
)


class Poster:
    """Stands for the net: answers each call from a list, the last answer for ever."""

    def __init__(self, *failures):
        self.failures = list(failures)
        self.posted = []
        self.held = None
        self.slowness = 0

    async def post(self, url, body, headers, within):
        self.posted.append((url, json.loads(body), dict(headers)))
        for _ in range(self.slowness * json.loads(body)["n"] % 7):
            await asyncio.sleep(0)
        if self.held is not None and url == URL:
            await self.held.wait()
        return self.failures.pop(0) if len(self.failures) > 1 else self.failures[0]


class Stage:
    def __init__(self, *failures, retries=10, urls=(URL,)):
        self.now = NOW
        self.store = MemoryDatabase()
        self.poster = Poster(*failures)
        targets = [
            WebhookTarget(url=url, hmac_key=Secret("my-secret-key"), retries=retries)
            for url in urls
        ]
        self.hooks = Hooks(
            self.store, self.poster, targets, clock=lambda: self.now, chance=lambda: 0.5
        )

    def post(self, number, url=URL):
        body = json.dumps({"n": number})
        webhooks.post(self.store.db, url, f"evt_{number}", "message", body, self.now)

    async def run_until(self, holds):
        running = asyncio.ensure_future(self.hooks.run())
        async with asyncio.timeout(5):
            while not holds():
                self.hooks.wake()
                await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    @property
    def rows(self):
        return self.store.db.execute("SELECT * FROM deliveries ORDER BY id").fetchall()


def test_the_signature_is_wahas():
    body = b'{"event":"message","session":"default","engine":"WEBJS"}'

    headers = signed(body, "my-secret-key", "evt_1", NOW)

    assert headers["X-Webhook-Hmac"] == VECTOR
    assert headers["X-Webhook-Hmac-Algorithm"] == "sha512"
    assert headers["X-Webhook-Request-Id"] == "evt_1"
    assert headers["X-Webhook-Timestamp"] == str(int(NOW.timestamp() * 1000))


def test_without_a_key_nothing_is_signed():
    assert "X-Webhook-Hmac" not in signed(b"{}", "", "evt_1", NOW)


def test_ten_retries_lead_from_a_second_to_an_hour():
    waits = [retry_after(attempt, 0.5).total_seconds() for attempt in range(10)]

    assert waits[0] == 1
    assert waits == sorted(waits)
    assert 3000 < waits[-1] <= 3600


@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_retries_are_spread_and_never_over_an_hour(chance):
    assert retry_after(0, chance) == timedelta(seconds=0.75 + chance / 2)
    assert all(retry_after(attempt, chance) <= timedelta(hours=1) for attempt in range(200))


async def test_what_arrived_is_forgotten():
    stage = Stage("")
    stage.post(1)

    await stage.run_until(lambda: not stage.rows)

    ((url, body, headers),) = stage.poster.posted
    assert (url, body, headers["Idempotency-Key"]) == (URL, {"n": 1}, "evt_1")


async def test_a_failure_waits_and_goes_again_under_the_same_id():
    stage = Stage("status 500", "")
    stage.post(1)

    await stage.run_until(lambda: stage.rows[0]["attempts"] == 1)
    assert stage.rows[0]["due_at"] == (NOW + timedelta(seconds=1)).timestamp()

    stage.now += timedelta(seconds=1)
    await stage.run_until(lambda: not stage.rows)
    assert [headers["Idempotency-Key"] for _, _, headers in stage.poster.posted] == ["evt_1"] * 2


async def test_after_the_last_retry_it_is_dead_until_a_person_asks():
    stage = Stage("status 500", retries=1)
    stage.post(1)
    await stage.run_until(lambda: stage.rows[0]["attempts"] == 1)
    stage.now += timedelta(hours=1)
    await stage.run_until(lambda: stage.rows[0]["state"] == "dead")

    (listed,) = dead.list_dead(stage.store.db)
    assert (listed["id"], listed["reason"], listed["attempts"]) == ("webhook-1", "status 500", 2)

    stage.poster.failures = [""]
    dead.retry(stage.store.db, ["webhook-1"], stage.now)
    await stage.run_until(lambda: not stage.rows)


async def test_a_webhook_that_hangs_holds_up_only_itself():
    stage = Stage("", urls=(URL, OTHER))
    stage.poster.held = asyncio.Event()
    for number in range(20):
        stage.post(number)
    stage.post(99, OTHER)

    await stage.run_until(lambda: any(url == OTHER for url, _, _ in stage.poster.posted))

    assert len([url for url, _, _ in stage.poster.posted if url == URL]) <= 4


class SlowToRead(MemoryDatabase):
    """A database whose answers are old when they come."""

    async def read(self, work):
        found = work(self.db)
        for _ in range(5):
            await asyncio.sleep(0)
        return found


async def test_what_arrives_while_the_next_are_looked_up_is_not_delivered_again():
    stage = Stage("")
    stage.store = stage.hooks._database = SlowToRead()
    stage.poster.slowness = 3
    for number in range(30):
        stage.post(number)

    await stage.run_until(lambda: not stage.rows)

    assert sorted(body["n"] for _, body, _ in stage.poster.posted) == list(range(30))


async def test_events_for_a_webhook_that_is_gone_are_dead():
    stage = Stage("")
    stage.post(1, "https://gone.example/")

    await stage.run_until(lambda: stage.rows[0]["state"] == "dead")

    assert "not configured" in stage.rows[0]["detail"]
