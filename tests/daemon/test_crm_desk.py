"""Other systems in the running daemon: seen, asked, and never in the way of a reply."""

import asyncio
import socket

import pytest

from bot.daemon.commands import Commands
from bot.daemon.status import condition, status
from bot.store.dead import list_dead
from tests.crm.hubspot_stub import HubSpotStub
from tests.crm.wire import Wire
from tests.daemon.stage import FakePhone, Office

RULES = """version: 1
rules:
  - id: a
    when: {keyword: hi}
    do: [{lead: {stage: new, score: "+5"}}, {tag: hot}, {reply: Hello}]
"""


@pytest.fixture(autouse=True)
def fake_phone(monkeypatch):
    monkeypatch.setattr("bot.daemon.parts.WhatsAppSession", FakePhone)
    FakePhone.opened.clear()


class Hanging:
    """A server that takes every request and never answers."""

    def __init__(self):
        self.heard = asyncio.Event()
        self.held = []

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0, family=socket.AF_INET)
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        for writer in self.held:
            writer.close()

    async def _serve(self, reader, writer):
        self.held.append(writer)
        await reader.readuntil(b"\r\n\r\n")
        self.heard.set()
        await reader.read()


def office_with(folder, url):
    office = Office(
        folder, ["default"],
        f"http: {{allow_local: true}}\n"
        f"crm: {{hubspot: {{token: 'file:token', url: '{url}'}}}}\n",
    )  # fmt: skip
    (folder / "token").write_text("pat-1")
    office.write("default", RULES)
    return office


async def asked(accounts, **request):
    return await accounts.find("default").running.crm.answer(request)


async def test_a_system_that_hangs_delays_no_reply(tmp_path):
    async with Hanging() as crm:
        office = office_with(tmp_path, crm.url)
        async with office.running() as accounts:
            phone = await office.phone("default")
            await phone.hear("hi", id="A0")
            assert await phone.said() == "Hello"
            async with asyncio.timeout(10):
                await crm.heard.wait()

            for number in range(20):
                await phone.hear("hi", chat=f"55119000{number:05d}@c.us", id=f"B{number}")
            assert [await phone.said() for _ in range(20)] == ["Hello"] * 20

            told = await status(tuple(accounts.keepers.values()), 1)
            assert told["ready"]
            assert told["crm"]["hubspot"]["waiting"] == 21


async def test_a_system_that_is_down_is_named_and_the_bot_stays_ready(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        office = office_with(tmp_path, f"http://127.0.0.1:{free.getsockname()[1]}")
        async with office.running() as accounts:
            phone = await office.phone("default")
            await phone.hear("hi")
            assert await phone.said() == "Hello"
            carriers = accounts.find("default").running.crm.carriers
            async with asyncio.timeout(10):
                while not all(one.failing for one in carriers.values()):
                    await asyncio.sleep(0.01)

            ready, reasons = condition(tuple(accounts.keepers.values()))
            assert ready
            assert reasons[0].startswith("hubspot takes nothing since 20")

            for action in ("test", "setup"):
                found = (await asked(accounts, action=action))["found"]["hubspot"]
                assert "ConnectError" in found[0]
            verb = Commands(accounts).verbs()["crm"]
            told = await verb({"session": "", "action": "sync", "target": "hubspot"})
            assert told["found"] == {"hubspot": ["1 lead is told anew"]}
            told = await asked(accounts, action="test", target="chatwoot")
            assert told == {
                "done": False,
                "reason": "no system 'chatwoot' is configured; known: hubspot",
            }


async def test_without_another_system_nothing_is_noted(tmp_path):
    office = Office(tmp_path, ["default"])
    office.write("default", RULES)
    async with office.running() as accounts:
        phone = await office.phone("default")
        await phone.hear("hi")
        assert await phone.said() == "Hello"

        told = await status(tuple(accounts.keepers.values()), 1)
        assert told["crm"] == {}
        assert (await asked(accounts, action="test"))["reason"].startswith(
            "no other system is configured"
        )
        rows = await accounts.find("default").running.database.read(
            lambda db: db.execute("SELECT count(*) FROM crm_jobs").fetchone()[0]
        )
        assert rows == 0


async def test_a_lead_of_a_rule_stands_in_hubspot_a_moment_later(tmp_path):
    async with Wire(HubSpotStub()) as wire:
        office = office_with(tmp_path, wire.url)
        async with office.running():
            phone = await office.phone("default")
            await phone.hear("hi")
            assert await phone.said() == "Hello"
            async with asyncio.timeout(15):
                while not wire.stub.objects["contacts"]:
                    await asyncio.sleep(0.01)

        assert wire.broken == []
        (person,) = wire.stub.objects["contacts"].values()
        assert (person["firstname"], person["phone"]) == ("Ana", "+5511987654321")


async def test_what_was_for_a_system_that_is_gone_is_set_aside(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        office = office_with(tmp_path, f"http://127.0.0.1:{free.getsockname()[1]}")
        async with office.running():
            phone = await office.phone("default")
            await phone.hear("hi")
            assert await phone.said() == "Hello"

    config = office.config_file.read_text("utf-8")
    office.config_file.write_text(config.partition("crm:")[0])
    async with office.running() as accounts:
        await office.phone("default")
        (dead,) = await accounts.find("default").running.database.read(list_dead)

    assert (dead["event"], dead["reason"]) == (
        "hubspot.lead", "this system is not configured any more"
    )  # fmt: skip
