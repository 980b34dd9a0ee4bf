"""The ledger of consent over HTTP."""

import pytest

from bot.console.keys import Role
from bot.store import contacts
from tests.console.stage import app_of, client
from tests.make import ANA, NOW

AT = "/api/v1/contacts/5511987654321/consent"
GRANT = {"state": "granted", "source": "shop", "wording": "Offers?", "proof": "order 7"}


@pytest.fixture(autouse=True)
def ana(bot):
    contacts.meet(bot.desk.store.db, ANA, "Ana", NOW)


async def test_an_entry_is_written_and_read_back(api):
    done = await api.post(AT, json={**GRANT, "when": "2026-01-02T09:00:00+01:00"})
    told = (await api.get(AT)).json()

    assert (done.status_code, done.json()["changed"]) == (201, True)
    assert (told["name"], told["consent"]) == ("Ana", "given")
    assert told["entries"] == [
        {**GRANT, "when": "2026-01-02T08:00:00+00:00", "who": "api:admin"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "'state' is granted or withdrawn"),
        ({"state": "given"}, "'state' is granted or withdrawn"),
        ({"state": "granted", "wording": "Offers?"}, "'source' must be a text"),
        ({"state": "granted", "source": "shop"}, "'wording' must be a text"),
        ({**GRANT, "source": "x" * 201}, "'source' is longer than 200"),
        ({**GRANT, "proof": 7}, "'proof' must be a text"),
        ({**GRANT, "when": "yesterday"}, "'when' is a moment like"),
        ({**GRANT, "when": "2026-01-02T09:00:00"}, "'when' needs its zone"),
        ({**GRANT, "when": "2026-01-06T09:00:00Z"}, "'when' lies in the future"),
    ],
)
async def test_a_wrong_entry_is_refused_and_nothing_written(api, body, reason):
    done = await api.post(AT, json=body)

    assert done.status_code == 400
    assert reason in done.json()["error"]
    assert (await api.get(AT)).json()["entries"] == []


async def test_a_withdrawal_needs_no_more_than_itself(api):
    assert (await api.post(AT, json={"state": "withdrawn"})).status_code == 201

    assert (await api.get(AT)).json()["consent"] == "withdrawn"


async def test_who_is_not_known_is_404(api):
    assert (await api.get("/api/v1/contacts/Nobody/consent")).status_code == 404
    assert (await api.post("/api/v1/contacts/Nobody/consent", json=GRANT)).status_code == 404


async def test_a_viewer_reads_and_does_not_write(bot, tmp_path):
    async with client(app_of(bot, tmp_path), Role.VIEWER) as viewer:
        assert (await viewer.get(AT)).status_code == 200
        assert (await viewer.post(AT, json=GRANT)).status_code == 403
