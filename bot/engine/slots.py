"""Reads what a customer wrote as the value of a slot."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from bot.domain.messages import Location, MessageKind
from bot.domain.values import Value
from bot.engine.draft import Draft
from bot.engine.triggers import near
from bot.engine.words import NO, YES
from bot.language.desk import parse_duration
from bot.language.flows import Slot
from bot.language.folding import Folded, fold
from bot.language.numbers import LONGEST_NUMBER, number_of

FREE = frozenset(("text", "name", "any", "list", "location"))
"""Types that would take any text for an answer."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value that the text holds. ``value`` may itself be None for nothing."""

    value: Value


@dataclass(frozen=True, slots=True)
class OutOfBounds:
    """A value of the right kind that a bound refuses."""


Read = Given | OutOfBounds | None
"""None: the text holds no value of this kind."""


def choices_of(slot: Slot, draft: Draft) -> dict[str, tuple[str, ...]]:
    """Return a choice's names with their synonyms, as they stand now."""
    if slot.choices_from is None:
        return dict(slot.choices)
    found = draft.value(slot.choices_from)
    if isinstance(found, Mapping):
        return {str(name): () for name in found}
    return {str(item): () for item in found} if isinstance(found, (list, tuple)) else {}


def read_value(slot: Slot, text: str, draft: Draft) -> Read:
    """Read a text as the slot's value."""
    entity = draft.understanding.entities.get(slot.entity or slot.name)
    source = entity if entity is not None and text == draft.text else text
    found = _READERS[slot.type](slot, source, draft)
    if found is None and source != text:
        found = _READERS[slot.type](slot, text, draft)
    if found is None:
        return None
    if slot.regex is not None and slot.regex.fullmatch(str(found.value).strip()) is None:
        return None if slot.type in FREE else OutOfBounds()
    return _bounded(slot, found, draft)


def _bounded(slot: Slot, found: Given, draft: Draft) -> Read:
    value = found.value
    for bound, sign in ((slot.least, 1), (slot.most, -1)):
        if bound is None:
            continue
        limit = _limit(draft.value(bound), value)
        measured = len(value) if isinstance(value, str) else value
        if limit is None:
            continue
        try:
            if (measured < limit) if sign > 0 else (measured > limit):  # type: ignore[operator]
                return OutOfBounds()
        except TypeError:
            continue
    return found


def _limit(bound: object, value: object) -> object:
    """Return a bound in the kind of the value."""
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


def read_choice(choices: Mapping[str, Sequence[str]], folded: Folded, fuzzy: int = 0) -> str | None:
    """Return the choice that a text names: by name, synonym, number in the list or unique start."""
    words = folded.words
    names = list(choices)
    if len(words) == 1 and words[0].isdigit() and words[0] not in names:
        number = int(words[0])
        return names[number - 1] if 0 < number <= len(names) else None
    span = choice_span(choices, folded, fuzzy)
    if span is not None:
        return span[0]
    if _spoken_choices(choices, folded, fuzzy):
        return None
    return _unique_start(choices, words) or _by_ordinal(names, words)


Span = tuple[str, int, int]
"""A choice, where its words begin, and how many there are."""


def choice_span(
    choices: Mapping[str, Sequence[str]], folded: Folded, fuzzy: int = 0
) -> Span | None:
    """Return the one choice that a text names, and where; None without one, or with several."""
    hits = _spoken_choices(choices, folded, fuzzy)
    if not hits:
        return None
    longest = max(size for _, _, size in hits)
    best = {name: (name, start, size) for name, start, size in hits if size == longest}
    outer = [hit for hit in hits if not any(_covers(one, hit) for one in best.values())]
    others = {name for name, _, _ in outer} - best.keys()
    return next(iter(best.values())) if len(best) == 1 and not others else None


def _covers(outer: Span, inner: Span) -> bool:
    return outer[1] <= inner[1] and inner[1] + inner[2] <= outer[1] + outer[2]


def _spoken_choices(choices: Mapping[str, Sequence[str]], folded: Folded, fuzzy: int) -> list[Span]:
    found = []
    for name, synonyms in choices.items():
        for spoken in (name, name.replace("_", " "), *synonyms):
            known = fold(spoken).words
            start = _inside(known, folded.words, fuzzy)
            if start is not None:
                found.append((name, start, len(known)))
    return found


def _inside(known: tuple[str, ...], words: tuple[str, ...], fuzzy: int) -> int | None:
    """Return where known words stand in a text."""
    size = len(known)
    if not size:
        return None
    for start in range(len(words) - size + 1):
        pairs = zip(words[start : start + size], known, strict=True)
        if all(word == meant or (fuzzy and near(word, meant, fuzzy)) for word, meant in pairs):
            return start
    return None


def _unique_start(choices: Mapping[str, Sequence[str]], words: tuple[str, ...]) -> str | None:
    text = " ".join(words)
    if len(words) > 2 or not text:
        return None
    found = {
        name
        for name, synonyms in choices.items()
        for spoken in (name.replace("_", " "), *synonyms)
        if fold(spoken).text.startswith(text)
    }
    return found.pop() if len(found) == 1 else None


