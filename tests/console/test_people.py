"""People over HTTP, in WAHA's words and in ours."""

import pytest

from bot.domain.profiles import Profile
from bot.store import contacts, number_checks, profiles
from tests.make import ACCOUNT, ANA, BO, NOW

LIMA = Profile(address=ANA, saved_name="Ana Lima", push_name="aninha", is_saved=True)


@pytest.fixture(autouse=True)
def ana(bot):
    db = bot.desk.store.db
    contacts.meet(db, ANA, "Ana", NOW)
    profiles.keep_all(db, [LIMA], NOW, saved=False)


async def test_a_number_is_checked_in_wahas_words_and_in_ours(api, bot):
    db = bot.desk.store.db
    number_checks.note(db, "+5511933333333", "", NOW)

    async def ask(path, **query):
        answer = await api.get(path, params=query)
        return answer.status_code, answer.json()

    check = "/api/contacts/check-exists"
    assert await ask(check, phone="11 98765-4321") == (200, {"numberExists": True, "chatId": ANA})
    bot.desk.on_whatsapp = {BO}
    assert await ask(check, phone="+5511912345678") == (200, {"numberExists": True, "chatId": BO})
    assert await ask(check, phone="+683 4000") == (200, {"numberExists": False, "chatId": None})
    assert await ask("/api/v1/numbers/+6834000") == (200, {"exists": False, "chat": None})
    assert (await ask(check, phone="hello"))[0] == 400
    bot.desk.transport.ready = False
    assert (await ask(check, phone="+5511955555555"))[0] == 503


async def test_somebody_is_blocked_and_no_longer(api, bot):
    for name, blocked in (("block", {ANA}), ("unblock", set())):
        body = {"contactId": ANA, "session": "default"}
        assert (await api.post(f"/api/contacts/{name}", json=body)).status_code == 201
        assert bot.desk.people_known.blocked == blocked
        assert (await api.get("/api/contacts", params={"contactId": ANA})).json()[
            "isBlocked"
        ] is bool(blocked)
    answer = await api.post("/api/contacts/block", json={"contactId": "120363@g.us"})
    assert answer.status_code == 422


async def test_names_about_and_picture_are_shown(api, bot):
    db = bot.desk.store.db
    sha256 = bot.desk.files.incoming()
    sha256.write(b"\xff\xd8jpeg")
    kept = sha256.keep()
    db.execute("UPDATE profiles SET about = 'hi', picture = ?", (kept,))

    found = (await api.get("/api/contacts", params={"contactId": ANA})).json()
    assert (found["name"], found["pushname"], found["isMyContact"]) == ("Ana Lima", "aninha", True)
    about = await api.get("/api/contacts/about", params={"contactId": ANA})
    assert about.json() == {"about": "hi"}
    url = await api.get("/api/contacts/profile-picture", params={"contactId": ANA})
    picture = await api.get(url.json()["profilePictureURL"])
    assert (picture.content, picture.headers["content-type"]) == (b"\xff\xd8jpeg", "image/jpeg")

    (row,) = (await api.get("/api/v1/contacts", params={"words": "lima"})).json()
    assert (row["about"], row["picture"]) == ("hi", kept)
    assert (await api.get("/api/v1/contacts", params={"blocked": "true"})).json() == []
    contacts.note_seen(db, [row["id"]], NOW)
    for query, fits in (("since", True), ("until", False)):
        answer = await api.get("/api/v1/contacts", params={query: NOW.isoformat()})
        assert bool(answer.json()) is fits
    assert (await api.get("/api/v1/contacts", params={"since": "soon"})).status_code == 400
    assert (await api.get("/api/v1/contacts/ana lima")).json()["id"] == row["id"]
    assert (await api.get("/api/v1/contacts/Nobody")).status_code == 404
    assert (await api.get(f"/api/v1/contacts/{ANA}")).json()["saved_name"] == "Ana Lima"
    assert (await api.get("/api/v1/contacts", params={"blocked": "x"})).status_code == 400
    assert bot.desk.account == ACCOUNT
