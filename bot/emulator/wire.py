"""What a page is told: messages, people and groups in the words that the page understands."""

from bot.emulator.addresses import is_group
from bot.emulator.ledger import Entry
from bot.emulator.messages import Message
from bot.emulator.people import Account, Group
from bot.emulator.world import World


def seen_address(world: World, address: str, *, hidden: bool) -> str:
    """Return the address as a page sees it: the ``@lid`` where people are hidden."""
    if is_group(address) or not hidden:
        return address
    return world.person(address).lid


def _participant(world: World, account: Account, message: Message) -> str | None:
    if not (is_group(message.chat) or message.chat == "status@broadcast"):
        return None
    if message.from_me or not message.incoming:
        return account.lid
    return seen_address(world, message.sender, hidden=message.addr is not None)


def chat_address(message: Message) -> str:
    """Return the address of the chat as the page saw it."""
    if message.addr is not None and not is_group(message.chat):
        return message.addr
    return message.chat


def message_for_page(world: World, account: Account, message: Message) -> Entry:
    """Return a message as it travels to a page."""
    wire: Entry = {
        "kind": "message",
        "n": message.n,
        "id": message.id,
        "chat": chat_address(message),
        "participant": _participant(world, account, message),
        "fromMe": message.from_me or not message.incoming,
        "type": message.type,
        "body": message.body,
        "t": message.t,
        "ack": message.ack,
        "notifyName": world.person(message.sender).push_name or "",
    }
    if message.media is not None:
        wire["media"] = {
            "sha256": message.media.sha256,
            "mimetype": message.media.mimetype,
            "filename": message.media.filename,
            "size": message.media.size,
        }
    quoted = world.find(account.id, message.quoted) if message.quoted else None
    if quoted is not None:
        own = quoted.from_me or not quoted.incoming
        wire["quoted"] = {
            **_key(world, account, quoted),
            "sender": account.id if own else seen_address(
                world, quoted.sender, hidden=quoted.addr is not None
            ),
            "type": quoted.type,
            "body": quoted.body,
        }  # fmt: skip
    wire |= {
        name: value
        for name, value in (
            ("mentions", [_mentioned(world, account, message, one) for one in message.mentions]),
            ("options", message.options),
            ("place", message.place),
            ("card", message.card),
            ("ciphertextFirst", message.ciphertext_first),
            ("viewOnce", message.view_once),
            ("expires", message.expires),
            ("forwarded", message.forwarded),
            ("revoked", message.revoked),
            ("edited", message.edited),
        )
        if value
    }
    return wire


def _mentioned(world: World, account: Account, message: Message, address: str) -> str:
    """Return the address under which a page sees somebody who is mentioned."""
    if message.addr is None:
        return address
    return account.lid if address == account.id else world.person(address).lid


def _key(world: World, account: Account, message: Message) -> Entry:
    return {
        "id": message.id,
        "chat": chat_address(message),
        "participant": _participant(world, account, message),
        "fromMe": message.from_me or not message.incoming,
    }


def key_for_page(world: World, account: Account, message: Message) -> Entry:
    """Return the key of a message as a page has it."""
    return _key(world, account, message)


def group_for_page(world: World, account: Account, group: Group) -> Entry:
    """Return a group as a page sees it; the account is a member unless it left."""
    hidden = world.faults.lid_chats
    members = [*group.participants]
    if account.id not in members and account.id not in group.left:
        members.append(account.id)
    return {
        "kind": "group",
        "id": group.id,
        "subject": group.subject,
        "description": group.description,
        "owner": group.owner or None,
        "created": group.created,
        "participants": [
            {
                "id": seen_address(world, member, hidden=hidden)
                if member != account.id
                else account.id,
                "admin": member in group.admins,
            }
            for member in members
        ],
    }
