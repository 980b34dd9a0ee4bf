"""Reads what a customer wrote as the value of a slot."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from bot.domain.data import dataclass
from bot.domain.messages import Location, MessageKind
from bot.domain.values import Value
from bot.engine.choices import (
    choices_of,
    offered_at,
    offered_length,
    place_of_one,
    placed_in,
    rank_of,
    read_choice,
)
from bot.engine.counted_days import day_behind, first_allowed
from bot.engine.draft import Draft
from bot.engine.names import name_in
from bot.engine.words import ONE_PERSON
from bot.engine.yes_or_no import answer_of
from bot.language.amounts import Money
from bot.language.clock import without_greeting
from bot.language.codes import code_in
from bot.language.corrections import PARTED, first_kept
from bot.language.entities import Entity, Place, read_entity
from bot.language.fields import within
from bot.language.flows import Slot
from bot.language.folding import fold
from bot.language.introduced import behind_lead, place_of_text, without_name
from bot.language.lacking import lacks
from bot.language.parties import nights_in, people_in
from bot.language.printing import MOST_DIGITS, Form, show
from bot.language.ranges import whole_days
from bot.language.said_numbers import by_shape, is_range, read_number
from bot.language.spoken import known

LEAST_DIGITS, MOST_DIGITS_ABROAD = 7, 15  # of a number in E.164, country code and all
MOST_READ = 400  # characters of a message in which a value is looked for
FREE = frozenset(("text", "name", "any", "list", "location"))
"""Types that would take any text for an answer; a list only where it has no choices."""


def is_free(slot: Slot) -> bool:
    """Tell whether any text would be an answer."""
    chooses = slot.type == "list" and (bool(slot.choices) or slot.choices_from is not None)
    return slot.type in FREE and not chooses


@dataclass(frozen=True, slots=True)
class Given:
    """A value that the text holds. ``value`` may itself be None for nothing."""

    value: Value


@dataclass(frozen=True, slots=True)
class OutOfBounds:
    """A value of the right kind that a bound refuses."""


Reader = Callable[[Slot, str, Draft], Given | None]
Read = Given | OutOfBounds | None
"""None: the text holds no value of this kind."""


def read_value(slot: Slot, text: str, draft: Draft) -> Read:
    """Read a text as the slot's value."""
    behind = day_behind(slot, text, draft)
    if behind is not None and _READERS[slot.type](slot, behind[1], draft) is None:
        return bounded(slot, Given(behind[0]), draft)
    entity = draft.understanding.entities.get(slot.entity or slot.name)
    source = entity if entity is not None and text == draft.text else text
    found = _READERS[slot.type](slot, source, draft)
    if found is None and source != text:
        found = _READERS[slot.type](slot, text, draft)
    if found is None:
        return None
    if slot.regex is not None and slot.regex.fullmatch(str(found.value).strip()) is None:
        code = code_in(slot.regex, text[:MOST_READ]) if slot.type == "text" else None
        if code is None:
            return None if is_free(slot) else OutOfBounds()
        found = Given(code)
    read = bounded(slot, Given(first_allowed(slot, found.value, text, draft)), draft)
    return _other_half(slot, found, text, draft) if isinstance(read, OutOfBounds) else read


def _other_half(slot: Slot, found: Given, text: str, draft: Draft) -> Given | OutOfBounds:
    """Return a bare hour of the other half of the day, where only that is within the bounds.

    "At 8" from 12 to 22, "quarter past six" from 5 to 7.
    """
    said = found.value
    if slot.type != "time" or not isinstance(said, time):
        return OutOfBounds()
    if said.hour > NOON and not _AFTERNOON.search(text):  # "seis y cuarto" of five to seven
        return bounded(slot, Given(said.replace(hour=said.hour - NOON)), draft)
    if not 0 < said.hour < NOON:
        return OutOfBounds()
    if _MORNING.search(text):
        return OutOfBounds()
    return bounded(slot, Given(said.replace(hour=said.hour + NOON)), draft)


NOON = 12
_AFTERNOON = re.compile(
    r"p\.?\s?m\b|\b(?:1[3-9]|2[0-3])\b|\b(?:1[3-9]|2[0-3])[h:.]|"
    r"\b(?:afternoon|evening|night|tonight|tarde|noche|noite|noon|mediod[ií]a|meio[- ]dia)\b",
    re.IGNORECASE,
)
_MORNING = re.compile(
    r"\d\s*a\.?m\b|\b0\d|\b(?:morning|ma[nñ]ana|manh[aã]|madrugada|breakfast)\b", re.IGNORECASE
)


def take_typed(slot: Slot, value: Value, draft: Draft) -> Read:
    """Take a value that has its type already, where it fits the slot's."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return Given(value)
    match slot.type:
        case "integer":
            return bounded(slot, Given(int(value)), draft) if value == int(value) else None
        case "money":
            return bounded(slot, Given(Decimal(str(value))), draft)
        case "number" | "any":
            return bounded(slot, Given(value), draft)
        case _:
            return read_value(slot, show(value, Form(mode="iso")), draft)


def bounded(slot: Slot, found: Given, draft: Draft) -> Given | OutOfBounds:
    """Return a value that a slot's bounds allow, else that they do not."""
    if slot.least is None and slot.most is None:
        return found
    least, most = (None if one is None else draft.value(one) for one in (slot.least, slot.most))
    return found if within(found.value, least, most) else OutOfBounds()


