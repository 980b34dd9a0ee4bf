"""Where a person is reached: a number in any writing becomes a chat that WhatsApp knows."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.domain import numbers
from bot.domain.contacts import nobody_known
from bot.domain.data import dataclass
from bot.domain.errors import NumberUnchecked, SendUncertain, TransportDown
from bot.domain.messages import AccountId, ChatId
from bot.store import number_checks
from bot.store.database import Database
from bot.store.people import addresses_of

NO_NUMBER = "{!r} is no phone number; write it like +5511987654321"

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

    An address of a group or a hidden one is taken as it is, and a known person's name may stand
    for the number. A number that never wrote is looked up at WhatsApp first, in both forms that a
    Brazilian one has; where that cannot be done now, it is taken as it is.
    """
    local, at, server = named.strip().partition("@")
    if at and server not in ("c.us", "s.whatsapp.net"):
        return ChatId(named.strip())
    number = numbers.normalise(local, numbers.region_of(account or ""))
    if not number:
        return await _named(database, named)
    found = await _look_up(database, number, ask=ask, ready=ready, now=now)
    if isinstance(found, Unreachable):
        return found
    if found is None:
        return numbers.chat_of(number)
    return found or Unreachable(f"{number} is not on WhatsApp")


async def _named(database: Database, name: str) -> ChatId | Unreachable:
    """Return the chat of a person that is called so."""
    if any(letter.isalpha() for letter in name):
        known = await database.read(lambda db: addresses_of(db, name.strip()))
        return (
            ChatId(known[0]) if known else Unreachable(f"{nobody_known(name)}, or write a number")
        )
    return Unreachable(NO_NUMBER.format(name))


async def check(
    database: Database, account: AccountId | None, named: str, *, ask: Ask, ready: bool,
    now: datetime,
) -> ChatId | None:  # fmt: skip
    """Return where a number is reached at WhatsApp, None when nobody has it there.

    Raises:
        NumberUnchecked: It is no number, or WhatsApp cannot or may not be asked now.
    """
    number = numbers.normalise(named.partition("@")[0], numbers.region_of(account or ""))
    if not number:
        raise NumberUnchecked(NO_NUMBER.format(named[:40]), is_number=False)
    found = await _look_up(database, number, ask=ask, ready=ready, now=now)
    if isinstance(found, Unreachable):
        raise NumberUnchecked(found.reason)
    if found is None:
        raise NumberUnchecked("WhatsApp cannot be asked now; `alexia status` tells why")
    return found or None


async def _look_up(
    database: Database, number: str, *, ask: Ask, ready: bool, now: datetime
) -> ChatId | Unreachable | None:
    """Return the chat of a number, "" when nobody has it, None when that cannot be told now."""
    forms = numbers.variants(number)
    known = await database.read(lambda db: number_checks.known(db, forms, now))
    if known is not None or not ready:
        return known
    if not await database.read(lambda db: number_checks.may_ask(db, now)):
        limit = number_checks.MOST
        return Unreachable(f"{limit} new numbers were looked up in the last hour; wait a while")
    try:
        found = await ask([numbers.chat_of(form) for form in forms])
    except (TransportDown, SendUncertain):
        return None
    await database.write(lambda db: number_checks.note(db, number, found, now))
    return found or ChatId("")
