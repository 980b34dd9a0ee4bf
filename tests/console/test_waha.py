"""WAHA's API, as its users' programs call it."""

import pytest

from bot.domain.errors import SendUncertain, TransportDown
from bot.domain.outgoing import Why
from bot.store import contacts, drafts, inbox
from tests.console.stage import at
from tests.make import ACCOUNT, ANA, NOW, message

SEND = {"chatId": ANA, "text": "Olá! {{7*7}} <img onerror=x>", "session": "default"}


def queued(bot):
    return [tuple(row) for row in bot.desk.store.db.execute("SELECT chat, text, why FROM outbox")]


async def test_a_text_goes_into_the_outbox_as_a_persons(api, bot):
    answer = await api.post("/api/sendText", json=SEND)

    sent = answer.json()
    assert answer.status_code == 201
    assert sent["id"].startswith(f"true_{ANA}_3EB0")
    assert (sent["fromMe"], sent["body"], sent["ack"], sent["ackName"]) == (
        True, SEND["text"], 0, "PENDING"
    )  # fmt: skip
    assert queued(bot) == [(ANA, SEND["text"], Why.PERSON)]


@pytest.mark.parametrize(
    ("written", "chat"),
    [
        ("+55 11 98765-4321", ANA),
        ("5511987654321@s.whatsapp.net", ANA),
        ("5511987654321@c.us", ANA),
        ("123456789@lid", "123456789@lid"),
        ("120363012345-16001@g.us", "120363012345-16001@g.us"),
    ],
)
async def test_a_chat_is_named_in_any_writing(api, bot, written, chat):
    await api.post("/api/sendText", json={"chatId": written, "text": "x"})

    assert queued(bot)[0][0] == chat


@pytest.mark.parametrize("text", ["", " \n"])
async def test_a_text_of_blanks_is_no_text(api, bot, text):
    answer = await api.post("/api/sendText", json={"chatId": ANA, "text": text})

    assert (answer.status_code, queued(bot)) == (400, [])


async def test_the_same_key_sends_once(api, bot):
    once = {"Idempotency-Key": "order-7"}
    first = await api.post("/api/sendText", json=SEND, headers=once)
    again = await api.post("/api/sendText", json=SEND, headers=once)
    other = await api.post("/api/sendText", json={**SEND, "text": "else"}, headers=once)

    assert first.json()["id"] == again.json()["id"]
    assert other.status_code == 409
    assert len(queued(bot)) == 1


async def test_a_text_may_answer_a_message(api):
    answer = await api.post("/api/sendText", json={**SEND, "reply_to": f"false_{ANA}_3EB0AA"})

    assert answer.json()["replyTo"] == {"id": "3EB0AA", "body": None}


async def test_without_a_key_each_request_sends(api, bot):
    await api.post("/api/sendText", json=SEND)
    await api.post("/api/sendText", json=SEND)

    assert len(queued(bot)) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400), ({"chatId": ANA}, 400), ({"chatId": ANA, "text": ""}, 400),
        ({"chatId": ANA, "text": 5}, 400), ({"chatId": "status@broadcast", "text": "x"}, 400),
        ({"chatId": "x@evil", "text": "x"}, 400), ({"chatId": "Ana", "text": "x"}, 400),
        ({"chatId": "0611111111", "text": "x"}, 400),
        ({"chatId": ANA, "text": "x" * 65_537}, 400), ([], 400), ("x", 400),
        ({"chatId": ANA, "text": "x", "session": "other"}, 404),
    ],
)  # fmt: skip
async def test_a_request_that_makes_no_sense_is_refused_with_a_sentence(api, bot, body, status):
    answer = await api.post("/api/sendText", json=body)

    assert answer.status_code == status
    assert answer.json()["error"]
    assert queued(bot) == []


