"""Chatwoot's webhook needs a signature and no key; everything else of the guard holds."""

import json

from tests.console.stage import client

WHERE = "/api/v1/crm/chatwoot"
SIGNED = {"X-Chatwoot-Signature": "sha256=ab", "X-Chatwoot-Timestamp": "1767603600"}
JSON = {"Content-Type": "application/json"}


class Hearing:
    def __init__(self, inbox):
        self.inbox = inbox
        self.taken = []

    def is_signed(self, body, signature, at):
        return (signature, at) == ("sha256=ab", "1767603600")

    async def take(self, told):
        if told.get("inbox") != self.inbox:
            return False
        self.taken.append(told)
        return True


async def tell(app, told, headers=SIGNED):
    async with client(app, None) as chatwoot:
        return await chatwoot.post(WHERE, content=json.dumps(told), headers={**headers, **JSON})


async def test_what_is_signed_reaches_the_session_it_concerns(app, bot):
    bot.desk.chatwoot = Hearing(3)

    assert (await tell(app, {"inbox": 3})).json() == {"taken": True}
    assert (await tell(app, {"inbox": 4})).json() == {"taken": False}
    assert bot.desk.chatwoot.taken == [{"inbox": 3}]


async def test_without_a_signature_nothing_is_heard(app, bot):
    bot.desk.chatwoot = Hearing(3)

    for headers in ({}, {**SIGNED, "X-Chatwoot-Timestamp": "1"}):
        answer = await tell(app, {"inbox": 3}, headers)
        assert answer.status_code == 401
        assert "crm.chatwoot.webhook_secret" in answer.json()["error"]
    assert bot.desk.chatwoot.taken == []


async def test_where_none_is_configured_it_is_told(app):
    assert (await tell(app, {})).status_code == 404


async def test_the_open_path_is_not_read_and_bears_no_other_guest(app, bot):
    bot.desk.chatwoot = Hearing(3)

    async with client(app, None) as anyone:
        assert (await anyone.get(WHERE)).status_code == 401
        assert (await anyone.put(WHERE, json={})).status_code == 401
        assert (await anyone.post(WHERE, data={"a": "b"}, headers=SIGNED)).status_code == 415
        page = {**SIGNED, "Origin": "https://evil.example"}
        assert (await anyone.post(WHERE, json={}, headers=page)).status_code == 403
