"""Labels and presence over HTTP, in WAHA's words."""

from bot.domain.errors import ChatRefused, ContactRefused
from bot.domain.labels import Labelled
from bot.domain.presence import Seen
from bot.store import presence
from tests.make import ANA, BO, NOW

AT = "/api/default/labels"


async def test_labels_are_made_put_on_and_taken_off(api, bot):
    made = await api.post(AT, json={"name": "vip"})
    assert (made.status_code, made.json()["name"]) == (201, "vip")
    bot.desk.labels.worn = {Labelled(chat=ANA, label="late")}
    (vip, _) = (await api.get(AT)).json()

    chat = f"{AT}/chats/{ANA}"
    wanted = {"labels": [{"id": vip["id"]}, {"name": "new"}]}
    assert (await api.put(chat, json=wanted)).status_code == 200
    assert {one["name"] for one in (await api.get(chat)).json()} == {"vip", "new"}
    assert (await api.get(f"{AT}/vip/chats")).json() == [{"id": ANA}]
    assert (await api.get(f"{AT}/nobody/chats")).status_code == 404
    assert (await api.put(chat, json={"labels": [{"id": "99"}]})).status_code == 400

    bot.desk.labels.failure = ChatRefused("is_not_business")
    assert (await api.get(AT)).status_code == 422


async def test_who_was_online_is_told_as_far_as_it_is_kept(api, bot):
    presence.note_all(bot.desk.store.db, [Seen(address=ANA, online=True, at=NOW)])

    (one,) = (await api.get("/api/default/presence")).json()
    assert one == (await api.get(f"/api/default/presence/{ANA}")).json()
    assert one["presences"] == [
        {
            "participant": ANA, "lastKnownPresence": "online",
            "lastSeen": int(NOW.timestamp()),
        }
    ]  # fmt: skip
    nobody = await api.get(f"/api/default/presence/{BO}")
    assert nobody.json() == {"id": BO, "presences": []}


async def test_somebody_is_followed_where_that_is_kept(api, bot):
    at = f"/api/default/presence/{ANA}/subscribe"
    assert (await api.post(at)).status_code == 201
    assert bot.desk.people_known.asked == [ANA]

    bot.desk.people_known.failure = ContactRefused("presence_is_off")
    refused = await api.post(at)
    assert (refused.status_code, "presence: true" in refused.json()["error"]) == (422, True)


async def test_what_we_do_is_shown(api, bot):
    for shown in ("typing", "recording", "paused", "dancing"):
        answer = await api.post("/api/default/presence", json={"chatId": ANA, "presence": shown})
        assert answer.status_code == (422 if shown == "dancing" else 201)
    assert bot.desk.transport.done == [
        ("typing", ANA, True), ("recording", ANA), ("typing", ANA, False)
    ]  # fmt: skip


async def test_we_are_shown_online_or_offline_to_everybody(api, bot):
    for shown in ("online", "offline"):
        answer = await api.post("/api/default/presence", json={"presence": shown})
        assert answer.status_code == 201
    assert bot.desk.transport.done == [("online", True), ("online", False)]


async def test_a_label_gets_another_name_and_goes(api, bot):
    (await api.post(AT, json={"name": "vip"})).raise_for_status()

    changed = await api.put(f"{AT}/1", json={"name": "gold", "color": 3})
    assert (changed.json()["name"], changed.json()["color"]) == ("gold", 3)
    assert (await api.put(f"{AT}/gold", json={})).json()["name"] == "gold"
    for wrong in ({"color": 99}, {"color": "red"}, {"name": ""}):
        assert (await api.put(f"{AT}/1", json=wrong)).status_code == 400
    assert (await api.put(f"{AT}/vip", json={"name": "x"})).status_code == 404

    assert (await api.delete(f"{AT}/1")).json() == {"result": True}
    assert (await api.get(AT)).json() == []
    assert (await api.delete(f"{AT}/1")).status_code == 404
