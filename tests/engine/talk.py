"""Turns made and decided in a row, without a store: what engine tests talk through."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.effects import Send, SetVariable
from bot.domain.messages import ChatId
from bot.domain.turns import EventRaised, MessageArrived, TimerFired, Turn, TurnSettings
from bot.domain.understanding import Understanding
from bot.engine.compiled import compile_rulebook
from bot.engine.decide import decide
from bot.language.reading import read_rulebook
from tests.make import ANA, NOW, message


def book_of(text, **more):
    book, problems = read_rulebook({"rules/a.yaml": "version: 1\n" + text}, **more)
    assert book is not None, "\n".join(map(str, problems))
    return book


class Talk:
    """One contact's chat under some rules."""

    def __init__(self, text, *, chat=ANA, settings=None, contact=None, **more):
        self.compiled = compile_rulebook(book_of(text, **more))
        self.settings = settings or TurnSettings()
        self.conversation = Conversation(chat=ChatId(chat))
        self.contact = contact or Contact(id=1, number="+5511987654321", name="Ana Souza")
        self.lead = None
        self.now = NOW
        self.variables = {}
        self.turns = 0
        self.decision = None

    def use(self, text, **more):
        older = {**self.compiled.older, **self.compiled.versions}
        self.compiled = compile_rulebook(book_of(text, **more), older)

    def play(self, event, **understood):
        self.turns += 1
        turn = Turn(
            cause=f"c{self.turns}", event=event, conversation=self.conversation,
            contact=self.contact, lead=self.lead, now=self.now, seed=self.turns,
            settings=self.settings, understanding=Understanding(**understood),
            variables=self.variables,
        )  # fmt: skip
        self.decision = decide(turn, self.compiled)
        self.conversation, self.lead = self.decision.conversation, self.decision.lead
        self.contact = self.decision.contact
        for effect in self.of(SetVariable):
            self.variables[effect.name] = effect.value
        return [send.text for send in self.of(Send)]

    def user(self, text="", *, understood=None, **more):
        arrived = replace(message(text), chat=self.conversation.chat, sent_at=self.now, **more)
        said = self.play(MessageArrived(message=arrived), **(understood or {}))
        self.contact = replace(self.contact, is_new=False, last_seen=self.now)
        return said

    def event(self, name, **data):
        return self.play(EventRaised(name=name, data=data))

    def fire(self, effect, late=timedelta(0)):
        self.now = effect.due + late
        fired = TimerFired(
            key=effect.key, kind=effect.kind, due=effect.due, payload=effect.payload, late=late
        )
        return self.play(fired)

    def of(self, kind):
        return [effect for effect in self.decision.effects if isinstance(effect, kind)]

    @property
    def flow(self):
        return self.conversation.frames[-1].flow if self.conversation.frames else None
