"""One event of one chat: claim it, understand it, decide and remember in one transaction."""

import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from time import perf_counter

from bot import crash
from bot.domain.data import dataclass, replace
from bot.domain.effects import CancelTimer, Effect, RaiseEvent, Send, SetVariable, StartTimer
from bot.domain.messages import AccountId
from bot.domain.outgoing import Why
from bot.domain.turns import Decision, MessageArrived, Turn, author_of
from bot.domain.understanding import NOTHING_UNDERSTOOD, Understanding
from bot.domain.values import Value
from bot.engine.decide import decide, needs
from bot.inbound import spam, spam_guard
from bot.inbound.aside import put_aside
from bot.inbound.book import Book
from bot.inbound.claim import Claim, Claimed, Closed, claim_all
from bot.inbound.commit import Commit, Decided, Desk
from bot.inbound.lanes import Lane
from bot.inbound.next_event import Intake, Next, by_account, kind_of
from bot.inbound.people import Person, look_again
from bot.ports import Understander
from bot.store import contacts, conversations, ledger, profiles, timers, traces, variables
from bot.store.database import Database
from bot.store.inbox import MOST_ATTEMPTS, SUSPECT

logger = logging.getLogger("alexia.turns")

INTAKE = Intake()
FAILED = f"failed {MOST_ATTEMPTS} times; see the log"
CONSENT = ("guard:optout", "guard:optin")  # heard even from who repeats it again and again

