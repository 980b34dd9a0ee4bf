"""What a decision knows and has come to so far: values, names, texts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation, Frame
from bot.domain.effects import Effect, SetVariable
from bot.domain.leads import Lead
from bot.domain.messages import Message, MessageKind
from bot.domain.outgoing import Why
from bot.domain.turns import (
    Commanded,
    HumanReplied,
    MessageArrived,
    TraceLine,
    Turn,
    TurnEvent,
    Visit,
    author_of,
)
from bot.domain.values import Value
from bot.engine import hours as opening
from bot.engine.chance import Chance
from bot.engine.compiled import Compiled, locate
from bot.engine.free_values import constant
from bot.engine.possible import Possible
from bot.language.actions import AskStep
from bot.language.dates import when_of
from bot.language.durations import parse_duration
from bot.language.flows import Flow
from bot.language.folding import Folded, fold
from bot.language.hours import Hours
from bot.language.places import Place
from bot.language.printing import Form

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
REACTION = MessageKind.REACTION  # a member's name costs as much as a call when it is looked up
COUNTED = "counted"
"""Under this name a conversation's notes keep when events happened that are counted."""


class Facts:
    """What one decision knows."""

    is_over_sends = False
    has_stopped = False  # a limit was passed: nothing more is done in this turn
    is_spent = False  # the message has had its effect
    goes_straight_on = False  # to the question below, without asking whether to
    in_handoff = False  # what speaks now may, though a person has the chat
    conceals = False  # the message holds something sensitive
    told_hidden = False  # something sensitive went into what was worked out last
    trigger_is_intent = False
    why = Why.ANSWER
    wrong = 0  # 1 while it is told why an answer is refused, which no try is counted for yet
    calls = 0

    def __init__(self, turn: Turn, compiled: Compiled) -> None:
        self.turn: Turn = turn
        self.compiled: Compiled = compiled
        self.conversation: Conversation = turn.conversation
        self.contact: Contact = turn.contact
        self.lead: Lead | None = turn.lead
        self.author = author_of(turn.event)
        self.is_group = turn.conversation.chat.endswith("@g.us")
        everybodys = turn.conversation.frames
        self.frames: list[Frame] = list(_stack_of(turn, self.author)) if everybodys else []
        is_all = len(self.frames) == len(everybodys)
        self.others = [] if is_all else [one for one in everybodys if one not in self.frames]
        self.effects: list[Effect] = []
        self.lines: list[TraceLine] = []
        self.errors: list[str] = []
        self.visits: list[Visit] = []
        self.winner = ""
        self.steps_left = turn.settings.steps
        self.sends_left = turn.settings.sends
        self.captures: dict[str, Value] = {}
        self.variables: Mapping[str, Value] = turn.variables
        self.hidden_variables = turn.hidden
        self.chance = Chance(turn.seed)
        self.understanding = turn.understanding
        self.message = message = _message_of(turn.event)
        said = message is not None and message.kind is not REACTION
        self.hear(message.text if said and message is not None else "")

    def hear(self, text: str) -> None:
        """Take a text for what the customer wrote."""
        self.text = text
        self.folded: Folded = fold(text, self.compiled.rulebook.substitutions)
        self.looked: Possible | None = None  # what can fit the text

    def hear_again(self, text: str) -> None:
        """Go back to a text, where another one was heard meanwhile."""
        if text != self.text:
            self.hear(text)

    @property
    def last_said(self) -> Folded:
        """Return our last text in the chat, folded as the customer's words are."""
        return fold(self.conversation.last_reply, self.compiled.rulebook.substitutions)

    @property
    def local(self) -> datetime:
        """Return the moment in the contact's, or the business's, time zone."""
        zone = self.contact.timezone or self.turn.settings.timezone
        return self.turn.now.astimezone(ZoneInfo(zone))

    @property
    def language(self) -> str:
        """Return the language to speak in."""
        known = (self.conversation.language, self.contact.language)
        ours, theirs = known if not self.author else known[::-1]  # a group has several languages
        return ours or theirs or self.turn.settings.language

    def form(self, mode: str = "text") -> Form:
        """Return how values are printed in this turn."""
        settings = self.turn.settings
        return Form(
            language=self.language, currency=settings.currency,
            timezone=self.contact.timezone or settings.timezone, mode=mode, now=self.turn.now,
        )  # fmt: skip

    @property
    def flow(self) -> Flow | None:
        """Return the flow on top, None when none is open (a rule that waits is no flow)."""
        return self.flow_of(self.frames[-1]) if self.frames else None

    @property
    def open_flow(self) -> str | None:
        """Return the name of the open flow; rules that wait above it are none."""
        if not self.frames:
            return None
        names = (frame.flow for frame in reversed(self.frames))
        return next((name for name in names if not name.startswith("rule:")), None)

    @property
    def asked_slot(self) -> str | None:
        """Return the slot that the open question asks for."""
        frame = next((one for one in reversed(self.frames) if self.flow_of(one)), None)
        flow = None if frame is None or frame.awaiting else self.flow_of(frame)
        return self._asked_by(flow, frame) if flow is not None and frame is not None else None

    def _asked_by(self, flow: Flow, frame: Frame) -> str | None:
        way = locate(flow, frame.step)
        step = way[-1][0][way[-1][1]] if way else None
        return step.slot if isinstance(step, AskStep) else None

    @property
    def is_hushed(self) -> bool:
        """Tell whether an open question, anybody's in a group, asks for something sensitive."""
        if not (self.compiled.hides and (self.frames or self.others)):
            return False
        stacks: dict[str, list[Frame]] = {}
        for frame in (*self.others, *self.frames):
            stacks.setdefault(frame.author, []).append(frame)
        return any(self._asks_sensitive(stack) for stack in stacks.values())

    def _asks_sensitive(self, stack: list[Frame]) -> bool:
        frame = next((one for one in reversed(stack) if self.flow_of(one)), None)
        flow = None if frame is None or frame.awaiting else self.flow_of(frame)
        if frame is None or flow is None or not any(one.sensitive for one in flow.slots.values()):
            return False
        slot = flow.slots.get(self._asked_by(flow, frame) or "")
        return slot is not None and slot.sensitive

    def flow_of(self, frame: Frame) -> Flow | None:
        """Return the flow that a frame runs, the newest when its own version is gone."""
        found = self.compiled.version(frame.version)
        if found is None and not frame.flow.startswith("rule:"):
            found = self.compiled.rulebook.flows.get(frame.flow)
        return found if isinstance(found, Flow) else None

    def slot_value(self, frame: Frame, flow: Flow, name: str) -> Value:
        """Return a slot's value, from the flow or from the person."""
        if name in frame.slots:
            return frame.slots[name]
        slot = flow.slots[name]
        return self.contact.fields.get(name) if slot.in_contact else None

    def known_value(self, frame: Frame, flow: Flow, name: str) -> Value:
        """Return what a slot is read as: its value, else its default when that is a constant."""
        value = self.slot_value(frame, flow, name)
        default = flow.slots[name].default
        return value if value is not None or default is None else constant(default)

    def in_turn(self, team: str, members: Sequence[str]) -> str:
        """Return the next of these members of a team; whose turn it is, all chats share."""
        key = f"round_robin.{team}"
        place = self.variables.get(key)
        found = self.compiled.rulebook.teams[team].members
        index = (place if isinstance(place, int) else -1) % len(found) if found else 0
        after = [found[(index + step) % len(found)].name for step in range(1, len(found) + 1)]
        chosen = next(name for name in after if name in members)
        self.set_variable(key, [one.name for one in found].index(chosen))
        return chosen

    def set_variable(self, name: str, value: Value, *, sensitive: bool = False) -> None:
        """Change a value that all contacts share."""
        self.variables = {**self.variables, name: value}
        kept = self.hidden_variables - {name}
        self.hidden_variables = kept | {name} if sensitive else kept
        self.effects.append(SetVariable(name=name, value=value, is_sensitive=sensitive))

    def count(self, event: str, since: object = None) -> int:
        """Return how often an event happened in this chat, since a day, a moment or a span."""
        counted = self.conversation.notes.get(COUNTED)
        moments = counted.get(event) if isinstance(counted, Mapping) else None
        begin = self._since(since)
        known = moments if isinstance(moments, (list, tuple)) else ()
        found = [one for one in known if isinstance(one, datetime)]
        return sum(begin is None or one >= begin for one in found)

    def _since(self, since: object) -> datetime | None:
        zone = self.local.tzinfo
        match since:
            case datetime():
                return since if since.tzinfo else since.replace(tzinfo=zone)
            case date():
                return datetime(since.year, since.month, since.day, tzinfo=zone)
            case timedelta():
                return self.turn.now - since
            case str():
                span = parse_duration(since)
                if span is not None:
                    return self.turn.now - span
                try:
                    return self._since(datetime.fromisoformat(since))
                except ValueError:
                    return None
            case _:
                return None

    def is_open(self, name: str, when: object = None) -> bool:
        """Tell whether hours are open now, or on a day, or at a moment."""
        hours = self.compiled.rulebook.hours.get(name)
        return hours is not None and opening.is_open(
            hours, _time(when), self.turn.now, self._zone(hours)
        )

    def is_still_closed(self, name: str, since: datetime) -> bool:
        """Tell whether hours have not opened since a moment at which they were closed."""
        opens = self.next_open(name, since)
        return opens is None or opens > self.turn.now

    def next_open(self, name: str, after: object = None) -> datetime | None:
        """Return when hours open next, from now or a moment on; None when they never do."""
        hours = self.compiled.rulebook.hours.get(name)
        if hours is None:
            return None
        return opening.next_open(hours, _time(after), self.turn.now, self._zone(hours))

    def open_day(self, name: str, count: object = 1, after: object = None) -> date | None:
        """Return the day that so many open days lie after today, or after a day."""
        hours = self.compiled.rulebook.hours.get(name)
        if hours is None or not isinstance(count, int):
            return None
        return opening.open_day(hours, count, _time(after), self.turn.now, self._zone(hours))

    def _zone(self, hours: Hours) -> ZoneInfo:
        return ZoneInfo(hours.timezone or self.turn.settings.timezone)

    def trace(self, path: str, outcome: str, why: str = "") -> None:
        """Note what was tried and what came of it."""
        self.lines.append(TraceLine(path=path, outcome=outcome, why=why))

    def visit(self, place: Place, what: str = "step") -> None:
        """Note that this part of the files ran."""
        self.visits.append(Visit(place.file, place.line, place.column, what))


def _stack_of(turn: Turn, author: str) -> tuple[Frame, ...]:
    """Return what is open for whom a turn is about; a person's command is about everybody."""
    if isinstance(turn.event, Commanded):
        return turn.conversation.frames
    return turn.conversation.stack_of(author)


def _message_of(event: TurnEvent) -> Message | None:
    match event:
        case MessageArrived(message=message) | HumanReplied(message=message):
            return message
        case _:
            return None


def _time(value: object) -> object:
    """Return a time, or the one that a text says; anything else as it is."""
    return when_of(value) if isinstance(value, str) else value
