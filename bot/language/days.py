"""Dates, and moments of a day and a time, in what people write."""

import calendar
import re
from datetime import date, datetime, timedelta

from bot.language.clock import EVENING, length_of, moment_ahead, time_of
from bot.language.spoken import spell_digits

MONTHS = {
    name: number
    for number, names in enumerate((
        "january jan enero ene janeiro", "february feb febrero fevereiro fev",
        "march mar marzo marco", "april apr abril abr", "may mayo maio mai",
        "june jun junio junho", "july jul julio julho", "august aug agosto ago",
        "september sep sept septiembre setiembre setembro set", "october oct octubre outubro out",
        "november nov noviembre novembro", "december dec diciembre dic dezembro dez",
    ), start=1)
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate((
        "monday mon lunes segunda", "tuesday tue tues martes terca",
        "wednesday wed miercoles quarta", "thursday thu thur thurs jueves quinta",
        "friday fri viernes sexta", "saturday sat sabado", "sunday sun domingo",
    ))
    for name in names.split()
}  # fmt: skip
FEASTS = (
    (re.compile(r"\b(?:christmas eve|nochebuena|vespera de natal)\b"), 12, 24),
    (re.compile(r"\b(?:christmas|xmas|navidad|natal)\b"), 12, 25),
    (
        re.compile(r"\b(?:new year'?s? eve|nochevieja|fin de ano|vespera de ano novo|reveillon)\b"),
        12,
        31,
    ),
    (re.compile(r"\b(?:new year'?s?(?: day)?|ano nuevo|ano novo)\b"), 1, 1),
    (re.compile(r"\b(?:valentine'?s?(?: day)?|san valentin)\b"), 2, 14),
    (re.compile(r"\bhalloween\b"), 10, 31),
)
NEAR = (
    (re.compile(r"\b(?:day after tomorrow|pasado manana|depois de amanha)\b"), 2),
    (re.compile(r"\b(?:day before yesterday|anteayer|antier|anteontem)\b"), -2),
    (re.compile(r"\b(?:yesterday|ayer|ontem)\b"), -1),
    (re.compile(r"\b(?:tomorrow|tmrw|tmr|tomorow|amanha|amanhan)\b"), 1),
    (re.compile(r"(?<!por la )(?<!de la )(?<!en la )(?<!a la )(?<!esta )\bmanana\b"), 1),
    (
        re.compile(
            r"\b(?:today|tonight|hoy|hoje|esta noche|esta tarde|esta manana|"
            r"this (?:morning|afternoon|evening))\b"
        ),
        0,
    ),
)
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
YEAR = r"(?:,?\s*(?:de|del|of)?\s*(\d{4})\b)?"
ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
SLASHED = re.compile(
    r"(?<![\d:.,])(\d{1,2})\s?([/.-])\s?(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d:,]|\s*[ap]\.?m)"
)
DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}}|first|primero|primeiro)(?:st|nd|rd|th|º|°|o|ro)?"
    rf"(?: day)?\s*(?:of|de|-|/|\s)?\s*\b({MONTH})\b\.?{YEAR}"
)
MONTH_DAY = re.compile(
    rf"\b({MONTH})\b\.?\s*(?:the )?(\d{{1,2}}|first)(?:st|nd|rd|th|º|°)?\b(?![:h]\d){YEAR}"
)
ORDINAL_LIST = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""
ORDINALS = {word: at for at, word in enumerate(ORDINAL_LIST.split(), start=1)}
DAY = re.compile(
    r"\b(?:the (\d{1,2})(?:st|nd|rd|th)\b|(\d{1,2})(?:st|nd|rd|th)\b|"
    r"(?:el dia|el|no dia|dia) (\d{1,2})\b(?! (?:de la|horas|h\b)|:))"
)
AWAY = re.compile(
    r"\b(?:in|en|dentro de|em|daqui a|daqui|within)\s+(?:about |unos |umas |uns |unas )?"
    r"((?:\d|an?\b|una?\b|uma?\b|couple)[^,;.]*)|"
    r"((?:\d|an?\b)[^,;.]*?) (?:from now|from today|later)\b"
)
AGO = re.compile(r"\b((?:\d+|an?)\s+\w+) (?:ago|atras)\b|\b(?:hace|ha) ((?:\d+|una?)\s+\w+)\b")
AFTER_WEEKDAY = re.compile(
    r"[\s,]+(?:the |el |dia |o dia )?(\d{1,2})(?:st|nd|rd|th)?\b(?![:h]|\s*[ap]\.?m)"
)
HALF_PAST = re.compile(r"\b(\d{1,2})\.5\b(?! ?(?:h|hours?|horas?|days?|dias?|weeks?|semanas?|min))")
WEEK_NEXT = (
    r"next week|(?:la )?(?:proxima semana|semana que viene|semana proxima|siguiente semana)|"
    r"(?:na |da )?(?:semana que vem|proxima semana)"
)
LAST = re.compile(r"\blast\s*$|\bultimo\s*$|\bultima\s*$")
PASSED = re.compile(r"^(?:-feira)?\s+(?:pasado|passad[oa])\b")
WEEKEND = re.compile(r"\b(?:weekend|fin de semana|finde|fim de semana|fds)\b")
MONTH_END = re.compile(
    r"\b(?:end of (?:the|this) month|fin de mes|final de mes|fim do mes|final do mes)\b"
)
MONTH_NEXT = re.compile(r"\b(?:next month|mes que viene|proximo mes|mes que vem|mes proximo)\b")


