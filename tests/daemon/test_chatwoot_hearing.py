"""What agents do in Chatwoot: their words reach the customer once, and the bot keeps quiet."""

import asyncio

import pytest

from bot.console.desk import NotYet
from bot.daemon import clock
from bot.daemon.seat import Seat
from bot.domain.crm import CrmLink, Target
from bot.domain.effects import BeginWait
from bot.domain.errors import SessionDown
from bot.domain.receipts import Receipt
from bot.store import crm_links, waits
from tests.crm.chatwoot_stub import SECRET, ChatwootStub, moved, sign, written
from tests.crm.wire import Wire
from tests.daemon.stage import WITHIN, FakePhone, Office
from tests.make import ANA
from tests.test_webhook import Service, said

RULES = """version: 1
rules:
  - {id: a, when: {keyword: hi}, do: {reply: Hello}}
"""
TALK = """version: 1
teams: [support]
rules:
  - {id: a, when: {keyword: hi}, do: [{tag: VIP}, {reply: Hello}]}
  - {id: b, when: {keyword: human}, do: {handoff: {team: support, reply: One moment.}}}
"""
CRM = """http: {allow_local: true}
crm:
  chatwoot:
    {url: 'http://127.0.0.1:9', token: 'file:secret', webhook_secret: 'file:secret', inbox: 3}
"""


class AckingPhone(FakePhone):
    """Has each message acknowledged at once, so that the next one of its chat may leave."""

    warning = ""

    async def send_text(self, chat, text, message_id, quoted=None, mentions=()):
        await super().send_text(chat, text, message_id)
        receipt = Receipt(account=self.account, chat=chat, id=message_id, ack=1, at=clock.now())
        await self.inlet.take_receipts([receipt])


@pytest.fixture(autouse=True)
def acking_phone(monkeypatch):
    monkeypatch.setattr("bot.daemon.parts.WhatsAppSession", AckingPhone)
    FakePhone.opened.clear()


@pytest.fixture
def office(tmp_path):
    office = Office(tmp_path, ["default", "north"], CRM)
    (tmp_path / "secret").write_text(SECRET)
    for name in ("default", "north"):
        office.write(name, RULES)
    return office


class Desk:
    """The account named default, with a chat that stands as conversation 1 in Chatwoot."""

    def __init__(self, office, accounts):
        self.keeper = accounts.find("default")
        self.own = self.keeper.running
        self.hearing = Seat(self.keeper).chatwoot
        self.office = office

    async def link(self):
        link = CrmLink(
            target=Target.CHATWOOT, lane=ANA, kind="conversation", remote="1",
            data={"status": "open"},
        )  # fmt: skip
        await self.own.database.write(lambda db: crm_links.keep(db, link))

    async def count(self, query):
        return (await self.own.database.read(lambda db: db.execute(query).fetchone()))[0]

    async def idle(self):
        async with asyncio.timeout(10):
            while await self.count("SELECT count(*) FROM inbox WHERE state = 'waiting'"):
                await asyncio.sleep(0.01)

    async def until(self, *, muted):
        wanted = "IS NOT NULL" if muted else "IS NULL"
        query = f"SELECT count(*) FROM conversations WHERE chat = '{ANA}' AND muted_until {wanted}"
        async with asyncio.timeout(10):
            while not await self.count(query):
                await asyncio.sleep(0.01)


async def test_an_agents_words_reach_the_customer_once_and_the_bot_keeps_quiet(office):
    async with office.running() as accounts:
        phone = await office.phone("default")
        desk = Desk(office, accounts)
        await desk.link()
        await phone.hear("hi", id="A0")
        assert await phone.said() == "Hello"

        for _ in range(3):
            assert await desk.hearing.take(written("I take over"))
        assert await phone.said() == "I take over"
        await desk.until(muted=True)
        assert await desk.hearing.take(written("anything else?", id=901))
        assert await phone.said() == "anything else?"
        await phone.hear("hi", id="A1")
        await desk.idle()

        assert await desk.hearing.take(moved("resolved"))
        await desk.until(muted=False)
        assert await desk.hearing.take(moved("resolved"))
        await phone.hear("hi", id="A2")
        assert await phone.said() == "Hello"
        assert await desk.count("SELECT count(*) FROM outbox") == 4
        assert await desk.count(
            "SELECT count(*) FROM crm_jobs WHERE kind = 'sent' AND row IN"
            " (SELECT id FROM outbox WHERE cause LIKE 'api|chatwoot-%')"
        ) == 0  # fmt: skip


