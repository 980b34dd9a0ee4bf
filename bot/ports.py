"""The four places where the world outside can be exchanged for a double."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.acting import ActionTurn
from bot.domain.bodies import Amendment, Body, Content
from bot.domain.data import dataclass
from bot.domain.effects import CallHttp, RunAction
from bot.domain.messages import AccountId, ChatId, Message, MessageId
from bot.domain.receipts import Receipt, Standing
from bot.domain.turns import CallAnswered
from bot.domain.understanding import Need, Understanding


class LinkState(StrEnum):
    """Where a WhatsApp session stands."""

    STOPPED = "stopped"
    STARTING = "starting"
    QR = "qr"  # a person must scan the code
    SYNCING = "syncing"  # logged in, sweeping what was missed
    READY = "ready"  # logged in, listening, proven
    OFFLINE = "offline"  # logged in, no network
    CONFLICT = "conflict"  # opened elsewhere; we do not take it back
    LOGGED_OUT = "logged_out"
    FAILED = "failed"


class Inlet(Protocol):
    """Where a transport puts what it hears. Each call returns when it is durable."""

    async def take_messages(self, messages: Sequence[Message]) -> int:
        """Store a batch, in the order given; return how many were new. Repeats are welcome."""

    async def take_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Note acknowledgements of our own messages. Repeats are welcome."""

    async def take_state(self, state: LinkState, account: AccountId | None, detail: str) -> None:
        """Note that the session's state changed; on SYNCING the account is known."""

    async def sweep_from(self, account: AccountId, now: datetime) -> datetime:
        """Return the moment (UTC) from which on messages of this account concern us.

        On an account's first login that is ``now``, later the oldest point that may have a gap.
        """

    async def take_code(self, code: str) -> None:
        """Show a new login code ("" when there is none to show)."""


class Transport(Protocol):
    """Sends through one logged-in account. Raises SendFailed, SendUncertain or TransportDown."""

    @property
    def account(self) -> AccountId | None:
        """The logged-in account, None while there is none."""

    @property
    def ready(self) -> bool:
        """True while sends are accepted."""

    async def send_text(
        self, chat: ChatId, text: str, message_id: MessageId, quoted: MessageId | None = None
    ) -> None:
        """Hand one text to the page under an id that we chose; returns once the page has it."""

    async def send_body(
        self, chat: ChatId, body: Body, text: str, message_id: MessageId, *,
        quoted: MessageId | None = None, content: Content | None = None,
    ) -> None:  # fmt: skip
        """Hand a medium (its ``content`` read before), poll, place or card to the page."""

    async def amend(self, chat: ChatId, amendment: Amendment) -> None:
        """Change a message that is there: react, edit, revoke. May be done twice."""

    async def find(self, chat: ChatId, message_id: MessageId) -> Standing | None:
        """Return how our message stands in the page's store, None when it is not there."""

    async def show_typing(self, chat: ChatId, typing: bool) -> None:
        """Show or hide "typing…" at the contact."""

    async def mark_read(self, chat: ChatId) -> None:
        """Give the contact blue ticks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedMedium:
    """A message whose file is wanted.

    Attributes:
        sent_at: From when on its chat is looked through, where the page does not hold it.
        most: Bytes; of a larger file nothing is read.
    """

    chat: ChatId
    id: MessageId
    sent_at: datetime
    most: int


class MediaSource(Protocol):
    """Where the files of messages come from."""

    @property
    def account(self) -> AccountId | None:
        """The logged-in account, None while there is none."""

    @property
    def ready(self) -> bool:
        """True while files can be read."""

    def read_medium(self, wanted: WantedMedium) -> AsyncGenerator[bytes]:
        """Return the bytes of a message's file, in parts. Raises MediumLost, TransportDown."""


class Understander(Protocol):
    """Reads texts with the models. Never raises: what cannot be told stays empty."""

    async def understand(
        self, text: str, needs: AbstractSet[Need], hint: str | None = None
    ) -> Understanding:
        """Read one text. ``hint``: the conversation's language so far."""

    def intents(self) -> Mapping[str, int]:
        """Return the known intents with their number of examples; empty while none are loaded."""


class Webhook(Protocol):
    """Calls out over HTTP, through the guards."""

    async def call(self, request: CallHttp) -> CallAnswered:
        """Make one call with its retries; a failure is told in ``error``, never raised."""


class ActionRunner(Protocol):
    """Runs a user's Python action."""

    async def run(self, action: RunAction, turn: ActionTurn) -> CallAnswered:
        """Run one action; a failure is told in ``error``, never raised."""
