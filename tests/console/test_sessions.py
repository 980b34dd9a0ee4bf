"""The sessions over HTTP: one, and several of which each is asked by its name."""

import base64

import pytest

from bot.console.keys import Role
from bot.ports import LinkState
from bot.store import contacts, inbox
from tests.console.stage import StageBot, app_of, client
from tests.make import ACCOUNT, ANA, BO, NOW, message


@pytest.fixture
def several():
    bot = StageBot(names=("north", "default", "south"))
    yield bot
    bot.close()


@pytest.fixture
async def chain(several, tmp_path):
    async with client(app_of(several, tmp_path)) as api:
        yield api


async def test_one_session_is_given(api):
    assert (await api.get("/api/sessions/default")).json()["status"] == "WORKING"
    assert (await api.get("/api/sessions/other")).status_code == 404


async def test_the_sessions_are_listed(api):
    assert (await api.get("/api/sessions")).json() == [
        {
            "name": "default", "status": "WORKING", "config": {},
            "me": {"id": ACCOUNT, "pushName": None},
        }
    ]  # fmt: skip


async def test_the_login_code_comes_as_a_picture_or_as_json(api, bot):
    bot.desk.code, bot.desk.state = "2@abc", LinkState.QR

    picture = await api.get("/api/default/auth/qr")
    raw = await api.get("/api/default/auth/qr?format=raw")
    told = await api.get("/api/default/auth/qr", headers={"Accept": "application/json"})

    assert picture.content.startswith(b"\x89PNG")
    assert raw.json() == {"value": "2@abc"}
    assert base64.b64decode(told.json()["data"]) == picture.content
    assert picture.headers["cache-control"] == "no-store"


async def test_without_a_code_the_state_is_told(api):
    answer = await api.get("/api/default/auth/qr")

    assert answer.status_code == 422
    assert "WORKING" in answer.json()["error"]


def queued(desk):
    return [row["text"] for row in desk.store.db.execute("SELECT text FROM outbox")]


async def test_a_text_goes_out_through_the_session_that_is_named(chain, several):
    for name in ("north", "south"):
        body = {"chatId": ANA, "text": f"from {name}", "session": name}
        assert (await chain.post("/api/sendText", json=body)).status_code == 201

    assert {name: queued(one) for name, one in several.sessions.items()} == {
        "north": ["from north"], "default": [], "south": ["from south"]
    }  # fmt: skip


async def test_without_a_name_it_is_the_one_called_default(chain, several):
    await chain.post("/api/sendText", json={"chatId": ANA, "text": "x"})

    assert queued(several.sessions["default"]) == ["x"]


async def test_without_a_name_and_a_default_one_is_asked_for(tmp_path):
    bot = StageBot(names=("north", "south"))
    async with client(app_of(bot, tmp_path)) as api:
        answer = await api.post("/api/sendText", json={"chatId": ANA, "text": "x"})
    bot.close()

    assert answer.status_code == 404
    assert answer.json()["error"].endswith("known: north, south")


async def test_each_session_shows_its_own_people_and_chats(chain, several):
    for name, chat in (("north", ANA), ("south", BO)):
        db = several.sessions[name].store.db
        inbox.record_all(db, [message("hi", chat=chat)], NOW)
        contacts.meet(db, chat, name, NOW)

    people = {
        name: [one["name"] for one in (await chain.get(f"/api/contacts?session={name}")).json()]
        for name in several.sessions
    }
    there = (await chain.get(f"/api/south/chats/{BO}/messages")).json()
    elsewhere = (await chain.get(f"/api/north/chats/{BO}/messages")).json()

    assert people == {"north": ["north"], "default": [], "south": ["south"]}
    assert ([one["body"] for one in there], elsewhere) == (["hi"], [])