async def test_an_agents_words_end_the_wait_of_who_was_promised_an_answer(office):
    async with office.running() as accounts:
        phone = await office.phone("default")
        desk = Desk(office, accounts)
        await desk.link()
        begin = BeginWait(sla="first", since=clock.now(), due=clock.now(), team="", member="")
        where = (phone.account, ANA)
        await desk.own.database.write(lambda db: waits.note(db, where, 1, begin, clock.now()))

        assert await desk.hearing.take(written("Here I am"))
        assert await phone.said() == "Here I am"
        told = "SELECT count(*) FROM events WHERE name = 'command.answered'"
        assert await desk.count(told) == 1


async def test_files_of_an_agent_are_kept_and_sent_with_their_text(office):
    async with office.running() as accounts, Service(said(200, b"abc")) as server:
        await office.phone("default")
        desk = Desk(office, accounts)
        await desk.link()
        files = [{"file_type": "image", "data_url": f"{server.url}/a%20b.png"},
                 {"file_type": "file", "data_url": f"{server.url}/c.pdf"}]  # fmt: skip

        for _ in range(2):
            assert await desk.hearing.take(written("two files", attachments=files))
        assert await desk.hearing.take(written("  ", id=902))

        rows = await desk.own.database.read(
            lambda db: [tuple(row) for row in db.execute(
                "SELECT text, json_extract(body, '$.kind'), json_extract(body, '$.name'),"
                " json_extract(body, '$.kept') FROM outbox ORDER BY id")]
        )  # fmt: skip
        assert [row[:3] for row in rows] == [
            ("two files", "image", "a b.png"), ("", "document", "c.pdf")
        ]  # fmt: skip
        assert desk.own.files.path_of(rows[0][3]).read_bytes() == b"abc"
        assert len(server.heard) == 2


async def test_a_file_that_cannot_be_had_fails_the_whole_message(office, monkeypatch):
    async with office.running() as accounts:
        await office.phone("default")
        desk = Desk(office, accounts)
        await desk.link()

        ends, hangs = Service(said(404)), Service(b"", hangs=True)
        for server, why, within in ((ends, "status 404", WITHIN), (hangs, "come", 0.01)):
            monkeypatch.setattr("bot.daemon.chatwoot_hearing.FETCH_WITHIN", within)
            async with server:
                files = [{"file_type": "image", "data_url": server.url}]
                with pytest.raises(NotYet, match=why):
                    await desk.hearing.take(written("look", attachments=files))
        assert await desk.count("SELECT count(*) FROM outbox") == 0


async def test_a_conversation_that_an_agent_began_is_linked_by_its_number(office):
    async with office.running() as accounts:
        phone = await office.phone("default")
        desk = Desk(office, accounts)

        assert await desk.hearing.take(written("Hello?", conversation=7, phone="+55 11 98765-4321"))
        assert await phone.said() == "Hello?"
        link = await desk.own.database.read(
            lambda db: crm_links.find(db, Target.CHATWOOT, ANA, "conversation")
        )
        assert link.remote == "7"

        assert await desk.hearing.take(
            written("in another one", id=903, conversation=8, phone="+5511987654321")
        )
        assert await phone.said() == "in another one"


async def test_what_concerns_nobody_here_is_left(office):
    async with office.running() as accounts:
        await office.phone("default")
        desk = Desk(office, accounts)

        assert not await desk.hearing.take(written(inbox=4))
        assert not await desk.hearing.take(written(conversation=9))
        assert not await desk.hearing.take(moved("resolved", conversation=9))
        assert not await desk.hearing.take({"event": "contact_created"})
        assert Seat(accounts.find("north")).chatwoot is None
        assert await desk.count("SELECT count(*) FROM outbox") == 0


