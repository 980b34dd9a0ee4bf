import pytest

from bot.emulator.fields import Fields
from bot.emulator.groups import Groups
from bot.emulator.pages import Pages
from bot.emulator.people import Account, Group, Person
from bot.emulator.web import Refused
from bot.emulator.world import World

ME, ANA, BIA = "5511900000001@c.us", "5511911111111@c.us", "5511922222222@c.us"
TEAM = "120363000000000001@g.us"


@pytest.fixture
async def world(tmp_path):
    world = World(tmp_path)
    world.put_account(Account(id=ME))
    world.put_group(Group(id=TEAM, subject="Team", participants=[ME, ANA], admins=[ME]))
    yield world
    await world.ledger.close()


@pytest.fixture
def groups(world):
    return Groups(world, Pages(world))


def ask(groups, world, **values):
    return groups.ask(world.accounts[ME], Fields(values, "group"))


async def test_who_can_be_added_is_and_the_others_are_told_apart(world, groups):
    world.put_person(Person(id=BIA, invite_only=True))
    absent = "5511933333333@c.us"
    world.put_person(Person(id=absent, absent=True))
    fresh = "5511944444444@c.us"

    answer = ask(groups, world, do="add", id=TEAM, members=[ANA, BIA, absent, fresh])

    codes = {one["id"]: one["code"] for one in answer["told"]}
    assert codes == {ANA: "409", BIA: "403", absent: "404", fresh: "200"}
    assert next(one for one in answer["told"] if one["id"] == BIA)["invite"]
    assert world.groups[TEAM].participants == [ME, ANA, fresh]


async def test_only_admins_change_members(world, groups):
    world.put_group(Group(id=TEAM, subject="Team", participants=[ME, ANA], admins=[ANA]))

    with pytest.raises(Refused, match="no admin"):
        ask(groups, world, do="remove", id=TEAM, members=[ANA])


async def test_an_invite_code_opens_the_group_until_it_is_revoked(world, groups):
    code = ask(groups, world, do="invite", id=TEAM)["code"]
    assert ask(groups, world, do="look", text=code)["id"] == TEAM
    fresh = ask(groups, world, do="revoke", id=TEAM)["code"]

    with pytest.raises(Refused, match="invite code"):
        ask(groups, world, do="look", text=code)
    ask(groups, world, do="leave", id=TEAM)
    assert world.groups[TEAM].left == [ME]
    ask(groups, world, do="join", text=fresh)
    assert (world.groups[TEAM].left, ME in world.groups[TEAM].participants) == ([], True)
