"""What happens is told in WAHA's envelope, noted in the transaction in which it happened."""

import asyncio
import json
import sqlite3
from datetime import timedelta

import pytest

from bot.config import WebhookTarget
from bot.console.feed import Listener, wants
from bot.console.shapes import ulid
from bot.domain.bodies import Reaction
from bot.domain.changes import MessageChange
from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.effects import RaiseEvent
from bot.domain.leads import Lead, LeadChange, Standing
from bot.domain.messages import MessageId, MessageKind, Origin
from bot.domain.outgoing import Why
from bot.domain.receipts import Receipt
from bot.domain.turns import Decision, HumanReplied, Turn
from bot.store import changes, consents, contacts, drafts, inbox, lead_history, leads, outbox
from tests.console.stage import StageBot, at
from tests.make import ACCOUNT, ANA, NOW, message

URL = "https://hooks.example/in"
SECRET = b"s"


@pytest.fixture
async def heard():
    bot = StageBot([WebhookTarget(url=URL)])
    await bot.desk.feed.start()
    yield Heard(bot)
    bot.close()


class Heard:
    """What a webhook that wants everything is told."""

    def __init__(self, bot):
        self.bot = bot
        self.db = bot.desk.store.db

    async def events(self):
        """Return the envelopes that lie ready to be delivered, and forget them."""
        await self.bot.desk.feed._give_on()
        rows = self.db.execute("SELECT body FROM deliveries ORDER BY id").fetchall()
        self.db.execute("DELETE FROM deliveries")
        return [json.loads(row["body"]) for row in rows]

    async def names(self):
        return [one["event"] for one in await self.events()]

    def say(self, text="hi!", cause="c"):
        draft = drafts.Draft(
            account=ACCOUNT, chat=ANA, text=text, why=Why.ANSWER, by="rule:x", due_at=NOW
        )
        drafts.reserve(self.db, SECRET, cause, [draft], NOW)
        return drafts.reserve_id(SECRET, cause, 0)


async def test_a_message_is_told_in_wahas_envelope(heard):
    inbox.record_all(heard.db, [message("Olá", id="A1")], NOW)

    (told,) = await heard.events()

    assert told["id"].startswith("evt_")
    assert len(told["id"]) == 30
    assert (told["event"], told["session"], told["engine"]) == ("message", "default", "WA-JS")
    assert told["timestamp"] == int(NOW.timestamp() * 1000)
    assert told["me"]["id"] == ACCOUNT
    payload = told["payload"]
    assert payload["id"] == f"false_{ANA}_A1"
    assert (payload["from"], payload["to"], payload["fromMe"]) == (ANA, ACCOUNT, False)
    assert (payload["body"], payload["hasMedia"], payload["media"]) == ("Olá", False, None)
    assert payload["timestamp"] == int(NOW.timestamp())
    assert {"participant", "source", "ack", "ackName", "replyTo", "vCards"} <= set(payload)


async def test_a_message_that_is_edited_or_taken_back_is_told(heard):
    inbox.record_all(heard.db, [message("Olá", id="A1")], NOW)
    for text in ("Oi", None):
        change = MessageChange(account=ACCOUNT, chat=ANA, id="A1", sender=ANA, text=text, at=NOW)
        changes.note_all(heard.db, [change], (), NOW)

    _, edited, revoked = await heard.events()
    assert (edited["event"], revoked["event"]) == ("message.edited", "message.revoked")
    told = edited["payload"]
    assert (told["editedMessageId"], told["before"], told["body"]) == ("A1", "Olá", "Oi")
    gone = revoked["payload"]
    assert (gone["revokedMessageId"], gone["before"]["body"], gone["after"]["body"]) == (
        "A1", "Oi", ""
    )  # fmt: skip


async def test_a_message_is_told_once_whatever_is_replayed(heard):
    for _ in range(3):
        inbox.record_all(heard.db, [message(id="A1")], NOW)

    assert await heard.names() == ["message"]
    assert await heard.names() == []


@pytest.mark.parametrize(
    "silent",
    [message(from_me=True), message(origin=Origin.HISTORY), message(kind=MessageKind.SYSTEM),
     message(kind=MessageKind.CIPHERTEXT)],
)  # fmt: skip
async def test_own_old_and_empty_messages_are_not_told(heard, silent):
    inbox.record_all(heard.db, [silent], NOW)

    assert await heard.names() == []


