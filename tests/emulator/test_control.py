import asyncio

import pytest

from bot.emulator import Emulator
from tests.emulator.conftest import ANA, ME, Client

GROUP = "120363000000000001@g.us"


@pytest.mark.parametrize(
    ("path", "values", "why"),
    [
        ("messages", {"account": ME, "chat": ANA, "text": "hi", "tone": "rude"}, "'tone'"),
        ("messages", {"account": ME, "text": "hi"}, "'chat'"),
        ("messages", {"chat": ANA, "text": "hi"}, "account"),
        ("messages", {"account": ME, "chat": ANA, "text": 5}, "a text"),
        ("typing", {"account": ME, "chat": ANA, "from": ANA, "state": "sleeping"}, "composing"),
        ("contacts", [{"id": ANA, "age": 5}], "'age'"),
        ("session", {"do": "explode"}, "logout"),
        ("faults", {"unheard": True}, "'unheard'"),
    ],
)
async def test_what_the_contract_does_not_know_is_refused(client, path, values, why):
    status, error = await client.refusal(path, values)
    assert status == 400
    assert why in error


async def test_pairing_without_a_code_is_a_conflict(client):
    status, said = await client.refusal("pair", {"account": ME})

    assert (status, said.partition(":")[0]) == (409, "no page shows a code")


async def test_a_page_that_shows_a_code_is_paired(client):
    hello = await client.page("hello", device="")
    await client.page("code", page=hello["page"], code="2@abc")
    pages = (await client.control("state"))["pages"]
    assert [(page["state"], page["code"]) for page in pages] == [("qr", "2@abc")]


async def test_a_message_for_an_account_without_a_page_waits_for_it(client, page):
    await page.close()
    await client.control("messages", {"chat": ANA, "text": "late"})
    hello = await client.page("hello", device=page.device)
    assert hello["account"]["id"] == ME
    assert [message["body"] for message in hello["history"]] == []
    page.page = hello["page"]
    await page.open()
    assert [(await page.news())["body"] for _ in range(2)] == ["hi", "late"]
    await client.page("taken", page=page.page, n=2)
    again = await client.page("hello", device=page.device)
    assert [message["body"] for message in again["history"]] == ["hi", "late"]


async def test_a_live_message_is_pushed_with_what_the_page_needs(client, page):
    assert (await page.news())["id"] == "FIRST"
    await client.control(
        "messages",
        {"chat": ANA, "text": "and?", "quoted": f"false_{ANA}_FIRST", "ciphertext_first": True},
    )
    news = await page.news()
    assert (news["body"], news["chat"], news["fromMe"]) == ("and?", ANA, False)
    assert news["quoted"]["body"] == "hi"
    assert news["ciphertextFirst"] is True


async def test_a_send_has_its_line_and_gets_its_receipts(client, page):
    await page.news()
    assert (await page.send("3EB0A", "hello"))["ok"] is True
    receipts = [await page.news() for _ in range(2)]
    assert [(one["kind"], one["id"], one["ack"]) for one in receipts] == [
        ("receipt", "3EB0A", 2),
        ("receipt", "3EB0A", 3),
    ]
    line = (await client.control("ledger?after=1"))[0]
    assert (line["direction"], line["from"], line["chat"]) == ("out", ME, ANA)
    assert (line["n"], line["body"], line["ack"]) == (2, "hello", 3)


async def test_receipts_can_be_given_by_hand(client, page):
    await page.news()
    await client.control("faults", {"acks": False})
    assert (await page.news())["faults"]["acks"] is False
    await page.send("3EB0A", "hello")
    assert (await client.control("ledger?after=1"))[0]["ack"] == 1
    await client.control("receipts", {"id": "3EB0A", "ack": 2})
    assert (await page.news())["ack"] == 2


async def test_an_equal_id_has_a_line_of_its_own_and_may_be_dropped(client, page):
    await client.control("faults", {"acks": False})
    for _ in range(2):
        await page.send("3EB0A", "hello")
    await client.control("faults", {"drop_equal_ids": True})
    await page.send("3EB0A", "hello")
    lines = await client.control("ledger?after=1")
    assert [line.get("repeat", False) for line in lines] == [False, True, True]
    assert [line.get("dropped", False) for line in lines] == [False, False, True]


