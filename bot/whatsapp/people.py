"""People through the page: their names, about texts and pictures; who is blocked."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.errors import ContactRefused
from bot.domain.messages import ChatId
from bot.domain.profiles import Portrait, Profile
from bot.whatsapp.wire import address_in, text_in

Ask = Callable[[dict[str, Any], float], Awaitable[dict[str, Any]]]

WITHIN = 20.0  # seconds
PART = 1000  # people read at once: the page is busy for some milliseconds with as many
MOST = 100  # parts: no address book has more


class PagePeople:
    """Implements `ports.People` over the driver's way of asking the page."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def list_profiles(self) -> tuple[Profile, ...]:
        """Return everybody whom the page knows; one with two addresses once."""
        found: dict[str, Profile] = {}
        begin: int | None = 0
        for _ in range(MOST):
            if begin is None:
                break
            part = await self._value("people", **{"from": begin, "most": PART})
            begin = part["next"]
            for profile in filter(None, map(read_profile, part["people"])):
                found[profile.address] = joined(found.get(profile.address), profile)
        return tuple(found.values())

    async def list_blocked(self) -> frozenset[str]:
        """Return who is blocked."""
        return frozenset(filter(None, map(address_in, await self._value("blocked"))))

    async def portrait(self, address: str, tag: str) -> Portrait:
        """Return about text and picture of one person.

        Args:
            tag: Of the picture that we have; it is not read again.
        """
        return read_portrait(await self._value("portrait", chat=address, tag=tag))

    async def block(self, address: str, on: bool) -> bool:
        """Block somebody, or do so no longer; return whether they are blocked now."""
        return bool(await self._value("block", chat=ChatId(address), on=on))

    async def ask_presence(self, address: str) -> None:
        """Hear from now on when somebody is online, where the owner wants that kept."""
        await self._value("presence_ask", chat=ChatId(address))

    async def _value(self, do: str, **command: object) -> Any:  # noqa: ANN401 - JSON
        answer = await self._ask({"do": do, **command}, WITHIN)
        if not answer["ok"]:
            raise ContactRefused(str(answer["code"]), str(answer["said"])[:120])
        return answer["value"]


def joined(one: Profile | None, other: Profile) -> Profile:
    """Return what is known of a person under two addresses."""
    if one is None:
        return other
    return Profile(
        address=other.address,
        alias=one.alias or other.alias,
        saved_name=one.saved_name or other.saved_name,
        push_name=one.push_name or other.push_name,
        verified_name=one.verified_name or other.verified_name,
        username=one.username or other.username,
        is_business=one.is_business or other.is_business,
        is_saved=one.is_saved or other.is_saved,
    )


def read_profile(raw: object) -> Profile | None:
    """Return the names of a person in our words, None when they cannot be read."""
    if not isinstance(raw, Mapping) or not address_in(raw.get("who")):
        return None
    return Profile(
        address=address_in(raw.get("who")),
        alias=address_in(raw.get("alias")),
        saved_name=_name(raw.get("saved")),
        push_name=_name(raw.get("push")),
        verified_name=_name(raw.get("verified")),
        username=_name(raw.get("username")),
        is_business=raw.get("business") is True,
        is_saved=raw.get("mine") is True,
    )


def read_portrait(raw: Mapping[str, Any]) -> Portrait:
    """Return about text and picture in our words."""
    about, data = raw.get("about"), text_in(raw.get("data"))
    try:
        picture = base64.b64decode(data, validate=True) if data else None
    except binascii.Error:
        picture = None
    return Portrait(
        about=None if about is None else text_in(about)[:1000],
        tag=text_in(raw.get("tag"))[:1000],
        picture=picture,
    )


def _name(value: object) -> str:
    return " ".join(text_in(value).split())[:200]