async def test_a_ciphertext_is_told_when_it_can_be_read(heard):
    inbox.record_all(heard.db, [message("", kind=MessageKind.CIPHERTEXT)], NOW)
    inbox.record_all(heard.db, [message("read")], NOW)

    (told,) = await heard.events()

    assert told["payload"]["body"] == "read"


async def test_a_reply_is_told_on_its_whole_way(heard):
    bare = heard.say()
    row = heard.db.execute("SELECT id FROM outbox").fetchone()["id"]
    outbox.hand(heard.db, [row], 1, NOW)
    outbox.accepted(heard.db, row)
    for ack in (1, 2, 3, 2):
        receipt = Receipt(account=ACCOUNT, chat=ANA, id=bare, ack=ack, at=NOW)
        outbox.note_receipt(heard.db, receipt)

    told = await heard.events()

    acks = [one["payload"]["ackName"] for one in told if one["event"] == "message.ack"]
    names = [one["event"] for one in told]
    assert acks == ["SERVER", "DEVICE", "READ"]
    assert names.count("bot.reply.queued") == names.count("bot.reply.sent") == 1
    assert told[0]["payload"] == {
        "id": f"true_{ANA}_{bare}", "chatId": ANA, "body": "hi!", "why": "answer", "by": "rule:x",
        "state": told[0]["payload"]["state"],
    }  # fmt: skip


async def test_a_refused_reply_is_an_error_with_its_detail(heard):
    bare = heard.say()
    row = heard.db.execute("SELECT id FROM outbox").fetchone()["id"]
    outbox.hand(heard.db, [row], 1, NOW)
    outbox.note_receipt(heard.db, Receipt(account=ACCOUNT, chat=ANA, id=bare, ack=-7, at=NOW))

    told = {one["event"]: one["payload"] for one in await heard.events()}

    assert (told["message.ack"]["ack"], told["message.ack"]["ackName"]) == (-1, "ERROR")
    assert told["message.ack"]["ackDetail"] == -7
    assert "bot.reply.failed" in told


async def test_a_reaction_of_ours_is_no_reply(heard):
    draft = drafts.Draft(
        account=ACCOUNT, chat=ANA, text="", why=Why.ANSWER, by="rule:x", due_at=NOW,
        body=Reaction(target=MessageId("A1"), emoji="👍"),
    )  # fmt: skip
    drafts.reserve(heard.db, SECRET, "c", [draft], NOW)

    assert await heard.names() == []


async def test_a_suppressed_reply_tells_its_reason(heard):
    heard.say()
    outbox.cancel_pending(heard.db, ACCOUNT, ANA, "a person answered", NOW)

    told = {one["event"]: one["payload"] for one in await heard.events()}

    assert told["bot.reply.suppressed"]["reason"] == "a person answered"


async def test_what_is_undone_is_never_told(heard):
    def fails(db: sqlite3.Connection):
        inbox.record_all(db, [message()], NOW)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await heard.bot.desk.store.write(fails)

    assert await heard.names() == []


async def test_what_a_decision_raises_is_told_with_its_data(heard):
    turn = Turn(
        cause="c", event=HumanReplied(message=message()), conversation=Conversation(chat=ANA),
        contact=Contact(id=1), lead=None, now=NOW, seed=1, bot={"account": ACCOUNT},
    )  # fmt: skip
    decision = Decision(
        conversation=turn.conversation, contact=turn.contact, lead=None,
        effects=(RaiseEvent(name="tag.added", data={"tag": "hot"}),),
    )  # fmt: skip

    heard.bot.desk.feed.decided(heard.db, turn, decision)

    (told,) = await heard.events()
    assert told["event"] == "tag.added"
    assert (told["payload"]["chatId"], told["payload"]["tag"]) == (ANA, "hot")


async def test_a_rule_that_won_is_told(heard):
    heard.db.execute(
        "INSERT INTO traces (account, chat, contact_id, cause, event, at, winner, milliseconds,"
        " lines, effects, errors, rulebook)"
        " VALUES (?,?,1,'c','message',0,'rule:hours',1,'','','','')",
        (ACCOUNT, ANA),
    )

    (told,) = await heard.events()

    assert told["event"] == "bot.rule.matched"
    assert (told["payload"]["rule"], told["payload"]["event"]) == ("hours", "message")