UNREADABLE_PAUSE = timedelta(seconds=10)  # before a chat that could not be read is tried again


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What became of a turn, for the log and the benchmarks. Times in milliseconds.

    Attributes:
        is_late: It was a message that came too late to be answered.
    """

    lane: Lane
    event: str
    winner: str
    sends: int
    understood: float
    decided: float
    total: float
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class _Ready:
    """A turn that can be decided."""

    lane: Lane
    claimed: Claimed
    understanding: Understanding
    book: Book


class Pipeline:
    """Handles the next event of a chat. Holds no state of its own beside the book in force."""

    def __init__(
        self,
        database: Database,
        understander: Understander,
        book: Book,
        *,
        clock: Callable[[], datetime],
        due_at: Callable[[Why, str, datetime], datetime],
        intake: Intake = INTAKE,
    ) -> None:
        self.book = book
        self._database = database
        self._understander = understander
        self._clock = clock
        self._due_at = due_at
        self._intake = intake
        self._desks = book, self._make_desk(book)
        self.on_wait: Callable[[Lane, timedelta], None] = _forget
        self.on_handled: Callable[[Handled], None] = _unseen
        self.on_decided: Callable[[sqlite3.Connection, Turn, Decision], None] = _unheard

    async def step(self, lane: Lane) -> bool:
        """Handle the chat's next event; True when there may be more to do.

        An event that cannot be handled stays stored; it is tried again, and set aside after
        three tries, so that its chat goes on.
        """
        begun = perf_counter()
        try:
            claimed = await self._database.write_each(self._claim_all, lane)
        except Exception:
            # the top of a lane: whatever fails here must not stop the other chats
            logger.exception("chat …%s cannot be read; again soon", lane[1].partition("@")[0][-4:])
            self.on_wait(lane, UNREADABLE_PAUSE)
            return False
        if claimed is None:
            return False
        if isinstance(claimed, timedelta):
            self.on_wait(lane, claimed)
            return False
        if isinstance(claimed, Closed):
            return True
        upcoming, book = claimed.upcoming, self.book
        crash.here("claimed")
        try:
            understanding = await self._understand(claimed, book)
            understood = perf_counter()
            ready = _Ready(lane, claimed, understanding, book)
            decision, sends = await self._database.write_each(self._decide_all, ready)
        except Exception:
            # the top of a lane: whatever fails here must not stop the other chats
            logger.exception("turn %s failed; it is tried again", _short(upcoming.cause))
            return upcoming.attempts + 1 < MOST_ATTEMPTS or await self._set_aside(lane, upcoming)
        crash.here("t2")
        ended = perf_counter()
        self.on_handled(
            Handled(
                lane=lane,
                event=kind_of(upcoming.event),
                winner=decision.trace.winner,
                sends=sends,
                understood=1000 * (understood - begun),
                decided=1000 * (ended - understood),
                total=1000 * (ended - begun),
                is_late=isinstance(upcoming.event, MessageArrived) and upcoming.event.is_late,
            )
        )
        now = self._clock()
        return not upcoming.is_last or not all(
            _is_final(effect, book, now) for effect in decision.effects
        )

    def _claim_all(self, db: sqlite3.Connection, lanes: Sequence[Lane]) -> list[Claim]:
        return claim_all(db, lanes, self._clock(), self._intake, self.book)

    async def _understand(self, claimed: Claimed, book: Book) -> Understanding:
        """Read the text; one that was in hand at two deaths is not shown to the models again."""
        match claimed.upcoming:
            case Next(event=MessageArrived(message=message) as event, attempts=attempts) if (
                message.text and attempts < SUSPECT
            ):
                wanted = needs(event, book.compiled)
                if not wanted:
                    return NOTHING_UNDERSTOOD
                hint = claimed.conversation.language or claimed.person.contact.language
                return await self._understander.understand(message.text, wanted, hint)
            case _:
                return NOTHING_UNDERSTOOD

    def _decide_all(
        self, db: sqlite3.Connection, ready: Sequence[_Ready]
    ) -> list[tuple[Decision, int]]:
        """Decide and remember turns; of those of one person each sees what the one before left."""
        found: list[tuple[Decision, int]] = []
        for batch in _one_a_person(ready):
            found += self._decide_batch(db, batch)
        return found

    def _decide_batch(
        self, db: sqlite3.Connection, batch: Sequence[_Ready]
    ) -> list[tuple[Decision, int]]:
        now = self._clock()
        people = look_again(db, {one.claimed.address: one.claimed.person for one in batch}, now)
        shared, has_blocked = variables.load_all(db), profiles.has_blocked(db)
        _cancel_on_reply(db, batch)
        unheard = _unheard_of(db, batch)
        page = Commit(db, self._database.secret, now)
        counts = any(one.book.compiled.counts_busy for one in batch)
        busy = conversations.busy(db, now) if counts else {}
        found: list[tuple[Decision, int]] = []
        told: list[Turn] = []
        for one in batch:
            begun = perf_counter()
            person, upcoming = people[one.claimed.address], one.claimed.upcoming
            turn = _turn(one, person, now, shared)
            if counts:
                turn = replace(turn, busy=busy)
            if one.lane in unheard:
                undisclosed = replace(turn.conversation, disclosed=False)
                turn = replace(turn, conversation=undisclosed)
            decision = self._decide(db, turn, one.book, has_blocked=has_blocked)
            sends = page.add(
                Decided(one.lane, turn, person.contact, upcoming, decision), self._desk(one.book)
            )
            crash.here("deciding")
            page.trace(_record(one, turn, 1000 * (perf_counter() - begun)), decision)
            told.append(turn)
            if any(isinstance(effect, SetVariable) for effect in decision.effects):
                shared = variables.load_all(db)
            if counts and (taker := decision.conversation.member) != turn.conversation.member:
                busy = {**busy, taker: busy.get(taker, 0) + 1}
            found.append((decision, sends))
        page.write()
        for turn, (decision, _) in zip(told, found, strict=True):
            self.on_decided(db, turn, decision)
        return found

    def _decide(
        self, db: sqlite3.Connection, turn: Turn, book: Book, *, has_blocked: bool
    ) -> Decision:
        decision = decide(turn, book.compiled)
        if decision.trace.winner in CONSENT:
            return decision
        loop_guard = self._intake.loop_guard
        judged = spam.judge(db, turn, loop_guard=loop_guard, has_blocked=has_blocked)
        if judged is None and isinstance(turn.event, MessageArrived):
            return spam_guard.guard(db, turn, turn.event.message, decision)
        return judged or decision

    def _desk(self, book: Book) -> Desk:
        if self._desks[0] is not book:
            self._desks = book, self._make_desk(book)
        return self._desks[1]

    def _make_desk(self, book: Book) -> Desk:
        return Desk(rulebook=book.hash, due_at=self._due_at, numbers=book.numbers, heard=book.heard)

    async def _set_aside(self, lane: Lane, failed: Next) -> bool:
        """Put an event away that failed too often, so that its chat goes on."""
        now, book = self._clock(), self.book
        await self._database.write(lambda db: put_aside(db, lane, failed, FAILED, now, book))
        return True


_Shared = tuple[Mapping[str, Value], frozenset[str]]
"""The values that all contacts share, and the names of those that are shown to nobody."""


def _turn(
    ready: _Ready, person: Person, now: datetime, shared: _Shared
) -> Turn:  # fmt: skip
    claimed = ready.claimed
    return Turn(
        cause=claimed.upcoming.cause,
        event=claimed.upcoming.event,
        conversation=claimed.conversation,
        contact=contacts.named(person.contact, claimed.name),
        lead=person.lead,
        now=now,
        seed=claimed.seed,
        settings=ready.book.settings,
        understanding=ready.understanding,
        variables=shared[0],
        hidden=shared[1],
        bot=_bot(ready.lane[0]),
    )


def _record(ready: _Ready, turn: Turn, milliseconds: float) -> traces.TurnRecord:
    return traces.TurnRecord(
        account=ready.lane[0],
        chat=ready.lane[1],
        contact_id=turn.contact.id,
        cause=turn.cause,
        event=kind_of(turn.event),
        at=turn.now,
        milliseconds=round(milliseconds, 3),
        rulebook=ready.book.hash,
    )


def _is_final(effect: Effect, book: Book, now: datetime) -> bool:
    """Tell whether an effect surely leaves nothing for this chat to do at once."""
    match effect:
        case Send() | CancelTimer():
            return True
        case StartTimer(due=due):
            return due > now  # what comes due later rings by itself
        case RaiseEvent(name=name):
            return name not in book.heard
        case _:
            return False


def _one_a_person(ready: Sequence[_Ready]) -> list[list[_Ready]]:
    """Split turns so that no two of one person stand together, their order kept."""
    batches: list[list[_Ready]] = [[]]
    known: set[int] = set()
    for one in ready:
        contact = one.claimed.person.contact.id
        if contact in known:
            batches.append([])
            known = set()
        known.add(contact)
        batches[-1].append(one)
    return batches


def _cancel_on_reply(db: sqlite3.Connection, batch: Sequence[_Ready]) -> None:
    """Forget what was only to happen while these customers stayed silent."""
    wrote = {
        one.lane: author_of(one.claimed.upcoming.event) for one in batch
        if isinstance(one.claimed.upcoming.event, MessageArrived)
    }  # fmt: skip
    for account, chats in by_account(wrote).items():
        members = {chat: wrote[account, chat] for chat in chats}
        timers.cancel_on_reply(db, account, members)


def _unheard_of(db: sqlite3.Connection, batch: Sequence[_Ready]) -> set[Lane]:
    """Return the chats that were to hear from a campaign that a bot writes, and have not yet."""
    told = [
        one.lane for one in batch
        if one.book.settings.disclosure and one.claimed.conversation.disclosed
    ]  # fmt: skip
    return {
        (account, chat) for account, chats in by_account(told).items()
        for chat in ledger.only_campaigns_wait(db, account, chats)
    }  # fmt: skip


@lru_cache(maxsize=64)
def _bot(account: AccountId) -> Mapping[str, Value]:
    return {"number": contacts.number_of(account), "account": account}


def _short(cause: str) -> str:
    return cause[-24:]


def _forget(lane: Lane, pause: timedelta) -> None:
    """Stand in where nobody wakes a chat later."""


def _unheard(db: sqlite3.Connection, turn: Turn, decision: Decision) -> None:
    """Stand in where nobody listens to decisions; called inside their transaction."""


def _unseen(handled: Handled) -> None:
    """Stand in where nobody follows the turns."""
