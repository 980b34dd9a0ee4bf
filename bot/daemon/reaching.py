"""Where a person is reached: a number in any writing becomes a chat that WhatsApp knows."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.domain import numbers
from bot.domain.data import dataclass
from bot.domain.errors import SendUncertain, TransportDown
from bot.domain.messages import AccountId, ChatId
from bot.store import number_checks
from bot.store.database import Database

Ask = Callable[[Sequence[ChatId]], Awaitable[ChatId | None]]
"""Asks WhatsApp for the first of some addresses that it knows."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nothing is sent to an address, and why."""

    reason: str


async def reach(
    database: Database, account: AccountId | None, named: str, *, ask: Ask, ready: bool,
    now: datetime,
) -> ChatId | Unreachable:  # fmt: skip
    """Return the chat with somebody.

    An address of a group or a hidden one is taken as it is. A number that never wrote is looked
    up at WhatsApp first, in both forms that a Brazilian one has; where that cannot be done now,
    it is taken as it is.
    """
    local, at, server = named.strip().partition("@")
    if at and server not in ("c.us", "s.whatsapp.net"):
        return ChatId(named.strip())
    number = numbers.normalise(local, numbers.region_of(account or ""))
    if not number:
        return Unreachable(f"{named!r} is no phone number; write it like +5511987654321")
    forms = numbers.variants(number)
    found = await database.read(lambda db: number_checks.known(db, forms, now))
    if found is None and ready:
        if not await database.read(lambda db: number_checks.may_ask(db, now)):
            limit = number_checks.MOST
            return Unreachable(f"{limit} new numbers were looked up in the last hour; wait a while")
        try:
            found = await ask([numbers.chat_of(form) for form in forms])
        except (TransportDown, SendUncertain):
            return numbers.chat_of(number)
        checked = found
        await database.write(lambda db: number_checks.note(db, number, checked, now))
        found = found or ChatId("")
    if found is None:
        return numbers.chat_of(number)
    return found or Unreachable(f"{number} is not on WhatsApp")
