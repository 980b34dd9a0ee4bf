import pytest

from bot.daemon.addresses import address_of
from bot.daemon.group_desk import GroupDesk
from bot.store import groups
from tests.groups_double import NOBODY, TEAM, MemoryGroups, team
from tests.make import ACCOUNT, ANA, NOW


@pytest.fixture
async def desk(database):
    other = team(id="120363000000000002@g.us", subject="Twins")
    twin = team(id="120363000000000003@g.us", subject="twins")
    await database.write(lambda db: groups.keep_all(db, ACCOUNT, [team(), other, twin], NOW))
    return GroupDesk(database, MemoryGroups(), address_of(database, ACCOUNT, NOW))


async def test_a_group_is_named_by_its_subject(desk):
    answer = await desk.answer({"action": "add", "group": "team", "members": ["+55 11 91234-5678"]})

    told = {"member": "5511912345678@c.us", "outcome": "done", "invite": None}
    assert answer == {"id": TEAM, "results": [told]}


async def test_a_group_is_made(desk):
    answer = await desk.answer({"action": "create", "text": "Crew", "members": [ANA, NOBODY]})

    assert [one["outcome"] for one in answer["results"]] == ["done", "not_on_whatsapp"]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ({"action": "leave", "group": "nowhere"}, "no group is called 'nowhere'"),
        ({"action": "leave", "group": "twins"}, "several groups"),
        ({"action": "dance", "group": "team"}, "nothing is called 'dance'"),
    ],
)
async def test_what_is_unclear_is_told(desk, request_, reason):
    answer = await desk.answer(request_)

    assert (answer["done"], reason in answer["reason"]) == (False, True)


async def test_links_are_whole(desk):
    link = (await desk.answer({"action": "revoke", "group": TEAM}))["link"]
    assert link == "https://chat.whatsapp.com/code1"
    assert (await desk.answer({"action": "invite", "group": TEAM}))["link"] == link
    for action, text in (("subject", "x"), ("description", "y"), ("leave", "")):
        assert await desk.answer({"action": action, "group": TEAM, "text": text}) == {"id": TEAM}
    assert await desk.answer({"action": "join", "text": link}) == {"id": TEAM}
