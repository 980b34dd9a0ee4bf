"""A made-up month of a small business, the same each time, through the store's own functions."""

import random
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation, Handoff
from bot.domain.data import dataclass
from bot.domain.effects import Effect, Send
from bot.domain.leads import Lead, LeadChange, Standing, standing_of
from bot.domain.messages import AccountId, ChatId, Message, MessageId, MessageKind
from bot.domain.outgoing import Why
from bot.domain.receipts import DELIVERED, READ, SENT, Receipt
from bot.domain.turns import Decision, Trace, TraceLine
from bot.store import (
    consents,
    contacts,
    conversations,
    drafts,
    holding,
    inbox,
    lead_history,
    leads,
    outbox,
    traces,
)

ACCOUNT = AccountId("5511900000001@c.us")
SECRET = b"a month"
ASKED = {
    "rule:hours": ("when are you open?", "what are your hours", "opening hours"),
    "rule:price": ("how much is a large pizza", "price of a margherita?", "prices please"),
    "rule:greeting": ("hi", "hello", "good evening"),
}
UNKNOWN = (
    ("do you deliver on sundays?", 9), ("do you deliver on sunday", 5),
    ("do you delivr on sundays", 2), ("is there parking?", 6), ("is there a parking?", 2),
    ("gluten free?", 4), ("can i pay with pix", 4), ("<img src=x onerror=alert(1)>", 2),
    ('=HYPERLINK("http://evil")', 2), ("{{7*7}} $(7*7)", 1),
)  # fmt: skip
SLOTS = ("size", "topping", "address", "confirm")
GOES_ON = (0.93, 0.9, 0.75, 0.88)  # share of customers who answer each question
NAMES = ("Ana", "Bruno", "Carla", "Diego", "Elena", "Fabio", "Gloria", "Hugo", "Inés", "João")
HOURS = (0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 6, 9, 11, 7, 4, 4, 5, 8, 12, 14, 11, 7, 3, 1)
FINE = ((SENT, 0.98), (DELIVERED, 0.96), (READ, 0.8))
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a month is like. ``talks``: beginnings of a talk, of which about 1 in 4 is a flow."""

    begin: datetime
    days: int
    zone: ZoneInfo
    talks: int
    people: int


def fill(db: sqlite3.Connection, shape: Shape, seed: int = 7) -> None:
    """Write the month into a fresh database, in the transaction of the caller."""
    month = _Month(db, shape, random.Random(seed))
    month.meet()
    for at in month.moments():
        month.talk(at)
    month.close()


class _Month:
    def __init__(self, db: sqlite3.Connection, shape: Shape, chance: random.Random) -> None:
        self._db = db
        self._shape = shape
        self._chance = chance
        self._count = 0
        self._people: list[Contact] = []

    # ------------------------------------------------------------------ who and when

    def meet(self) -> None:
        """Let people be met: half of them before the month."""
        for number in range(self._shape.people):
            days = self._chance.uniform(-self._shape.days, self._shape.days)
            at = self._shape.begin + timedelta(days=days)
            name = f"{NAMES[number % len(NAMES)]} {number}"
            person = contacts.meet(self._db, _chat(number), name, at)
            self._people.append(person)
            if number % 3 == 0:
                contacts.tag(
                    self._db, person.id, "vip" if number % 9 == 0 else "regular", at, on=True
                )
            if number % 4 == 0:
                self._consent(person, at, ConsentState.GRANTED, "form in the shop")
            if number % 5 == 0:
                self._lead(person, number, at)

    def moments(self) -> list[datetime]:
        """Return when talks begin, in order: at noon and in the evening, more on weekends."""
        zone, found = self._shape.zone, []
        first = self._shape.begin.astimezone(zone).date()
        days = [first + timedelta(days=number) for number in range(self._shape.days)]
        busy = [3 if day.weekday() >= 4 else 2 for day in days]
        for _ in range(self._shape.talks):
            day = self._chance.choices(days, busy)[0]
            hour = self._chance.choices(range(24), HOURS)[0]
            minute, second = self._chance.randrange(60), self._chance.randrange(60)
            found.append(datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone))
        return sorted(found, key=datetime.timestamp)

    # ------------------------------------------------------------------ what happens

    def talk(self, at: datetime) -> None:
        """Let somebody begin a talk."""
        person = self._chance.choice(self._people)
        kind = self._chance.choices(
            (self._ask, self._order, self._wonder, self._complain, self._stop, self._offer),
            (46, 24, 14, 9, 1, 6),
        )[0]
        kind(person, at)

    def close(self) -> None:
        """Leave some things as they stand at the end: chats that a person has, texts that wait."""
        end = self._shape.begin + timedelta(days=self._shape.days)
        for person in self._people[:2]:
            chat = _chat_of(person)
            before = conversations.load(self._db, ACCOUNT, chat)
            handoff = Handoff(team="kitchen", until=end + timedelta(days=1))
            after = Conversation(chat=chat, version=before.version, handoff=handoff)
            conversations.keep(self._db, ACCOUNT, person.id, after)
        for person in self._people[2:5]:
            draft = self._draft(person, "Still hungry?", Why.STARTED, "flow:order", end)
            cause = f"timer|{ACCOUNT}|{_chat_of(person)}|remind:order|1"
            drafts.reserve(self._db, SECRET, cause, [draft], end - timedelta(hours=2))
            holding.hold(self._db, self._row(cause), end + timedelta(hours=9), "quiet hours")

    def _ask(self, person: Contact, at: datetime) -> None:
        rule = self._chance.choice(list(ASKED))
        text = self._chance.choice(ASKED[rule])
        tone = self._chance.choices(("neutral", "positive", "negative"), (70, 20, 10))[0]
        score = self._chance.uniform(0.5, 0.99)
        read = "read" if score > 0.6 else "unsure"
        lines = [
            TraceLine(
                path=f"intent {rule.removeprefix('rule:')}", outcome=read, why=f"{score:.2f}"
            ),
            TraceLine(path=f"sentiment {tone}", outcome="read", why="0.90"),
            TraceLine(path="rules/faq.yaml:3", outcome="won"),
        ]
        cause, heard = self._hear(person, at, text)
        self._decide(person, cause, heard, rule, lines, ["Gladly."])

    def _order(self, person: Contact, at: datetime) -> None:
        started = TraceLine(path="flows/order.yaml:3:3 flow order", outcome="started")
        lines, text = [started, _asks(0)], "a pizza please"
        for number, goes_on in enumerate(GOES_ON):
            cause, heard = self._hear(person, at, text)
            self._decide(person, cause, heard, "flow:order", lines, ["Which?"])
            if self._chance.random() > goes_on:
                self._leave(person, heard)
                return
            at = heard + timedelta(seconds=self._chance.uniform(8, 90))
            text = self._chance.choice(("large", "mushrooms", "Rua Augusta 5", "yes"))
            filled = TraceLine(
                path=f"flows/order.yaml:{9 + number}:7 slot {SLOTS[number]}", outcome="filled"
            )
            lines = [filled] if number + 1 == len(SLOTS) else [filled, _asks(number + 1)]
        lines = [*lines, TraceLine(path="flow order", outcome="finished")]
        cause, heard = self._hear(person, at, text)
        self._decide(person, cause, heard, "flow:order", lines, ["It is on its way.", "Enjoy!"])

    def _leave(self, person: Contact, at: datetime) -> None:
        """Let a flow end unfinished, or stay open."""
        how = self._chance.choices(("expired", "cancelled", ""), (6, 3, 1))[0]
        if how == "cancelled":
            lines = [
                TraceLine(path="flow:order", outcome="cancelled"),
                TraceLine(path="flow order", outcome="left"),
            ]
            cause, heard = self._hear(person, at + 20 * SECOND, "cancel")
            self._decide(person, cause, heard, "flow:order", lines, ["All right."])
        elif how == "expired":
            lines = [
                TraceLine(path="flow order", outcome="expired"),
                TraceLine(path="flow order", outcome="left"),
            ]
            later = at + timedelta(minutes=30)
            self._trace(
                person, f"timer|{at.timestamp()}|{self._count}", "timer.expire", later, "", lines
            )

    def _wonder(self, person: Contact, at: datetime) -> None:
        """Let somebody write what no rule knows; a person answers half of it."""
        text = self._chance.choices([one for one, _ in UNKNOWN], [often for _, often in UNKNOWN])[0]
        cause, heard = self._hear(person, at, text)
        if self._chance.random() < 0.3:
            lines = [
                TraceLine(path="rules/faq.yaml:40", outcome="won", why="since nothing else fits")
            ]
            self._decide(person, cause, heard, "rule:sorry", lines, ["I did not get that."])
            return
        self._decide(person, cause, heard, "", [], [])
        if self._chance.random() < 0.5:
            self._reply(person, heard + timedelta(minutes=self._chance.expovariate(1 / 20)))

    def _complain(self, person: Contact, at: datetime) -> None:
        """Let somebody be handed to a team; a person answers."""
        lines = [
            TraceLine(path="sentiment negative", outcome="read", why="0.97"),
            TraceLine(path="rules/faq.yaml:50", outcome="won"),
            TraceLine(path="handoff kitchen", outcome="started"),
        ]
        cause, heard = self._hear(person, at, "the pizza is cold!")
        self._decide(person, cause, heard, "rule:complaint", lines, ["One moment, please."])
        if self._chance.random() < 0.9:
            self._reply(person, heard + timedelta(minutes=self._chance.expovariate(1 / 8)))

    def _stop(self, person: Contact, at: datetime) -> None:
        cause, heard = self._hear(person, at, "STOP")
        self._decide(
            person, cause, heard, "guard:optout", [], ["You will hear nothing more."], Why.CONSENT
        )
        self._consent(person, heard, ConsentState.WITHDRAWN, "word:stop")

    def _offer(self, person: Contact, at: datetime) -> None:
        cause = f"campaign|1|{person.id}|{self._count}"
        self._count += 1
        draft = self._draft(person, "Two for one today!", Why.CAMPAIGN, "campaign:two_for_one", at)
        drafts.reserve(self._db, SECRET, cause, [draft], at)
        self._send(person, cause, 0, at)

    # ------------------------------------------------------------------ how it is stored

    def _hear(self, person: Contact, at: datetime, text: str) -> tuple[str, datetime]:
        """Store what a customer writes; return the cause of what follows, and when it came."""
        message = self._message(person, at, text, from_me=False)
        heard = at + timedelta(seconds=self._chance.uniform(0.2, 0.9))
        inbox.record_all(self._db, [message], heard)
        return str(message.key), heard

    def _reply(self, person: Contact, at: datetime) -> None:
        """Store what a person writes from the phone."""
        message = self._message(person, at, "We see to it.", from_me=True)
        heard = at + SECOND
        inbox.record_all(self._db, [message], heard)
        self._decide(person, str(message.key), heard, "guard:takeover", [], [], event="human.reply")

    def _message(self, person: Contact, at: datetime, text: str, *, from_me: bool) -> Message:
        self._count += 1
        chat = _chat_of(person)
        return Message(
            account=ACCOUNT, chat=chat, id=MessageId(f"{self._count:016X}"), text=text,
            sender=ACCOUNT if from_me else chat, sender_name="" if from_me else person.name,
            kind=MessageKind.TEXT, sent_at=at.replace(microsecond=0), from_me=from_me,
        )  # fmt: skip

    def _decide(  # noqa: PLR0913 - one for each thing that a turn leaves
        self, person: Contact, cause: str, heard: datetime, winner: str,
        lines: Sequence[TraceLine], texts: Sequence[str], why: Why = Why.ANSWER,
        event: str = "message",
    ) -> None:  # fmt: skip
        now = heard + timedelta(milliseconds=self._chance.uniform(5, 60))
        id_ = cause.rpartition("|")[2]
        row = self._db.execute("SELECT id FROM inbox WHERE message_id = ?", (id_,)).fetchone()[0]
        inbox.mark_decided(self._db, row, now)
        if event == "message":
            contacts.note_seen(self._db, [person.id], now)
        self._trace(person, cause, event, now, winner, lines, len(texts))
        said = [self._draft(person, text, why, winner, now) for text in texts]
        drafts.reserve(self._db, SECRET, cause, said, now)
        for ordinal in range(len(said)):
            self._send(person, cause, ordinal, now + timedelta(seconds=self._chance.uniform(1, 6)))

    def _trace(  # noqa: PLR0913
        self, person: Contact, cause: str, event: str, now: datetime, winner: str,
        lines: Sequence[TraceLine], sends: int = 0,
    ) -> None:  # fmt: skip
        record = traces.TurnRecord(
            account=ACCOUNT, chat=_chat_of(person), contact_id=person.id, cause=cause, event=event,
            at=now, milliseconds=2.0, rulebook="r1",
        )  # fmt: skip
        effects: tuple[Effect, ...] = (Send(text=""),) * sends
        decision = Decision(
            conversation=Conversation(chat=_chat_of(person)), contact=person, lead=None,
            effects=effects, trace=Trace(winner=winner, lines=tuple(lines)),
        )  # fmt: skip
        traces.keep_all(self._db, [(record, decision)])

    def _draft(
        self, person: Contact, text: str, why: Why, by: str, due: datetime
    ) -> drafts.Draft:  # fmt: skip
        return drafts.Draft(
            account=ACCOUNT, chat=_chat_of(person), text=text, why=why, by=by, due_at=due
        )

    def _send(self, person: Contact, cause: str, ordinal: int, at: datetime) -> None:
        """Let a reserved message leave, or fail, or be kept."""
        row = self._row(cause, ordinal)
        chance = self._chance.random()
        if chance < 0.01:
            holding.suppress(self._db, row, "a person answered", at)
            return
        outbox.hand(self._db, [row], 1, at)
        if chance < 0.02:
            outbox.give_up(self._db, row, "not on WhatsApp", at + SECOND)
            return
        outbox.accept(self._db, [row])
        for ack, share in FINE:
            if self._chance.random() > share:
                return
            at += timedelta(seconds=self._chance.uniform(0.2, 2) * 20 ** (ack - 1))
            id_ = drafts.reserve_id(SECRET, cause, ordinal)
            chat = _chat_of(person)
            outbox.note_receipt(
                self._db, Receipt(account=ACCOUNT, chat=chat, id=id_, ack=ack, at=at)
            )

    def _row(self, cause: str, ordinal: int = 0) -> int:
        found = self._db.execute(
            "SELECT id FROM outbox WHERE cause = ? AND ordinal = ?", (cause, ordinal)
        )
        return int(found.fetchone()[0])

    def _consent(self, person: Contact, at: datetime, state: ConsentState, source: str) -> None:
        entry = ConsentEntry(when=at, state=state, source=source, wording="offers", proof="")
        consents.record(self._db, person.id, entry)

    def _lead(self, person: Contact, number: int, at: datetime) -> None:
        stage = ("new", "talking", "won", "lost")[number % 4]
        fields = {"source": ("instagram", "street")[number % 2]} if number % 3 else {}
        owner = ("Bea", "Caio", "")[number % 3]
        lead = Lead(
            contact_id=person.id, stage=stage, score=number % 50, owner=owner, fields=fields,
            created_at=at,
        )  # fmt: skip
        leads.keep(self._db, lead, at)
        change = LeadChange(
            when=at, by="rule:price", cause=f"c{number}", before=Standing(),
            after=standing_of(lead),
        )  # fmt: skip
        lead_history.note(self._db, person.id, change)
        if stage == "lost":
            found = lead_history.of(self._db, person.id)
            lead_history.undo(self._db, person.id, found[0].id, "command", at)


def _asks(number: int) -> TraceLine:
    path = f"flows/order.yaml:{9 + number}:7 flow order > slot {SLOTS[number]}"
    return TraceLine(path=path, outcome="asked")


def _chat(number: int) -> ChatId:
    return ChatId(f"55119{number:08d}@c.us")


def _chat_of(person: Contact) -> ChatId:
    return ChatId(f"{person.number.removeprefix('+')}@c.us")
