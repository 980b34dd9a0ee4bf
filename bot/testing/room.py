"""A world in memory: one contact, a clock that waits for nobody, and the real engine."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.effects import (
    CallHttp,
    CancelTimer,
    Notify,
    RaiseEvent,
    RunAction,
    Send,
    SetVariable,
    StartTimer,
)
from bot.domain.leads import Lead
from bot.domain.messages import (
    AccountId,
    ChatId,
    Location,
    Media,
    Message,
    MessageId,
    MessageKind,
)
from bot.domain.turns import (
    CallAnswered,
    Decision,
    EventRaised,
    HumanReplied,
    MessageArrived,
    TimerFired,
    Turn,
    TurnEvent,
    TurnSettings,
)
from bot.domain.understanding import NOTHING_UNDERSTOOD, Understanding
from bot.domain.values import Value
from bot.engine.compiled import Compiled, compile_rulebook
from bot.engine.decide import decide
from bot.language.flows import Flow
from bot.language.rulebook import Rulebook
from bot.language.rules import Rule
from bot.language.triggers import Event

ACCOUNT = AccountId("5511900000001@c.us")
CHAT = ChatId("5511987654321@c.us")
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MOST_TURNS = 200  # that one line of a test may set off

Answer = Callable[[CallHttp | RunAction], CallAnswered]
Understand = Callable[[str], Understanding]


class World:
    """Plays events through the engine and remembers what a store would."""

    def __init__(  # noqa: PLR0913 - each is a double of something outside
        self,
        rulebook: Rulebook,
        settings: TurnSettings,
        *,
        now: datetime = START,
        contact: Contact | None = None,
        answer: Answer | None = None,
        understand: Understand | None = None,
        seed: int = 0,
    ) -> None:
        self.compiled: Compiled = compile_rulebook(rulebook)
        self.settings = settings
        self.now = now
        self.contact = contact or Contact(id=1, number="+5511987654321", is_new=True)
        self.lead: Lead | None = None
        self.conversation = Conversation(chat=CHAT)
        self.timers: dict[str, StartTimer] = {}
        self.variables: dict[str, Value] = {}
        self.said: list[str] = []
        self.calls: list[CallHttp] = []
        self.notified: list[Notify] = []
        self.events: list[RaiseEvent] = []
        self.last: Decision | None = None
        self._answer = answer or _nobody_answers
        self._understand = understand or (lambda _: NOTHING_UNDERSTOOD)
        self._seed = seed
        self._turns = 0
        self._left = MOST_TURNS

    def use(self, rulebook: Rulebook) -> None:
        """Put another rulebook in force, as a reload does."""
        older = {**self.compiled.older, **self.compiled.versions}
        self.compiled = compile_rulebook(rulebook, older)

    def say(self, text: str = "", **more: Any) -> None:  # noqa: ANN401 - fields of a message
        """Let the customer write."""
        self._left = MOST_TURNS
        message = self._message(text, from_me=False, **more)
        self._play(MessageArrived(message=message), self._understand(text))
        self.contact = replace(self.contact, is_new=False, last_seen=self.now)
        for key, timer in list(self.timers.items()):
            if timer.cancel_on_reply and timer.due > self.now and key not in self._fresh:
                del self.timers[key]

    def human(self, text: str) -> None:
        """Let the owner write from the phone."""
        self._left = MOST_TURNS
        self._play(HumanReplied(message=self._message(text, from_me=True)))

    def event(self, name: str, data: Mapping[str, Value]) -> None:
        """Raise an event in this chat."""
        self._left = MOST_TURNS
        self._play(EventRaised(name=name, data=data))

    def wait(self, duration: timedelta) -> None:
        """Let time pass; what is due happens at its moment."""
        self._left = MOST_TURNS
        end = self.now + duration
        while True:
            due = [timer for timer in self.timers.values() if timer.due <= end]
            if not due:
                break
            timer = min(due, key=lambda one: one.due)
            del self.timers[timer.key]
            self.now = max(self.now, timer.due)
            self._play(TimerFired(key=timer.key, kind=timer.kind, due=timer.due,
                                  payload=timer.payload))  # fmt: skip
        self.now = end

    def _message(self, text: str, *, from_me: bool, **more: Any) -> Message:  # noqa: ANN401
        kind = more.pop("kind", MessageKind.TEXT)
        return Message(
            account=ACCOUNT,
            chat=CHAT,
            id=MessageId(f"T{self._turns}"),
            sender=str(ACCOUNT if from_me else CHAT),
            text=text,
            kind=kind,
            sent_at=self.now,
            from_me=from_me,
            sender_name=self.contact.name,
            **more,
        )

    def _play(self, event: TurnEvent, understanding: Understanding = NOTHING_UNDERSTOOD) -> None:
        self._turns += 1
        self._left -= 1
        if self._left < 0:
            raise RecursionError("the rules set off one another without end")
        turn = Turn(
            cause=f"test|{self._turns}",
            event=event,
            conversation=self.conversation,
            contact=self.contact,
            lead=self.lead,
            now=self.now,
            seed=self._seed + self._turns,
            settings=self.settings,
            understanding=understanding,
            variables=self.variables,
        )
        decision = decide(turn, self.compiled)
        if not isinstance(event, CallAnswered) or decision.trace.winner:
            self.last = decision
        self.conversation, self.contact = decision.conversation, decision.contact
        self.lead = decision.lead
        self._fresh = {one.key for one in decision.effects if isinstance(one, StartTimer)}
        self._keep(decision)

    def _keep(self, decision: Decision) -> None:
        for effect in decision.effects:
            match effect:
                case Send(text=text):
                    self.said.append(text)
                case Notify():
                    self.notified.append(effect)
                case StartTimer(key=key):
                    self.timers[key] = effect
                case CancelTimer(key=key):
                    self.timers.pop(key, None)
                case SetVariable(name=name, value=value):
                    self.variables[name] = value
                case RaiseEvent(name=name, data=data):
                    self.events.append(effect)
                    if self._hears(name):
                        self._play(EventRaised(name=name, data=data))
                case CallHttp() | RunAction():
                    self._call(effect)
                case _:
                    pass
        self._pass_waits()

    def _call(self, call: CallHttp | RunAction) -> None:
        if isinstance(call, CallHttp):
            self.calls.append(call)
        answered = self._answer(call)
        if call.awaited:
            self._play(answered)

    def _pass_waits(self) -> None:
        """A `wait` step inside a turn needs no line of its own."""
        for timer in [one for one in self.timers.values() if one.kind == "wait"]:
            if self.timers.pop(timer.key, None) is not None:
                self.now = max(self.now, timer.due)
                self._play(TimerFired(key=timer.key, kind="wait", due=timer.due, payload={}))

    def _hears(self, name: str) -> bool:
        rulebook = self.compiled.rulebook
        whats: list[Rule | Flow] = [*rulebook.rules, *rulebook.flows.values()]
        return any(
            isinstance(trigger, Event) and trigger.name == name
            for what in whats
            for trigger in what.triggers
        )


def _nobody_answers(call: CallHttp | RunAction) -> CallAnswered:
    return CallAnswered(key=call.key, status=0, body=None, error="nothing leaves this machine here")


class ChatRoom:
    """The rules of a folder, to talk to in the terminal; nothing is sent."""

    def __init__(self, folder: Path, config: Any = None, name: str = "") -> None:  # noqa: ANN401
        """Load the rules. Raises ConfigBroken with every problem when they are broken."""
        from bot.domain.errors import ConfigBroken
        from bot.rulebook_files import load_rulebook

        env = tuple(config.env) if config is not None else ()
        loaded = load_rulebook(folder, env_names=env)
        if loaded.rulebook is None:
            raise ConfigBroken(tuple(str(problem) for problem in loaded.problems))
        contact = Contact(id=1, number="+5511987654321", name=name, is_new=True)
        self._world = World(
            loaded.rulebook,
            settings_of(config),
            contact=contact,
            now=datetime.now(UTC),  # noqa: TID251 - a person talks now
        )

    def say(self, text: str) -> list[str]:
        """Write as the customer and return what the bot says."""
        before = len(self._world.said)
        self._world.say(text)
        return self._world.said[before:]


def settings_of(config: Any) -> TurnSettings:  # noqa: ANN401 - a Config, or None
    """Return what of the configuration decisions depend on; no disclosure in tests."""
    if config is None:
        return TurnSettings()
    return TurnSettings(
        timezone=config.timezone, language=config.language, languages=config.languages,
        currency=config.currency, env=config.env_values, takeover=config.takeover.mute,
        takeover_ignore=config.takeover.ignore, stack=config.limits.stack,
        steps=config.limits.steps, sends=config.limits.sends,
    )  # fmt: skip


def place(given: Mapping[str, Any]) -> Location:
    """Return a location as a test writes it."""
    return Location(
        latitude=float(given["lat"]) if "lat" in given else None,
        longitude=float(given["lng"]) if "lng" in given else None,
        text=str(given.get("text", "")),
    )


def medium(given: Mapping[str, Any]) -> Media:
    """Return a medium as a test writes it."""
    return Media(
        kind=MessageKind(str(given.get("kind", "image"))),
        mimetype=str(given.get("mimetype", "")),
        filename=str(given.get("name", "")),
    )
