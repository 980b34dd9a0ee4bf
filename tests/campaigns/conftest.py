"""Campaigns on a real store, pipeline and courier; a clock of its own and a page of paper."""

import asyncio
from datetime import timedelta

import pytest

from bot.campaigns import rounds
from bot.campaigns.forecast import Allowance
from bot.campaigns.gate import Gate
from bot.campaigns.planning import Office
from bot.campaigns.preview import preview
from bot.campaigns.runner import Runner
from bot.daemon.budgets import pacing_told
from bot.delivery.courier import Courier
from bot.delivery.governor import Governor
from bot.delivery.pacing import OFF
from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.receipts import DELIVERED, READ, SENT, Receipt
from bot.domain.turns import TurnSettings
from bot.inbound.book import make_book
from bot.inbound.next_event import Intake
from bot.inbound.pipeline import Pipeline
from bot.language.reading import read_rulebook
from bot.store import campaigns, consents, contacts, inbox, outbox
from bot.testing.doubles import ScriptedUnderstander
from bot.testing.memory import MemoryDatabase
from tests.delivery.conftest import PaperTransport
from tests.make import ACCOUNT, NOW, message

RULES = """\
version: 1
campaigns:
  spring:
    audience: {tag: buyer}
    do: {reply: "Spring, $(contact.first_name)!"}
"""


