from datetime import timedelta

import pytest

from bot.domain.errors import ChatRefused
from bot.domain.messages import Origin
from bot.whatsapp.chats import FOR_GOOD, PageChats, read_chat
from tests.make import ACCOUNT, ANA, BO, NOW


class Page:
    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    async def ask(self, command, within):
        self.asked.append(command)
        return self.answers.pop(0)


def test_a_chat_of_the_page_becomes_ours():
    raw = {
        "id": ANA, "name": "Ana", "unread": 3, "archived": True, "pinned": False, "muted": -1,
        "expires": 86400, "t": NOW.timestamp(), "labels": ["vip", None],
    }  # fmt: skip

    chat = read_chat(raw)

    assert (chat.id, chat.unread, chat.is_archived, chat.is_pinned) == (ANA, 3, True, False)
    assert (chat.muted_until, chat.disappearing) == (FOR_GOOD, timedelta(days=1))
    assert (chat.last_message_at, chat.labels) == (NOW, ("vip",))


def test_a_strange_chat_is_harmless():
    chat = read_chat({"unread": "x", "muted": 10**60, "expires": -3, "t": None, "labels": None})

    assert (chat.unread, chat.muted_until, chat.disappearing) == (0, None, None)


async def test_what_is_forwarded_is_let_go_when_it_is_kept_or_not():
    kept = []

    async def keep(ids):
        kept.extend(ids)
        raise RuntimeError("the disk is full")

    ok = {"ok": True, "value": [f"true_{BO}_3EB0FF"]}
    page = Page(ok, {"ok": True, "value": True})
    with pytest.raises(RuntimeError):
        await PageChats(page.ask, lambda: ACCOUNT).forward(ANA, "A1", BO, keep)

    assert kept == ["3EB0FF"]
    assert [one["do"] for one in page.asked] == ["chat_forward", "chat_forwarded"]


async def test_what_was_said_long_ago_is_history():
    raw = {
        "id": f"false_{ANA}_A1",
        "chat": ANA,
        "sender": ANA,
        "type": "chat",
        "body": "hi",
        "t": 1,
    }
    page = Page({"ok": True, "value": [raw, None]})

    found = await PageChats(page.ask, lambda: ACCOUNT).older(ANA, NOW, 10)

    assert [one.origin for one in found] == [Origin.HISTORY]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("chat_not_found", "alexia chats list"),
        ("msg_not_found", "no more"),
        ("is_not_business", "Business"),
        ("odd", r"\(odd\) so"),
    ],
)
async def test_a_refusal_says_what_to_do(code, told):
    page = Page({"ok": False, "code": code, "said": "so"})

    with pytest.raises(ChatRefused, match=told):
        await PageChats(page.ask, lambda: ACCOUNT).pin(ANA, on=True)
