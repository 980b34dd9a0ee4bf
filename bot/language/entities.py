"""What people write, as a value of a kind: one door to numbers, dates, contacts, yes and no."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bot.domain.data import dataclass
from bot.language.addresses import read_mail, read_phone
from bot.language.amounts import Money, read_amount, read_money
from bot.language.clock import read_time
from bot.language.corrections import first_kept
from bot.language.days import read_date, read_moment
from bot.language.lengths import read_length
from bot.language.yes_no import says

Entity = bool | int | Decimal | Money | date | time | datetime | timedelta | str

ENTITY_KINDS = (
    "email", "phone", "datetime", "date", "time", "money", "duration", "number", "integer"
)  # fmt: skip
"""What a message may hold beside other words; a yes or no is a whole answer, and none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Who writes, where and when: what the meaning of a text hangs on."""

    language: str  # ISO 639-1
    region: str | None  # ISO 3166-1, None when unknown
    now: datetime  # local


def read_entity(kind: str, text: str, place: Place) -> Entity | None:
    """Return the value of a kind that a text holds, None when it holds none.

    Args:
        kind: number, integer, money, date, time, datetime, duration, phone, email or yes_no.
    """
    if kind not in _READERS or not text.strip():
        return None
    if kind == "yes_no":
        return says(text)

    def read(clause: str) -> Entity | None:
        return _READERS[kind](clause, place)

    def part(clause: str) -> Entity | None:
        """Read what a clause could take back: of a moment its day or its time is enough."""
        if kind == "datetime":
            return _date(clause, place) or _time(clause, place)
        return read(clause)

    try:
        return first_kept(text, read, part)
    except (OverflowError, ValueError):
        return None


def _number(text: str, place: Place) -> Entity | None:
    return read_amount(text, place.language, place.region)


def _integer(text: str, place: Place) -> Entity | None:
    amount = read_amount(text, place.language, place.region)
    return None if amount is None or amount != int(amount) else int(amount)


def _money(text: str, place: Place) -> Entity | None:
    return read_money(text, place.language, place.region)


def _date(text: str, place: Place) -> Entity | None:
    return read_date(text, place.language, place.now, place.region)


def _time(text: str, place: Place) -> Entity | None:
    return read_time(text, place.language, place.now)


def _moment(text: str, place: Place) -> Entity | None:
    return read_moment(text, place.language, place.now, place.region)


def _length(text: str, place: Place) -> Entity | None:
    return read_length(text, place.language)


def _mail(text: str, _: Place) -> Entity | None:
    return read_mail(text)


def _phone(text: str, place: Place) -> Entity | None:
    return read_phone(text, place.language, place.region)


_READERS: dict[str, Callable[[str, Place], Entity | None]] = {
    "number": _number,
    "integer": _integer,
    "money": _money,
    "date": _date,
    "time": _time,
    "datetime": _moment,
    "duration": _length,
    "yes_no": lambda text, _: says(text),
    "email": _mail,
    "phone": _phone,
}
