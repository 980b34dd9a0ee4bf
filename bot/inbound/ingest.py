"""The inlet of a WhatsApp session: whatever comes in is on disk before anybody is told."""

import logging
import sqlite3
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from functools import partial

from bot import crash
from bot.domain.changes import MessageChange
from bot.domain.groups import GroupMoved
from bot.domain.labels import LabelChange
from bot.domain.messages import AccountId, ChatId, Message
from bot.domain.presence import Seen
from bot.domain.profiles import PeopleNews
from bot.domain.receipts import Receipt
from bot.inbound.lanes import Lanes
from bot.inbound.undeciphered import Undeciphered
from bot.ports import LinkState
from bot.store import accounts, changes, identities, inbox, outbox, presence
from bot.store.database import Database

logger = logging.getLogger("alexia.link")


class Ingest:
    """Implements `ports.Inlet` over the store."""

    def __init__(
        self,
        database: Database,
        lanes: Lanes,
        clock: Callable[[], datetime],
        *,
        on_settled: Callable[[], None],
    ) -> None:
        self._database = database
        self._lanes = lanes
        self._clock = clock
        self._on_settled = on_settled
        self._undeciphered = Undeciphered(lanes.wake)
        self.heard: Callable[[], Collection[str]] = tuple
        self._learned: set[tuple[AccountId, str, str]] = set()
        self.is_guarded: Callable[[], bool] = _never
        self.on_state: Callable[[LinkState, AccountId | None, str], None] = _unseen
        self.on_code: Callable[[str], None] = _unseen
        self.on_moves: Callable[[Sequence[GroupMoved]], Awaitable[None]] = _unheard
        self.on_labels: Callable[[Sequence[LabelChange]], Awaitable[None]] = _unheard
        self.on_people: Callable[[PeopleNews], Awaitable[None]] = _unheard

    async def take_messages(self, messages: Sequence[Message]) -> int:
        """Store a batch (T1), then wake its chats; return how many were new."""
        crash.here("received")
        now = self._clock()
        guarded = self.is_guarded()
        stored = await self._database.write(
            lambda db: inbox.record_all(db, messages, now, guarded=guarded)
        )
        crash.here("t1")
        await self._learn(messages, now)
        self._undeciphered.note(messages, now)
        for lane in dict.fromkeys(stored):
            if not self._undeciphered.holds(lane):
                self._lanes.wake(lane)
        if any(message.from_me for message in messages):
            self._on_settled()
        return len(stored)

    async def take_changes(self, told: Sequence[MessageChange]) -> None:
        """Keep which messages were edited or taken back, then wake their chats."""
        now, heard = self._clock(), self.heard()
        changed = await self._database.write(lambda db: changes.note_all(db, told, heard, now))
        for lane in dict.fromkeys((one.change.account, one.change.chat) for one in changed):
            self._lanes.wake(lane)

    async def _learn(self, messages: Sequence[Message], now: datetime) -> None:
        """Note which numbers stand behind hidden addresses, before anything is decided there."""
        told = {
            (one.account, one.alias, one.sender if one.is_group else one.chat)
            for one in messages
            if one.alias
        }
        for account, hidden, address in sorted(told - self._learned):
            learn = partial(
                identities.learn, account=account, hidden=hidden, address=address, now=now
            )
            if await self._database.write(learn):
                self._learned.add((account, hidden, address))
                self._lanes.wake((account, ChatId(address)))

    async def take_receipts(self, receipts: Sequence[Receipt]) -> None:
        """Note acknowledgements; they never go down."""
        await self._database.write(lambda db: outbox.note_receipts(db, receipts))
        self._on_settled()

    async def take_moves(self, moves: Sequence[GroupMoved]) -> None:
        """Give on what happened in groups."""
        await self.on_moves(moves)

    async def take_labels(self, changes: Sequence[LabelChange]) -> None:
        """Give on which labels changed."""
        await self.on_labels(changes)

    async def take_presence(self, seen: Sequence[Seen]) -> None:
        """Note who came online or left."""
        await self._database.write(lambda db: presence.note_all(db, seen))

    async def take_people(self, news: PeopleNews) -> None:
        """Give on whose names or portraits are others, and who is blocked."""
        await self.on_people(news)

    async def take_state(self, state: LinkState, account: AccountId | None, detail: str) -> None:
        """Tell the daemon where the session stands."""
        logger.info("WhatsApp: %s", ", ".join(filter(None, (state.value, detail))))
        self.on_state(state, account, detail)

    async def sweep_from(self, account: AccountId, now: datetime) -> datetime:
        """Return from when on messages concern us, and note that a sweep begins."""

        def begin(db: sqlite3.Connection) -> datetime:
            presence.nobody_online(db)  # as far as a page that is gone could tell
            return accounts.sweep_from(db, account, now)

        return await self._database.write(begin)

    async def take_code(self, code: str) -> None:
        """Remember that a code was shown, and show it."""
        if code:
            now = self._clock()
            await self._database.write(lambda db: accounts.note_code(db, now))
        self.on_code(code)


def _never() -> bool:
    """Stand in where no rules are known that any message may tell something sensitive."""
    return False


async def _unheard(_: object) -> None:
    """Stand in where nobody listens."""


def _unseen(*_: object) -> None:
    """Stand in where nobody looks at the link."""
