"""Browser and daemon are opened anew when they grew or are old, and when nothing is going on."""

import os
from types import SimpleNamespace

import pytest

from bot.config import Recycle
from bot.daemon import recycling, resources
from bot.daemon.recycling import (
    PRESSING,
    BrowserRecycler,
    DaemonRecycler,
    Moment,
    Part,
    why_recycle,
)
from bot.daemon.resources import Usage
from bot.ports import LinkState
from bot.store import inbox
from bot.testing.memory import MemoryDatabase
from tests.make import NOW, message

DAY, HOUR = 86_400.0, 3_600.0
DEFAULTS = Recycle()


def why(part=None, *, now=HOUR, idle=600.0, used=100.0, cap=1500, crowded=False, settings=DEFAULTS):
    moment = Moment(now=now, idle=idle, used_mb=used, cap_mb=cap, crowded=crowded)
    return why_recycle(part or Part(0.0, planned=True), moment, settings)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ""),
        ({"now": DAY + 1}, "it has run for 1 day, 0:00:01"),
        ({"now": DAY + 1, "idle": 299.0}, ""),
        ({"now": DAY + 1, "settings": Recycle(every=DEFAULTS.every * 0)}, ""),
        ({"used": 1501.0}, "it uses 1501 MB, over its cap of 1500"),
        ({"used": 1501.0, "idle": 11.0}, "it uses 1501 MB, over its cap of 1500"),
        ({"used": 1501.0, "idle": 9.0}, ""),
        ({"used": 1501.0, "now": 599.0}, ""),
        ({"used": 1501.0, "cap": 0}, ""),
        ({"crowded": True}, "its file descriptors run short"),
    ],
)
def test_a_part_is_opened_anew_when_it_is_time_and_quiet(given, said):
    assert why(**given) == said


def test_the_daemon_is_not_started_anew_for_its_age_alone():
    assert why(Part(0.0), now=DAY * 30) == ""


def test_memory_that_presses_for_ten_minutes_waits_for_no_quiet():
    part, begun = Part(0.0), HOUR
    assert why(part, used=1501.0, idle=0.0, now=begun) == ""
    assert why(part, used=1501.0, idle=0.0, now=begun + PRESSING.total_seconds()) != ""


def test_memory_that_was_given_back_presses_no_more():
    part = Part(0.0)
    why(part, used=1501.0, idle=0.0)
    why(part, used=100.0, idle=0.0, now=HOUR + 300)
    assert why(part, used=1501.0, idle=0.0, now=HOUR + 700) == ""


class Session:
    browser_pid = 7
    outdated = False

    def __init__(self):
        self.recycled = []

    async def recycle(self, why, landed):
        await landed
        self.recycled.append(why)


SOON = Recycle(least_life=Recycle().every * 0)


@pytest.fixture
def account():
    database = MemoryDatabase()

    async def landed(within):
        pass

    yield SimpleNamespace(
        config=SimpleNamespace(recycle=SOON), database=database, session=Session(),
        link=SimpleNamespace(state=LinkState.READY),
        courier=SimpleNamespace(is_flying=False, landed=landed),
        lanes=SimpleNamespace(depth=(0, 0)),
    )  # fmt: skip
    database.close()


@pytest.fixture
def used(monkeypatch):
    """What is used: the memory of the browser, and of the daemon."""
    found = SimpleNamespace(browser=400.0, own=Usage(memory_mb=100, files=50, most_files=1024))
    monkeypatch.setattr(recycling, "memory_of", lambda pid: found.browser)
    monkeypatch.setattr(recycling, "own_usage", lambda: found.own)
    return found


async def quiet(recycler):
    await recycler.look()
    recycler._moved -= 3600


async def test_a_browser_that_grew_is_opened_anew_and_the_status_tells(account, used):
    recycler = BrowserRecycler(account)
    await quiet(recycler)
    used.browser = 1600.0
    await recycler.look()

    assert account.session.recycled == ["it uses 1600 MB, over its cap of 1500"]
    assert recycler.done["why"] == account.session.recycled[0]


async def test_a_page_that_asks_for_an_update_is_opened_anew_at_a_quiet_moment(account, used):
    recycler = BrowserRecycler(account)
    account.session.outdated = True
    await recycler.look()
    assert account.session.recycled == []

    await quiet(recycler)
    await recycler.look()
    assert account.session.recycled == ["WhatsApp Web asks for an update"]


async def test_the_memory_of_a_browser_is_told_once_somebody_looked_at_it(account, used):
    recycler = BrowserRecycler(account)
    before = recycler.used_mb
    await recycler.look()
    after = recycler.used_mb
    account.session.browser_pid = None

    assert (before, after, recycler.used_mb) == (None, 400.0, 0.0)


@pytest.mark.parametrize("busy", ["courier", "lanes"])
async def test_what_is_under_way_is_no_quiet_moment(account, used, busy):
    recycler = BrowserRecycler(account)
    await quiet(recycler)
    used.browser = 1600.0
    account.courier.is_flying = busy == "courier"
    account.lanes.depth = (0, int(busy == "lanes"))
    await recycler.look()

    assert account.session.recycled == []


async def test_a_message_that_was_heard_is_no_quiet_moment(account, used):
    recycler = BrowserRecycler(account)
    await quiet(recycler)
    used.browser = 1600.0
    inbox.record_all(account.database.db, [message()], NOW)
    await recycler.look()

    assert account.session.recycled == []


async def test_a_browser_that_is_not_ready_is_left_to_its_supervisor(account, used):
    recycler = BrowserRecycler(account)
    await quiet(recycler)
    account.link.state = LinkState.QR
    used.browser = 1600.0
    await recycler.look()

    assert account.session.recycled == []


@pytest.mark.parametrize(
    ("usage", "idle", "again"),
    [
        (Usage(memory_mb=2100, files=50, most_files=1024), 60.0, True),
        (Usage(memory_mb=2100, files=50, most_files=1024), 0.0, False),
        (Usage(memory_mb=100, files=900, most_files=1024), 60.0, True),
        (Usage(memory_mb=100, files=50, most_files=1024), 60.0, False),
    ],
)
async def test_a_daemon_that_grew_stops_and_asks_to_be_started_anew(used, usage, idle, again):
    stopped = []
    used.own = usage
    recycler = DaemonRecycler(SOON, lambda: idle, lambda: stopped.append(True))
    await recycler.look()

    assert (recycler.again, bool(stopped)) == (again, again)


def test_this_process_has_memory_files_and_threads():
    usage = resources.own_usage()

    assert usage.memory_mb > 10
    assert 0 < usage.files < usage.most_files
    assert usage.threads >= 1
    assert resources.memory_of(os.getpid()) > 10


def test_a_process_that_is_gone_uses_nothing():
    assert resources.memory_of(None) == 0
    assert resources.memory_of(2**22 + 1) == 0


def test_freed_memory_is_given_back_where_the_machine_can_be_asked_to(monkeypatch):
    asked = []
    library = SimpleNamespace(malloc_trim=asked.append)
    monkeypatch.setattr(resources.ctypes, "CDLL", lambda name: library)
    resources.give_back_memory()
    assert asked == [0]

    monkeypatch.setattr(resources.ctypes, "CDLL", lambda name: SimpleNamespace())
    resources.give_back_memory()
