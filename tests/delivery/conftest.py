"""An outbox on a real store, with a clock of its own and a page that is not there."""

import asyncio
from datetime import timedelta

import pytest

from bot.delivery.courier import Courier
from bot.delivery.governor import Governor
from bot.delivery.pacing import OFF
from bot.domain.errors import TransportDown
from bot.domain.outgoing import Why
from bot.domain.receipts import DELIVERED, SENT, Receipt, Standing
from bot.store import contacts, drafts, inbox, outbox
from bot.testing.memory import MemoryDatabase
from tests.make import ACCOUNT, ANA, NOW, message

SECRET = b"secret"


class PaperTransport:
    """Implements `ports.Transport`: keeps what it is given, and answers what a test says.

    Attributes:
        refuses: Chat to WhatsApp's code, None for a refusal without one.
        tried: All that was handed over, refused or not.
        fails: Raised by the next sends, one each.
    """

    def __init__(self):
        self.account = ACCOUNT
        self.ready = True
        self.page = "first"
        self.sent = []
        self.tried = []
        self.held = {}
        self.refuses = {}
        self.fails = []
        self.typing = []

    async def send_text(self, chat, text, message_id, quoted=None, mentions=()):
        self._take(chat, text, message_id)

    async def send_body(
        self, chat, body, text, message_id, *, quoted=None, content=None, mentions=()
    ):
        self._take(chat, text, message_id)

    async def amend(self, chat, amendment):
        self._take(chat, amendment, amendment.target)

    def _take(self, chat, what, message_id):
        self.tried.append(what)
        if self.fails:
            failure, taken = self.fails.pop(0)
            if taken:
                self.sent.append((chat, what, message_id))
                self.held[message_id] = Standing(SENT)
            raise failure
        if chat in self.refuses:
            self.held[message_id] = Standing(-1, self.refuses[chat])
            return
        self.sent.append((chat, what, message_id))
        self.held[message_id] = Standing(SENT)

    async def find(self, chat, message_id):
        if not self.ready:
            raise TransportDown("no page")
        return self.held.get(message_id)

    async def show_typing(self, chat, typing):
        self.typing.append(chat)

    async def show_online(self, online):
        pass

    async def show_recording(self, chat):
        self.typing.append(f"recording {chat}")

    async def mark_read(self, chat):
        pass


class Desk:
    """An outbox, its courier, and the page."""

    def __init__(self, pacing):
        self.database = MemoryDatabase()
        self.db = self.database.db
        self.now = NOW
        self.page = PaperTransport()
        self.governor = Governor(pacing)
        self.told = []
        self.governor.on_restricted = lambda db, account, since: self.told.append(since)
        self.courier = Courier(self.database, self.page, self.governor, lambda: self.now)
        self._causes = 0

    def heard(self, chat=ANA, text="hello", **given):
        """A person wrote."""
        self._causes += 1
        given = {"sent_at": self.now, "id": f"IN{self._causes}", **given}
        inbox.record_all(self.db, [message(text, chat=chat, **given)], self.now)
        contacts.meet(self.db, chat, "", self.now)

    def put(self, text="hi", chat=ANA, why=Why.ANSWER, by="rule:x", cause=None, *, body=None):
        """Reserve a message; return its row's id."""
        self._causes += 1
        draft = drafts.Draft(
            account=ACCOUNT, chat=chat, text=text, why=why, by=by, due_at=self.now, body=body
        )  # fmt: skip
        drafts.reserve(self.db, SECRET, cause or f"c{self._causes}", [draft], self.now)
        return self.db.execute("SELECT max(id) AS id FROM outbox").fetchone()["id"]

    def sent_before(self, count, ago, *, why=Why.STARTED, chat="55119000{:05d}@c.us", ack=DELIVERED,
                    text="{}", by="rule:x"):  # fmt: skip
        """Messages that left so long ago."""
        for number in range(count):
            row = self.put(text.format(number), chat.format(number), why, by)
            self.db.execute(
                "UPDATE outbox SET state = 'delivered', handed_at = ?, ack = ? WHERE id = ?",
                ((self.now - ago).timestamp(), ack, row),
            )

    def choose(self, most=64):
        """Return the texts that may leave now; they are taken as left."""
        chosen = self.governor.choose(self.db, ACCOUNT, self.now, most)
        for one in chosen:
            self.db.execute(
                "UPDATE outbox SET state = 'delivered', handed_at = ?, ack = 2 WHERE id = ?",
                (self.now.timestamp(), one.id),
            )
        return [one.text for one in chosen]

    def drain(self, most=500):
        """Let time pass until nothing waits; return what left, with its moment."""
        left = []
        while most and self.db.execute("SELECT 1 FROM outbox WHERE state = 'reserved'").fetchone():
            self.later(minutes=20)
            left += [(self.now, text) for text in self.choose()]
            most -= 1
        return left

    def why(self, text):
        """Return why a message waits or was not sent."""
        row = self.db.execute(
            "SELECT state, held_why, detail FROM outbox WHERE text = ?", (text,)
        ).fetchone()
        return row["detail"] if row["state"] in ("cancelled", "failed") else row["held_why"]

    def state(self, text):
        """Return where a message stands, and how many attempts were counted."""
        row = self.db.execute(
            "SELECT state, attempts FROM outbox WHERE text = ?", (text,)
        ).fetchone()
        return row["state"], row["attempts"]

    def later(self, **span):
        """Let time pass."""
        self.now += timedelta(**span)

    async def carry(self):
        """Let the courier send what it may, and look up what became of it."""
        claimed, _ = await self.courier._claim(ACCOUNT)
        await asyncio.gather(*(self.courier._send(one) for one in claimed))
        self.later(seconds=4)
        await self.courier.look_up()

    def receipt(self, text, ack=SENT):
        """WhatsApp acknowledges a message."""
        row = self.db.execute("SELECT * FROM outbox WHERE text = ?", (text,)).fetchone()
        outbox.note_receipt(
            self.db,
            Receipt(account=ACCOUNT, chat=row["chat"], id=row["message_id"], ack=ack, at=self.now),
        )


@pytest.fixture
def desk():
    opened = []

    def make(pacing=OFF):
        opened.append(Desk(pacing))
        return opened[-1]

    yield make
    for one in opened:
        one.database.close()
