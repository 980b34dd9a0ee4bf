"""What a person sends through a running bot: ready-made replies, and who waited for them."""

import asyncio

import pytest

from bot.daemon.commands import Commands
from bot.daemon.seat import Seat
from bot.daemon.status import status
from bot.store import outbox
from tests.daemon.stage import WITHIN, FakePhone, Office
from tests.make import ANA

RULES = """
version: 1
canned: {{thanks: "Thank you from {name}, $(contact.first_name)!"}}
sla: {{answer: {{for: message, within: 1h}}}}
rules: [{{id: a, when: {{keyword: hi}}, do: {{reply: Hello from {name}}}}}]
"""


@pytest.fixture(autouse=True)
def fake_phone(monkeypatch):
    monkeypatch.setattr("bot.daemon.parts.WhatsAppSession", FakePhone)
    monkeypatch.setattr("tests.daemon.stage.RULES", RULES)
    monkeypatch.setattr(FakePhone, "find_number", None, raising=False)  # nobody is looked up
    FakePhone.opened.clear()


def waits(db):
    return [tuple(row) for row in db.execute("SELECT sla, how, by FROM waits ORDER BY id")]


async def test_a_ready_made_reply_is_said_once_and_ends_a_wait(tmp_path):
    office = Office(tmp_path, ["default"])
    async with office.running() as accounts:
        phone = await office.phone("default")
        await phone.hear("is anybody there?", chat=ANA)
        await stand(accounts, [("answer", "", "")])
        send = Commands(accounts).verbs()["send"]
        for _ in range(2):
            told = await send({"chat": ANA, "text": "", "canned": "thanks", "id": "7"})
            assert told == {"sent": True, "reason": "", "canned": "thanks"}
        assert await phone.said() == "Thank you from default, Ana!"
        assert waits_of(accounts) == [("answer", "answered", "person")]

        told = await send({"chat": ANA, "text": "", "canned": "thansk"})
        assert told["reason"] == "there is no canned reply 'thansk'; did you mean 'thanks'?"
        told = await send({"chat": ANA, "text": "", "canned": "zzz"})
        assert "`alexia canned list` shows all" in told["reason"]


async def test_what_is_sent_through_a_logged_out_phone_waits_and_says_why(tmp_path):
    office = Office(tmp_path, ["default"])
    async with office.running() as accounts:
        phone = await office.phone("default")
        await phone.hear("hi", chat=ANA)
        assert await phone.said() == "Hello from default"
        await phone.logout()
        await Commands(accounts).verbs()["send"]({"chat": ANA, "text": "Yes"})

        whole = await status(tuple(accounts.keepers.values()), 1)

    assert [one["reason"] for one in whole["waiting"]] == [
        "WhatsApp is logged_out; `alexia login default` shows the code for the phone to scan"
    ]


async def test_a_text_that_a_person_sends_ends_a_wait_too(tmp_path):
    office = Office(tmp_path, ["default"])
    async with office.running() as accounts:
        phone = await office.phone("default")
        await phone.hear("is anybody there?", chat=ANA)
        await stand(accounts, [("answer", "", "")])
        await Commands(accounts).verbs()["send"]({"chat": ANA, "text": "Yes"})
        await stand(accounts, [("answer", "answered", "person")])


@pytest.mark.parametrize("text", ["", " \n"])
async def test_an_empty_text_is_refused_in_words_and_stored_nowhere(tmp_path, text):
    office = Office(tmp_path, ["default"])
    async with office.running() as accounts:
        await (await office.phone("default")).hear("hello", chat=ANA)
        told = await Commands(accounts).verbs()["send"]({"chat": ANA, "text": text})

        reason = "the text is empty; write what is to be sent"
        assert told == {"sent": False, "reason": reason}
        held = accounts.find().running.database.read_now(outbox.counts)
        assert held["reserved"] == held["handed"] == 0


async def test_who_never_logged_in_says_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(FakePhone, "run", lambda self: self.dies.get())
    office = Office(tmp_path, ["default"])
    async with office.running() as accounts:
        seat = Seat(accounts.find())
        assert sorted(seat.rulebook.canned) == ["thanks"]
        assert "no account was ever logged in" in await seat.say(ANA, "thanks", "1")


async def stand(accounts, wanted):
    async with asyncio.timeout(WITHIN):
        while waits_of(accounts) != wanted:
            await asyncio.sleep(0)


def waits_of(accounts):
    return accounts.find().running.database.read_now(waits)
