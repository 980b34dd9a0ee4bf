"""A carrier looks by itself, is woken, and tells when a system fails and when it is well."""

import asyncio

import pytest

from bot.crm.carrier import Carrier
from bot.crm.line import Unavailable
from bot.domain.crm import JobKind, Target
from bot.store import crm_jobs
from bot.testing.memory import MemoryDatabase
from tests.make import NOW


class Quiet:
    target = Target.HUBSPOT

    def __init__(self):
        self.told = []
        self.fails = 0

    async def tell(self, job):
        if self.fails:
            self.fails -= 1
            raise Unavailable("status 503")
        self.told.append((job.lane, job.kind))


@pytest.fixture
def database():
    database = MemoryDatabase()
    yield database
    database.close()


def note(database, lane):
    crm_jobs.note(database.db, Target.HUBSPOT, lane, JobKind.LEAD)


async def until(holds):
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0)


async def test_it_tells_what_is_there_and_what_comes(database, monkeypatch, caplog):
    monkeypatch.setattr("bot.crm.carrier.LOOK_AGAIN", 0.001)
    system = Quiet()
    carrier = Carrier(database, system, clock=lambda: NOW, chance=lambda: 0.5)
    note(database, "1")
    running = asyncio.ensure_future(carrier.run())
    await until(lambda: len(system.told) == 1)
    note(database, "2")
    carrier.wake()
    await until(lambda: len(system.told) == 2)

    with caplog.at_level("INFO"):
        system.fails = 1
        note(database, "3")
        await until(lambda: carrier.failing)
        assert carrier.since == NOW
        database.db.execute("UPDATE crm_jobs SET due_at = 0")
        carrier.wake()
        await until(lambda: len(system.told) == 3)
        await until(lambda: not carrier.failing)

    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_vanished_between_look_and_try_is_nothing(database):
    system = Quiet()
    carrier = Carrier(database, system, clock=lambda: NOW, chance=lambda: 0.5)
    note(database, "1")
    found = crm_jobs.next_due(database.db, Target.HUBSPOT, NOW)
    database.db.execute("DELETE FROM crm_jobs")
    database.read = lambda work: _answer(found)

    assert await carrier.step()
    assert system.told == []


async def _answer(value):
    return value


async def test_what_stands_behind_a_failure_waits_with_it_whenever_it_came(database):
    system = Quiet()
    system.fails = 1
    carrier = Carrier(database, system, clock=lambda: NOW, chance=lambda: 0.5)
    for kind in (JobKind.LEAD, JobKind.LABELS):
        crm_jobs.note(database.db, Target.HUBSPOT, "1", kind)
    await carrier.step()
    crm_jobs.note(database.db, Target.HUBSPOT, "1", JobKind.STATUS)

    rows = database.db.execute("SELECT DISTINCT due_at FROM crm_jobs").fetchall()
    assert [row["due_at"] for row in rows] == [NOW.timestamp() + 1]