def read_date(text: str, language: str, now: datetime, region: str | None = None) -> date | None:
    """Return the day that a text says; one without a year lies in the future.

    Args:
        now: The moment of writing, local.
        region: Where 3/4 is March 4th ("US") or April 3rd; by the language when not given.
    """
    return date_of(_spelt(text, language), now.date(), _month_first(language, region))


def read_moment(
    text: str, language: str, now: datetime, region: str | None = None
) -> datetime | None:
    """Return the day and time that a text says, local; without a day, the next such time."""
    spelt = _spelt(text, language)
    ahead = moment_ahead(spelt, now)
    if ahead is not None:
        return ahead.replace(tzinfo=None)
    day = date_of(spelt, now.date(), _month_first(language, region))
    clock = time_of(_without_dates(spelt), now)
    if clock is None:
        return None
    if day is None:
        today = datetime.combine(now.date(), clock)
        passed = today < now.replace(tzinfo=None, second=0, microsecond=0)
        return today + timedelta(days=1) if passed else today
    if day == now.date() and clock.hour == 0 and re.search(rf"\b(?:{EVENING})\b|midnight", spelt):
        day += timedelta(days=1)
    return datetime.combine(day, clock)


def date_of(spelt: str, today: date, month_first: bool) -> date | None:
    """Return the day in a text whose numbers are digits."""
    for read in (_iso, _named, _slashed):
        found = read(spelt, today, month_first)
        if found is not None:
            return found
    for pattern, month, day in FEASTS:
        if pattern.search(spelt):
            return _future(today, month, day)
    for pattern, days in NEAR[:3]:
        if pattern.search(spelt):
            return today + timedelta(days=days)
    return _away(spelt, today) or _week(spelt, today) or _near(spelt, today) or _loose(spelt, today)


def _spelt(text: str, language: str) -> str:
    spelt = spell_digits(text, language)
    for word, number in ORDINALS.items():
        if word != "second" or re.search(rf"the second of|({MONTH}) second", spelt):
            spelt = re.sub(rf"\b{word}\b", f"{number}th", spelt)
    spelt = re.sub(r"\b20(?:th)? ?-?(\d)th\b", r"2\1th", spelt)
    return HALF_PAST.sub(r"\1:30", spelt)


def _without_dates(spelt: str) -> str:
    for pattern in (ISO, DAY_MONTH, MONTH_DAY, SLASHED, DAY):
        spelt = pattern.sub(" , ", spelt)
    return spelt


def _month_first(language: str, region: str | None) -> bool:
    if region:
        return region.upper() in ("US", "PH", "PR") and language[:2] == "en"
    return language[:2] == "en"


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _future(today: date, month: int, day: int) -> date | None:
    for year in range(today.year, today.year + 5):  # 29 February may be years away
        made = _made(year, month, day)
        if made is not None and made >= today:
            return made
    return None


def _iso(spelt: str, _: date, __: bool) -> date | None:
    found = ISO.search(spelt)
    return _made(int(found[1]), int(found[2]), int(found[3])) if found else None


def _named(spelt: str, today: date, _: bool) -> date | None:
    for pattern, day_at, month_at in ((DAY_MONTH, 1, 2), (MONTH_DAY, 2, 1)):
        found = pattern.search(spelt)
        if found:
            said = found[day_at]
            day = int(said) if said.isdigit() else 1
            month = MONTHS[found[month_at]]
            if found[3]:
                return _made(int(found[3]), month, day)
            return _future(today, month, day)
    return None


def _slashed(spelt: str, today: date, month_first: bool) -> date | None:
    for found in SLASHED.finditer(spelt):
        first, second = int(found[1]), int(found[3])
        if found[2] == "." and not found[4] and not 1 <= second <= 12:
            continue
        if found[2] == "-" and not found[4] and re.search(r"\b(?:de|from|between|entre)\b", spelt):
            continue
        month, day = (first, second) if month_first else (second, first)
        if month > 12:
            month, day = day, month
        if not found[4]:
            made = _future(today, month, day) if month <= 12 else None
        else:
            year = int(found[4])
            made = _made(year + 2000 if year < 100 else year, month, day)
        if made is not None:
            return made
    return None


