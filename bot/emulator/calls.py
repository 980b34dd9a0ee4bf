"""Whom and what a call of the control API means, and how it is answered."""

from bot.emulator.addresses import bare_id, checked_address
from bot.emulator.fields import Fields
from bot.emulator.messages import Message
from bot.emulator.people import Account
from bot.emulator.web import Answer, Refused, json_response
from bot.emulator.world import World


def account_of(world: World, fields: Fields) -> Account:
    """Return the account that a call names, a new one where it is unknown; or the only one.

    Raises:
        Refused: None is named, and there is not exactly one.
    """
    named = fields.maybe_text("account")
    accounts = world.accounts
    if named is not None:
        address = checked_address(named)
        if address not in accounts:
            world.put_account(Account(id=address))
        return accounts[address]
    if len(accounts) == 1:
        return next(iter(accounts.values()))
    if not accounts:
        raise Refused(400, "no account is known yet: pair one or name it in 'account'")
    raise Refused(400, "there are several accounts: name one in 'account'")


def address_of(world: World, text: str) -> str:
    """Return the address by which the world keeps whom a text names. Raises Refused."""
    return world.phone(checked_address(text))


def message_of(world: World, account: Account, id_: str) -> Message:
    """Return a message of an account. Raises Refused where there is none of that id."""
    message = world.find(account.id, bare_id(id_))
    if message is None:
        raise Refused(404, f"{account.id} has no message {id_!r}")
    return message


async def done(world: World, answer: object = None) -> Answer:
    """Answer a call when what it did is on the disk."""
    await world.ledger.durable()
    return json_response({"ok": True} if answer is None else answer)