async def test_a_session_is_stopped_started_and_restarted(chain, several):
    stopped = await chain.post("/api/sessions/north/stop")
    shown = [one["name"] for one in (await chain.get("/api/sessions")).json()]
    every = [one["name"] for one in (await chain.get("/api/sessions?all=true")).json()]
    started = await chain.post("/api/sessions/north/start")
    again = await chain.post("/api/sessions/south/restart")

    assert (stopped.status_code, stopped.json()["status"]) == (201, "STOPPED")
    assert (shown, every) == (["default", "south"], ["north", "default", "south"])
    assert started.json()["status"] == again.json()["status"] == "STARTING"
    assert several.sessions["default"].state is LinkState.READY


async def test_a_session_is_logged_out_alone(chain, several):
    told = (await chain.post("/api/sessions/north/logout")).json()

    assert (told["status"], told["me"]) == ("SCAN_QR_CODE", None)
    assert (await chain.get("/api/sessions/north/me")).json() is None
    assert (await chain.get("/api/sessions/south/me")).json()["id"] == ACCOUNT


async def test_a_session_gets_another_name(chain):
    done = await chain.post("/api/v1/sessions/north/rename", json={"name": "east"})
    refused = await chain.post("/api/v1/sessions/east/rename", json={"name": "south"})

    assert (done.status_code, done.json()["name"]) == (200, "east")
    assert refused.status_code == 422
    assert (await chain.get("/api/sessions/north")).status_code == 404


async def test_a_session_is_made_over_http(chain):
    made = await chain.post("/api/sessions", json={"name": "east", "start": False})
    again = await chain.post("/api/sessions", json={"name": "east"})

    assert (made.status_code, made.json()["name"], made.json()["status"]) == (
        201, "east", "STOPPED"
    )  # fmt: skip
    assert (again.status_code, (await chain.get("/api/sessions/east")).status_code) == (422, 200)


async def test_a_session_is_ended_over_http_but_for_the_last_one(chain):
    names = [one["name"] for one in (await chain.get("/api/sessions?all=true")).json()]
    done = [await chain.delete(f"/api/sessions/{name}") for name in names]

    assert [one.status_code for one in done] == [*[204] * (len(names) - 1), 422]
    assert "it is the only one" in done[-1].json()["error"]
    assert (await chain.get(f"/api/sessions/{names[0]}")).status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_only_an_admin_ends_a_session(several, tmp_path, role):
    async with client(app_of(several, tmp_path), role) as api:
        assert (await api.delete("/api/sessions/north")).status_code == 403


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
@pytest.mark.parametrize("what", ["start", "stop", "restart", "logout"])
async def test_only_an_admin_changes_sessions(several, tmp_path, role, what):
    async with client(app_of(several, tmp_path), role) as api:
        assert (await api.post(f"/api/sessions/north/{what}")).status_code == 403


async def test_health_is_asked_of_all_or_of_one(chain, several):
    several.sessions["north"].state = LinkState.QR

    whole, one = await chain.get("/health"), await chain.get("/health?session=south")

    assert (whole.status_code, whole.json()["status"]) == (503, "degraded")
    assert (one.status_code, one.json()["sessions"]) == (200, {"south": "WORKING"})
    assert (await chain.get("/health?session=east")).status_code == 404


async def test_figures_are_told_of_each_session(chain, several):
    several.sessions["north"].is_built = False
    inbox.record_all(several.sessions["south"].store.db, [message("hi")], NOW)

    lines = (await chain.get("/metrics")).text.splitlines()

    assert 'alexia_session_ready{session="north"} 1' in lines
    assert 'alexia_inbox_messages{session="south",state="waiting"} 1' in lines
    assert not [line for line in lines if 'inbox_messages{session="north"' in line]


async def test_a_number_is_linked_by_a_code(chain):
    given = {"phoneNumber": "+55 11 90000-0001"}

    answer = await chain.post("/api/south/auth/request-code", json=given)
    refused = await chain.post("/api/south/auth/request-code", json={"phoneNumber": "12"})

    assert (answer.status_code, answer.json()) == (201, {"code": "ABCD-1234"})
    assert refused.status_code == 400
