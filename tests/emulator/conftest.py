"""An emulator in this process, and a client that plays the page and the tests."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from bot.emulator import Emulator

ME = "5511900000001@c.us"
ANA = "5511911111111@c.us"


class Client:
    """Talks to an emulator over HTTP."""

    def __init__(self, emulator: Emulator) -> None:
        # a thousand calls at once wait for a connection as long as it takes
        timeout = httpx2.Timeout(20, pool=None)
        self.http = httpx2.AsyncClient(base_url=emulator.url, timeout=timeout)

    async def control(self, path: str, values: object = None):
        if values is None:
            answer = await self.http.get(f"/control/{path}")
        else:
            answer = await self.http.post(f"/control/{path}", json=values)
        assert answer.status_code == 200, answer.text
        if path.startswith(("ledger", "events")):
            return [json.loads(line) for line in answer.text.splitlines()]
        return answer.json()

    async def refusal(self, path: str, values: object) -> tuple[int, str]:
        answer = await self.http.post(f"/control/{path}", json=values)
        return answer.status_code, answer.json()["error"]

    async def page(self, path: str, **values: object):
        answer = await self.http.post(f"/page/{path}", json=values)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def linked(self) -> "PlayedPage":
        """Play a page that was linked before, with its news open."""
        hello = await self.page("hello", device="")
        page = hello["page"]
        await self.control("contacts", [{"id": ANA, "name": "Ana"}])
        await self.control("messages", {"account": ME, "chat": ANA, "text": "hi", "id": "FIRST"})
        await self.page("paired", page=page, account=ME)
        played = PlayedPage(self, page, hello["device"])
        await played.open()
        return played


class PlayedPage:
    """A page without a browser: its news are read one by one."""

    def __init__(self, client: Client, page: str, device: str) -> None:
        self.client = client
        self.page = page
        self.device = device

    async def open(self) -> None:
        request = self.client.http.build_request("GET", f"/page/events?page={self.page}")
        self.stream = await self.client.http.send(request, stream=True)
        self._lines = self.stream.aiter_lines()
        self._items: list[dict] = []
        assert (await self.news())["kind"] == "welcome"

    async def news(self) -> dict:
        """Return the next item that the page is told."""
        while not self._items:
            line = await anext(self._lines)
            if line.startswith("data: "):
                self._items = json.loads(line.removeprefix("data: "))
        return self._items.pop(0)

    async def send(self, id_: str, body: str, chat: str = ANA):
        message = {"id": id_, "chat": chat, "type": "chat", "body": body, "t": 1}
        return await self.client.page("send", page=self.page, **message)

    async def close(self) -> None:
        await self.stream.aclose()


@pytest.fixture
async def emulator(tmp_path: Path) -> AsyncIterator[Emulator]:
    async with Emulator(data=tmp_path / "emulator", pairing_patience=0.01) as emulator:
        yield emulator


@pytest.fixture
async def client(emulator: Emulator) -> AsyncIterator[Client]:
    client = Client(emulator)
    async with client.http:
        yield client


@pytest.fixture
async def page(client: Client) -> AsyncIterator[PlayedPage]:
    page = await client.linked()
    yield page
    await page.close()
