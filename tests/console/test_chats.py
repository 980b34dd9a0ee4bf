"""WAHA's routes for chats, and ours beside them."""

from datetime import timedelta

import pytest

from bot.domain.errors import ChatRefused
from tests.make import ANA, BO, NOW

AT = f"/api/default/chats/{ANA}"


async def test_chats_are_listed_as_the_phone_keeps_them(api):
    listed = (await api.get("/api/default/chats")).json()

    assert [(one["id"], one["archived"], one["labels"]) for one in listed] == [(ANA, True, ["vip"])]
    assert (await api.get("/api/other/chats")).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "done"),
    [
        ("archive", None, ("archive", ANA, True)),
        ("unarchive", None, ("archive", ANA, False)),
        ("pin", None, ("pin", ANA, True)),
        ("unpin", None, ("pin", ANA, False)),
        ("unread", None, ("unread", ANA)),
        ("mute", {"seconds": 60}, ("mute", ANA, NOW + timedelta(minutes=1))),
        ("mute", None, ("mute", ANA, NOW + timedelta(hours=8))),
        ("unmute", None, ("mute", ANA, None)),
    ],
)
async def test_a_chat_is_kept_otherwise(api, bot, path, body, done):
    answer = await api.post(f"{AT}/{path}", json=body) if body else await api.post(f"{AT}/{path}")

    assert (answer.status_code, bot.desk.source.done) == (201, [done])


async def test_messages_are_read_changed_and_taken_back(api, bot):
    assert (await api.post(f"{AT}/messages/read")).status_code == 201
    assert (await api.put(f"{AT}/messages/true_{ANA}_3EB0", json={"text": "y"})).status_code == 200
    assert (await api.delete(f"{AT}/messages/3EB0")).status_code == 200
    assert bot.desk.transport.done == [
        ("read", ANA), ("edit", ANA, "3EB0", "y"), ("revoke", ANA, "3EB0", "")
    ]  # fmt: skip


async def test_a_message_is_forwarded(api):
    body = {"chatId": BO, "messageId": f"false_{ANA}_A1", "session": "default"}

    answer = await api.post("/api/forwardMessage", json=body)

    assert (answer.status_code, answer.json()) == (201, {"ids": [f"true_{BO}_3EB0FF"]})


async def test_a_chat_is_read_back(api):
    answer = await api.post(f"{AT}/history", json={"more": 3})

    assert answer.json() == {"chat": ANA, "stored": 3}


@pytest.mark.parametrize(
    ("path", "body"),
    [("mute", {"seconds": 0}), ("mute", {"seconds": "x"}), ("history", {"more": 0})],
)
async def test_numbers_must_be_numbers(api, path, body):
    assert (await api.post(f"{AT}/{path}", json=body)).status_code == 400


async def test_what_is_not_there_is_told(api, bot):
    bot.desk.source.failure = ChatRefused("chat_not_found")

    answer = await api.post(f"{AT}/pin")

    assert (answer.status_code, "alexia chats list" in answer.json()["error"]) == (404, True)
