"""One event of one chat: claim it, understand it, decide and remember in one transaction."""

import logging
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import perf_counter

from bot import crash
from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation
from bot.domain.outgoing import Why
from bot.domain.turns import Decision, HumanReplied, MessageArrived, TimerFired, Turn
from bot.domain.understanding import NOTHING_UNDERSTOOD, Understanding
from bot.domain.values import Value
from bot.engine.decide import decide, needs
from bot.inbound import spam
from bot.inbound.book import Book
from bot.inbound.commit import Desk, commit
from bot.inbound.lanes import Lane
from bot.inbound.next_event import Intake, Next, finish, kind_of, next_event
from bot.ports import Understander
from bot.store import contacts, conversations, inbox, leads, timers, traces, variables
from bot.store.database import Database
from bot.store.inbox import MOST_ATTEMPTS, MOST_DEATHS, SUSPECT

logger = logging.getLogger("alexia.turns")

INTAKE = Intake()
CONSENT = ("guard:optout", "guard:optin")  # heard even from who repeats it again and again


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What became of a turn, for the log and the benchmarks. Times in milliseconds."""

    lane: Lane
    event: str
    winner: str
    sends: int
    understood: float
    decided: float
    total: float


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
        self.on_wait: Callable[[Lane, timedelta], None] = _forget
        self.on_handled: Callable[[Handled], None] = _log_turn
        self.on_decided: Callable[[sqlite3.Connection, Turn, Decision], None] = _unheard

    async def step(self, lane: Lane) -> bool:
        """Handle the chat's next event; True when there may be more to do.

        An event that cannot be handled stays stored; it is tried again, and set aside after
        three tries, so that its chat goes on.
        """
        begun = perf_counter()
        try:
            claimed = await self._database.write(lambda db: self._claim(db, lane))
        except Exception:
            # the top of a lane: a chat that cannot be read rests until something comes for it
            logger.exception("chat …%s cannot be read", lane[1].partition("@")[0][-4:])
            return False
        if claimed is None:
            return False
        if isinstance(claimed, timedelta):
            self.on_wait(lane, claimed)
            return False
        upcoming, turn = claimed
        if turn is None:
            return True
        book = self.book
        crash.here("claimed")
        try:
            understanding = await self._understand(turn, book, upcoming.attempts)
            understood = perf_counter()
            decided, sends = await self._database.write(
                lambda db: self._decide(db, lane, upcoming, understanding, book)
            )
        except Exception:
            # the top of a lane: whatever fails here must not stop the other chats
            logger.exception("turn %s failed; it is tried again", _short(upcoming.cause))
            return upcoming.attempts + 1 < MOST_ATTEMPTS or await self._set_aside(upcoming)
        crash.here("t2")
        ended = perf_counter()
        self.on_handled(
            Handled(
                lane=lane,
                event=kind_of(upcoming.event),
                winner=decided.trace.winner,
                sends=sends,
                understood=1000 * (understood - begun),
                decided=1000 * (ended - understood),
                total=1000 * (ended - begun),
            )
        )
        return True

    def _claim(
        self, db: sqlite3.Connection, lane: Lane
    ) -> tuple[Next, Turn | None] | timedelta | None:
        """Take the next event and count the attempt; no turn when the event was closed at once."""
        now = self._clock()
        conversation = conversations.load(db, *lane)
        upcoming = next_event(db, lane, conversation, now, self._intake)
        if upcoming is None or isinstance(upcoming, timedelta):
            return upcoming
        if upcoming.is_void:
            finish(db, upcoming, now)
            return upcoming, None
        if upcoming.attempts >= MOST_DEATHS:
            told = f"in hand at {upcoming.attempts} deaths of the daemon"
            inbox.quarantine(db, int(upcoming.row), told)
            logger.error("a message of …%s is set aside: %s", lane[1].partition("@")[0][-4:], told)
            return upcoming, None
        if isinstance(upcoming.event, MessageArrived | HumanReplied):
            inbox.count_attempt(db, int(upcoming.row))
        return upcoming, self._turn(db, lane, upcoming, conversation, now)

    def _turn(
        self, db: sqlite3.Connection, lane: Lane, upcoming: Next, conversation: Conversation,
        now: datetime,
    ) -> Turn:  # fmt: skip
        contact = _contact(db, lane, upcoming, now)
        return Turn(
            cause=upcoming.cause,
            event=upcoming.event,
            conversation=conversation,
            contact=contact,
            lead=leads.load(db, contact.id),
            now=now,
            seed=_seed(upcoming.cause),
            settings=self.book.settings,
            variables=variables.load(db),
            bot=_bot(lane),
        )

    async def _understand(self, turn: Turn, book: Book, attempts: int) -> Understanding:
        """Read the text; one that was in hand at two deaths is not shown to the models again."""
        match turn.event:
            case MessageArrived(message=message) if message.text and attempts < SUSPECT:
                wanted = needs(turn, book.compiled)
                if not wanted:
                    return NOTHING_UNDERSTOOD
                hint = turn.conversation.language or turn.contact.language
                return await self._understander.understand(message.text, wanted, hint)
            case _:
                return NOTHING_UNDERSTOOD

    def _decide(
        self, db: sqlite3.Connection, lane: Lane, upcoming: Next, understanding: Understanding,
        book: Book,
    ) -> tuple[Decision, int]:  # fmt: skip
        begun = perf_counter()
        now = self._clock()
        conversation = conversations.load(db, *lane)
        turn = replace(
            self._turn(db, lane, upcoming, conversation, now),
            understanding=understanding,
            settings=book.settings,
        )
        decision = decide(turn, book.compiled)
        if decision.trace.winner not in CONSENT:
            decision = spam.judge(db, turn, loop_guard=self._intake.loop_guard) or decision
        desk = Desk(
            secret=self._database.secret,
            rulebook=book.hash,
            due_at=self._due_at,
            numbers=book.numbers,
            heard=book.heard,
        )
        finish(db, upcoming, now)
        sends = commit(db, lane, turn, decision, desk)
        crash.here("deciding")
        record = traces.TurnRecord(
            account=lane[0],
            chat=lane[1],
            contact_id=turn.contact.id,
            cause=upcoming.cause,
            event=kind_of(upcoming.event),
            at=now,
            milliseconds=round(1000 * (perf_counter() - begun), 3),
            rulebook=book.hash,
        )
        traces.keep(db, record, decision)
        self.on_decided(db, turn, decision)
        return decision, sends

    async def _set_aside(self, failed: Next) -> bool:
        """Put an event away that failed too often, so that its chat goes on."""
        await self._database.write(lambda db: _put_away(db, failed, self._clock()))
        return True


def _put_away(db: sqlite3.Connection, failed: Next, now: datetime) -> None:
    match failed.event:
        case MessageArrived() | HumanReplied():
            inbox.quarantine(db, int(failed.row), "failed 3 times; see the log")
        case TimerFired():
            timers.remove(db, int(failed.row))
        case _:
            finish(db, failed, now)


def _contact(db: sqlite3.Connection, lane: Lane, upcoming: Next, now: datetime) -> Contact:
    match upcoming.event:
        case MessageArrived(message=message) | HumanReplied(message=message):
            return contacts.meet_sender(db, message, now)
        case _:
            return contacts.meet(db, lane[1], "", now)


def _seed(cause: str) -> int:
    """Return chance that is the same whenever the same cause is decided again."""
    import zlib

    return zlib.crc32(cause.encode())


def _bot(lane: Lane) -> Mapping[str, Value]:
    return {"number": contacts.number_of(lane[0]), "account": lane[0]}


def _short(cause: str) -> str:
    return cause[-24:]


def _forget(lane: Lane, pause: timedelta) -> None:
    """Stand in where nobody wakes a chat later."""


def _unheard(db: sqlite3.Connection, turn: Turn, decision: Decision) -> None:
    """Stand in where nobody listens to decisions; called inside their transaction."""


def _log_turn(handled: Handled) -> None:
    chat = handled.lane[1]
    logger.info(
        "…%s %s -> %s, %d to send, %.0f ms",
        chat.partition("@")[0][-4:], handled.event, handled.winner or "nobody", handled.sends,
        handled.total,
    )  # fmt: skip