@pytest.mark.parametrize("raw", [b"{", b"\xff", b"[" * 100_000, b"", b"9" * 5000])
async def test_a_body_that_is_no_json_is_refused(api, raw):
    answer = await api.post(
        "/api/sendText", content=raw, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 400


async def test_lone_surrogates_and_nul_are_mended(api, bot):
    raw = b'{"chatId": "5511987654321", "text": "a\\ud800b\\u0000c"}'

    await api.post("/api/sendText", content=raw, headers={"Content-Type": "application/json"})

    assert queued(bot)[0][1] == "a\ufffdb\ufffdc"


async def test_typing_seen_and_reactions_reach_the_transport(api, bot):
    chat = {"chatId": ANA}
    await api.post("/api/startTyping", json=chat)
    await api.post("/api/stopTyping", json=chat)
    await api.post("/api/sendSeen", json=chat)
    answer = await api.put(
        "/api/reaction", json={"messageId": f"false_{ANA}_3EB0AA", "reaction": "👍"}
    )

    assert answer.status_code == 200
    assert bot.desk.transport.done == [
        ("typing", ANA, True), ("typing", ANA, False), ("read", ANA), ("react", ANA, "3EB0AA", "👍")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("failure", "status"), [(TransportDown("no page"), 503), (SendUncertain("no answer"), 504)]
)
async def test_a_page_that_is_away_is_told(api, bot, failure, status):
    bot.desk.transport.failure = failure

    answer = await api.post("/api/sendSeen", json={"chatId": ANA})

    assert (answer.status_code, answer.json()["error"]) == (status, str(failure))


@pytest.fixture
def talked(bot):
    db = bot.desk.store.db
    inbox.record_all(db, [message("hello", id="A1")], NOW)
    contacts.meet(db, ANA, "Ana Souza", NOW)
    db.execute(
        "INSERT INTO conversations VALUES (?,?,1,1,'{}','','',NULL,?,0,'')",
        (ACCOUNT, ANA, NOW.timestamp()),
    )
    draft = drafts.Draft(
        account=ACCOUNT, chat=ANA, text="hi!", why=Why.ANSWER, by="rule:x", due_at=NOW
    )
    drafts.reserve(db, b"s", "c", [draft], at(1))
    return bot


async def test_a_chats_messages_come_latest_first_and_both_ways(api, talked):
    said = (await api.get(f"/api/default/chats/{ANA}/messages")).json()

    assert [(one["body"], one["fromMe"]) for one in said] == [("hi!", True), ("hello", False)]
    assert said[1]["id"] == f"false_{ANA}_A1"
    assert (said[1]["from"], said[1]["to"]) == (ANA, ACCOUNT)


async def test_chats_are_listed_with_their_last_message(api, talked):
    (chat,) = (await api.get("/api/default/chats/overview")).json()

    assert (chat["id"], chat["name"], chat["lastMessage"]["body"]) == (ANA, "Ana Souza", "hi!")


async def test_people_are_listed_and_found(api, talked):
    (ana,) = (await api.get("/api/contacts")).json()
    found = await api.get("/api/contacts", params={"contactId": ANA})
    nobody = await api.get("/api/contacts", params={"contactId": "5511900000009"})

    assert (ana["id"], ana["number"], ana["name"]) == (ANA, "5511987654321", "Ana Souza")
    assert found.json() == ana
    assert nobody.status_code == 404


async def test_hidden_addresses_are_listed_with_their_number(api, talked):
    talked.desk.store.db.execute("INSERT INTO identities VALUES ('77@lid', 1)")

    assert (await api.get("/api/default/lids")).json() == [{"lid": "77@lid", "pn": ANA}]


@pytest.mark.parametrize("query", ["limit=0&offset=0", "limit=1", "limit=1000"])
async def test_a_page_is_asked_for(api, talked, query):
    assert (await api.get(f"/api/contacts?{query}")).status_code == 200


@pytest.mark.parametrize("query", ["limit=-1", "limit=x", "limit=1001", "offset=²"])
async def test_a_page_that_makes_no_sense_is_refused(api, query):
    assert (await api.get(f"/api/contacts?{query}")).status_code == 400
