from datetime import timedelta

import pytest

from bot.daemon.addresses import address_of
from bot.daemon.chat_desk import ChatDesk, ChatVerbs
from bot.domain.outgoing import Why
from bot.store import drafts, inbox, outbox
from tests.chats_double import MemoryChats
from tests.console.stage import StillTransport
from tests.make import ACCOUNT, ANA, BO, NOW, message


class Scene:
    def __init__(self, database):
        self.chats, self.transport = MemoryChats(), StillTransport()
        self.desk = ChatDesk(database, self.chats, self.transport, lambda: NOW)
        self.verbs = ChatVerbs(self.desk, address_of(database, ACCOUNT, NOW))


@pytest.fixture
def scene(database):
    return Scene(database)


async def test_chats_are_listed_as_programs_read_them(scene):
    listed = (await scene.verbs.chats({"action": "list"}))["chats"]

    assert listed == [
        {
            "id": ANA, "name": "Ana", "unread": 2, "archived": True, "pinned": False,
            "muted": True, "muted_until": NOW.isoformat(), "disappearing_s": 86400,
            "labels": ["vip"], "last_message_at": None,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("action", "done"),
    [
        ("archive", ("archive", ANA, True)),
        ("unarchive", ("archive", ANA, False)),
        ("pin", ("pin", ANA, True)),
        ("unpin", ("pin", ANA, False)),
        ("mute", ("mute", ANA, NOW + timedelta(hours=1))),
        ("unmute", ("mute", ANA, None)),
        ("unread", ("unread", ANA)),
    ],
)
async def test_a_chat_is_kept_otherwise(scene, action, done):
    answer = await scene.verbs.chats({"action": action, "chat": ANA, "seconds": 3600})

    assert answer["done"]
    assert scene.chats.done == [done]


async def test_a_chat_is_read_on_request_and_nothing_else_is_known(scene):
    assert (await scene.verbs.chats({"action": "read", "chat": ANA}))["done"]
    assert scene.transport.done == [("read", ANA)]
    assert not (await scene.verbs.chats({"action": "dance", "chat": ANA}))["done"]


async def test_history_is_stored_and_wakes_nothing(scene, database):
    assert (await scene.verbs.history({"chat": ANA, "more": 2}))["stored"] == 2
    assert (await scene.verbs.history({"chat": ANA, "more": 100}))["stored"] == 3
    assert (await scene.verbs.history({"chat": ANA, "more": 100}))["stored"] == 0

    waiting = await database.read(inbox.chats_waiting)
    stored = await database.read(
        lambda db: [tuple(row) for row in db.execute("SELECT origin, state FROM inbox")]
    )
    assert waiting == []
    assert stored == [("history", "ignored")] * 5


async def test_what_is_stored_already_takes_no_place_of_what_is_older(scene, database):
    scene.chats.history = [
        message(id=f"H{n}", sent_at=NOW - timedelta(days=9 - n // 2)) for n in range(6)
    ]
    live = scene.chats.history[-1]
    await database.write(lambda db: inbox.record_all(db, [live], NOW))

    assert (await scene.verbs.history({"chat": ANA, "more": 2}))["stored"] == 2
    assert (await scene.verbs.history({"chat": ANA, "more": 1}))["stored"] == 1
    assert (await scene.verbs.history({"chat": ANA, "more": 9}))["stored"] == 2


async def test_what_is_forwarded_counts_as_ours(scene, database):
    await database.write(lambda db: inbox.record_all(db, [message(id="A1")], NOW))

    answer = await scene.verbs.forward({"message": "A1", "to": BO, "key": "k"})

    echo = message(id="3EB0FF", chat=BO, from_me=True)
    assert answer == {"ids": ["3EB0FF"]}
    assert scene.chats.done == [("forward", ANA, "A1", BO)]
    assert await database.write(lambda db: inbox.record_all(db, [echo], NOW)) == []
    counts = await database.read(outbox.counts)
    assert counts["handed"] == 1


async def test_a_message_of_ours_is_taken_back(scene, database):
    draft = drafts.Draft(account=ACCOUNT, chat=ANA, text="x", why=Why.PERSON, by="x", due_at=NOW)
    await database.write(lambda db: drafts.adopt(db, draft, "cause", ["3EB0AA"], NOW))
    scene.transport.amend = _noting(scene.transport)

    assert await scene.verbs.revoke({"message": "3EB0AA"}) == {"chat": ANA}
    assert scene.transport.done == [("amend", ANA, "3EB0AA")]


@pytest.mark.parametrize("verb", ["forward", "revoke"])
async def test_an_unknown_message_is_told(scene, verb):
    answer = await getattr(scene.verbs, verb)({"message": "none", "to": BO, "key": "k"})

    assert answer["done"] is False
    assert answer["reason"].startswith("no stored message is 'none'; ")


def _noting(transport):
    async def amend(chat, amendment):
        transport.done.append(("amend", chat, amendment.target))

    return amend
