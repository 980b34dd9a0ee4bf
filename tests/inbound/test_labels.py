import asyncio
import contextlib
import logging

import pytest

from bot.domain.errors import ChatRefused, TransportDown
from bot.domain.labels import LabelChange, Labelled
from bot.inbound.labels import LabelKeeper, LabelMode, LabelPolicy
from bot.store import contacts, labels
from tests.labels_double import MemoryLabels
from tests.make import ACCOUNT, ANA, BO, NOW


class Scene:
    def __init__(self, database, monkeypatch):
        monkeypatch.setattr("bot.inbound.labels.GATHER", 0)
        monkeypatch.setattr("bot.inbound.labels.AGAIN", 0)
        self.database = database
        self.source = MemoryLabels()
        self.woken = []
        self.told = []

    def keeper(self, mode=LabelMode.BOTH, only=()):
        policy = LabelPolicy(mode=mode, only=frozenset(only))
        keeper = LabelKeeper(
            self.database, self.source, lambda: NOW, policy, account=lambda: ACCOUNT,
            heard=lambda: {"label.added", "label.removed"},
        )  # fmt: skip
        keeper.on_event = self.woken.append
        keeper.on_told = lambda name, payload: self.told.append((name, payload["tag"]))
        return keeper

    async def run(self, keeper, until):
        """Let the keeper work until it holds."""
        working = asyncio.create_task(keeper.run())
        async with asyncio.timeout(10):
            while not await until():
                await asyncio.sleep(0)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    async def meet(self, chat, *tags):
        def write(db):
            who = contacts.meet(db, chat, "Ana", NOW)
            for tag in tags:
                contacts.tag(db, who.id, tag, NOW, on=True)
            db.execute(
                "INSERT INTO conversations VALUES (?,?,?,0,'{}','','',NULL,NULL,0,'')",
                (ACCOUNT, chat, who.id),
            )

        await self.database.write(write)

    async def tags(self, chat):
        found = await self.database.read(lambda db: contacts.find(db, chat))
        return set(found.tags) if found else set()

    async def events(self):
        rows = await self.database.read(
            lambda db: db.execute("SELECT chat, name, data FROM events ORDER BY id").fetchall()
        )
        return [tuple(row) for row in rows]


@pytest.fixture
def scene(database, monkeypatch):
    return Scene(database, monkeypatch)


def change(label, added=True, chat=ANA):
    return LabelChange(account=ACCOUNT, chat=chat, label=label, added=added)


async def test_a_label_of_the_phone_becomes_a_tag_and_an_event(scene):
    keeper = scene.keeper(LabelMode.FROM_PHONE)

    await keeper.take([change("vip")])
    await keeper.take([change("vip")])
    assert await scene.tags(ANA) == {"vip"}
    assert await scene.events() == [(ANA, "label.added", '{"label": "vip"}')]

    await keeper.take([change("vip", added=False)])
    assert await scene.tags(ANA) == set()
    assert [name for _, name, _ in await scene.events()] == ["label.added", "label.removed"]
    assert scene.told == [("tag.added", "vip"), ("tag.removed", "vip")]
    assert scene.woken == [(ACCOUNT, ANA)] * 2


async def test_a_tag_becomes_a_label_and_its_echo_is_no_persons(scene):
    await scene.meet(ANA, "vip", "secret")
    keeper = scene.keeper(only=["vip"])
    keeper.wake()

    async def done():
        return scene.source.worn == {Labelled(chat=ANA, label="vip")}

    await scene.run(keeper, done)
    await keeper.take([change("vip")])
    assert await scene.events() == []


async def test_a_tag_that_a_rule_takes_off_takes_the_label_off(scene):
    await scene.meet(ANA, "vip")
    keeper = scene.keeper()
    keeper.wake()

    async def on():
        return bool(scene.source.worn)

    async def off():
        return not scene.source.worn

    await scene.run(keeper, on)
    who = await scene.database.read(lambda db: contacts.find(db, ANA))
    await scene.database.write(lambda db: contacts.tag(db, who.id, "vip", NOW, on=False))
    keeper.wake()
    await scene.run(keeper, off)
    assert await scene.tags(ANA) == set()


async def test_what_was_done_while_nobody_listened_is_heard_after_the_first_look(
    scene,
):
    keeper = scene.keeper(LabelMode.FROM_PHONE)
    scene.source.worn = {Labelled(chat=ANA, label="old")}
    keeper.look_at_all()

    async def old():
        return await scene.tags(ANA) == {"old"}

    await scene.run(keeper, old)
    assert await scene.events() == []

    scene.source.worn = {Labelled(chat=BO, label="new")}
    keeper.look_at_all()

    async def new():
        return await scene.tags(BO) == {"new"}

    await scene.run(keeper, new)
    assert await scene.tags(ANA) == set()
    assert {(chat, name) for chat, name, _ in await scene.events()} == {
        (ANA, "label.removed"), (BO, "label.added")
    }  # fmt: skip


async def test_that_it_is_no_business_account_is_told_once(scene, caplog):
    scene.source.failure = ChatRefused("is_not_business")
    keeper = scene.keeper()
    caplog.set_level(logging.WARNING)
    keeper.look_at_all()

    async def asked():
        return scene.source.asked >= 1

    await scene.run(keeper, asked)
    for _ in range(3):
        keeper.wake()
        working = asyncio.create_task(keeper.run())
        for _ in range(20):
            await asyncio.sleep(0)
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
    told = [one for one in caplog.records if "Business account" in one.getMessage()]
    assert (len(told), scene.source.asked) == (1, 1)


async def test_what_could_not_be_put_is_tried_again(scene):
    await scene.meet(ANA, "vip")
    scene.source.failure = TransportDown("no page")
    keeper = scene.keeper()
    keeper.wake()

    async def tried():
        if scene.source.asked >= 2:
            scene.source.failure = None
        return bool(scene.source.worn)

    await scene.run(keeper, tried)
    agreed = await scene.database.read(lambda db: labels.agreed(db, ACCOUNT))
    assert agreed == {Labelled(chat=ANA, label="vip")}


async def test_switched_off_nothing_is_done(scene):
    keeper = scene.keeper(LabelMode.OFF)
    await keeper.take([change("vip")])
    await keeper.run()

    assert await scene.tags(ANA) == set()
