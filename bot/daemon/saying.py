"""A ready-made reply that a person sends: said in a turn of its chat, with what is known there."""

from typing import TYPE_CHECKING

from bot.daemon.clock import now
from bot.daemon.sending import account_of
from bot.domain.messages import ChatId
from bot.domain.turns import EventRaised
from bot.inbound.next_event import COMMAND
from bot.language.problems import did_you_mean
from bot.store import events

if TYPE_CHECKING:
    from bot.daemon.account import Account


async def say(account: "Account", chat: ChatId, name: str, key: str) -> str:
    """Have a ready-made reply said in a chat, once a key.

    Returns:
        Why it is not, "" when it is.
    """
    known = account.shelf.rulebook.canned
    if name not in known:
        near = did_you_mean(name, known)
        told = f"did you mean {near!r}?" if near else "`alexia canned list` shows all"
        return f"there is no canned reply {name!r}; {told}"
    number = await account_of(account)
    if number is None:
        return "no account was ever logged in; run `alexia login`"
    event = EventRaised(name=f"{COMMAND}say", data={"argument": name})
    await account.database.write(
        lambda db: events.queue_once(db, number, chat, event, now(), f"command|say|{key}")
    )
    account.lanes.wake((number, chat))
    return ""
