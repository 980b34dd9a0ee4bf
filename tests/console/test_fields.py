"""One person over HTTP: shown, and changed as a whole or not at all."""

import pytest

from bot.console.keys import Role
from bot.store import contacts
from tests.console.stage import app_of, client
from tests.make import ANA, NOW

AT = "/api/v1/contacts/5511987654321"


@pytest.fixture(autouse=True)
def ana(bot):
    contacts.meet(bot.desk.store.db, ANA, "Ana", NOW)


async def test_fields_are_changed_in_their_type(api):
    done = await api.patch(AT, json={"name": "Ana Souza", "fields": {"points": "1.000"}})
    told = (await api.get(AT)).json()

    assert (done.status_code, done.json()["changed"]) == (200, ["name", "points"])
    assert (told["name"], told["fields"]) == ("Ana Souza", {"points": 1})


@pytest.mark.parametrize(
    ("at", "body", "status", "reason"),
    [
        (AT, {"name": "X", "fields": {"points": "many"}}, 422, "points: 'many' is no whole number"),
        (AT, {"fields": {"pionts": 1}}, 422, "did you mean 'points'?"),
        (AT, {"fields": [1]}, 400, "'fields' is an object"),
        (
            "/api/v1/contacts/Nobody",
            {"name": "X"},
            404,
            "nobody known is 'Nobody'; `alexia contacts list Nobody` finds those",
        ),
    ],
)
async def test_what_does_not_fit_changes_nothing(api, at, body, status, reason):
    done = await api.patch(at, json=body)

    assert (done.status_code, reason in done.json()["error"]) == (status, True)
    assert (await api.get(AT)).json()["name"] == "Ana"


async def test_who_is_not_known_is_404(api):
    assert (await api.get("/api/v1/contacts/Nobody")).status_code == 404


async def test_a_viewer_sees_and_does_not_change(bot, tmp_path):
    async with client(app_of(bot, tmp_path), Role.VIEWER) as viewer:
        assert (await viewer.get(AT)).status_code == 200
        assert (await viewer.patch(AT, json={"name": "X"})).status_code == 403
