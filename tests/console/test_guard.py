"""Who comes in, from where, and with what."""

import httpx2
import pytest

from bot.console.guard import MOST_BODY, Guard
from bot.console.keys import Role
from tests.console.stage import BASE, SECRETS, app_of, client, make_keys

READS = ["/metrics", "/api/sessions", "/api/v1/status", "/api/contacts", "/api/default/auth/qr",
         "/api/default/chats/overview", "/api/v1/openapi.json", "/nowhere"]  # fmt: skip
CHANGES = ["/api/sendText", "/api/startTyping", "/api/sendSeen", "/api/v1/reload",
           "/api/v1/webhooks/paid", "/nowhere"]  # fmt: skip


async def test_health_is_open(app):
    async with client(app, None) as anyone:
        assert (await anyone.get("/health")).status_code == 200


@pytest.mark.parametrize("path", READS)
async def test_nothing_else_is_read_without_a_key(app, path):
    async with client(app, None) as anyone:
        answer = await anyone.get(path)

    assert answer.status_code == 401
    assert answer.json()["error"].startswith("send the key")


@pytest.mark.parametrize("path", CHANGES)
async def test_nothing_is_changed_without_a_key(app, path):
    async with client(app, None) as anyone:
        assert (await anyone.post(path, json={})).status_code == 401


async def test_a_wrong_key_is_refused(app):
    async with client(app, None, **{"X-Api-Key": "0" * 64}) as anyone:
        assert (await anyone.get("/api/sessions")).status_code == 401


async def test_a_key_in_the_address_is_refused_even_beside_the_right_one(api):
    assert (await api.get(f"/api/sessions?x-api-key={SECRETS[Role.ADMIN]}")).status_code == 401


async def test_metrics_may_be_opened(bot, tmp_path):
    async with client(app_of(bot, tmp_path, metrics_open=True), None) as anyone:
        assert (await anyone.get("/metrics")).status_code == 200
        assert (await anyone.get("/api/sessions")).status_code == 401


async def test_ten_wrong_keys_a_minute_then_wait(bot, tmp_path):
    time = [0.0]
    app = Guard(app_of(bot, tmp_path), keys=make_keys(tmp_path), clock=lambda: time[0])
    async with client(app, None, **{"X-Api-Key": "0" * 64}) as anyone:
        tries = [(await anyone.get("/api/sessions")).status_code for _ in range(11)]
        known = {"X-Api-Key": SECRETS[Role.VIEWER]}
        right = (await anyone.get("/api/sessions", headers=known)).status_code
        time[0] = 60.0
        later = (await anyone.get("/api/sessions")).status_code

    assert tries == [401] * 10 + [429]
    assert (right, later) == (200, 401)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8765",
             "localhost@evil.example", "127.0.0.1/evil", "", "[::1", "0.0.0.0", "127.0.0.1:port"],
)  # fmt: skip
async def test_a_strange_name_is_refused(api, host):
    answer = await api.get("/health", headers={"Host": host})

    assert answer.status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8765", "LOCALHOST", "[::1]:8765"])
async def test_names_of_this_machine_are_ours(api, host):
    assert (await api.get("/health", headers={"Host": host})).status_code == 200


async def test_the_public_name_is_ours(bot, tmp_path):
    app = app_of(bot, tmp_path, public_url="https://bot.example.com/x")
    async with client(app) as api:
        ours = await api.post("/api/sendSeen", json={"chatId": "5511900000000"},
                              headers={"Host": "bot.example.com",
                                       "Origin": "https://bot.example.com"})  # fmt: skip

    assert ours.status_code == 201


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:9999", "file://", "http://[bad"]
)
async def test_a_page_from_elsewhere_changes_nothing(api, bot, origin):
    answer = await api.post(
        "/api/sendText", json={"chatId": "5511900000000", "text": "x"}, headers={"Origin": origin}
    )

    assert answer.status_code == 403
    assert bot.desk.store.db.execute("SELECT count(*) FROM outbox").fetchone()[0] == 0


async def test_our_own_page_may_change_things(api):
    answer = await api.post(
        "/api/sendSeen", json={"chatId": "5511900000000"}, headers={"Origin": BASE}
    )

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x",
             "application/jsonx"],
)  # fmt: skip
async def test_only_json_is_taken(api, kind):
    answer = await api.post("/api/sendText", content=b"a=1", headers={"Content-Type": kind})

    assert answer.status_code == 415


async def test_a_body_without_a_kind_is_not_taken(api):
    assert (await api.post("/api/sendText", content=b"{}")).status_code == 415


async def test_a_long_body_is_refused_by_what_it_says_of_itself(api):
    answer = await api.post("/api/sendText", content=b" " * (MOST_BODY + 1),
                            headers={"Content-Type": "application/json"})  # fmt: skip

    assert answer.status_code == 413


async def test_a_long_body_is_refused_while_it_comes(api):
    async def parts():
        for _ in range(20):
            yield b" " * 100_000

    answer = await api.post(
        "/api/sendText", content=parts(), headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 413


async def test_no_page_elsewhere_may_read_an_answer(api):
    answer = await api.get("/api/sessions", headers={"Origin": "https://evil.example"})
    asked = await api.options("/api/sendText", headers={"Origin": "https://evil.example"})

    for one in (answer, asked):
        assert not [name for name in one.headers if name.startswith("access-control")]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", CHANGES[:-1])
async def test_nothing_is_changed_by_reading(api, path):
    assert (await api.get(path)).status_code == 405


@pytest.mark.parametrize(
    ("role", "method", "path", "status"),
    [
        (Role.VIEWER, "GET", "/api/sessions", 200),
        (Role.VIEWER, "POST", "/api/sendText", 403),
        (Role.VIEWER, "POST", "/api/v1/webhooks/paid", 403),
        (Role.VIEWER, "GET", "/api/default/auth/qr", 403),
        (Role.OPERATOR, "GET", "/api/default/auth/qr", 403),
        (Role.OPERATOR, "POST", "/api/v1/reload", 403),
        (Role.OPERATOR, "POST", "/api/sendText", 201),
        (Role.ADMIN, "POST", "/api/sendText", 201),
    ],
)
async def test_each_role_does_its_own(app, role, method, path, status):
    async with client(app, role) as api:
        body = {"chatId": "5511900000000", "text": "x"} if method == "POST" else None
        answer = await api.request(method, path, json=body)

    assert answer.status_code == status


async def test_two_keys_at_once_are_none(app):
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=BASE) as anyone:
        twice = [("X-Api-Key", SECRETS[Role.ADMIN]), ("X-Api-Key", "0")]
        assert (await anyone.get("/api/sessions", headers=twice)).status_code == 401