class Firm:
    """A business with contacts, and everything that a campaign passes through."""

    def __init__(self, rules, pacing=OFF, timezone="UTC"):
        self.database = MemoryDatabase()
        self.db = self.database.db
        self.now = NOW
        self.settings = TurnSettings(timezone=timezone)
        self.page = PaperTransport()
        self.governor = Governor(pacing)
        self.courier = Courier(self.database, self.page, self.governor, lambda: self.now)
        self.told = []
        self.runner = Runner(lambda db, account, event, data: self.told.append((event, data)))
        self.pipeline = Pipeline(
            self.database, ScriptedUnderstander({}), self.read(rules), clock=lambda: self.now,
            due_at=lambda why, text, start: start, intake=Intake(),
        )  # fmt: skip
        self.governor.ask_campaign = Gate(lambda: self.rulebook, timezone).ask
        self.count = 0

    def read(self, rules):
        self.rulebook, problems = read_rulebook({"rules/a.yaml": rules})
        assert self.rulebook is not None, [str(one) for one in problems]
        return make_book(self.rulebook, self.settings)

    def edit(self, rules):
        older = self.pipeline.book.compiled.versions
        self.rulebook, _ = read_rulebook({"rules/a.yaml": rules})
        self.pipeline.book = make_book(self.rulebook, self.settings, older)

    @property
    def office(self):
        return Office(self.pipeline.book.compiled, self.settings, ACCOUNT)

    # ------------------------------------------------------------------ people

    def person(self, name="Ana Souza", *, consent="given", tags=("buyer",), zone=None,
               language=None, lead=None):  # fmt: skip
        """Return the chat of a new contact."""
        self.count += 1
        chat = f"55118{self.count:08d}@c.us"
        known = contacts.meet(self.db, chat, name, self.now)
        agree(self.db, known.id, consent, self.now)
        self.db.execute(
            "UPDATE contacts SET timezone = ?, language = ? WHERE id = ?",
            (zone, language, known.id),
        )
        for tag in tags:
            contacts.tag(self.db, known.id, tag, self.now, on=True)
        if lead is not None:
            stage, score = lead
            self.db.execute(
                "INSERT INTO leads (contact_id, stage, score, owner, fields, notes, created_at,"
                " updated_at) VALUES (?,?,?,'','{}','[]',0,0)",
                (known.id, stage, score),
            )
        return chat

    def people(self, count, **given):
        return [self.person(f"P{number} X", **given) for number in range(count)]

    # ------------------------------------------------------------------ what a person does

    def named(self, name="spring"):
        return rounds.named(self.office, name)

    def look(self, name="spring", **given):
        """Preview a campaign; return what is told and the token."""
        told = preview(self.db, self.office, self.named(name), Allowance(), self.now, **given)
        campaigns.note_preview(self.db, name, self.now)
        return told, rounds.token_of(self.database.secret, self.named(name), self.now)

    def start(self, name="spring", token=None):
        token = self.look(name)[1] if token is None else token
        campaign = self.named(name)
        rounds.check_token(self.db, self.database.secret, campaign, token, self.now)
        return self.database.write_now(lambda db: rounds.start(db, self.office, campaign, self.now))

    # ------------------------------------------------------------------ what happens

    def step(self):
        """Do a small step of the runner; return the chats in which turns wait."""
        self.runner.look(self.db, self.office, self.now)
        return self.database.write_now(lambda db: self.runner.step(db, self.office, self.now)).lanes

    async def turn(self, lanes):
        for lane in lanes:
            while await self.pipeline.step(lane):
                pass

    async def carry(self, most=200):
        """Let the courier send what may leave now."""
        for _ in range(most):
            claimed, _ = await self.courier._claim(ACCOUNT)
            if not claimed:
                return
            await asyncio.gather(*(self.courier._send(one) for one in claimed))
            for one in claimed:
                self.receipt(one.chat, one.message_id, SENT)

    async def work(self, rounds_=60, **span):
        """Let time pass in small steps while runner, turns and courier work."""
        for _ in range(rounds_):
            await self.turn(self.step())
            await self.carry()
            if span:
                self.later(**span)

    async def hears(self, chat, text):
        self.count += 1
        arrived = message(text, chat=chat, id=f"IN{self.count}", sent_at=self.now)
        lanes = inbox.record_all(self.db, [arrived], self.now)
        await self.turn(lanes)

    async def is_answered(self, people):
        """Send to all, of whom half hear it and a quarter read it; six ask more, three leave."""
        self.start()
        await self.work(30)
        self.later(minutes=5)
        for number, (chat, _, message_id) in enumerate(tuple(self.page.sent)):
            if number % 2 == 0:
                self.receipt(chat, message_id, READ if number % 4 == 0 else DELIVERED)
        for chat in people[:6]:
            await self.hears(chat, "tell me more")
        for chat in people[6:9]:
            await self.hears(chat, "STOP")

    def receipt(self, chat, message_id, ack=DELIVERED):
        receipt = Receipt(account=ACCOUNT, chat=chat, id=message_id, ack=ack, at=self.now)
        outbox.note_receipt(self.db, receipt)

    def later(self, **span):
        self.now += timedelta(**span)

    # ------------------------------------------------------------------ what came of it

    @property
    def sent(self):
        """Return (chat, text) of what left."""
        return [(chat, text) for chat, text, _ in self.page.sent]

    def waiting(self):
        return pacing_told(self.db, ACCOUNT, self.governor, self.now)["waiting"]

    def states(self, run=1):
        return campaigns.counts(self.db, run)

    def left_out(self, run=1):
        return campaigns.left_out(self.db, run)

    def run(self, number=1):
        return campaigns.load_run(self.db, number)


def agree(db, contact, consent, now):
    """Let somebody agree, or take it back; ``unknown``: nothing is kept of it."""
    db.execute("UPDATE contacts SET consent = ? WHERE id = ?", (consent, contact))
    db.execute("DELETE FROM consents WHERE contact_id = ?", (contact,))
    if consent != "unknown":
        state = ConsentState.GRANTED if consent == "given" else ConsentState.WITHDRAWN
        consents.record(db, contact, ConsentEntry(when=now, state=state, source="a form"))


@pytest.fixture
def firm():
    opened = []

    def make(rules=RULES, **given):
        opened.append(Firm(rules, **given))
        return opened[-1]

    yield make
    for one in opened:
        one.database.close()
