"""Each event leaves as WAHA's programs expect it, signed, over real HTTP, and outlasts a day."""

import asyncio
import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.config import Secret, WebhookTarget
from bot.console.hooks import Hooks
from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.effects import RaiseEvent
from bot.domain.outgoing import Why
from bot.domain.receipts import Receipt
from bot.domain.turns import Decision, EventRaised, Turn
from bot.store import contacts, drafts, inbox, outbox
from bot.webhook import HttpWebhook
from tests.console.stage import StageBot
from tests.console.test_hooks import Stage
from tests.make import ACCOUNT, ANA, NOW, message
from tests.test_webhook import Service, said

DESCRIBED = yaml.safe_load((Path(__file__).parent / "waha.yaml").read_text("utf-8"))
KEY = "my-secret-key"
RAISED = (
    "lead.created", "lead.updated", "lead.stage_changed", "lead.scored", "handoff.started",
    "handoff.ended", "tag.added", "order.paid",
)  # fmt: skip


def schema(name):
    return {"$ref": f"#/$defs/{name}", "$defs": DESCRIBED["$defs"]}


def everything(bot):
    """Let each event of the description happen once."""
    db, feed = bot.desk.store.db, bot.desk.feed
    inbox.record_all(db, [message("Olá", id="A1")], NOW)
    contacts.meet(db, ANA, "Ana", NOW)
    draft = drafts.Draft(
        account=ACCOUNT, chat=ANA, text="hi!", why=Why.ANSWER, by="rule:x", due_at=NOW
    )
    drafts.reserve(db, b"s", "c", [draft], NOW)
    outbox.hand(db, [1], 1, NOW)
    bare = drafts.reserve_id(b"s", "c", 0)
    outbox.note_receipt(db, Receipt(account=ACCOUNT, chat=ANA, id=bare, ack=1, at=NOW))
    turn = Turn(
        cause="c", event=EventRaised(name="x", data={}), conversation=Conversation(chat=ANA),
        contact=Contact(id=1), lead=None, now=NOW, seed=1, bot={"account": ACCOUNT},
    )  # fmt: skip
    effects = tuple(RaiseEvent(name=name, data={"stage": "new"}) for name in RAISED)
    decision = Decision(
        conversation=turn.conversation, contact=turn.contact, lead=None, effects=effects
    )
    feed.decided(db, turn, decision)
    db.execute("INSERT INTO consents VALUES (1, 1, 0, 'granted', 'form', '', '', 'contact')")
    feed.tell("session.status", {"name": "default", "status": "WORKING"})


async def test_each_event_is_as_it_is_described_and_signed(tmp_path):
    http = HttpWebhook(allow_local=True)
    async with Service(said(200)) as service:
        target = WebhookTarget(url=service.url, hmac_key=Secret(KEY))
        bot = StageBot([target])
        await bot.desk.feed.start()
        everything(bot)
        await bot.desk.feed._give_on()
        hooks = Hooks(bot.desk.store, http, [target], clock=lambda: NOW, chance=lambda: 0.5)
        running = asyncio.ensure_future(hooks.run())
        async with asyncio.timeout(10):
            while bot.desk.store.db.execute("SELECT count(*) FROM deliveries").fetchone()[0]:
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        bot.close()
    await http.close()

    told = {}
    for head, body in service.heard:
        headers = {name.lower(): value for name, _, value in
                   (line.partition(": ") for line in head.split("\r\n"))}  # fmt: skip
        digest = hmac.new(KEY.encode(), body, hashlib.sha512).hexdigest()
        assert headers["x-webhook-hmac"] == digest
        assert headers["x-webhook-hmac-algorithm"] == "sha512"
        envelope = json.loads(body)
        jsonschema.validate(envelope, schema("envelope"))
        assert headers["x-webhook-request-id"] == headers["idempotency-key"] == envelope["id"]
        told[envelope["event"]] = envelope["payload"]
    assert set(told) == set(DESCRIBED["events"])
    for event, payload in told.items():
        jsonschema.validate(payload, schema(DESCRIBED["events"][event]))


@pytest.mark.parametrize(("retries", "arrive"), [(10, 0), (34, 40)])
async def test_retries_say_how_long_an_outage_is_outlasted(retries, arrive):
    stage = Stage("status 503", retries=retries)
    for number in range(40):
        stage.post(number)
    for _ in range(24 * 4):
        stage.now += timedelta(minutes=15)
        due = stage.now.timestamp()
        await stage.run_until(
            lambda: not any(
                row["state"] == "waiting" and row["due_at"] <= due for row in stage.rows  # noqa: B023
            )
        )  # fmt: skip
    stage.poster.failures = [""]
    stage.poster.posted.clear()
    stage.now += timedelta(hours=1)
    await stage.run_until(lambda: not any(row["state"] == "waiting" for row in stage.rows))

    assert sorted(body["n"] for _, body, _ in stage.poster.posted) == list(range(arrive))