def _by_ordinal(names: Sequence[str], words: tuple[str, ...]) -> str | None:
    """Return the choice that is meant by its place: the second, la primera, o último."""
    places = [ORDINALS[word] for word in words if word in ORDINALS]
    if len(places) != 1 or len(words) > 4 or places[0] >= len(names):
        return None
    return names[places[0]]


ORDINALS: Mapping[str, int] = {
    word: place
    for place, written in (
        (0, "first 1st primero primera primer primeiro primeira"),
        (1, "second 2nd segundo segunda"), (2, "third 3rd tercero tercera terceiro terceira"),
        (3, "fourth 4th cuarto cuarta quarto quarta"), (4, "fifth 5th quinto quinta"),
        (-1, "last ultimo ultima"),
    )
    for word in written.split()
}  # fmt: skip


def says_yes(folded: Folded, more: Sequence[str] = ()) -> bool:
    """Tell whether a text says yes."""
    return _says(folded, (*YES, *more))


def says_no(folded: Folded, more: Sequence[str] = ()) -> bool:
    """Tell whether a text says no."""
    return _says(folded, (*NO, *more))


def _says(folded: Folded, known: Sequence[str]) -> bool:
    if not folded.text:
        return False
    phrases = {fold(one).text for one in known}
    first = folded.words[0]
    return folded.text in phrases or (len(folded.words) <= 4 and first in phrases)


def _choice(slot: Slot, text: str, draft: Draft) -> Given | None:
    found = read_choice(choices_of(slot, draft), fold(text), slot.fuzzy)
    return None if found is None else Given(found)


def _yes_no(slot: Slot, text: str, _: Draft) -> Given | None:
    if text.strip() in ("👍", "👎"):
        return Given(text.strip() == "👍")
    folded = fold(text)
    no, yes = says_no(folded, slot.no), says_yes(folded, slot.yes)
    if yes is no:
        return None
    return Given(yes)


_NUMBER = re.compile(r"-?\d[\d.,  ]*")


def read_number(text: str) -> Decimal | None:
    """Return the first number that a text says, in digits or in words."""
    found = _NUMBER.search(unicodedata.normalize("NFKC", text))
    if found:
        return _decimal(found[0].rstrip("., "))
    words = fold(text).words
    for start in range(len(words)):
        for end in range(min(start + LONGEST_NUMBER, len(words)), start, -1):
            value = number_of(words[start:end])
            if value is not None:
                return Decimal(str(value))
    return None


def _decimal(digits: str) -> Decimal | None:
    """Read digits with either mark of thousands and decimals."""
    plain = re.sub(r"[  ]", "", digits)
    dot, comma = plain.rfind("."), plain.rfind(",")
    if dot >= 0 and comma >= 0:
        thousands = "," if dot > comma else "."
        plain = plain.replace(thousands, "").replace(",", ".")
    elif dot >= 0 or comma >= 0:
        mark = "." if dot >= 0 else ","
        groups = plain.split(mark)
        whole = len(groups) > 2 or (len(groups[-1]) == 3 and groups[0] not in ("0", "-0"))
        plain = plain.replace(mark, "" if whole else ".")
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _any_number(_: Slot, text: str, __: Draft) -> Given | None:
    number = read_number(text)
    if number is None:
        return None
    return Given(int(number) if number == number.to_integral_value() else float(number))


def _integer(_: Slot, text: str, __: Draft) -> Given | None:
    number = read_number(text)
    return None if number is None or number != int(number) else Given(int(number))


_THOUSANDS = re.compile(
    r"(\d[\d.,]*)\s*(k|mil|thousand|m|mi|million|millones|milh[oõ]es)\b", re.IGNORECASE
)


def _money(_: Slot, text: str, __: Draft) -> Given | None:
    found = _THOUSANDS.search(text)
    if found:
        number = _decimal(found[1].strip(".,"))
        scale = 1000 if found[2].lower() in ("k", "mil", "thousand") else 1_000_000
        return None if number is None else Given(number * scale)
    number = read_number(text)
    return None if number is None else Given(number)


DAYS = {
    "today": 0, "hoy": 0, "hoje": 0, "tomorrow": 1, "manana": 1, "amanha": 1,
}  # fmt: skip
WEEKDAYS = {
    word: number
    for number, words in enumerate((
        "monday mon lunes segunda", "tuesday tue martes terca", "wednesday wed miercoles quarta",
        "thursday thu jueves quinta", "friday fri viernes sexta", "saturday sat sabado",
        "sunday sun domingo",
    ))
    for word in words.split()
}  # fmt: skip
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SLASHED = re.compile(r"\b(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2,4}))?\b")
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:h](\d{2})|h)?\s*(am|pm|hs|hrs|horas|h)?\b", re.IGNORECASE)


