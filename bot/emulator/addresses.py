"""Addresses of people and groups, and ids of messages."""

import hashlib
import re
import secrets

from bot.emulator.web import Refused

_PERSON = re.compile(r"^\d{5,20}@(c\.us|lid)$")
_KEY = re.compile(r"(?:true|false)_[^_]+_(.+?)(?:_[^_@\s]+@[a-z.]+)?", re.DOTALL)
"""``true_chat_ID[_participant]``; an id may hold underscores of its own."""
_GROUP = re.compile(r"^[\d-]{5,40}@g\.us$")
_TOLD_TO_MANY = re.compile(r"^(status@broadcast|\d{5,40}@newsletter)$")


def is_group(address: str) -> bool:
    """Say whether an address is a group's."""
    return address.endswith("@g.us")


def is_lid(address: str) -> bool:
    """Say whether an address is a person's hidden one."""
    return address.endswith("@lid")


def is_told_to_many(address: str) -> bool:
    """Say whether messages there are statuses or a newsletter's: nobody's chat."""
    return _TOLD_TO_MANY.match(address) is not None


def checked_address(text: str) -> str:
    """Return a full address; a bare number becomes ``NUMBER@c.us``.

    Raises:
        Refused: With 400 when it is no address.
    """
    address = text.strip().removeprefix("+")
    if address.isdigit():
        address = f"{address}@c.us"
    address = address.replace("@s.whatsapp.net", "@c.us")
    if not (_PERSON.match(address) or _GROUP.match(address) or is_told_to_many(address)):
        raise Refused(400, f"{text!r} is not an address (NUMBER@c.us, NUMBER@lid or ID@g.us)")
    return address


def hidden_address(phone: str) -> str:
    """Return the ``@lid`` of a person who was given none: always the same for a number."""
    digest = int(hashlib.sha256(phone.encode()).hexdigest()[:14], 16)
    return f"{10**14 + digest % (9 * 10**14)}@lid"


def bare_id(text: str) -> str:
    """Return the stanza id of a message, from itself or from a whole serialised key."""
    whole = _KEY.fullmatch(text)
    return whole[1] if whole else text


def new_id() -> str:
    """Return a fresh stanza id as a phone makes it."""
    return "3A" + secrets.token_hex(9).upper()
