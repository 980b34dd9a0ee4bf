"""Both systems over real HTTP: the bytes that leave are what the descriptions ask for."""

import pytest

from bot.config import Secret
from bot.config.crm import Chatwoot, Deals, HubSpot
from bot.crm.chatwoot import ChatwootSystem
from bot.crm.hubspot import HubSpotSystem
from bot.domain.messages import MessageKind
from bot.store import inbox
from bot.store.media_files import MediaFiles
from bot.webhook import HttpWebhook
from tests.crm.chatwoot_stub import ChatwootStub
from tests.crm.hubspot_stub import HubSpotStub
from tests.crm.stage import PHOTO, Stage, bring
from tests.crm.wire import Wire
from tests.make import NOW, message


@pytest.fixture
async def http():
    http = HttpWebhook(allow_local=True)
    yield http
    await http.close()


async def test_a_lead_reaches_hubspot(tmp_path, http):
    async with Wire(HubSpotStub()) as wire:
        deals = Deals(stages={"qualified": "won"}, properties={"amount": "lead.budget"})
        settings = HubSpot(token=Secret("pat-1"), url=f"{wire.url}/", deals=deals)
        stage = Stage(
            tmp_path, lambda db: HubSpotSystem(db, http, settings, "default", lambda: NOW)
        )  # fmt: skip
        stage.lead(stage.meet(name="Zoë 🍕 Lima"), "qualified", fields={"budget": 10.5})
        await stage.settle()
        await stage.system.look()
        await stage.system.set_up()

        assert wire.broken == []
        (person,) = wire.stub.objects["contacts"].values()
        (deal,) = wire.stub.objects["0-3"].values()
        assert (person["firstname"], person["lastname"]) == ("Zoë", "🍕 Lima")
        assert (deal["amount"], len(wire.stub.associated)) == ("10.5", 1)
        assert stage.counts == {}
        stage.database.close()


async def test_a_chat_reaches_chatwoot(tmp_path, http):
    async with Wire(ChatwootStub()) as wire:
        settings = Chatwoot(url=wire.url, token=Secret("t"), webhook_secret=Secret("s"), inbox=3)
        files = MediaFiles(tmp_path)
        stage = Stage(
            tmp_path, lambda db: ChatwootSystem(db, files, http, settings, 3, lambda: NOW)
        )
        stage.write(lambda db: inbox.record_all(db, [message("olá 🍕\n*tudo*?")], NOW))
        person = stage.meet()
        stage.write(lambda db: db.execute("INSERT INTO tags VALUES (?, 'vip', 0)", (person,)))
        await stage.settle()

        bring(stage, files, message("", kind=MessageKind.IMAGE, media=PHOTO, id="P1"))
        await stage.settle()

        assert wire.broken == []
        assert wire.stub.messages[3]["attachments[]"] == ["maçã 1.jpg", "image/jpeg", 300_000]
        assert wire.stub.messages[3]["content_attributes[alexia]"] == "alexia:P1:file"
        assert wire.stub.texts()[:1] == [("incoming", "olá 🍕\n*tudo*?")]
        assert wire.stub.conversations[1]["labels"] == ["vip"]
        assert await stage.system.look() == []
        stage.database.close()
