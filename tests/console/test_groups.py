"""WAHA's routes for groups."""

import pytest

from bot.console.keys import Role
from bot.domain.errors import GroupRefused, TransportDown
from bot.store import groups
from tests.console.stage import client
from tests.groups_double import NOBODY, TEAM, team
from tests.make import ACCOUNT, ANA, BO, NOW

AT = "/api/default/groups"


@pytest.fixture(autouse=True)
def stored(bot):
    groups.keep(bot.desk.store.db, ACCOUNT, team(description="who cooks"), NOW)


async def test_groups_are_listed_counted_and_shown(api):
    listed = (await api.get(AT)).json()
    assert [one["subject"] for one in listed] == ["Team"]
    assert (await api.get(f"{AT}/count")).json() == {"count": 1}

    shown = (await api.get(f"{AT}/{TEAM}")).json()
    assert (shown["description"], shown["isAdmin"], shown["size"]) == ("who cooks", True, 2)
    assert [(one["id"], one["role"]) for one in shown["participants"]] == [
        (ACCOUNT, "admin"), (ANA, "participant")
    ]  # fmt: skip
    assert (await api.get(f"{AT}/{TEAM}/participants")).json() == shown["participants"]
    assert (await api.get(f"{AT}/120363000000000002@g.us")).status_code == 404
    assert (await api.get(f"{AT}/{ANA}")).status_code == 400
    assert (await api.get("/api/other/groups")).status_code == 404


async def test_a_group_is_made_and_each_member_told_apart(api):
    body = {"name": "Crew", "participants": [{"id": BO}, {"id": NOBODY}]}

    answer = await api.post(AT, json=body)

    assert answer.status_code == 201
    told = {one["id"]: (one["code"], one["outcome"]) for one in answer.json()["participants"]}
    assert told == {BO: (200, "done"), NOBODY: (404, "not_on_whatsapp")}


@pytest.mark.parametrize(
    "path", ["participants/add", "participants/remove", "admin/promote", "admin/demote"]
)
async def test_members_are_changed(api, bot, path):
    answer = await api.post(f"{AT}/{TEAM}/{path}", json={"participants": [{"id": ANA}]})

    assert answer.json()["participants"][0]["code"] == 200
    there = {one.address: one.is_admin for one in bot.desk.groups.held[TEAM].members}
    assert (ANA in there) is (path != "participants/remove")
    assert there.get(ANA, False) is (path == "admin/promote")


async def test_subject_description_and_invite_link(api, bot):
    assert (await api.put(f"{AT}/{TEAM}/subject", json={"subject": "Crew"})).status_code == 200
    await api.put(f"{AT}/{TEAM}/description", json={"description": ""})
    assert (bot.desk.groups.held[TEAM].subject, bot.desk.groups.held[TEAM].description) == (
        "Crew",
        "",
    )
    assert (await api.get(f"{AT}/{TEAM}/invite-code")).json() == "code0"
    assert (await api.post(f"{AT}/{TEAM}/invite-code/revoke")).json() == "code1"
    assert (await api.post(f"{AT}/{TEAM}/leave")).status_code == 201
    joined = await api.post(f"{AT}/join", json={"code": "https://chat.whatsapp.com/code1"})
    assert joined.json() == {"id": TEAM}


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (GroupRefused("group_you_are_not_admin"), 403),
        (GroupRefused("chat_not_found"), 404),
        (GroupRefused("invalid_invite_code"), 422),
        (TransportDown("no page"), 503),
    ],
)
async def test_what_whatsapp_refuses_has_a_status_of_its_own(api, bot, failure, status):
    bot.desk.groups.failure = failure

    answer = await api.put(f"{AT}/{TEAM}/subject", json={"subject": "Crew"})

    assert (answer.status_code, answer.json()["error"]) == (status, str(failure))


@pytest.mark.parametrize("participants", [None, [], [7], [{"name": "x"}], ["no number"]])
async def test_members_must_be_named(api, participants):
    body = {"name": "Crew", "participants": participants}

    assert (await api.post(AT, json=body)).status_code == 400


async def test_a_viewer_may_only_look(app):
    async with client(app, Role.VIEWER) as api:
        assert (await api.get(AT)).status_code == 200
        assert (await api.post(f"{AT}/{TEAM}/leave")).status_code == 403
