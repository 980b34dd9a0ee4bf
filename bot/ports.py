"""The places where the world outside can be exchanged for a double."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.acting import ActionTurn
from bot.domain.bodies import Amendment, Body, Content
from bot.domain.changes import MessageChange
from bot.domain.chats import ChatKept
from bot.domain.data import dataclass
from bot.domain.effects import CallHttp, RunAction
from bot.domain.groups import Group, GroupCreated, GroupMoved, MemberChange, MemberResult
from bot.domain.labels import Label, LabelChange, Labelled
from bot.domain.messages import AccountId, ChatId, Message, MessageId
from bot.domain.presence import Seen
from bot.domain.profiles import PeopleNews, Portrait, Profile
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

    async def take_changes(self, changes: Sequence[MessageChange]) -> None:
        """Note which messages were edited or taken back. Repeats are welcome."""

    async def take_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Note acknowledgements of our own messages. Repeats are welcome."""

    async def take_moves(self, moves: Sequence[GroupMoved]) -> None:
        """Hear what happened in groups."""

    async def take_labels(self, changes: Sequence[LabelChange]) -> None:
        """Hear which labels were put on chats or taken off."""

    async def take_presence(self, seen: Sequence[Seen]) -> None:
        """Note who came online or left."""

    async def take_people(self, news: PeopleNews) -> None:
        """Hear whose names or portraits are others, and who is blocked."""

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

    @property
    def page(self) -> str:
        """The load of the page that sends go into; another one after each load, "" for none."""

    async def send_text(
        self, chat: ChatId, text: str, message_id: MessageId, quoted: MessageId | None = None,
        mentions: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Hand one text to the page under an id that we chose; returns once the page has it.

        Args:
            mentions: Addresses of members of a group; those not named in the text stand before it.
        """

    async def send_body(  # noqa: PLR0913 - what a message has
        self, chat: ChatId, body: Body, text: str, message_id: MessageId, *,
        quoted: MessageId | None = None, content: Content | None = None,
        mentions: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Hand a medium (its ``content`` read before), poll, place or card to the page."""

    async def amend(self, chat: ChatId, amendment: Amendment) -> None:
        """Change a message that is there: react, edit, revoke. May be done twice."""

    async def find(self, chat: ChatId, message_id: MessageId) -> Standing | None:
        """Return how our message stands in the page's store, None when it is not there."""

    async def show_typing(self, chat: ChatId, typing: bool) -> None:
        """Show or hide "typing…" at the contact."""

    async def show_recording(self, chat: ChatId) -> None:
        """Show "recording…" at the contact, until something is sent or typed."""

    async def show_online(self, online: bool) -> None:
        """Let everybody see us online, or not."""

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


class Groups(Protocol):
    """The account's groups. Raises GroupRefused, SendUncertain or TransportDown."""

    async def list_groups(self) -> tuple[Group, ...]:
        """Return all groups, also those that the account left and still shows."""

    async def look_at(self, chat: ChatId) -> Group:
        """Return one group as it is now."""

    async def create(self, subject: str, members: Sequence[str]) -> GroupCreated:
        """Make a group; at least one member must be on WhatsApp."""

    async def change_members(
        self, chat: ChatId, change: MemberChange, members: Sequence[str]
    ) -> tuple[MemberResult, ...]:
        """Add, remove, promote or demote; each member has a result of its own."""

    async def rename(self, chat: ChatId, subject: str) -> None:
        """Give a group another subject."""

    async def describe(self, chat: ChatId, description: str) -> None:
        """Give a group another description; "" takes it away."""

    async def invite_code(self, chat: ChatId, *, renew: bool = False) -> str:
        """Return the code of the invite link; with ``renew`` the old link dies first."""

    async def join(self, code: str) -> ChatId:
        """Enter a group by the code of its invite link."""

    async def leave(self, chat: ChatId) -> None:
        """Go out of a group."""


class Chats(Protocol):
    """How the account keeps its chats. Raises ChatRefused, SendUncertain or TransportDown."""

    async def list_chats(self) -> tuple[ChatKept, ...]:
        """Return all chats, the latest first."""

    async def archive(self, chat: ChatId, on: bool) -> None:
        """Put a chat into the archive, or take it out."""

    async def pin(self, chat: ChatId, on: bool) -> None:
        """Pin a chat to the top, or let it go."""

    async def mute(self, chat: ChatId, until: datetime | None) -> None:
        """Let the phone be quiet about a chat until then; None: no longer."""

    async def mark_unread(self, chat: ChatId) -> None:
        """Mark a chat as unread."""

    async def older(
        self, chat: ChatId, before: datetime, most: int, known: Collection[MessageId] = ()
    ) -> tuple[Message, ...]:
        """Return up to so many messages of a chat up to a moment, the latest, as history.

        Args:
            known: Those of that very second that are stored already: they are left out.
        """

    async def forward(
        self, chat: ChatId, message_id: MessageId, to: ChatId,
        keep: Callable[[Sequence[MessageId]], Awaitable[None]],
    ) -> None:  # fmt: skip
        """Forward a message; ``keep`` is awaited with the new ids before they are told as ours."""


class Labels(Protocol):
    """Labels of a business account. Raises ChatRefused, SendUncertain or TransportDown."""

    async def list_labelled(self) -> frozenset[Labelled]:
        """Return which chats wear which labels."""

    async def list_labels(self) -> tuple[Label, ...]:
        """Return the labels that there are."""

    async def create(self, label: str) -> Label:
        """Make a label; one that there is already is returned."""

    async def edit(self, label: str, name: str, place: int | None = None) -> Label:
        """Give a label, by its id, another name and colour (its place in the palette)."""

    async def remove(self, label: str) -> None:
        """Remove a label, by its id, from the account and all chats."""

    async def put(self, chat: ChatId, label: str, on: bool) -> None:
        """Put a label on a chat or take it off; one that there is not is made first."""


class People(Protocol):
    """What WhatsApp shows of people. Raises ContactRefused, SendUncertain or TransportDown."""

    async def list_profiles(self) -> tuple[Profile, ...]:
        """Return everybody whom the page knows; one with two addresses once."""

    async def list_blocked(self) -> frozenset[str]:
        """Return who is blocked."""

    async def portrait(self, address: str, tag: str) -> Portrait:
        """Return about text and picture of one person; ``tag``: of the picture that we have."""

    async def ask_presence(self, address: str) -> None:
        """Hear from now on when somebody is online, where the owner wants that kept."""

    async def block(self, address: str, on: bool) -> bool:
        """Block somebody, or do so no longer; return whether they are blocked now."""


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