def _choice(slot: Slot, text: str, draft: Draft) -> Given | None:
    choices, text = choices_of(slot, draft), without_greeting(text)
    found = first_kept(
        text,
        lambda part: read_choice(choices, fold(part), slot.fuzzy, known(draft.language)),
        lambda part: part,
    )
    found = found or offered_at(choices, lambda: _entity("time", text, draft))
    found = found or offered_length(choices, lambda one: _entity("duration", one or text, draft))
    found = found or placed_in(choices, text[:MOST_READ])
    return None if found is None else Given(found)


def _yes_no(slot: Slot, text: str, _: Draft) -> Given | None:
    found = answer_of(text, slot)
    return None if found is None else Given(found)


def _entity(kind: str, text: str, draft: Draft) -> Entity | None:
    """Read a value of a kind as people write it in the contact's language."""
    return read_entity(kind, text[:MOST_READ], place_of(draft))


def place_of(draft: Draft) -> Place:
    """Return who writes, where and when."""
    language = draft.language
    region = language.partition("-")[2].upper() or _region(draft.contact.number)
    now = draft.local.replace(tzinfo=None)
    return Place(language=language.partition("-")[0], region=region or None, now=now)


def _is_whole(digits: str) -> bool:
    return LEAST_DIGITS <= len(digits) <= MOST_DIGITS_ABROAD and digits.isdecimal()


@lru_cache(maxsize=1024)
def _region(number: str) -> str:
    import phonenumbers

    digits = number[1:]
    if number.startswith("+") and _is_whole(digits):
        codes = (int(digits[:size]) for size in (1, 2, 3))
        known = (phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(code) for code in codes)
        regions = next((one for one in known if one), ())
        if len(regions) == 1:  # as of most countries: the rest of the number says nothing more
            return str(regions[0])
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""


def is_digits(text: str) -> bool:
    """Tell whether a text is nothing but digits, as most numbers are."""
    return text.isascii() and text.isdecimal()


def _amount(text: str, draft: Draft) -> Decimal | None:
    bare = text.strip()
    if is_digits(bare) and len(bare) <= MOST_READ:
        return Decimal(bare)  # nothing in it hangs on language or place
    if (place := place_of_one(fold(text))) is not None:
        return Decimal(place)
    found = _entity("number", text, draft)
    return found if isinstance(found, Decimal) else read_number(text, draft.language[:2])


def _any_number(_: Slot, text: str, draft: Draft) -> Given | None:
    number = _amount(text, draft)
    if number is None or not number.is_finite() or number.adjusted() > MOST_DIGITS:
        return None
    return Given(int(number) if number == number.to_integral_value() else float(number))


def counted_in(slot: Slot, text: str, draft: Draft) -> int | None:
    """Return what a text counts in other units: "2 adults and 1 child", "a week" as nights."""
    if slot.type != "integer" or is_digits(text):
        return None
    many = people_in(text, draft.language, slot.name)
    return nights_in(text, draft.language, slot.name) if many is None else many


def _integer(slot: Slot, text: str, draft: Draft) -> Given | None:
    many = counted_in(slot, text, draft)
    if many is not None:
        return Given(many)
    if is_range(text, draft.language):
        return None  # which of them is to be asked
    number = _amount(text, draft)
    if number is None and fold(text).text in ONE_PERSON:
        return Given(1)
    if number is None and _is_none_of_them(slot, text, draft):
        return Given(0)
    if number is None and (rank := rank_of(fold(text), slot.name)) is not None:
        return Given(rank)
    if number is None or not number.is_finite() or number.adjusted() > MOST_DIGITS:
        return None
    return Given(int(number)) if number == number.to_integral_value() else None


def _is_none_of_them(slot: Slot, text: str, draft: Draft) -> bool:
    """Tell whether a text says that there are none, where none may be: "none, thanks"."""
    least = None if slot.least is None else draft.value(slot.least)
    first = next((one for one in PARTED.split(text) if one.strip()), "")
    about = {word.removesuffix("s") for word in fold(slot.name.replace("_", " ")).words}
    return str(least) == "0" and lacks(fold(first).words, slot.type, about)


_THOUSANDS = re.compile(
    r"(\d[\d.,]*)\s*(k|mil|thousand|m|mi|million|millones|milh[oõ]es)\b", re.IGNORECASE
)


def _money(_: Slot, text: str, draft: Draft) -> Given | None:
    many = _THOUSANDS.search(text[:MOST_READ])
    counted = None if many is None else by_shape(many[1].strip(".,"))
    found = _entity("money", text, draft)
    if many is not None and counted is not None:
        unit = 1000 if many[2].lower() in ("k", "mil", "thousand") else 10**6
        more = isinstance(found, Money) and 0 < found.amount - counted * unit < unit
        if not more:  # "2 mil e quinhentos"
            return Given(counted * unit)
    if isinstance(found, Money):
        return Given(Decimal(found.amount))
    number = _amount(text, draft)
    return None if number is None else Given(number)


