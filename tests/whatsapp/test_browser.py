import asyncio
import contextlib
import gc
import os
import signal
from pathlib import Path

import pytest
from playwright.async_api import Error

from bot.whatsapp.browser import open_playwright, strangers, user_agent


@pytest.mark.parametrize(
    "address",
    [
        "https://web.whatsapp.com/", "https://web.whatsapp.com/app.js?x=1",
        "wss://web.whatsapp.com/ws/chat", "https://static.whatsapp.net/a.png",
        "https://media-gru1-1.cdn.whatsapp.net/v/t62?ccb=1", "data:image/png;base64,AAAA",
        "blob:https://web.whatsapp.com/7a", "https://whatsapp.com",
    ],
)  # fmt: skip
def test_what_whatsapp_itself_serves_is_let_through(address):
    assert strangers("https://web.whatsapp.com/").search(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://www.google-analytics.com/collect", "https://web.whatsapp.com.evil.example/",
        "https://web.whatsapp.com@evil.example/", "https://evilwhatsapp.com/",
        "http://evil.example/?https://web.whatsapp.com/", "http://127.0.0.1:9/",
        "https://evil.example/web.whatsapp.com/",
    ],
)  # fmt: skip
def test_what_a_stranger_serves_is_refused(address):
    assert strangers("https://web.whatsapp.com/").search(address)


def test_an_emulator_is_reached_on_any_port():
    pattern = strangers("http://127.0.0.1:8766/")

    assert pattern.search("http://127.0.0.1:8766/asset/main.js") is None
    assert pattern.search("http://127.0.0.2:8766/")


async def test_a_driver_whose_start_was_cut_off_is_ended_when_it_has_started(monkeypatch):
    started, ended = asyncio.Event(), asyncio.Event()

    class Driver:
        async def start(self):
            await started.wait()
            return self

        async def stop(self):
            ended.set()

    monkeypatch.setattr("playwright.async_api.async_playwright", Driver)
    opening = asyncio.ensure_future(open_playwright().__aenter__())
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert not ended.is_set()

    started.set()
    async with asyncio.timeout(5):
        await ended.wait()


def children():
    """Return the processes that this one started."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(file.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.append(int(file.parent.name))
    return set(found)


async def test_the_death_of_the_driver_process_is_told_and_leaves_nothing_unheard(caplog):
    unheard = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: unheard.append(told))

    async def live_until_it_dies():
        before = children()
        async with open_playwright() as playwright:
            (driver,) = children() - before
            os.kill(driver, signal.SIGKILL)
            async with asyncio.timeout(20):
                with contextlib.suppress(Error):
                    while True:
                        await playwright.request.new_context()

    await live_until_it_dies()
    for _ in range(20):  # what nobody retrieved is told when it is collected
        await asyncio.sleep(0)
        gc.collect()

    assert unheard == []
    assert "Playwright's driver process is gone" in caplog.text


def test_a_browser_is_asked_for_its_version_once_until_it_is_another(tmp_path):
    browser, asked = tmp_path / "browser", tmp_path / "asked"

    def become(version, moment):
        browser.write_text(f"#!/bin/sh\necho x >> {asked}\necho Chromium {version}\n")
        browser.chmod(0o700)
        os.utime(browser, ns=(moment, moment))

    become("141.0.1", 1)
    assert "Chrome/141.0.0.0" in user_agent(browser)
    assert "Chrome/141.0.0.0" in user_agent(browser)
    become("142.0.1", 2)
    assert "Chrome/142.0.0.0" in user_agent(browser)
    assert asked.read_text() == "x\nx\n"


def test_a_browser_that_tells_no_version_is_asked_again(tmp_path):
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o700)
    assert "Chrome/140.0.0.0" in user_agent(browser)
    browser.write_text("#!/bin/sh\necho Chromium 143.0.1\n")
    assert "Chrome/143.0.0.0" in user_agent(browser)
