"""The systems in which the business keeps its customers: where they are, and what goes there."""

import difflib
import re
from collections.abc import Mapping

from bot.config.keys import (
    Reading,
    Secret,
    Written,
    key,
    secret,
    table,
    text,
    web_address,
    whole,
)
from bot.domain.data import dataclass

SOURCES = (
    "name", "first_name", "last_name", "number", "language", "tags", "consent", "stage", "score",
    "owner",
)  # fmt: skip
"""What a property may be filled with, beside ``fields.NAME`` and ``lead.NAME``."""

NESTED = re.compile(r"(fields|lead)\.[^\s.]+")


def reference(reading: Reading, name: str, written: Written) -> Secret | None:
    """Read a secret by reference, ``${ENV}`` or ``file:PATH``; never the secret itself."""
    if isinstance(written.value, str) and re.fullmatch(r"\$\{\w+\}|file:.+", written.value):
        return secret(reading, name, written)
    reading.problem(
        written, f"E104 {name!r} must not hold the secret itself", "write ${NAME} or file:PATH"
    )
    return None


def names(reading: Reading, name: str, written: Written) -> dict[str, str] | None:
    """Read a table of texts."""
    if not isinstance(written.value, dict):
        reading.problem(written, f"E104 {name!r} takes a table of names")
        return None
    found = {one: text(reading, f"{name}.{one}", held) for one, held in written.value.items()}
    return {one: held for one, held in found.items() if held}


def mapping(reading: Reading, name: str, written: Written) -> dict[str, str] | None:
    """Read what the properties of another system are filled with."""
    found = names(reading, name, written)
    for property_, source in (found or {}).items():
        if source in SOURCES or NESTED.fullmatch(source):
            continue
        near = next(iter(difflib.get_close_matches(source, SOURCES, 1, 0.6)), "")
        reading.problem(
            written,
            f"E103 {source!r} is not allowed for '{name}.{property_}'",
            (f"did you mean {near!r}? " if near else "")
            + f"one of: {', '.join(SOURCES)}, fields.NAME, lead.NAME",
        )
    return found


def team_ids(reading: Reading, name: str, written: Written) -> dict[str, int] | None:
    """Read the number that each of our teams has there."""
    if not isinstance(written.value, dict):
        reading.problem(written, f"E104 {name!r} takes a table of team and number")
        return None
    number = whole(1, 999_999_999)
    found = {one: number(reading, f"{name}.{one}", held) for one, held in written.value.items()}
    return {one: held for one, held in found.items() if held is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deals:
    """Which leads are deals. ``stages``: our stage to HubSpot's; one that is not named is none."""

    pipeline: str = key("default", text)
    stages: Mapping[str, str] = key({}, names)
    properties: Mapping[str, str] = key({"dealname": "name"}, mapping)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSpot:
    """Contacts and deals in HubSpot. ``contacts``: its property to what it is filled with."""

    token: Secret = key(Secret(""), reference)
    url: str = key("https://api.hubapi.com", web_address)
    id_property: str = key("alexia_id", text)
    contacts: Mapping[str, str] = key(
        {"firstname": "first_name", "lastname": "last_name", "phone": "number"}, mapping
    )
    deals: Deals | None = key(None, table(Deals))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatwoot:
    """An API inbox in Chatwoot. ``inbox``: of the first session; others name their own."""

    url: str = key("", web_address)
    token: Secret = key(Secret(""), reference)
    webhook_secret: Secret = key(Secret(""), reference)
    account: int = key(1, whole(1, 999_999_999))
    inbox: int = key(0, whole(1, 999_999_999))
    teams: Mapping[str, int] = key({}, team_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crm:
    """The systems that are kept current; None: not this one."""

    hubspot: HubSpot | None = key(None, table(HubSpot))
    chatwoot: Chatwoot | None = key(None, table(Chatwoot))


def check_crm(reading: Reading, crm: Crm) -> None:
    """Note what is missing for a system to be reached."""
    needed: dict[str, object] = {}
    if crm.hubspot is not None:
        needed["crm.hubspot.token"] = crm.hubspot.token
    if (chatwoot := crm.chatwoot) is not None:
        needed |= {
            "crm.chatwoot.url": chatwoot.url,
            "crm.chatwoot.token": chatwoot.token,
            "crm.chatwoot.webhook_secret": chatwoot.webhook_secret,
            "crm.chatwoot.inbox": chatwoot.inbox,
        }
    for name, value in needed.items():
        if not value and not any(f"'{name}'" in one for one in reading.problems):
            above = name.rpartition(".")[0]
            at = Written("", reading.origins.get(above, "config.yaml"))
            reading.problem(at, f"E102 '{name}' is missing")
