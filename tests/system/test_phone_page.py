"""The page of the phones, as people see it: nothing runs out of it, on a desk or in a hand."""

import asyncio
import json
import shutil
import urllib.request

import pytest

from bot.emulator import Emulator

playwright_api = pytest.importorskip("playwright.async_api")

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
ANA = "5511911111111@c.us"
MEASURE = """() => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  const talk = document.querySelector('.talk');
  return {
    page: [document.documentElement.scrollWidth, document.documentElement.scrollHeight],
    below: talk.scrollHeight - talk.scrollTop - talk.clientHeight,
    composer: box('.write').bottom <= box('.phone').bottom,
  };
}"""

FAINT = """() => {
  const ink = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (color) => {
    ink.clearRect(0, 0, 1, 1);
    ink.fillStyle = color;
    ink.fillRect(0, 0, 1, 1);
    return [...ink.getImageData(0, 0, 1, 1).data];
  };
  const curve = (x) => (x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) =>
    0.2126 * curve(r / 255) + 0.7152 * curve(g / 255) + 0.0722 * curve(b / 255);
  const behind = (one) => {
    if (!one) return [255, 255, 255];
    const [r, g, b, a] = rgba(getComputedStyle(one).backgroundColor);
    if (a === 255) return [r, g, b];
    return behind(one.parentElement).map((x, at) => x * (1 - a / 255) + [r, g, b][at] * (a / 255));
  };
  const contrast = (one) => {
    const two = [light(rgba(getComputedStyle(one).color)), light(behind(one))];
    return (Math.max(...two) + 0.05) / (Math.min(...two) + 0.05);
  };
  const speaks = (one) => [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.checkVisibility() && speaks(one) && contrast(one) < 4.5)
    .map((one) => `${one.className} ${one.textContent.trim()}`);
}"""
"""The texts whose contrast is below 4.5, WCAG's level AA."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH"),
]


def tell(url: str, path: str, body: dict[str, str]) -> None:
    request = urllib.request.Request(f"{url}control/{path}", json.dumps(body).encode())
    urllib.request.urlopen(request).close()


@pytest.mark.parametrize("size", [(1200, 800), (390, 844), (390, 600)])
async def test_a_form_that_opens_leaves_the_last_message_and_the_composer_in_sight(tmp_path, size):
    width, height = size
    async with Emulator(data=tmp_path) as emulator, playwright_api.async_playwright() as playwright:
        for number in range(20):
            said = {"account": "5511900000001@c.us", "chat": ANA, "text": f"message {number}"}
            await asyncio.to_thread(tell, emulator.url, "messages", said)
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page(viewport={"width": width, "height": height})
        await page.goto(f"{emulator.url}phone")
        await page.locator(".contact").first.click()
        await page.locator(".bubble").last.wait_for()
        await page.locator(".more summary").click()
        await page.wait_for_function("document.querySelector('.more').open")
        await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        seen = await page.evaluate(MEASURE)
        await browser.close()

    assert seen == {"page": [width, height], "below": 0, "composer": True}


async def notice(page):
    return await page.evaluate("(one => one.hidden ? '' : one.textContent)(notice)")


@pytest.fixture
async def page(tmp_path):
    async with Emulator(data=tmp_path) as emulator, playwright_api.async_playwright() as playwright:
        await asyncio.to_thread(tell, emulator.url, "contacts", [{"id": ANA, "name": "Ana"}])
        said = {"account": "5511900000001@c.us", "chat": ANA, "text": "hello"}
        await asyncio.to_thread(tell, emulator.url, "messages", said)
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page()
        page.emulator = emulator
        await page.goto(f"{emulator.url}phone")
        await page.locator(".bubble").first.wait_for()
        yield page
        await browser.close()


@pytest.mark.parametrize("number", ["123", "9" * 16, "+55 11 90000-0001", "abc"])
async def test_a_number_that_nobody_can_have_adds_no_contact(page, number):
    await page.fill("#add-name", "Bo")
    await page.fill("#add-number", number)
    await page.click("text=Add contact")

    assert "number" in await notice(page)
    assert await page.locator("#list li").count() == 1


async def test_what_is_no_place_or_poll_is_told_and_the_next_success_clears_it(page):
    await page.click(".more summary")
    place, poll = page.locator(".extra").nth(0), page.locator(".extra").nth(1)

    await poll.locator("[name=ask]").fill("Which?")
    await poll.locator("[name=options]").fill("red, red,")
    await poll.locator("button").click()
    assert "at least two different options" in await notice(page)
    await place.locator("[name=name]").fill("Home")
    await place.locator("[name=lat]").fill("north")
    await place.locator("[name=lng]").fill("-46,63")
    await place.locator("button").click()
    assert "A latitude is a number from -90 to 90" in await notice(page)

    await place.locator("[name=lat]").fill("-23,55")
    await place.locator("button").click()
    await page.locator(".bubble .map").wait_for()

    assert await notice(page) == ""
    assert "-23.55000, -46.63000" in await page.inner_text(".bubble .map")


async def test_a_demo_that_has_ended_is_told(page):
    await page.emulator.stop()
    await page.wait_for_function("account.textContent.startsWith('The demo does not answer')")

    await page.fill("textarea", "anybody there?")
    await page.keyboard.press("Enter")
    await page.wait_for_function("!notice.hidden")

    assert "Start it again" in await notice(page)
    assert await page.input_value("textarea") == "anybody there?"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_texts_stand_out_and_fit_on_a_small_phone(page, scheme):
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": 320, "height": 640})

    assert await page.evaluate(FAINT) == []
    assert await page.evaluate("document.documentElement.scrollWidth") == 320
