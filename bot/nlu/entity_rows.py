"""What a row of entities tells beside its text: the kind that is looked for, and where and when."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.language.entities import ENTITY_KINDS
from bot.language.loanwords import TYPES
from bot.language.problems import did_you_mean

Row = Mapping[str, Any]
KINDS = (*ENTITY_KINDS, "yes_no")
SPELT: Mapping[str, str] = {
    **TYPES, "e_mail": "email", "email_address": "email", "numbers": "number", "decimal": "number",
    "cardinal": "number", "quantity": "number", "price": "money", "amount_of_money": "money",
    "phone_number": "phone", "telephone": "phone", "date_time": "datetime", "moment": "datetime",
    "yesno": "yes_no", "length": "duration", "timespan": "duration",
}  # fmt: skip
"""What else people call a kind; a hyphen, blank or slash is as good as the line below."""

OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
REGION = re.compile(r"(?:[a-z]{2,3}[-_])?([a-z]{2})", re.IGNORECASE)


def kind_of(given: object) -> str | None:
    """Return the kind that a row's ``type`` names, None when it names none."""
    plain = re.sub(r"[\s/-]+", "_", str(given).strip().casefold())
    kind = SPELT.get(plain, plain)
    return kind if kind in KINDS else None


def fault_of(row: Row) -> str | None:
    """Return what of a row cannot be read, and what to write instead; None when all can.

    Without a kind nothing is found, without a moment it is now, without a zone UTC.
    """
    kind, now, zone = row.get("type"), row.get("now"), row.get("tz")
    if kind_of(kind) is None:
        near = did_you_mean(str(kind), KINDS)
        meant = f"did you mean '{near}'? " if near else ""
        return f"'type' is no kind of value: {json.dumps(kind)}; {meant}one of: {', '.join(KINDS)}"
    if now and moment_of(now) is None:
        return f"'now' is no moment: {json.dumps(now)}; write one such as 2026-03-11T10:00"
    if zone and zone_of(zone) is None:
        return f"'tz' is no time zone: {json.dumps(zone)}; write one such as America/Sao_Paulo"
    return None


def moment_of(given: object) -> datetime | None:
    """Return the moment that a row's ``now`` says, None when it says none."""
    try:
        return datetime.fromisoformat(str(given).strip())
    except ValueError:
        return None


def zone_of(given: object) -> tzinfo | None:
    """Return the zone that a row's ``tz`` names or counts from UTC, None when it does neither."""
    said = str(given).strip()
    if said.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if found := OFFSET.fullmatch(said):
        apart = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(-apart if found[1] == "-" else apart) if apart < timedelta(days=1) else None
    try:
        return ZoneInfo(said)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def region_of(row: Row) -> str | None:
    """Return the country of a row, by its ``region`` or else its ``lang``; None when unknown."""
    found = REGION.fullmatch(str(row.get("region") or "").strip())
    if found:
        return found[1].upper()
    parts = str(row.get("lang") or "").strip().replace("_", "-").split("-")
    return parts[1].upper() if len(parts) > 1 and len(parts[1]) == 2 else None
