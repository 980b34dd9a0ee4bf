"""What people write, as a value of a kind: one door to numbers, dates, contacts, yes and no."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bot.domain.data import dataclass
from bot.language.amounts import Money, read_amount, read_money
from bot.language.clock import read_length, read_time
from bot.language.days import read_date, read_moment
from bot.language.spoken import WORDS, known, plain
from bot.language.yes_no import says

Entity = bool | int | Decimal | Money | date | time | datetime | timedelta | str

ENTITY_KINDS = (
    "email", "phone", "datetime", "date", "time", "money", "duration", "number", "integer"
)  # fmt: skip
"""What a message may hold beside other words; a yes or no is a whole answer, and none of them."""

MAIL = re.compile(r"[a-z0-9._%+'-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
SPOKEN_MAIL = re.compile(
    r"\b([a-z0-9._%+-]+"
    r"(?: (?:dot|punto|ponto|underscore|guion bajo|guion|dash|underline) [a-z0-9_-]+)*)"
    r"\s*(?:\(at\)|\[at\]|\bat\b|\barroba\b| @ )\s*"
    r"([a-z0-9-]+(?:\s*(?:\.|\bdot\b|\(dot\)|\[dot\]|\bpunto\b|\bponto\b)\s*[a-z0-9-]+)+)"
)
DOTS = re.compile(r"\s*(?:\.|\bdot\b|\(dot\)|\[dot\]|\bpunto\b|\bponto\b)\s*")
REGIONS = {"pt": "BR", "es": "ES", "en": "US"}
REPEATED = {"double": 2, "triple": 3, "doble": 2, "duplo": 2, "triplo": 3}


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
    read = _READERS.get(kind)
    if read is None or not text.strip():
        return None
    try:
        return read(text, place)
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


def _yes_no(text: str, _: Place) -> Entity | None:
    return says(text)


def _mail(text: str, _: Place) -> Entity | None:
    found = MAIL.search(text)
    if found:
        return found[0].lower().strip("'")
    spoken = SPOKEN_MAIL.search(plain(text))
    if spoken is None:
        return None
    name = re.sub(r" (?:underscore|guion bajo|underline) ", "_", spoken[1])
    name = re.sub(r" (?:dash|guion) ", "-", name)
    return f"{DOTS.sub('.', name)}@{DOTS.sub('.', spoken[2])}"


def _phone(text: str, place: Place) -> Entity | None:
    region = (place.region or REGIONS.get(place.language[:2], "US")).upper()
    written = re.sub(r"(?<![\d+])00(?=[1-9]\d{8,})", "+", _digits(text, place.language))
    import phonenumbers  # large: loaded with the first number

    for leniency in (phonenumbers.Leniency.VALID, phonenumbers.Leniency.POSSIBLE):
        for found in phonenumbers.PhoneNumberMatcher(written, region, leniency):
            return str(
                phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
            )
    return None


def _digits(text: str, language: str) -> str:
    """Write a number that is told digit by digit in digits."""
    words = WORDS[known(language)] | ({"meia": 6} if language[:2] == "pt" else {"oh": 0, "o": 0})
    tokens = re.findall(r"[^\W\d_]+|\d+|[^\w\s]+|\s+", plain(text))
    out: list[str] = []
    count, times = 0, 1
    for token in tokens:
        if token in REPEATED:
            times = REPEATED[token]
        elif words.get(token, 99) < 10:
            out.append(str(words[token]) * times)
            count, times = count + 1, 1
        else:
            out.append(token)
    if count < 6:
        return text
    return re.sub(r"(?<=\d)[\s,]+(?=\d)", "", "".join(out))


_READERS: dict[str, Callable[[str, Place], Entity | None]] = {
    "number": _number,
    "integer": _integer,
    "money": _money,
    "date": _date,
    "time": _time,
    "datetime": _moment,
    "duration": _length,
    "yes_no": _yes_no,
    "email": _mail,
    "phone": _phone,
}