def read_date(text: str, draft: Draft) -> date | None:
    """Return the day that a text says; one without a year lies in the future."""
    today = draft.local.date()
    folded = fold(text)
    iso = _ISO.search(text)
    if iso:
        return _made(int(iso[1]), int(iso[2]), int(iso[3]))
    slashed = _SLASHED.search(text)
    if slashed:
        return _slashed(slashed, today, draft.language)
    if "pasado manana" in folded.text or "depois de amanha" in folded.text:
        return today + timedelta(days=2)
    if "day after tomorrow" in folded.text:
        return today + timedelta(days=2)
    for word in folded.words:
        if word in DAYS:
            return today + timedelta(days=DAYS[word])
    for word in folded.words:
        if word in WEEKDAYS:
            return today + timedelta(days=(WEEKDAYS[word] - today.weekday() - 1) % 7 + 1)
    return _parsed_date(text, draft)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _slashed(found: "re.Match[str]", today: date, language: str) -> date | None:
    first, second = int(found[1]), int(found[2])
    day, month = (second, first) if language[:2] == "en" and second > 12 else (first, second)
    if found[3]:
        year = int(found[3])
        return _made(year + 2000 if year < 100 else year, month, day)
    made = _made(today.year, month, day)
    return _made(today.year + 1, month, day) if made is not None and made < today else made


def _parsed_date(text: str, draft: Draft) -> date | None:
    """Ask dateparser about what the common forms do not cover."""
    if not any(letter.isdigit() for letter in text) or len(text) > 60:
        return None
    import dateparser

    found = dateparser.parse(
        text,
        languages=[draft.language[:2]],
        settings={
            "RELATIVE_BASE": draft.local.replace(tzinfo=None),
            "PREFER_DATES_FROM": "future",
            "STRICT_PARSING": True,
        },
    )
    return None if found is None else found.date()


def read_time(text: str) -> time | None:
    """Return the time of day that a text says."""
    for found in _CLOCK.finditer(_SLASHED.sub(" ", _ISO.sub(" ", text))):
        hour, minute = int(found[1]), int(found[2] or 0)
        half = (found[3] or "").lower()
        if half == "pm" and hour < 12:
            hour += 12
        if half == "am" and hour == 12:
            hour = 0
        if hour < 24 and minute < 60:
            return time(hour, minute)
    return None


def _date(_: Slot, text: str, draft: Draft) -> Given | None:
    found = read_date(text, draft)
    return None if found is None else Given(found)


def _time(_: Slot, text: str, __: Draft) -> Given | None:
    found = read_time(text)
    return None if found is None else Given(found)


def _datetime(_: Slot, text: str, draft: Draft) -> Given | None:
    day, hour = read_date(text, draft), read_time(text)
    if day is None or hour is None:
        return None
    return Given(datetime.combine(day, hour, draft.local.tzinfo))


def _text(_: Slot, text: str, __: Draft) -> Given | None:
    return Given(text.strip()) if text.strip() else None


_NAMED = re.compile(
    r"^\s*(?:my name is|i am|i'm|this is|me llamo|mi nombre es|soy|meu nome [eé]|me chamo|sou)\s+",
    re.IGNORECASE,
)


def _name(_: Slot, text: str, __: Draft) -> Given | None:
    name = _NAMED.sub("", text).strip(" .,!")
    return Given(name) if name and len(name) <= 80 and not name.isdigit() else None


def _email(_: Slot, text: str, __: Draft) -> Given | None:
    found = re.search(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text)
    return None if found is None else Given(found[0].lower())


def _phone(_: Slot, text: str, draft: Draft) -> Given | None:
    import phonenumbers

    if not text.strip() and draft.message is not None and draft.message.card is not None:
        text = draft.message.card.number

    region: str | None = phonenumbers.region_code_for_country_code(55)
    own = draft.contact.number
    if own:
        try:
            region = phonenumbers.region_code_for_number(phonenumbers.parse(own)) or region
        except phonenumbers.NumberParseException:
            region = None
    for found in phonenumbers.PhoneNumberMatcher(text, region):
        return Given(phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164))
    return None


def _url(_: Slot, text: str, __: Draft) -> Given | None:
    found = re.search(r"\b(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?", text)
    return None if found is None else Given(found[0])


_SPANS = re.compile(r"(\d+)\s*(d|day|dia|h|hour|hora|m|min|s|sec|seg)", re.IGNORECASE)
_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def _duration(_: Slot, text: str, __: Draft) -> Given | None:
    found = _SPANS.findall(fold(text).text)
    if not found:
        return None
    seconds = sum(int(count) * _UNITS[unit[0].lower()] for count, unit in found)
    return Given(timedelta(seconds=seconds))


def _location(_: Slot, text: str, draft: Draft) -> Given | None:
    if draft.message is not None and draft.message.location is not None:
        return Given(draft.message.location)
    return Given(Location(text=text.strip())) if text.strip() else None


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


_READERS: Mapping[str, Callable[[Slot, str, Draft], Given | None]] = {
    "text": _text, "number": _any_number, "integer": _integer, "money": _money,
    "yes_no": _yes_no, "choice": _choice, "date": _date, "time": _time, "datetime": _datetime,
    "email": _email, "phone": _phone, "url": _url, "name": _name, "duration": _duration,
    "location": _location, "media": _media, "list": _list, "any": _any,
}  # fmt: skip
