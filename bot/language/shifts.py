"""Moments said by another one: "the day after", "an hour later", "el día siguiente"."""

import re
from datetime import date, datetime, time, timedelta

from bot.language.calendars import months_on
from bot.language.lengths import length_of
from bot.language.spoken import plain, spell_digits

DAY = timedelta(days=1)
_NEXT = re.compile(
    r"\b(?:on )?(?:the )?(?:day after(?! tomorrow)|(?:next|following) day)\b(?: that)?|"
    r"\b(?:el |al )?dia (?:siguiente|despues)\b|\b(?:no |o |ao )?dia (?:seguinte|depois)\b"
)
_BEFORE = re.compile(
    r"\b(?:on )?(?:the )?(?:day before(?! yesterday)|previous day)\b(?: that)?|"
    r"\b(?:el |al )?dia (?:anterior|antes)\b|\b(?:no |o |ao )?dia anterior\b"
)
_BY = re.compile(
    r"\b((?:half an?|an?|un|una|um|uma|\d+(?:\.\d+)?)\s+(?:minutes?|mins?|minutos?|hours?|horas?|"
    r"days?|dias?|weeks?|semanas?))\s+(?:(later|after|despues|mas tarde|depois|mais tarde)|"
    r"earlier|before|sooner|antes|mas temprano|mais cedo)\b"
)
_COUNTED = re.compile(
    r"\b(an?|un|una|um|uma|\d+)\s+(?:(days?|dias?|nights?|noches?|noites?)|(weeks?|semanas?)|"
    r"(months?|mes|meses)|(?:years?|anos?))\s+"
    r"(?:later|after(?:wards?)?|despues|mas tarde|depois|mais tarde)\b"
    r"(?: (?:that|then|de eso|de ese dia|disso|desse dia)\b)?"
)
_PUSH = re.compile(
    r"\b(?:push|move|bump|delay|postpone|put off|atrasa|atrase|retrasa|retrase|aplaza|aplace|"
    r"pospon|adia|adie|adiar|empurra|mueve|corre)(?:l[oa]s?)?"
    r"(?: it| that| this| everything| tudo| todo)?(?: back| out)?(?: by| em| en)?"
    r" ((?:half an?|an?|un|una|um|uma|\d+(?:\.\d+)?)\s+"
    r"(?:minutes?|mins?|minutos?|hours?|horas?|days?|dias?|weeks?|semanas?))\b"
)
MOST_SAID = 400  # characters of a message in which a shift is looked for


def shift_in(text: str, language: str) -> tuple[timedelta, str] | None:
    """Return by how much a message moves a moment, with its other words; None if it does not."""
    if len(text) > MOST_SAID:
        return None
    spelt = spell_digits(text, language)
    found = _BY.search(spelt)
    if found is not None:
        length = length_of(found[1])
        if length is None:
            return None
        return (length if found[2] else -length), _cut(spelt, found)
    pushed = _PUSH.search(spelt)
    if pushed is not None:
        length = length_of(pushed[1])
        return None if length is None else (length, _cut(spelt, pushed))
    for wanted, by in ((_NEXT, DAY), (_BEFORE, -DAY)):
        found = wanted.search(plain(text))
        if found is not None:
            return by, _cut(plain(text), found)
    return None


def counted_from(text: str, language: str, start: date) -> tuple[date, str] | None:
    """Return the day that a text counts from a start, "10 days after that", and its other words.

    None where it counts none. A moment keeps its time of day.
    """
    if len(text) > MOST_SAID:
        return None
    spelt = spell_digits(text, language)
    found = _COUNTED.search(spelt)
    try:
        if found is None:
            found = _NEXT.search(plain(text))
            return None if found is None else (start + DAY, _cut(plain(text), found))
        number = int(found[1]) if found[1].isdecimal() else 1
        return _days_on(start, number, found), _cut(spelt, found)
    except (OverflowError, ValueError):
        return None


def _days_on(start: date, number: int, unit: re.Match[str]) -> date:
    if unit[2] or unit[3]:
        return start + DAY * number * (7 if unit[3] else 1)
    return _on(start, months_on(start, number * (1 if unit[4] else 12)))


def _on(moment: date, day: date) -> date:
    return datetime.combine(day, moment.timetz()) if isinstance(moment, datetime) else day


def _cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def shifted(held: object, by: timedelta) -> date | time | None:
    """Return a moment, day or time of day that much later; None where that is none of its kind."""
    try:
        match held:
            case datetime():
                return held + by
            case date() if by % DAY == timedelta():
                return held + by
            case time() if abs(by) < DAY:
                moved = datetime.combine(date(2000, 1, 2), held) + by
                return moved.timetz() if moved.date() == date(2000, 1, 2) else None
            case _:
                return None
    except OverflowError:
        return None
