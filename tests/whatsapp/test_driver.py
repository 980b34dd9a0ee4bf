"""What the driver does when who asked, or the page, is gone."""

import asyncio
import gc
import json

import pytest
from playwright.async_api import Error

from bot.domain.errors import TransportDown
from bot.whatsapp.driver import Driver


class Page:
    """A page in which a command stays until it breaks."""

    def __init__(self):
        self.asked, self.broken = asyncio.Event(), asyncio.Event()

    async def evaluate(self, *_):
        self.asked.set()
        await self.broken.wait()
        raise Error("Target page, context or browser has been closed")


class Parts:
    """A page that reads its chats back in parts; the one that was loaded since knows of none."""

    def __init__(self, born="1"):
        self.born = born

    async def evaluate(self, _, listed):
        part = json.loads(listed)[0]["from"]
        if part and part != f"{self.born} 8":
            return json.dumps([{"ok": False, "code": "another_page", "said": ""}])
        told = {"messages": [{"id": part or "first"}], "next": None if part else "1 8", "unread": 1}
        return json.dumps([{"ok": True, "value": told}])


async def test_what_many_chats_hold_is_read_in_parts():
    driver = Driver()
    driver.attach(Parts())

    held = await driver.since(0)

    assert ([raw["id"] for raw in held.raws], held.unread) == (["first", "1 8"], 2)


async def test_parts_of_two_pages_are_no_whole():
    driver = Driver()
    driver.attach(Parts(born="2"))

    with pytest.raises(TransportDown, match="loaded anew"):
        await driver.since(0)


async def test_a_page_that_breaks_when_nobody_waits_any_more_is_no_error():
    told = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    driver, page = Driver(), Page()
    driver.attach(page)
    asking = asyncio.create_task(driver.state())
    await page.asked.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    page.broken.set()
    for _ in range(3):
        await asyncio.sleep(0)
    del asking
    gc.collect()

    assert told == []
