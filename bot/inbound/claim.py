"""Taking chats' next events in hand: the attempt is counted before any work on it begins."""

import sqlite3
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.conversation import Conversation
from bot.domain.data import dataclass
from bot.inbound.aside import count_attempts, put_aside
from bot.inbound.book import Book
from bot.inbound.lanes import Lane
from bot.inbound.next_event import Intake, Next, by_account, finish, look, next_event
from bot.inbound.people import Person, address_of, meet_all
from bot.store import conversations
from bot.store.inbox import MOST_DEATHS


@dataclass(frozen=True, slots=True)
class Claimed:
    """An event in hand, with all that was stored of its chat and person."""

    upcoming: Next
    conversation: Conversation
    address: str
    name: str  # that the event shows
    person: Person

    @property
    def seed(self) -> int:
        """Return chance that is the same whenever the same cause is decided again."""
        return zlib.crc32(self.upcoming.cause.encode())


@dataclass(frozen=True, slots=True)
class Closed:
    """An event that was closed at once."""


Claim = Claimed | Closed | timedelta | None
"""What a chat has to do: an event, nothing any more, nothing before a while, or nothing."""


def claim_all(
    db: sqlite3.Connection, lanes: Sequence[Lane], now: datetime, intake: Intake, book: Book
) -> list[Claim]:
    """Take the next event of each chat and count the attempts."""
    seen = look(db, lanes, now)
    states: dict[Lane, Conversation] = {}
    for account, chats in by_account(lanes).items():
        for chat, state in conversations.load_all(db, account, chats).items():
            states[account, chat] = state
    found: list[Claim] = []
    open_: list[tuple[int, Lane, Next]] = []
    for place, lane in enumerate(lanes):
        upcoming = next_event(db, lane, states[lane], now, intake, seen)
        if not isinstance(upcoming, Next):
            found.append(upcoming)
            continue
        found.append(Closed())
        if not _is_closed(db, lane, upcoming, now, book):
            open_.append((place, lane, upcoming))
    count_attempts(db, [one for _, _, one in open_])
    callers = [address_of(lane, one.event) for _, lane, one in open_]
    people = meet_all(db, callers, now)
    for (place, lane, one), (address, name) in zip(open_, callers, strict=True):
        found[place] = Claimed(one, states[lane], address, name, people[address])
    return found


def _is_closed(
    db: sqlite3.Connection, lane: Lane, upcoming: Next, now: datetime, book: Book
) -> bool:
    """Close what is not to be handled: a timer that is void, an event that kills the daemon."""
    if upcoming.is_void:
        finish(db, upcoming, now)
        return True
    if upcoming.attempts < MOST_DEATHS:
        return False
    told = f"in hand at {upcoming.attempts} deaths of the daemon"
    put_aside(db, lane, upcoming, told, now, book)
    return True
