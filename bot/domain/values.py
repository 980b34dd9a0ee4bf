"""Values that slots, fields and saved results may hold, and their form at rest."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite

from bot.domain.messages import Location

Value = (
    None | bool | int | float | Decimal | str | date | time | datetime | timedelta | Location
    | tuple["Value", ...] | list["Value"] | Mapping[str, "Value"]
)  # fmt: skip
"""A plain value. Lists come from templates and http answers, tuples are kept."""


HIDDEN = "•••"
"""What is shown in place of a sensitive value."""


def hide(plain: object) -> object:
    """Return what `to_json` gave, marked as nothing that is shown to anybody."""
    return {"$": "hidden", "v": plain}


def is_hidden(plain: object) -> bool:
    """Tell whether a stored value is shown to nobody: marked so, or sealed."""
    return isinstance(plain, dict) and plain.get("$") in ("hidden", "sealed")


def texts_in(value: "Value") -> Iterator[str]:
    """Yield what a value says, each part of it as a text; yes and no, and nothing, say nothing."""
    match value:
        case None | bool():
            return
        case Mapping():
            for one in value.values():
                yield from texts_in(one)
        case list() | tuple():
            for one in value:
                yield from texts_in(one)
        case Location(text=text):
            yield text
        case _:
            yield str(value)


def to_json(value: object) -> object:
    """Return ``value`` in a form that JSON can hold and `from_json` turns back, types kept."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return {"$": "decimal", "v": str(value)}
        case datetime():
            return {"$": "datetime", "v": value.isoformat()}
        case date():
            return {"$": "date", "v": value.isoformat()}
        case time():
            return {"$": "time", "v": value.isoformat()}
        case timedelta():
            return {"$": "seconds", "v": value.total_seconds()}
        case Location():
            return {"$": "location", "v": [value.latitude, value.longitude, value.text]}
        case Mapping():
            plain = {str(name): to_json(item) for name, item in value.items()}
            return {"$": "map", "v": plain} if "$" in plain else plain
        case list() | tuple():
            return [to_json(item) for item in value]
        case _:
            return str(value)


def from_outside(plain: object) -> Value:
    """Return parsed JSON of somebody else: its tables are data, never our tags; texts are mended.

    Lone surrogates and NUL become U+FFFD, numbers that are none become None.
    """
    match plain:
        case str():
            whole = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")
        case float():
            return plain if isfinite(plain) else None
        case dict():
            return {str(from_outside(name)): from_outside(item) for name, item in plain.items()}
        case list():
            return [from_outside(item) for item in plain]
        case None | bool() | int():
            return plain
        case _:
            return from_outside(str(plain))


def from_json(plain: object) -> Value:
    """Return what `to_json` was given. An unknown tag comes back as the mapping it is."""
    match plain:
        case {"$": str(kind), "v": held}:
            return _tagged(kind, held)
        case dict():
            return {str(name): from_json(item) for name, item in plain.items()}
        case list():
            return [from_json(item) for item in plain]
        case None | bool() | int() | float() | str():
            return plain
        case _:
            return str(plain)


def _tagged(kind: str, held: object) -> Value:
    match kind, held:
        case "decimal", str():
            return Decimal(held)
        case "datetime", str():
            return datetime.fromisoformat(held)
        case "date", str():
            return date.fromisoformat(held)
        case "time", str():
            return time.fromisoformat(held)
        case "seconds", (int() | float()):
            return timedelta(seconds=held)
        case "location", [(int() | float() | None) as latitude, longitude, text]:
            east = longitude if isinstance(longitude, int | float) else None
            return Location(latitude=latitude, longitude=east, text=str(text))
        case "hidden", _:
            return from_json(held)
        case "map", dict():
            return {str(name): from_json(item) for name, item in held.items()}
        case _:
            return {"$": kind, "v": from_json(held)}
