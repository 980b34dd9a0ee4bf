"""What people write, as a value of a kind: one door to numbers, dates, contacts, yes and no."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bot.domain.data import dataclass
from bot.language.addresses import read_mail, read_phone
from bot.language.amounts import Money, read_amount, read_money
from bot.language.clock import part_of_day, read_time
from bot.language.corrections import amended, kept
from bot.language.days import read_date, read_moment
from bot.language.lengths import read_length, unit_said
from bot.language.yes_no import says

Entity = bool | int | Decimal | Money | date | time | datetime | timedelta | str

ENTITY_KINDS = (
    "email", "phone", "datetime", "date", "time", "money", "duration", "number", "integer"
)  # fmt: skip
"""What a message may hold beside other words; a yes or no is a whole answer, and none of them."""

FEW = 3  # words of an answer that only gives the number anew


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
        value = _amended(kind, text, place, part)
        return kept(text, read, part) if value is None else value
    except (OverflowError, ValueError):
        return None


def _amended(kind: str, text: str, place: Place, part: Callable[[str], object]) -> Entity | None:
    """Return the value that stands for one which a text takes back."""
    if kind == "duration":
        instead = amended(text, lambda one: _number(one, place))
        return _length_instead(*instead, place) if instead else None
    instead = amended(text, part)
    if instead is None:
        return None
    if kind == "money":
        return _sum_instead(text, *instead, place)
    if kind in ("time", "datetime"):
        return _instead(kind, *instead, place)
    return kept(instead[1], lambda one: _READERS[kind](one, place), part)


def _instead(kind: str, before: str, after: str, place: Place) -> Entity | None:
    """Return the later of two times or moments; what it leaves unsaid is as in the earlier."""
    of_day = part_of_day(before)
    grafted = of_day and _time(after, place) is not None and not part_of_day(after)
    meant = f"{after} {of_day}" if grafted else after
    if kind == "time":
        return _time(meant, place)
    day, clock = _date(after, place), _time(meant, place)
    if isinstance(day, date) and isinstance(clock, time):
        return _moment(meant, place)
    day, clock = day or _date(before, place), clock or _time(before, place)
    if isinstance(day, date) and isinstance(clock, time):
        return datetime.combine(day, clock)
    return None


def _sum_instead(text: str, before: str, after: str, place: Place) -> Entity | None:
    """Return the later of two sums, in the currency of the earlier where it says none."""
    earlier, later, first = (
        read_money(one, place.language, place.region) for one in (before, after, text)
    )
    if later is None or later.currency:
        return later
    currency = earlier.currency if earlier else None
    if currency is None and first is not None and first.currency is not None:
        return None  # neither is the sum that the text names
    return Money(amount=later.amount, currency=currency)


def _length_instead(before: str, after: str, place: Place) -> Entity | None:
    """Return the later of two lengths, in the unit of the earlier where it says none."""
    unit = unit_said(before, place.language)
    if _length(after, place) is not None or unit is None or len(after.split()) > FEW:
        return _length(after, place)
    return _length(f"{_number(after, place)} {unit}", place)


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