async def test_a_change_of_the_session_is_told(heard):
    heard.bot.desk.feed.tell("session.status", {"name": "default", "status": "WORKING"})

    (told,) = await heard.events()

    assert (told["event"], told["payload"]["status"]) == ("session.status", "WORKING")


async def test_a_webhook_hears_only_what_it_asked_for():
    bot = StageBot([WebhookTarget(url=URL, events=("message.ack", "bot.*"))])
    await bot.desk.feed.start()
    heard = Heard(bot)
    inbox.record_all(heard.db, [message()], NOW)
    heard.say()

    assert await heard.names() == ["bot.reply.queued"]
    bot.close()


async def test_a_change_of_a_lead_that_a_person_takes_back_is_told(heard):
    ana = contacts.meet(heard.db, ANA, "Ana", NOW).id
    moves = [
        LeadChange(
            when=NOW, by="rule:r", cause="c", before=Standing(stage="new", score=10),
            after=Standing(stage="hot", score=50),
        ),
        LeadChange(
            when=NOW, by="rule:r", cause="c", before=Standing(stage="hot", score=50),
            after=Standing(stage="hot", score=50, owner="Bea"),
        ),
    ]  # fmt: skip
    for one in moves:
        lead_history.note(heard.db, ana, one)
    leads.keep(heard.db, Lead(contact_id=ana, stage="hot", score=50, owner="Bea"), NOW)
    assert await heard.names() == []

    lead_history.undo(heard.db, ana, 1, "command:me", NOW)
    told = {one["event"]: one["payload"] for one in await heard.events()}
    assert set(told) == {"lead.updated", "lead.stage_changed", "lead.scored"}
    moved = told["lead.stage_changed"]
    assert (moved["from"], moved["stage"]) == ("hot", "new")
    assert (told["lead.scored"]["points"], told["lead.scored"]["chatId"]) == (-40, ANA)

    lead_history.undo(heard.db, ana, 2, "command:me", NOW)
    assert await heard.names() == ["lead.updated", "lead.assigned"]


async def test_a_changed_consent_is_told_once_whoever_wrote_it(heard):
    ana = contacts.meet(heard.db, ANA, "Ana", NOW).id

    def say(state, source, who="contact", day=0):
        when = NOW + timedelta(days=day)
        consents.record(
            heard.db, ana, ConsentEntry(when=when, state=state, source=source, who=who)
        )  # fmt: skip

    say(ConsentState.GRANTED, "form")
    say(ConsentState.GRANTED, "form 2")
    say(ConsentState.WITHDRAWN, "word:stop", day=-1)
    say(ConsentState.GRANTED, "list", "import:7", day=1)
    say(ConsentState.WITHDRAWN, "word:stop", day=2)

    told = [one["payload"] for one in await heard.events()]
    assert [(one["consent"], one["source"], one["contact"]["name"]) for one in told] == [
        ("given", "form", "Ana"), ("withdrawn", "word:stop", "Ana"),
    ]  # fmt: skip


async def test_nothing_is_noted_while_nobody_listens():
    bot = StageBot()
    await bot.desk.feed.start()
    inbox.record_all(bot.desk.store.db, [message()], NOW)

    assert bot.desk.store.db.execute("SELECT count(*) FROM announcements").fetchone()[0] == 0
    bot.close()


async def test_a_listener_that_falls_behind_is_let_go():
    listener = Listener(frozenset("*"))
    listener.waiting = asyncio.Queue(2)

    for number in range(5):
        listener.offer({"event": "message", "n": number})

    assert [listener.waiting.get_nowait() for _ in range(2)] == [
        {"event": "message", "n": 1}, None
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "event", "fits"),
    [("*", "message", True), ("message", "message.ack", False), ("bot.*", "bot.reply.sent", True),
     ("bot.reply.*", "bot.reply.sent", True), ("bot.*", "bottle", False),
     ("message", "message", True)],
)  # fmt: skip
def test_events_are_asked_for_by_name_or_by_family(asked, event, fits):
    assert wants(frozenset((asked,)), event) is fits


def test_ids_sort_by_time():
    assert ulid(at(0)) < ulid(at(1))
    assert len({ulid(NOW) for _ in range(100)}) == 100