def _away(spelt: str, today: date) -> date | None:
    """Read "in three days", "dentro de dos semanas", "a week ago"."""
    found, sign = AWAY.search(spelt), 1
    if found is None:
        found, sign = AGO.search(spelt), -1
    said = (found[1] or found[2]) if found else None
    if not said:
        return None
    months = re.match(r"(\d+|an?|una?|uma?)\s+(?:months?|mes|meses)\b", said)
    years = re.match(r"(\d+|an?|una?|uma?)\s+(?:years?|anos?)\b", said)
    if months or years:
        found_count = months or years
        assert found_count is not None
        count = int(found_count[1]) if found_count[1].isdigit() else 1
        return _months_on(today, sign * count * (1 if months else 12))
    working = re.match(r"(\d+) (?:business|working|dias habiles|dias uteis)", said)
    if working:
        return _working_days(today, int(working[1]))
    length = length_of(said)
    if length is None or length < timedelta(days=1) or length.days > 365 * 20:
        return None
    return today + sign * timedelta(days=length.days)


def _months_on(today: date, count: int) -> date:
    month = today.month - 1 + count
    year, month = today.year + month // 12, month % 12 + 1
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def _working_days(today: date, count: int) -> date:
    while count:
        today += timedelta(days=1)
        count -= today.weekday() < 5
    return today


def _week(spelt: str, today: date) -> date | None:
    """Read days of the week, and whole weeks and months to come."""
    found = re.search(rf"(?<!\d )(?<!\d)\b({WEEKDAY})s?\b(?:-feira| feira)?", spelt)
    while (
        found
        and found[1] in ("segunda", "quarta", "quinta", "sexta", "mar", "sun", "sat", "mon", "set")
        and re.search(
            r"\b(?:segunda|quarta|quinta|sexta) (?:opcao|vez|opcion|parte|pessoa)\b", spelt
        )
    ):
        found = None
    if found:
        if (named := _numbered(spelt, found.end(), WEEKDAYS[found[1]], today)) is not None:
            return named
        weekday = WEEKDAYS[found[1]]
        ahead = (weekday - today.weekday()) % 7
        if LAST.search(spelt[: found.start()]) or PASSED.search(spelt[found.end() :]):
            return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
        if re.search(rf"\b(?:{WEEK_NEXT})\b", spelt):
            return today + timedelta(days=7 - today.weekday() + weekday)
        if ahead == 0 and not re.search(
            r"\b(?:this|este|esta|essa|nesta|today)\s+\S*$", spelt[: found.end()]
        ):
            ahead = 7
        if re.search(r"\bafter next\b|\bem duas semanas\b", spelt):
            ahead += 7
        return today + timedelta(days=ahead)
    if WEEKEND.search(spelt):
        ahead = (5 - today.weekday()) % 7
        later = re.search(r"\b(?:next|proximo|que viene|que vem)\b", spelt) and today.weekday() >= 5
        return today + timedelta(days=ahead + (7 if later and ahead == 0 else 0))
    return None


def _numbered(spelt: str, after: int, weekday: int, today: date) -> date | None:
    """Return the day of "thursday the 19th" or "el martes 17", where that is such a weekday."""
    said = AFTER_WEEKDAY.match(spelt, after)
    if said is None:
        return None
    return next(
        (
            made
            for ahead in range(12)
            if (first := _months_on(today.replace(day=1), ahead))
            and (made := _made(first.year, first.month, int(said[1]))) is not None
            and made >= today
            and made.weekday() == weekday
        ),
        None,
    )


def _near(spelt: str, today: date) -> date | None:
    for pattern, days in NEAR:
        if pattern.search(spelt):
            return today + timedelta(days=days)
    return None


def _loose(spelt: str, today: date) -> date | None:
    if re.search(rf"\b(?:{WEEK_NEXT})\b", spelt):
        return today + timedelta(days=7)
    if MONTH_END.search(spelt):
        return today.replace(day=calendar.monthrange(today.year, today.month)[1])
    if MONTH_NEXT.search(spelt):
        day = DAY.search(spelt)
        later = _months_on(today.replace(day=1), 1)
        number = int(day[1] or day[2] or day[3]) if day else today.day
        return _made(
            later.year, later.month, min(number, calendar.monthrange(later.year, later.month)[1])
        )
    day = DAY.search(spelt)
    if day:
        number = int(day[1] or day[2] or day[3])
        for ahead in range(12):
            month = _months_on(today.replace(day=1), ahead)
            made = _made(month.year, month.month, number)
            if made is not None and made >= today:
                return made
    return None
