import json

import pytest

from bot.console.openapi import description
from bot.console.refusals import NOTHING_HERE
from bot.store import contacts, events
from tests.make import ACCOUNT, ANA, NOW


def raised(bot):
    rows = bot.desk.store.db.execute("SELECT chat, name, data FROM events")
    return [(row["chat"], row["name"], json.loads(row["data"])) for row in rows]


async def test_a_webhook_raises_its_event_in_the_chat(api, bot):
    answer = await api.post(
        "/api/v1/webhooks/paid",
        json={"chat": "+55 11 98765-4321", "amount": 4.5, "order": {"n": 7}},
    )

    assert answer.status_code == 202
    assert raised(bot) == [(ANA, "webhook.paid", {"amount": 4.5, "order": {"n": 7}})]


async def test_the_data_of_a_webhook_is_data_whatever_it_holds(api, bot):
    raw = b'{"chat": "5511987654321", "a": {"$": "decimal", "v": "x"}, "b": "\\ud800", "c": 1e999}'

    answer = await api.post(
        "/api/v1/webhooks/paid", content=raw, headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 202
    queued = events.next_waiting(bot.desk.store.db, ACCOUNT, ANA)
    assert queued.event.data == {"a": {"$": "decimal", "v": "x"}, "b": "\ufffd", "c": None}


async def test_a_repeated_webhook_counts_once(api, bot):
    for _ in range(2):
        await api.post("/api/v1/webhooks/paid", json={"chat": ANA},
                       headers={"Idempotency-Key": "7"})  # fmt: skip

    assert len(raised(bot)) == 1


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [("unheard", {"chat": ANA}, 404), ("paid", {}, 400), ("paid", {"chat": "Ana"}, 400),
     ("p%20d", {"chat": ANA}, 400)],
)  # fmt: skip
async def test_a_webhook_that_leads_nowhere_is_refused(api, bot, name, body, status):
    answer = await api.post(f"/api/v1/webhooks/{name}", json=body)

    assert answer.status_code == status
    assert raised(bot) == []


async def test_ready_made_replies_are_listed_and_said_once_a_key(api, bot):
    listed = await api.get("/api/v1/canned")
    assert listed.json() == [
        {"name": "bye", "texts": {"": "Goodbye!"}},
        {"name": "thanks", "texts": {"en": "Thank you!", "es": "¡Gracias!"}},
    ]

    for _ in range(2):
        answer = await api.post("/api/v1/canned/thanks", json={"chat": ANA},
                                headers={"Idempotency-Key": "7"})  # fmt: skip
    assert (answer.status_code, answer.json()["canned"]) == (202, "thanks")
    assert raised(bot) == [(ANA, "command.say", {"argument": "thanks"})]

    answer = await api.post("/api/v1/canned/thank", json={"chat": ANA})
    assert (answer.status_code, answer.json()["error"]) == (404, "there is no canned reply 'thank'")


async def test_a_broken_reload_is_422(api):
    assert (await api.post("/api/v1/reload")).status_code == 422


async def test_status_is_what_the_command_tells(api):
    assert (await api.get("/api/v1/status")).json() == {"version": "0", "ready": True}


async def test_every_described_route_exists(api, bot):
    contacts.meet(bot.desk.store.db, ANA, "Ana", NOW)
    assert (await api.get("/api/v1/openapi.json")).json() == description()
    for path, methods in description()["paths"].items():
        for method in set(methods) - {"parameters"}:
            filled = path.replace("{session}", "default").replace("{name}", "paid")
            body = {"json": {}} if method in ("post", "put", "patch") else {}
            filled = filled.replace("{chat}", ANA).replace("{contact}", ANA)
            answer = await api.request(method.upper(), filled, **body)
            assert answer.status_code != 405, path
            assert answer.status_code != 404 or answer.json()["error"] != NOTHING_HERE, path


async def test_an_address_without_anything_says_where_the_list_is(api):
    answer = await api.get("/api/v1/nothing")

    assert answer.status_code == 404
    assert "/api/v1/openapi.json" in answer.json()["error"]
    assert (await api.get("/api/v1/openapi.json")).status_code == 200