async def test_refused_sends_stand_in_the_state_and_not_in_the_ledger(client, page):
    await client.control("faults", {"fail_next_sends": 1, "restrict_new_chats": True})
    stranger = "5511922222222@c.us"
    assert await page.send("A", "x") == {"ok": False, "code": 500}
    assert await page.send("B", "x", chat=stranger) == {"ok": False, "code": 463}
    assert (await page.send("C", "x"))["ok"] is True
    refused = (await client.control("state"))["refused"]
    assert [(one["id"], one["chat"], one["code"]) for one in refused] == [
        ("A", ANA, 500),
        ("B", stranger, 463),
    ]
    assert [line["id"] for line in await client.control("ledger?after=1")] == ["C"]


async def test_hidden_addresses_are_seen_by_the_page_and_not_by_the_ledger(client, page):
    await page.news()
    await client.control("contacts", [{"id": ANA, "lid": "123456789012345@lid"}])
    await client.control("faults", {"lid_chats": True})
    await client.control("messages", {"chat": ANA, "text": "hidden"})
    news = [await page.news() for _ in range(3)][-1]
    assert news["chat"] == "123456789012345@lid"
    await page.send("3EB0A", "hello", chat="123456789012345@lid")
    lines = await client.control("ledger?after=1")
    assert [(line["chat"], line["addr"]) for line in lines] == [(ANA, "123456789012345@lid")] * 2


async def test_a_group_knows_who_wrote(client, page):
    await page.news()
    status, _ = await client.refusal("messages", {"chat": GROUP, "from": ANA, "text": "hi"})
    assert status == 404
    await client.control(
        "groups", {"id": GROUP, "subject": "Team", "participants": [ANA], "admins": [ME]}
    )
    group = await page.news()
    assert [(one["id"], one["admin"]) for one in group["participants"]] == [
        (ANA, False),
        (ME, True),
    ]
    await client.control("messages", {"chat": GROUP, "from": ANA, "text": "hi"})
    assert (await page.news())["participant"] == ANA


async def test_media_are_kept_under_their_hash(client, page):
    await page.news()
    medium = {"mimetype": "image/png", "filename": "dot.png", "base64": "aGVsbG8="}
    await client.control("messages", {"chat": ANA, "text": "look", "media": medium})
    news = await page.news()
    assert news["type"] == "image"
    kept = await client.http.get(f"/page/media/{news['media']['sha256']}")
    assert kept.content == b"hello"
    broken = {**medium, "base64": "?"}
    assert (await client.refusal("messages", {"chat": ANA, "media": broken}))[0] == 400


async def test_typing_and_reading_are_events(client, page):
    await client.page("tell", page=page.page, kind="seen", chat=ANA)
    more = {"state": "composing"}
    await client.page("tell", page=page.page, kind="chatstate", chat=ANA, more=more)
    events = await client.control("events?after=1")
    assert [(event["kind"], event["chat"]) for event in events] == [
        ("seen", ANA),
        ("chatstate", ANA),
    ]
    assert events[1]["state"] == "composing"


async def test_the_phone_edits_reacts_revokes_and_votes(client, page):
    await page.news()
    poll = {"id": "P", "chat": ANA, "type": "poll_creation", "body": "?", "options": ["A", "B"]}
    await client.control("faults", {"acks": False})
    await page.news()
    await client.page("send", page=page.page, **poll)
    await client.control("react", {"id": "FIRST", "from": ANA, "emoji": "👍"})
    await client.control("edit", {"id": "FIRST", "text": "hello"})
    await client.control("vote", {"id": "P", "from": ANA, "options": ["B"]})
    await client.control("revoke", {"id": "FIRST"})
    kinds = [(await page.news())["kind"] for _ in range(4)]
    assert kinds == ["react", "edit", "vote", "revoke"]
    assert (await client.refusal("vote", {"id": "P", "from": ANA, "options": ["C"]}))[0] == 400
    assert (await client.refusal("edit", {"id": "NONE", "text": "x"}))[0] == 404


async def test_logout_unlinks_the_device(client, page):
    await page.news()
    await client.control("session", {"do": "logout"})
    assert await page.news() == {"kind": "session", "do": "logout"}
    assert (await client.page("hello", device=page.device))["account"] is None


