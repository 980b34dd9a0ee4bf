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
