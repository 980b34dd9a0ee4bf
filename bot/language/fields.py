"""Values of a contact's declared fields, as files, commands and programs write them.

A customer's answer is read generously (`engine/slots.py`); a cell of a table is either a value of
its field's type as a whole, or refused with a reason and a remedy.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation

from bot.domain.data import dataclass
from bot.domain.messages import Location
from bot.domain.numbers import normalise
from bot.domain.values import Value
from bot.language.durations import parse_duration
from bot.language.flows import Slot
from bot.language.folding import fold
from bot.language.printing import Form, show
from bot.language.templates import Template

LONGEST_FIELD = 4096  # characters
MOST_DIGITS = 15  # of a number; what a table program keeps exactly
MONTH_FIRST = frozenset(("US", "PH", "FM", "MH", "PW", "GU", "AS", "MP", "PR", "VI"))
"""Where 12/25/2026 is Christmas (CLDR's short date); elsewhere the day comes first."""
COMMA_COUNTS = frozenset((
    "US", "GB", "IE", "CA", "AU", "NZ", "MX", "IN", "IL", "JP", "KR", "CN", "TW", "HK", "SG", "MY",
    "PH", "TH", "PK", "NG", "KE", "GH", "GT", "SV", "HN", "NI", "PA", "PE", "DO", "PR", "",
))  # fmt: skip
"""Where a comma parts thousands and a point decimals (CLDR); elsewhere it is the other way."""
YES = frozenset((
    "yes", "y", "true", "t", "1", "x", "on", "si", "s", "sim", "v", "verdadeiro", "verdadero",
    "ja", "j", "oui", "o",
))  # fmt: skip
NO = frozenset(("no", "n", "false", "f", "0", "off", "nao", "falso", "nein", "non"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What the meaning of a written value hangs on: the business's country and time zone."""

    region: str = ""  # ISO 3166-1, "" when unknown
    zone: tzinfo = UTC


POINT = Where(region="US")
"""How a number that is one already prints."""


@dataclass(frozen=True, slots=True)
class Fits:
    """The value, in the field's type."""

    value: Value


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a value is none of its field, and what to write."""

    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.why}; {self.remedy}"


Fit = Fits | Misfit
Reader = Callable[[Slot, str, Where], Value]


class _Unread(Exception):
    """The text is no value of this type; says what one looks like."""


def fit(field: Slot, value: Value, where: Where) -> Fit:
    """Return a value in the type of a declared field, or why it is none.

    None and a blank text empty the field, whatever its type.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return Fits(None)
    if isinstance(value, str) and len(value) > LONGEST_FIELD:
        return Misfit(f"longer than {LONGEST_FIELD} characters", "shorten it")
    text = value if isinstance(value, str) else show(value, Form(mode="iso"))
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        if not Decimal(value).is_finite():
            return Misfit("not a number", "write digits, such as 1234.5")
        text, where = format(Decimal(str(value)), "f"), POINT
    try:
        found = value if _is_of(field.type, value) else _READERS[field.type](field, text, where)
    except (_Unread, OverflowError, ValueError) as reason:
        return Misfit(f"{_quoted(text)} is no {NAMES.get(field.type, field.type)}", str(reason))
    if field.regex is not None and field.regex.fullmatch(text.strip()) is None:
        return Misfit(f"{_quoted(text)} does not have the form of {field.name!r}",
                      "write it as its regex asks")  # fmt: skip
    return _within(field, found, text)


def within(value: Value, least: object, most: object) -> bool:
    """Tell whether a value lies between two bounds; None sets none, nor one of another kind.

    A text is measured by its length, a list by its number of items.
    """
    measured = Decimal(len(value)) if isinstance(value, str | list | tuple) else value
    for bound, sign in ((least, 1), (most, -1)):
        limit = None if bound is None else limit_of(bound, measured)
        if limit is None:
            continue
        try:
            if (measured < limit) if sign > 0 else (measured > limit):  # type: ignore[operator]
                return False
        except TypeError:
            continue
    return True


def limit_of(bound: object, value: object) -> object:
    """Return a bound in the kind of a value, None when it is of another."""
    try:
        match value:
            case datetime():
                return bound if isinstance(bound, datetime) else datetime.fromisoformat(str(bound))
            case date():
                return bound if isinstance(bound, date) else date.fromisoformat(str(bound))
            case time():
                return time.fromisoformat(str(bound))
            case timedelta():
                return parse_duration(str(bound))
            case int() | float() | Decimal() | str():
                return Decimal(str(bound))
            case _:
                return None
    except (ValueError, InvalidOperation):
        return None


def _within(field: Slot, value: Value, text: str) -> Fit:
    least, most = (_constant(bound) for bound in (field.least, field.most))
    if isinstance(value, bool) or within(value, least, most):
        return Fits(value)
    span = " and ".join(
        f"{word} {bound}" for word, bound in (("at least", least), ("at most", most)) if bound
    )
    return Misfit(f"{_quoted(text)} is out of bounds", f"{field.name!r} is {span}")


def _constant(bound: Template | None) -> str | None:
    return bound.plain if bound is not None and bound.is_plain else None


def _is_of(kind: str, value: Value) -> bool:
    """Tell whether a value has the type already."""
    match kind, value:
        case "yes_no", bool():
            return True
        case _, bool():
            return kind == "any"
        case "integer", int():
            return True
        case "number", (int() | float()):
            return bool(abs(value) < 10**MOST_DIGITS)
        case "date", date():
            return not isinstance(value, datetime)
        case "datetime", datetime():
            return value.tzinfo is not None
        case ("money", Decimal()) | ("time", time()) | ("duration", timedelta()):
            return True
        case ("location", Location()) | ("list", list() | tuple()):
            return True
        case "any", _:
            return True
        case _:
            return False


def _text(field: Slot, text: str, _: Where) -> Value:
    if field.type == "name" and (len(text.strip()) > 80 or text.strip().isdigit()):
        raise _Unread("write a name of at most 80 letters")
    return text.strip()


def _decimal(text: str, where: Where) -> Decimal:
    """Read digits; one mark alone counts as the country writes it, where it can be both."""
    plain = re.sub(r"[\s'’]", "", text.strip().strip("€$£¥").removeprefix("R$")).lstrip("+")
    plain = plain.replace("−", "-")
    if not re.fullmatch(r"-?\d[\d.,]*", plain):
        raise _Unread("write digits, such as 1234.5")
    dot, comma = plain.rfind("."), plain.rfind(",")
    thousands = "," if where.region in COMMA_COUNTS else "."
    if dot >= 0 and comma >= 0:
        thousands = "," if dot > comma else "."
    else:
        mark, groups = "." if dot >= 0 else ",", re.split(r"[.,]", plain)
        if len(groups) == 2 and (mark != thousands or len(groups[1]) != 3):
            thousands = "," if mark == "." else "."
        elif len(groups) > 2:
            thousands = mark
    whole, *rest = plain.split("," if thousands == "." else ".")
    if len(rest) > 1 or (rest and thousands in rest[0]):
        raise _Unread("write digits, such as 1234.5")
    head, *groups = whole.split(thousands)
    if groups and (any(len(group) != 3 for group in groups) or len(head.lstrip("-")) > 3):
        raise _Unread("write digits, such as 1234.5")
    return Decimal("".join((head, *groups)) + ("." + rest[0] if rest else ""))


def _number(_: Slot, text: str, where: Where) -> Value:
    number = _decimal(text, where)
    if number.adjusted() >= MOST_DIGITS:
        raise _Unread(f"a number has at most {MOST_DIGITS} digits")
    return int(number) if number == number.to_integral_value() else float(number)


def _integer(_: Slot, text: str, where: Where) -> Value:
    number = _decimal(text, where)
    if number != number.to_integral_value() or number.adjusted() >= MOST_DIGITS:
        raise _Unread(f"write a whole number of at most {MOST_DIGITS} digits")
    return int(number)


def _money(_: Slot, text: str, where: Where) -> Value:
    return _decimal(re.sub(r"^[A-Z]{3}\s*|\s*[A-Z]{3}$|^R\$\s*", "", text.strip()), where)


def _yes_no(field: Slot, text: str, _: Where) -> Value:
    said = fold(text).text
    yes, no = ({fold(word).text for word in words} for words in (field.yes, field.no))
    if said in yes or (said in YES and said not in no):
        return True
    if said in no or said in NO:
        return False
    raise _Unread("write yes or no")


def _choice(field: Slot, text: str, _: Where) -> Value:
    if not field.choices:  # worked out when asked: nothing to compare with here
        return text.strip()
    said = fold(text).text
    for name, synonyms in field.choices.items():
        if said in {fold(one).text for one in (name, name.replace("_", " "), *synonyms)}:
            return name
    raise _Unread(f"one of: {', '.join(field.choices)}")


_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def _day(text: str, where: Where) -> date:
    if found := _YEAR_FIRST.fullmatch(text.strip()):
        year, month, day = map(int, found.groups())
    elif found := _YEAR_LAST.fullmatch(text.strip()):
        day, month, year = map(int, found.groups())
        if where.region in MONTH_FIRST:
            day, month = month, day
    else:
        raise _Unread("write it as 2026-12-31")
    try:
        return date(year, month, day)
    except ValueError:
        raise _Unread("there is no such day; write it as 2026-12-31") from None


def _date(_: Slot, text: str, where: Where) -> Value:
    day, __, at = text.strip().partition("T" if "T" in text else " ")
    if at and re.fullmatch(r"00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?", at) is None:
        raise _Unread("write it as 2026-12-31")
    return _day(day, where)


def _time(_: Slot, text: str, __: Where) -> Value:
    if re.fullmatch(r"\d{1,2}:\d{2}(?::\d{2})?", text.strip()) is None:
        raise _Unread("write it as 18:30")
    try:
        return time.fromisoformat(text.strip().zfill(5) if text.count(":") == 1 else text.strip())
    except ValueError:
        raise _Unread("write it as 18:30") from None


def _moment(_: Slot, text: str, where: Where) -> Value:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        day, __, at = text.strip().replace("T", " ").partition(" ")
        found = _day(day, where)
        clock = _time(_MOMENT, at or "00:00", where)
        assert isinstance(clock, time)
        moment = datetime.combine(found, clock)
    return moment if moment.tzinfo else moment.replace(tzinfo=where.zone)


_MOMENT = Slot(name="")


def _email(_: Slot, text: str, __: Where) -> Value:
    from bot.language.addresses import MAIL  # with all that reads numbers in words

    if MAIL.fullmatch(text.strip()) is None:
        raise _Unread("write it as ana@example.com")
    return text.strip()


def _phone(_: Slot, text: str, where: Where) -> Value:
    number = normalise(text, where.region)
    if not number:
        raise _Unread("write it with its country, such as +55 11 98765-4321")
    return number


def _url(_: Slot, text: str, __: Where) -> Value:
    if re.fullmatch(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?", text.strip()) is None:
        raise _Unread("write it as https://example.com/")
    return text.strip()


def _duration(_: Slot, text: str, __: Where) -> Value:
    found = parse_duration(text.strip())
    if not isinstance(found, timedelta):
        raise _Unread("write it as 30m, 12h or 7d")
    return found


def _location(_: Slot, text: str, __: Where) -> Value:
    found = re.fullmatch(r"(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)", text.strip())
    if found is None:
        return Location(text=text.strip())
    return Location(latitude=float(found[1]), longitude=float(found[2]))


def _list(field: Slot, text: str, where: Where) -> Value:
    items = items_of(text)
    if items is None:
        items = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    return [_choice(field, item, where) for item in items] if field.choices else list[Value](items)


def items_of(text: str) -> list[str] | None:
    """Return the items of a list of texts in JSON, None when the text is none."""
    try:
        found = json.loads(text) if text.strip().startswith("[") else None
    except ValueError:
        return None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        return None
    return found


def _as_is(_: Slot, text: str, __: Where) -> Value:
    return text.strip()


def _quoted(text: str) -> str:
    shown = text.strip() if len(text.strip()) <= 40 else text.strip()[:39] + "…"
    return f"'{shown}'"


NAMES: Mapping[str, str] = {
    "yes_no": "yes or no", "integer": "whole number", "money": "sum of money", "phone": "number",
    "email": "e-mail address", "url": "web address", "datetime": "moment", "time": "time of day",
    "choice": "choice of this field", "duration": "length of time",
}  # fmt: skip
_READERS: Mapping[str, Reader] = {
    "text": _text, "name": _text, "number": _number, "integer": _integer, "money": _money,
    "yes_no": _yes_no, "choice": _choice, "date": _date, "time": _time, "datetime": _moment,
    "email": _email, "phone": _phone, "url": _url, "duration": _duration, "location": _location,
    "list": _list, "media": _as_is, "any": _as_is,
}  # fmt: skip
