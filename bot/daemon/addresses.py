"""Addresses as people write them."""

import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.domain import numbers
from bot.domain.messages import AccountId, ChatId
from bot.store import number_checks
from bot.store.database import Database
from bot.store.people import addresses_of

AddressOf = Callable[[str], Awaitable[ChatId]]
"""Returns the chat that a person names."""


def address_of(database: Database, account: AccountId | None, now: datetime) -> AddressOf:
    """Return what finds the chat that a person names, for the account that is logged in."""

    async def find(named: str) -> ChatId:
        return await database.read(lambda db: chat_of(db, account, named, now))

    return find


def chat_of(
    db: sqlite3.Connection, account: AccountId | None, named: str, now: datetime
) -> ChatId:  # fmt: skip
    """Return the chat that a person names.

    Args:
        named: A whole address, a number in any writing (one without its country is of the
            account's own, a Brazilian one with or without its ninth digit), or a person's name.
    """
    written = named.strip()
    if "@" in written:
        return ChatId(written)
    number = numbers.normalise(written, numbers.region_of(account or ""))
    if number:
        known = number_checks.known(db, numbers.variants(number), now)
        return known or numbers.chat_of(number)
    known_by_name = addresses_of(db, written)
    if known_by_name:
        return ChatId(known_by_name[0])
    return ChatId("".join(letter for letter in written if letter.isdigit()) + "@c.us")
