"""What a person of the business changes of a contact: fields, name, language, time zone."""

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.audience.changes import Changes, read_changes, write_changes
from bot.domain.contacts import nobody_known
from bot.domain.numbers import region_of
from bot.domain.values import Value
from bot.language.fields import Where
from bot.language.flows import Slot
from bot.store import accounts
from bot.store.people import find_contact

if TYPE_CHECKING:
    from bot.daemon.account import Account

Answer = dict[str, Any]


async def change_at(account: "Account", who: str, said: Mapping[str, Value]) -> Answer:
    """Do as `change` does in the database of a running account."""
    fields, timezone = account.shelf.rulebook.kept, account.pipeline.book.settings.timezone
    return await account.database.write(lambda db: change(db, who, said, fields, timezone))


def change(
    db: sqlite3.Connection, who: str, said: Mapping[str, Value], fields: Mapping[str, Slot],
    timezone: str,
) -> Answer:  # fmt: skip
    """Write what is said of a person, all of it or nothing.

    ``done`` is False, with a ``reason``, when somebody or something is not known or does not fit;
    ``reasons`` then has each one.
    """
    person = find_contact(db, who)
    if person is None:
        return {"done": False, "reason": nobody_known(who), "reasons": []}
    number = accounts.latest(db)
    where = Where(region=region_of(number) if number else "", zone=ZoneInfo(timezone))
    changes = read_changes(said, fields, where)
    if not isinstance(changes, Changes):
        return {"done": False, "reason": "\n".join(changes), "reasons": list(changes)}
    return {"done": True, **write_changes(db, person, changes)}
