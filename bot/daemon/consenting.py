"""Consent as a person of the business writes it down: read, granted, withdrawn."""

import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.daemon.clock import now
from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.contacts import nobody_known
from bot.domain.data import dataclass
from bot.domain.numbers import chat_of
from bot.domain.turns import EventRaised
from bot.inbound.lanes import Lane
from bot.store import consents, contacts, conversations, events
from bot.store.people import find_contact, number_of

if TYPE_CHECKING:
    from bot.daemon.account import Account

CHANGED = "consent.changed"

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of an entry.

    Attributes:
        lane: Where rules hear of it; None where none listens.
    """

    answer: Answer
    lane: Lane | None = None


def entry_of(said: Mapping[str, object]) -> ConsentEntry:
    """Return the entry that a command asks for."""
    return ConsentEntry(
        when=datetime.fromisoformat(str(said["when"])), state=ConsentState(str(said["state"])),
        source=str(said["source"]), wording=str(said["wording"]), proof=str(said["proof"]),
        who=str(said["who"]),
    )  # fmt: skip


async def note_at(account: "Account", who: str, entry: ConsentEntry) -> Answer:
    """Do as `note` does in the database of a running account; rules hear of a change."""
    heard = account.pipeline.book.heard
    noted = await account.database.write(lambda db: note(db, who, entry, now(), heard))
    if noted.lane is not None:
        account.lanes.wake(noted.lane)
    return noted.answer


def note(
    db: sqlite3.Connection, who: str, entry: ConsentEntry, at: datetime,
    heard: Collection[str] = (),
) -> Noted:  # fmt: skip
    """Write an entry for the person that ``who`` names; a number that never wrote becomes known.

    Args:
        heard: Names of events that some rule listens to.
    """
    person = find_contact(db, who)
    if person is None:
        number = number_of(db, who)
        if not number:
            return Noted({"done": False, "reason": nobody_known(who)})
        person = contacts.meet(db, chat_of(number), "", at).id
    changed = consents.record(db, person, entry)
    lane = conversations.lane_of(db, person) if changed and CHANGED in heard else None
    if lane is not None:
        data = {"consent": entry.state.consent.value, "source": entry.source}
        events.queue(db, *lane, EventRaised(name=CHANGED, data=data), at, f"consent|{person}")
    return Noted({**consents.told(db, person), "changed": changed}, lane)
