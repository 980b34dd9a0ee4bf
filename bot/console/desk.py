"""What the console sees of the running bot, and what it may ask of it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from bot.domain.bodies import Body
from bot.domain.consents import ConsentEntry
from bot.domain.data import dataclass
from bot.domain.errors import BotError
from bot.domain.messages import AccountId, ChatId, MessageId
from bot.domain.values import Value
from bot.ports import Groups, Labels, LinkState, Transport
from bot.store.database import Database
from bot.store.media_files import MediaFiles

if TYPE_CHECKING:
    from bot.console.feed import Audience
    from bot.language.rulebook import Rulebook

Answer = dict[str, Any]  # JSON


@dataclass(eq=False)
class NotYet(BotError):
    """The daemon is still being built, or has nobody logged in; ask again later."""

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the bot is.

    Attributes:
        ready: The way in from WhatsApp is proven for each session that is not stopped.
        sessions: The state of each WhatsAppSession by name.
        reasons: What stands against it, and what people should know.
    """

    ready: bool
    sessions: Mapping[str, LinkState]
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Counts:
    """What happened since the daemon started, for the metrics."""

    turns: int = 0
    sends: int = 0
    errors: int = 0
    connects: int = 0

    def note_turn(self, sends: int) -> None:
        """Count a decided turn and the sends that it reserved."""
        self.turns += 1
        self.sends += sends

    def note_state(self, state: LinkState) -> None:
        """Count how often the session became ready."""
        self.connects += state is LinkState.READY


class ChatKeeping(Protocol):
    """How chats are kept. Raises ChatRefused, SendUncertain or TransportDown."""

    async def list_chats(self) -> list[Answer]:
        """Return all chats, the latest first."""

    async def keep(self, chat: ChatId, action: str, length: timedelta | None = None) -> bool:
        """Archive, pin, mute or mark a chat; ``length`` is how long it is muted."""

    async def older(self, chat: ChatId, more: int) -> int:
        """Store up to so many older messages of a chat; return how many there were."""

    async def forward(self, chat: ChatId, message: MessageId, to: ChatId, key: str) -> list[str]:
        """Forward a message to another chat; return the new ids."""


class PeopleKeeping(Protocol):
    """Who is on WhatsApp and who is blocked. Raises ContactRefused or TransportDown."""

    async def block(self, who: str, *, on: bool) -> ChatId | None:
        """Block somebody, or do so no longer; None when nobody is named so."""

    async def follow(self, chat: ChatId) -> None:
        """Hear from now on when somebody is online. Raises ContactRefused where none is kept."""

    async def check(self, number: str) -> ChatId | None:
        """Return where a number is reached, None: nowhere. Raises NumberUnchecked."""


class Hears(Protocol):
    """Hears another system that signs what it tells."""

    def is_signed(self, body: bytes, signature: str, at: str) -> bool:
        """Tell whether it said this, a short while ago."""

    async def take(self, told: Mapping[str, Value]) -> bool:
        """Do what is told, once; False when it does not concern this session."""


class Desk(Protocol):
    """One session of the bot. Members may raise NotYet or SessionDown while it does not run."""

    @property
    def name(self) -> str:
        """How the session is called."""

    @property
    def state(self) -> LinkState:
        """Where it stands."""

    @property
    def counts(self) -> Counts:
        """What happened since the start."""

    @property
    def account(self) -> AccountId | None:
        """The account that is logged in, None while there is none."""

    @property
    def is_restricted(self) -> bool:
        """WhatsApp lets it begin no chats."""

    @property
    def code(self) -> str:
        """The login code that a person must scan, "" while there is none."""

    @property
    def database(self) -> Database:
        """Where everything lies."""

    @property
    def transport(self) -> Transport:
        """What shows typing, reads and reacts."""

    @property
    def groups(self) -> Groups:
        """What asks about groups and changes them."""

    @property
    def chats(self) -> "ChatKeeping":
        """What lists chats and changes how they are kept."""

    @property
    def labels(self) -> Labels:
        """What lists labels and puts them on chats."""

    @property
    def people(self) -> PeopleKeeping:
        """What looks numbers up and blocks people."""

    @property
    def chatwoot(self) -> "Hears | None":
        """What hears the session's inbox in Chatwoot, None: it has none."""

    @property
    def audience(self) -> "Audience":
        """Who hears what happens."""

    @property
    def lanes(self) -> tuple[int, int]:
        """How many chats wait for a turn, and how many have one."""

    @property
    def files(self) -> MediaFiles:
        """Where files lie that people send."""

    async def fetch(
        self, url: str, write: Callable[[bytes], Awaitable[None]], within: float
    ) -> str:  # fmt: skip
        """Read a file from the web, through the guards; return its media type.

        Raises:
            MediumLost: It cannot be had.
        """

    async def link_code(self, phone: str) -> str:
        """Return the code to be typed on the phone with this number. Raises TransportDown."""

    async def logout(self) -> None:
        """Log the account out; the login code is shown again by itself. Raises TransportDown."""

    async def send(
        self, chat: ChatId, text: str, key: str, quoted: MessageId | None = None,
        body: Body | None = None,
    ) -> MessageId:  # fmt: skip
        """Put a person's message into the outbox, once a key; return its reserved id."""

    async def note_consent(self, who: str, say: Callable[[datetime], ConsentEntry]) -> Answer:
        """Write what ``say`` returns at this moment into a person's ledger; return the ledger.

        ``done`` is False, with a ``reason``, when nobody is meant.
        """

    async def change(self, who: str, said: Mapping[str, Value]) -> Answer:
        """Change fields of the person that ``who`` names, all of it or nothing.

        ``done`` is False, with ``reason`` and ``reasons``, when something does not fit.
        """

    @property
    def rulebook(self) -> "Rulebook":
        """The rules in force."""

    async def say(self, chat: ChatId, name: str, key: str) -> str:
        """Have a ready-made reply said in a chat, once a key; return why it is not, "" if so."""

    async def call_in(self, chat: ChatId, name: str, data: Mapping[str, Value], key: str) -> bool:
        """Raise the event of a webhook in a chat, once a key; False when no rule listens to it."""


class Bot(Protocol):
    """The running bot."""

    @property
    def sessions(self) -> Mapping[str, Desk]:
        """The sessions by name, as they stand in the configuration; at least one."""

    @property
    def counts(self) -> Counts:
        """What happened and belongs to no session."""

    def health(self, session: str = "") -> Health:
        """Return how the bot is, or one session alone, without waiting for anything."""

    async def status(self) -> Answer:
        """Return what `alexia status --json` tells."""

    async def reload(self, session: str = "") -> Answer:
        """Load the rule files again, of all or of one session."""

    async def start(self, session: str) -> None:
        """Start a session that is stopped; one that failed is tried again at once."""

    async def stop(self, session: str) -> None:
        """Stop a session until it is started, over restarts too."""

    async def add(self, session: str) -> None:
        """Make another session, in config.yaml too. Raises AddRefused."""

    async def remove(self, session: str) -> None:
        """End a session, and take it out of config.yaml; its data stay. Raises RemoveRefused."""

    async def rename(self, session: str, name: str) -> None:
        """Give a session another name. Raises RenameRefused."""

    async def report(self, session: str, asked: Mapping[str, str]) -> str:
        """Return the report of a session, "" for each of them.

        Args:
            asked: since, until, tag, texts and format. Raises ReportRefused.
        """
