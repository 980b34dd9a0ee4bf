"""When a business is open."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from bot.domain.data import dataclass
from bot.language.places import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Opening hours.

    Attributes:
        days: Weekday (0 is Monday) to open spans in minutes from midnight, ascending; a span
            whose end is not after its start runs over midnight.
        timezone: IANA name, "" for the configured one.
    """

    name: str
    timezone: str = ""
    days: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    countries: tuple[str, ...] = ()
    place: Place = NOWHERE
