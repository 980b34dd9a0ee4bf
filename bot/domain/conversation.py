"""What is remembered of one chat between two messages."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from bot.domain.data import dataclass
from bot.domain.messages import ChatId
from bot.domain.understanding import Sentiment
from bot.domain.values import Value

SPEAKS_FOR = "speaks_for"
"""Under this name a frame's notes keep the campaign for which it speaks while it awaits a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One open flow, or one rule whose steps wait for something.

    Attributes:
        flow: The flow's name; for a rule's own steps ``rule:<id>``.
        version: Content hash of the flow or rule that this frame runs.
        step: Path of the step at which it rests (`Step.path`).
        slots: Slots of this flow that are filled.
        saved: Results of ``save``, ``with`` and captures.
        retries: Wrong answers to the open question so far.
        awaiting: Key of the http or run call whose result goes on, "" at a question.
        loops: State of ``each`` and ``repeat`` by step path.
        since: When the flow was started, UTC.
        asked_at: When the open question was put, UTC.
        save_as: In the frame below, where a called flow's end value goes.
        notes: Small things the engine keeps for itself.
        author: In a group the member whose flow this is, "" for one of the group as a whole.
        sensitive: Names of slots and saved values that are shown to nobody.
        in_handoff: A rule with `during_handoff` led here: heard although a person has the chat.
    """

    flow: str
    version: str
    step: str = ""
    slots: Mapping[str, Value] = field(default_factory=dict)
    saved: Mapping[str, Value] = field(default_factory=dict)
    retries: int = 0
    awaiting: str = ""
    loops: Mapping[str, Value] = field(default_factory=dict)
    since: datetime | None = None
    asked_at: datetime | None = None
    save_as: str = ""
    called: bool = False
    notes: Mapping[str, Value] = field(default_factory=dict)
    author: str = ""
    sensitive: frozenset[str] = frozenset()
    in_handoff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """A person has the chat; the bot keeps quiet until ``until``."""

    team: str  # "phone" when a person simply wrote from the phone
    until: datetime
    note: str = ""
    priority: str = ""
    is_note_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The state of one chat. Frozen: a decision makes a new one, a commit stores it.

    Attributes:
        version: Number of commits so far; a commit requires that it did not move meanwhile.
        frames: Stack of open flows, the top last; in a group the stacks of its members.
        sentiments: Tone of the customer's last messages, oldest first, at most 20; in a group
            those of all members, at most 100.
        uses: When each rule with a cooldown or limit last spoke here, by rule id, ascending.
        menu: Labels of the last numbered menu, for an answer by number.
        last_reply: The bot's last text here.
        notes: Small things the engine keeps for itself (a pending "Continue?" question).
        is_hushed: The open question asks for something sensitive: the next message may hold it.
        is_reply_sensitive: Our last text says something sensitive.
        is_menu_sensitive: The last menu does.
        team, member: Who looks after it, "" for nobody in particular.
    """

    chat: ChatId
    version: int = 0
    frames: tuple[Frame, ...] = ()
    sentiments: tuple[Sentiment, ...] = ()
    uses: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    handoff: Handoff | None = None
    menu: tuple[str, ...] = ()
    last_reply: str = ""
    last_message_at: datetime | None = None
    language: str | None = None
    disclosed: bool = False
    notes: Mapping[str, Value] = field(default_factory=dict)
    is_hushed: bool = False
    is_reply_sensitive: bool = False
    is_menu_sensitive: bool = False
    team: str = ""
    member: str = ""

    def stack_of(self, author: str) -> tuple[Frame, ...]:
        """Return the open flows that a message of this member reaches, the top last.

        In a group each member has a stack; who has none open is heard by the group's own flows.
        """
        if not self.frames:
            return ()
        mine = tuple(frame for frame in self.frames if frame.author == author)
        return mine or tuple(frame for frame in self.frames if not frame.author)

    @property
    def top(self) -> Frame | None:
        """Return the frame that waits for the next message, None when no flow is open."""
        return self.frames[-1] if self.frames else None
