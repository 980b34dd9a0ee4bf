import asyncio

import pytest

from bot.domain.errors import TransportDown
from bot.domain.groups import GroupMoved, Member, Move
from bot.inbound.groups import GroupKeeper
from bot.store import events, groups
from tests.groups_double import TEAM, MemoryGroups, team
from tests.make import ACCOUNT, ANA, BO, NOW


class Scene:
    def __init__(self, database):
        self.database = database
        self.source = MemoryGroups()
        self.woken = []
        self.told = []
        self.heard = {"group.joined"}
        self.keeper = GroupKeeper(
            database, self.source, lambda: NOW, account=lambda: ACCOUNT,
            on_event=self.woken.append, heard=lambda: self.heard,
        )  # fmt: skip
        self.keeper.on_told = lambda event, payload: self.told.append((event, payload))


@pytest.fixture
def scene(database):
    return Scene(database)


def moved(move, *members, by=ANA):
    return GroupMoved(account=ACCOUNT, chat=TEAM, move=move, by=by, members=members, at=NOW)


async def test_joining_is_queued_for_rules_that_listen_once(scene, database):
    await scene.keeper.take([moved(Move.JOINED, BO, by=BO)])
    await scene.keeper.take([moved(Move.JOINED, BO, by=BO), moved(Move.LEFT, ANA)])

    found = await database.read(
        lambda db: [tuple(row) for row in db.execute("SELECT chat, name FROM events")]
    )
    queued = await database.read(lambda db: events.next_waiting(db, ACCOUNT, TEAM))
    assert found == [(TEAM, "group.joined")]
    assert queued.event.data == {
        "member": BO, "number": "+5511912345678", "by": BO, "how": "link"
    }  # fmt: skip
    assert scene.woken[0] == (ACCOUNT, TEAM)


async def test_what_is_known_of_a_group_follows_what_happens(scene, database):
    await database.write(lambda db: groups.keep(db, ACCOUNT, team(), NOW))

    await scene.keeper.take([moved(Move.ADDED, BO), moved(Move.PROMOTED, ANA)])
    group = await database.read(lambda db: groups.find(db, ACCOUNT, TEAM))
    assert {(one.address, one.is_admin) for one in group.members} == {
        (ACCOUNT, True), (BO, False), (ANA, True)
    }  # fmt: skip

    await scene.keeper.take([moved(Move.REMOVED, BO), moved(Move.REMOVED, ACCOUNT)])
    group = await database.read(lambda db: groups.find(db, ACCOUNT, TEAM))
    assert ([one.address for one in group.members], group.is_member) == ([ANA], False)


async def test_programs_outside_are_told_in_wahas_words(scene):
    await scene.keeper.take([moved(Move.ADDED, ACCOUNT, BO), moved(Move.CHANGED)])

    at = int(NOW.timestamp() * 1000)
    assert scene.told == [
        (
            "group.v2.participants",
            {
                "type": "add", "group": {"id": TEAM}, "timestamp": at,
                "participants": [
                    {"id": ACCOUNT, "role": "participant"}, {"id": BO, "role": "participant"}
                ],
            },
        ),
        ("group.v2.join", {"group": {"id": TEAM}, "timestamp": at}),
        ("group.v2.update", {"group": {"id": TEAM}, "timestamp": at}),
    ]  # fmt: skip


async def test_a_change_of_ours_is_looked_at_before_it_is_answered(scene, database):
    scene.source.held[TEAM] = team(members=(Member(address=BO),))

    await scene.keeper.changed(TEAM)

    group = await database.read(lambda db: groups.find(db, ACCOUNT, TEAM))
    assert [one.address for one in group.members] == [BO]


async def test_a_look_that_fails_is_made_later(scene, database, monkeypatch):
    monkeypatch.setattr("bot.inbound.groups.GATHER", 0)
    monkeypatch.setattr("bot.inbound.groups.AGAIN", 0)
    scene.source.failure = TransportDown("no page")
    await scene.keeper.changed(TEAM)
    scene.keeper.look_at_all()
    working = asyncio.create_task(scene.keeper.run())
    while scene.source.looks < 1:
        await asyncio.sleep(0)
    scene.source.failure = None

    async def stored():
        while await database.read(lambda db: groups.find(db, ACCOUNT, TEAM)) is None:
            await asyncio.sleep(0)

    await asyncio.wait_for(stored(), 10)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_groups_that_are_not_shown_any_more_are_forgotten(database):
    gone = team(id="120363000000000002@g.us", subject="Old")
    await database.write(lambda db: groups.keep_all(db, ACCOUNT, [team(), gone], NOW))
    await database.write(lambda db: groups.keep_all(db, ACCOUNT, [team()], NOW))

    found = await database.read(lambda db: groups.list_groups(db, left=True))
    assert [one.id for one in found] == [TEAM]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("team", [TEAM]), (TEAM, [TEAM]), ("120363000000000001", [TEAM]), ("crew", [])],
)
def test_people_name_groups_by_id_or_subject(wanted, found):
    assert [one.id for one in groups.named([team()], wanted)] == found