def _of_time(kind: type[date] | type[time] | type[timedelta]) -> Reader:
    """Return a reader of days, times of day, moments or durations."""
    name = {date: "date", time: "time", datetime: "datetime", timedelta: "duration"}[kind]

    def read(slot: Slot, text: str, draft: Draft) -> Given | None:
        found = _entity(name, whole_days(text), draft)
        if found is None and kind is timedelta:
            found = _in_unit(slot, text, draft)
        if isinstance(found, datetime):
            return Given(found if found.tzinfo else found.replace(tzinfo=draft.local.tzinfo))
        return Given(found) if isinstance(found, date | time | timedelta) else None

    return read


def _in_unit(slot: Slot, text: str, draft: Draft) -> Entity | None:
    """Read a bare number as so many of what the slot's bounds are in: "3" with `max: 8h`."""
    bounds = (None if one is None else draft.value(one) for one in (slot.least, slot.most))
    unit = next((str(one)[-1] for one in bounds if one is not None), "")
    number = _amount(text, draft) if unit in _UNITS and len(fold(text).words) <= MOST_BARE else None
    return None if number is None else _entity("duration", f"{number} {_UNITS[unit]}", draft)


_UNITS = {"m": "min", "h": "h", "d": "days"}
MOST_BARE = 3  # words of a number that stands for a length of time


def names_of(slot: Slot) -> tuple[str, ...]:
    """Return what customers may call a slot."""
    return (slot.name, *slot.called)


def _text(slot: Slot, text: str, _: Draft) -> Given | None:
    said = behind_lead(without_name(text, names_of(slot)), slot.called).strip()
    return Given(said) if said else None


def _name(_: Slot, text: str, draft: Draft) -> Given | None:
    found = name_in(text, draft.language[:2])
    return None if found is None else Given(found)


def _email(_: Slot, text: str, draft: Draft) -> Given | None:
    found = _entity("email", text, draft)
    return Given(found) if isinstance(found, str) else None


def _phone(_: Slot, text: str, draft: Draft) -> Given | None:
    card = draft.message.card if draft.message is not None else None
    if not text.strip() and card is not None:
        text = card.number
    found = _entity("phone", text, draft)
    return Given(found) if isinstance(found, str) else None


def _url(_: Slot, text: str, __: Draft) -> Given | None:
    found = re.search(r"\b(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?", text)
    return None if found is None else Given(found[0])


def _location(_: Slot, text: str, draft: Draft) -> Given | None:
    if draft.message is not None and draft.message.location is not None:
        return Given(draft.message.location)
    place = _AT.sub("", place_of_text(text)).strip()
    return Given(Location(text=place)) if place else None


_AT = re.compile(
    r"^\s*(?:(?:it'?s )?(?:from|to|at|in)(?! (?:front|the (?:middle|corner)))"
    r"|desde|hasta|para|en|em)\s+(?=\S)",
    re.IGNORECASE,
)
"""What leads to a place: "from Rome", "en Madrid"."""


def _media(slot: Slot, _: str, draft: Draft) -> Given | None:
    message = draft.message
    if message is None or message.media is None or message.kind is MessageKind.TEXT:
        return None
    kinds = choices_of(slot, draft)
    if kinds and message.media.kind.value not in kinds:
        return None
    return Given(message.media.filename or message.media.kind.value)


def _list(slot: Slot, text: str, draft: Draft) -> Given | None:
    """Read several items; with choices, those of them that are named."""
    parts = re.split(r"[,;\n]|\s(?:and|y|e|und|et)\s", text)
    items = [part.strip() for part in parts if part.strip()]
    choices = choices_of(slot, draft)
    if choices:
        named = (read_choice(choices, fold(item), slot.fuzzy) for item in items)
        items = list(dict.fromkeys(name for name in named if name is not None))
    return Given(list(items)) if items else None


def _any(_: Slot, text: str, draft: Draft) -> Given | None:
    """Take whatever came: a text, a place, a card, a medium."""
    message = draft.message
    if text.strip() or message is None:
        return Given(text.strip()) if text.strip() else None
    if message.location is not None:
        return Given(message.location)
    if message.card is not None:
        return Given(message.card.number or message.card.name)
    return None if message.media is None else Given(message.media.kind.value)


_READERS: Mapping[str, Reader] = {
    "text": _text, "number": _any_number, "integer": _integer, "money": _money,
    "yes_no": _yes_no, "choice": _choice, "date": _of_time(date), "time": _of_time(time),
    "datetime": _of_time(datetime),
    "email": _email, "phone": _phone, "url": _url, "name": _name,
    "duration": _of_time(timedelta),
    "location": _location, "media": _media, "list": _list, "any": _any,
}  # fmt: skip