async def test_a_status_that_is_no_end_is_noted_only(office):
    async with office.running() as accounts:
        await office.phone("default")
        desk = Desk(office, accounts)
        await desk.link()

        assert await desk.hearing.take(moved("pending"))
        assert await desk.hearing.take(moved("resolved"))

        link = await desk.own.database.read(
            lambda db: crm_links.find(db, Target.CHATWOOT, ANA, "conversation")
        )
        assert link.data["status"] == "resolved"
        assert await desk.count("SELECT count(*) FROM events") == 0


async def test_only_the_secret_proves_it(office):
    async with office.running() as accounts:
        hearing = Desk(office, accounts).hearing
        for secret, proven in ((SECRET, True), ("other", False)):
            body, headers = sign(written(), clock.now(), secret)
            said = headers["X-Chatwoot-Signature"], headers["X-Chatwoot-Timestamp"]
            assert hearing.is_signed(body, *said) is proven


async def test_an_account_that_does_not_run_or_was_never_logged_in_says_so(office, monkeypatch):
    async with office.running() as accounts:
        await office.phone("default")
        desk = Desk(office, accounts)

        async def nobody(_):
            return None

        monkeypatch.setattr("bot.daemon.chatwoot_hearing.account_of", nobody)
        with pytest.raises(NotYet):
            await desk.hearing.take(written())
        await accounts.stop("default")
        with pytest.raises(SessionDown):
            await desk.hearing.take(written())


async def test_both_inboxes_are_served_where_each_session_has_one(tmp_path):
    (tmp_path / "secret").write_text(SECRET)
    office = Office(tmp_path, ["default"], CRM)
    async with office.running() as accounts:
        await office.phone("default")
        told = await accounts.find("default").running.crm.answer({"action": "sync"})
        assert told["found"] == {
            "chatwoot": ["nothing is to be told anew: each message is told once"]
        }
        accounts.find("default").running.crm.wake()


async def test_a_talk_goes_both_ways_between_whatsapp_and_chatwoot(tmp_path):
    async with Wire(ChatwootStub()) as wire:
        (tmp_path / "secret").write_text(SECRET)
        office = Office(tmp_path, ["default"], CRM.replace("http://127.0.0.1:9", wire.url))
        office.write("default", TALK)
        async with office.running() as accounts:
            phone = await office.phone("default")
            desk = Desk(office, accounts)
            stub = wire.stub

            async def until(holds):
                async with asyncio.timeout(15):
                    while not holds():
                        await asyncio.sleep(0.01)

            await phone.hear("hi", id="A1")
            assert await phone.said() == "Hello"
            await until(lambda: len(stub.messages) == 2 and stub.conversations[1]["labels"])
            await phone.hear("human", id="A2")
            assert await phone.said() == "One moment."
            await until(lambda: stub.conversations[1]["status"] == "open")

            assert await desk.hearing.take(written("Bea here"))
            assert await phone.said() == "Bea here"
            await phone.hear("thanks", id="A3")
            await until(lambda: len(stub.messages) == 5)
            stub.conversations[1]["status"] = "resolved"
            assert await desk.hearing.take(moved("resolved"))
            await desk.until(muted=False)
            await phone.hear("hi", id="A4")
            assert await phone.said() == "Hello"
            await until(lambda: stub.conversations[1]["status"] == "pending")
            await until(lambda: len(stub.messages) == 7)

        assert wire.broken == []
        assert stub.texts() == [
            ("incoming", "hi"), ("outgoing", "Hello"), ("incoming", "human"),
            ("outgoing", "One moment."), ("incoming", "thanks"), ("incoming", "hi"),
            ("outgoing", "Hello"),
        ]  # fmt: skip
        assert stub.conversations[1]["labels"] == ["vip"]