async def test_two_accounts_must_be_told_apart(client, page):
    await client.control("messages", {"account": "5511900000002@c.us", "chat": ANA, "text": "x"})
    status, error = await client.refusal("messages", {"chat": ANA, "text": "x"})
    assert status == 400
    assert "several accounts" in error


async def test_everything_is_there_after_a_restart(tmp_path):
    async with Emulator(data=tmp_path) as emulator:
        client = Client(emulator)
        async with client.http:
            page = await client.linked()
            await page.send("3EB0A", "hello")
            await client.control("faults", {"drop_equal_ids": True})
            before = await client.control("ledger")
            await page.close()
    async with Emulator(data=tmp_path) as emulator:
        client = Client(emulator)
        async with client.http:
            after = await client.control("ledger")
            hello = await client.page("hello", device=page.device)
    assert [line["id"] for line in after] == [line["id"] for line in before] == ["FIRST", "3EB0A"]
    assert hello["account"]["id"] == ME
    assert hello["faults"]["drop_equal_ids"] is True


async def test_a_thousand_messages_at_once_all_have_a_line(client, page):
    calls = [client.control("messages", {"chat": ANA, "text": str(n)}) for n in range(1000)]
    await asyncio.gather(*calls)
    lines = await client.control("ledger?after=1")
    news = [await page.news() for _ in range(1001)]
    assert [line["n"] for line in lines] == list(range(2, 1002))
    assert [one["body"] for one in news[1:]] == [line["body"] for line in lines]


async def test_headless_browsers_are_turned_away(client):
    page = await client.http.get("/", headers={"User-Agent": "HeadlessChrome/140"})
    assert "not supported" in page.text
    assert "<script" not in page.text


async def test_the_page_has_a_fresh_nonce_and_trusted_types(client):
    first, second = [await client.http.get(path) for path in ("/", "/phone")]
    policy = first.headers["content-security-policy"]
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert policy != second.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/nowhere", "/asset/page/nothing.js", "/page/media/none"])
async def test_what_is_not_there_is_said_to_be_not_there(client, path):
    assert (await client.http.get(path)).status_code == 404


async def test_other_sites_may_not_call(client):
    answer = await client.http.post(
        "/control/faults", json={}, headers={"Origin": "https://example.com"}
    )
    assert answer.status_code == 403


async def test_a_place_a_poll_and_a_card_arrive_as_such(client, page):
    place = {"lat": -23.5, "lng": -46.6, "name": "The shop"}
    await client.control("messages", {"chat": ANA, "location": place})
    await client.control("messages", {"chat": ANA, "text": "Which?", "options": ["a", "b"]})
    card = "BEGIN:VCARD\nFN:Bia\nEND:VCARD"
    await client.control("messages", {"chat": ANA, "type": "vcard", "text": card, "card": "Bia"})

    _, *told = [await page.news() for _ in range(4)]
    assert [one["type"] for one in told] == ["location", "poll_creation", "vcard"]
    assert (told[0]["place"], told[1]["options"], told[2]["card"]) == (place, ["a", "b"], "Bia")
    ledger = await client.control("ledger")
    assert ledger[-3]["location"] == place


@pytest.mark.parametrize(
    "place", [{"lat": 1}, {"lat": "x", "lng": 2}, {"lat": 1, "lng": 2, "far": 3}, "here"]
)
async def test_a_place_that_is_none_is_refused(client, page, place):
    assert (await client.refusal("messages", {"chat": ANA, "location": place}))[0] == 400


async def test_who_is_blocked_is_told_and_stands_when_the_page_is_loaded_anew(client, page):
    await client.control("block", {"id": ANA})
    while (news := await page.news())["kind"] != "blocked":
        pass
    assert (news["id"], news["on"]) == (ANA, True)
    assert (await client.page("hello", device=page.device))["blocked"] == [ANA]

    await client.control("block", {"id": ANA, "on": False})
    assert (await client.page("hello", device=page.device))["blocked"] == []


async def test_a_picture_is_kept_as_a_file(client, page):
    picture = {"mimetype": "image/png", "base64": "aGVsbG8="}
    await client.control("contacts", [{"id": ANA, "picture": picture, "business": True}])
    (person,) = (await client.page("hello", device=page.device))["people"]
    assert person["business"] is True
    assert person["picture"].startswith("/page/media/")
