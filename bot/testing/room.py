"""A room in which a business talks to its customers: the real pipeline on a store in memory."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.data import dataclass
from bot.domain.effects import (
    CallHttp,
    DeleteLast,
    EditLast,
    Notify,
    RaiseEvent,
    React,
    RunAction,
    Send,
)
from bot.domain.leads import Lead
from bot.domain.messages import AccountId, ChatId, Message, MessageId, MessageKind
from bot.domain.turns import CallAnswered, CampaignDue, Decision, EventRaised, Turn, TurnSettings
from bot.domain.values import Value
from bot.engine.compiled import Compiled, Version
from bot.inbound.lanes import Lane
from bot.inbound.pipeline import Handled, Pipeline
from bot.language.campaigns import Campaign
from bot.language.rulebook import Rulebook
from bot.ports import Understander
from bot.store import (
    ageing,
    calls,
    campaigns,
    contacts,
    conversations,
    events,
    inbox,
    leads,
    outbox,
    timers,
    versions,
)
from bot.testing.bound import bind
from bot.testing.campaign_turn import plan_turn
from bot.testing.doubles import ScriptedUnderstander
from bot.testing.memory import MemoryDatabase, finish

ACCOUNT = AccountId("5511900000001@c.us")
NUMBER = "+5511987654321"  # of the customer, unless a test gives another
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # a Monday
MOST_STEPS = 500  # of the pipeline, that one moment may set off
TICK = timedelta(microseconds=1)

Answer = Callable[[CallHttp | RunAction], CallAnswered]


class EngineFailed(Exception):
    """A turn raised: a defect of ours, or rules that set one another off without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message of the bot. ``language``: in which it was speaking then."""

    chat: ChatId
    send: Send
    language: str
    at: datetime
    id: MessageId

    @property
    def text(self) -> str:
        """Return what the customer reads; the caption of a medium."""
        return self.send.text

    @classmethod
    def of_text(cls, text: str, language: str, at: datetime) -> "Said":
        """Return a bare text as if it had been said."""
        return cls(
            chat=ChatId(""), send=Send(text=text), language=language, at=at, id=MessageId("")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """One turn: what it was about and what was decided."""

    lane: Lane
    turn: Turn
    decision: Decision
    compiled: Compiled


class Room:
    """Plays events through the real pipeline; the clock waits for nobody.

    Attributes:
        said: Everything the bot said, in order, whatever the chat.
        deeds: What was done to messages: (react, edit or delete; emoji or new text).
        turns: Every turn since `forget_turns`.
    """

    def __init__(  # noqa: PLR0913 - each is a part of the world outside
        self,
        rulebook: Rulebook,
        settings: TurnSettings,
        *,
        now: datetime = START,
        answer: Answer | None = None,
        understander: Understander | None = None,
        database: MemoryDatabase | None = None,
        seed: int = 0,
    ) -> None:
        self.now = now
        self.settings = settings
        self.rulebook = rulebook
        self.database = database or MemoryDatabase()
        self.said: list[Said] = []
        self.turns: list[Turned] = []
        self.notified: list[Notify] = []
        self.events: list[RaiseEvent] = []
        self.deeds: list[tuple[str, str]] = []
        self._answer = answer or _nobody_answers
        self._understander = understander or ScriptedUnderstander({})
        self._seed = seed
        self._count = 0
        self._older: dict[str, Version] = {}
        self._called = False
        self._left = MOST_STEPS
        self._lane: Lane = (ACCOUNT, chat_of(NUMBER))
        self._pipeline = self._open()

    def _open(self) -> Pipeline:
        book = bind(self.rulebook, self.settings, self._older)
        self._age()
        pipeline = Pipeline(
            self.database,
            self._understander,
            book,
            clock=lambda: self.now,
            due_at=lambda why, text, start: start,  # noqa: ARG005 - nothing is paced here
        )
        pipeline.on_decided = self._decided
        pipeline.on_handled = _unheard
        return pipeline

    def _age(self) -> None:
        """Let scores fade as the rules say."""
        decay = self.rulebook.leads.decay
        self.database.write_now(lambda db: ageing.put_in_force(db, decay, self.now))

    # ------------------------------------------------------------------ what happens

    def use(self, rulebook: Rulebook) -> None:
        """Put another rulebook in force, as a reload does."""
        self._older.update(self._pipeline.book.compiled.versions)
        self.rulebook = rulebook
        self._pipeline.book = bind(rulebook, self.settings, self._older)
        self._age()

    def restart(self, down: timedelta = timedelta()) -> None:
        """Die and come back: only what the store keeps goes on, and what came due is late."""
        kept = versions.in_use(self.database.db)
        known = {**self._older, **self._pipeline.book.compiled.versions}
        self._older = {one: known[one] for one in kept if one in known}
        self.now += down
        self._pipeline = self._open()
        self.run_due(self.now)

    def write(self, message: Message) -> None:
        """Let a message arrive, the customer's or one that the owner sent from the phone."""
        arrived = self.database.write_now(lambda db: inbox.record_all(db, [message], self.now))
        self._work(arrived)

    def raise_event(self, chat: ChatId, name: str, data: Mapping[str, Value]) -> None:
        """Let something happen outside, about this chat."""
        event = EventRaised(name=name, data=data)
        lane = ACCOUNT, chat
        cause = f"test|{self._next()}"
        self.database.write_now(lambda db: events.queue(db, *lane, event, self.now, cause))
        self._work([lane])

    def campaign(self, chat: ChatId, campaign: Campaign, variant: str) -> None:
        """Let the turn of a chat's person in a campaign come, as if it had been started."""
        moment = self.now + TICK * self._next()  # a run of its own

        def plan(db: sqlite3.Connection) -> None:
            run, one = plan_turn(db, ACCOUNT, chat, campaign, variant, moment)
            due = CampaignDue(
                run=run.id, campaign=campaign.name, variant=variant,
                version=campaign.version(variant),
            )  # fmt: skip
            campaigns.claim(db, run, one, due, self.now)

        self.database.write_now(plan)
        self._work([(ACCOUNT, chat)])

    def wait(self, duration: timedelta) -> None:
        """Let time pass; what is due happens at its moment."""
        end = self.now + duration
        self.run_due(end)
        self.now = max(self.now, end)

    def run_due(self, end: datetime) -> None:
        """Let everything happen that is due until a moment, each thing at its own."""
        self._left = MOST_STEPS
        while True:
            due = self.database.read_now(timers.next_due_at)
            if due is None or due > end:
                return
            if due > self.now:
                self.now, self._left = due, MOST_STEPS
            lanes = timers.chats_due(self.database.db, self.now)
            if not lanes:
                self.now += TICK
                self._spend()
            for lane in lanes:
                self._run(lane)
            self._settle()

    def message(self, text: str = "", *, chat: ChatId, **more: Any) -> Message:  # noqa: ANN401 - fields of a message
        """Return a message that arrives now."""
        more.setdefault("sender", str(ACCOUNT if more.get("from_me") else chat))
        return Message(
            account=ACCOUNT,
            chat=chat,
            id=MessageId(f"T{self._seed}.{self._next()}"),
            text=text,
            kind=more.pop("kind", MessageKind.TEXT),
            sent_at=self.now,
            **more,
        )

    def forget_turns(self) -> None:
        """Begin to count turns anew."""
        self.turns.clear()

    # ------------------------------------------------------------------ what stands

    def conversation(self, chat: ChatId) -> Conversation:
        """Return the state of a chat."""
        return conversations.load(self.database.db, ACCOUNT, chat)

    def contact(self, address: str) -> Contact | None:
        """Return the person behind an address, None while nobody is known there."""
        return contacts.find(self.database.db, address)

    def lead(self, address: str) -> Lead | None:
        """Return a person's lead, None when there is none."""
        contact = self.contact(address)
        return None if contact is None else leads.load(self.database.db, contact.id, self.now)

    def timers(self, chat: ChatId) -> list[str]:
        """Return the keys of what is due later in a chat, the soonest first."""
        return timers.keys_of(self.database.db, ACCOUNT, chat)

    # ------------------------------------------------------------------ the engine room

    def _work(self, lanes: list[Lane]) -> None:
        self._left = MOST_STEPS
        for lane in lanes:
            self._run(lane)
        self._settle()

    def _run(self, lane: Lane) -> None:
        """Handle everything that a chat has to do."""
        self._lane = lane
        more = True
        while more:
            self._spend()
            more = finish(self._pipeline.step(lane))
            failure, self.database.failure = self.database.failure, None
            if failure is not None:
                raise EngineFailed(f"{type(failure).__name__}: {failure}") from failure

    def _settle(self) -> None:
        """Answer the calls that went out and pass the waits inside turns, until all is quiet."""
        while True:
            lanes = self._make_calls() if self._called else []
            if not lanes:
                outbox.accept_all(self.database.db, self.now)
                waiting = [due for due in timers.waits(self.database.db) if due > self.now]
                if not waiting:
                    return
                self.now = min(waiting)
                lanes = timers.chats_due(self.database.db, self.now)
            for lane in lanes:
                self._run(lane)

    def _make_calls(self) -> list[Lane]:
        self._called = False
        lanes = []
        for call in calls.next_due(self.database.db, self.now, 100):
            answered = replace(self._answer(call), key=call.key)
            lane = self.database.write_now(lambda db, one=answered: calls.answer(db, one))  # type: ignore[misc]  # mypy cannot type a lambda's default
            if lane is not None:
                lanes.append(lane)
        return lanes

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise EngineFailed("the rules set one another off without end")

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _decided(self, _: sqlite3.Connection, turn: Turn, decision: Decision) -> None:
        compiled = self._pipeline.book.compiled
        self.turns.append(Turned(lane=self._lane, turn=turn, decision=decision, compiled=compiled))
        language = (
            decision.conversation.language or decision.contact.language or self.settings.language
        )
        for effect in decision.effects:
            match effect:
                case Send():
                    said = MessageId(f"B{len(self.said)}")
                    self.said.append(
                        Said(chat=self._lane[1], send=effect, language=language, at=self.now,
                             id=said)
                    )  # fmt: skip
                case React(emoji=emoji):
                    self.deeds.append(("react", emoji))
                case EditLast(text=text):
                    self.deeds.append(("edit", text))
                case DeleteLast():
                    self.deeds.append(("delete", ""))
                case Notify():
                    self.notified.append(effect)
                case RaiseEvent():
                    self.events.append(effect)
                case CallHttp() | RunAction():
                    self._called = True
                case _:
                    pass


def chat_of(number: str) -> ChatId:
    """Return the private chat of a number."""
    return ChatId("".join(sign for sign in number if sign.isdigit()) + "@c.us")


def _nobody_answers(call: CallHttp | RunAction) -> CallAnswered:
    return CallAnswered(key=call.key, status=0, body=None, error="nothing leaves this machine here")


def _unheard(handled: Handled) -> None:
    """Stand in for the log."""
