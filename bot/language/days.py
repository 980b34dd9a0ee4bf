"""Dates, and moments of a day and a time, in what people write."""

import calendar
import re
from datetime import date, datetime, timedelta

from bot.language.calendars import (
    MONTH,
    MONTHS,
    NoSuchDay,
    day_or_none,
    months_on,
    next_such,
    sure_day,
)
from bot.language.clock import EVENING, GREETING, may_be_after_noon, moment_ahead, time_of
from bot.language.lengths import length_of
from bot.language.misspelt import mended
from bot.language.spoken import known, plain, spell_digits
from bot.language.weekdays import WEEK_NEXT, WEEKDAY, feiras_named, nth_weekday, weekday_of

FEASTS = (
    (re.compile(r"\b(?:(?:christmas|xmas) eve|noche ?buena|vespera d[eo] natal)\b"), 12, 24),
    (re.compile(r"\b(?:christmas|xmas|navidad|natal)\b"), 12, 25),
    (
        re.compile(
            r"\b(?:new year'?s? eve|noche ?vieja|fin(?:al)? de(?:l)? ano|fim d[eo] ano|"
            r"end of (?:the )?year|(?:last|ultimo) (?:day|dia) (?:of the|del|do) (?:year|ano)|"
            r"vespera de ano novo|reveillon)\b"
        ),
        12,
        31,
    ),
    (re.compile(r"\b(?:new year'?s?(?: day)?|ano nuevo|ano novo)\b"), 1, 1),
    (re.compile(r"\b(?:valentine'?s?(?: day)?|san valentin)\b"), 2, 14),
    (re.compile(r"\bapril fools?'?s?\b"), 4, 1),
    (re.compile(r"\b(?:halloween|dia das bruxas)\b"), 10, 31),
    (re.compile(r"\bst\.? patrick'?s?\b"), 3, 17),
    (re.compile(r"\b(?:dia dos namorados)\b"), 6, 12),
    (re.compile(r"\b(?:dia das criancas)\b"), 10, 12),
    (re.compile(r"\b(?:dia de (?:los )?reyes|dia de reis)\b"), 1, 6),
    (re.compile(r"\bdia de (?:los )?muertos\b|\bfinados\b"), 11, 2),
)
NEAR = (
    (
        re.compile(
            r"\b(?:day after tomorrow|pasado manana|depois de amanha)\b|"
            r"^\W*(?:o |or |so |make it )?(?:pasado|the day after)\W*$|"
            r"(?:^|[,;.] ?|\b(?:para|mejor) )pasado (?=al?\b|por la\b|temprano\b|tipo\b)"
        ),
        2,
    ),
    (
        re.compile(
            r"\b(?:day before yesterday|anteayer|antier|antes? de ayer|anteontem|antes? de ontem)\b"
        ),
        -2,
    ),
    (re.compile(r"\b(?:yesterday|ayer|ontem)\b"), -1),
    (re.compile(r"\b(?:tomorrow|amanha)\b"), 1),
    (re.compile(r"(?<!por la )(?<!de la )(?<!en la )(?<!a la )(?<!esta )\bmanana\b"), 1),
    (
        re.compile(
            r"\b(?:today|tonight|hoy|hoje|esta noche|esta tarde|esta manana|"
            r"this (?:morning|afternoon|evening))\b"
        ),
        0,
    ),
)
YEAR = (
    r"(?:(?:,?\s*(?:de|del|do|of)?\s*(?=\d{4})|\s+d[eo]l?\s+['’](?=\d\d\b)|\s+['’](?=\d\d\b)|"
    r"\s+(?:del|do)\s+(?=\d\d\b(?!\s*(?:al?\b|h|:)))|,?\s+(?:de\s+)?(?=[3-9]\d\s*(?:$|[.,!]))|"
    r",?\s*(?:de |del |do |of )?(?=last year\b|ano pass?ado\b))"
    r"(\d{4}|\d\d|last year|ano pass?ado)\b)?"
)
"""In full, in two digits or in words: "del 98", "'98", "last year"."""
ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
SLASHED = re.compile(
    r"(?<![\d:.,#])(?!0\.)(\d{1,2})\s?([/.-])\s?(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d:,]|\s*[ap]\.?m)"
)
DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}}|first|primero|primeiro)(?:st|nd|rd|th|º|°|o|ro|ero|er)?"
    rf"(?: day)?\s*(?:of|de|-|/|\s)?\s*\b({MONTH})\b\.?{YEAR}"
)
MONTH_DAY = re.compile(
    rf"\b({MONTH})\b\.?\s*(?:the )?(\d{{1,2}}|first)(?:st|nd|rd|th|º|°)?\b(?![:h]\d){YEAR}"
)
ORDINAL_LIST = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""
ORDINALS = {word: at for at, word in enumerate(ORDINAL_LIST.split(), start=1)} | {"thirtieth": 30}
ORDINAL = re.compile(rf"\b(?:{'|'.join(word for word in ORDINALS if word != 'second')})\b")
SECOND = re.compile(
    rf"\b(the (?=second (?:of|at)\b|second$)|(?:{MONTH}) )second\b|\bsecond(?= of (?:{MONTH}))"
)
NO_DAY = (
    r"(?! ?(?:floor|time|times|street|st|ave|avenue|option|one|place|row|person|try|item|grade|"
    r"class|visit|order|choice|attempt|level|1|gen|edition|half|quarter|birthday|anniversary)\b)"
)
"""What is numbered too: "2nd floor" is no day."""
DAY = re.compile(
    rf"\b(?:the (\d{{1,2}})(?:st|nd|rd|th)\b{NO_DAY}|(\d{{1,2}})(?:st|nd|rd|th)\b{NO_DAY}|"
    r"(?:el (?:proximo )?(?:dia )?|no dia |dia )(\d{1,2})\b(?! (?:de la|da|horas|h\b)|:|/))"
)
AWAY = re.compile(
    r"\b(?:in|en|dentro de|em|d?aqui a|daqui|de aqui (?:a|en)|de hoje a|de hoy en|within)\s+"
    r"(?:about |around |like |roughly |unos |umas |uns |unas |como |tipo )?"
    r"((?:\d|an?\b|una?\b|uma?\b|couple)[^,;.]*)|"
    r"((?:\d|an?\b)[^,;.]*?) (?:from now|from today|later|time)\b"
)
AGO = re.compile(
    r"\b((?:\d+|an?)\s+\w+) (?:ago|atras)\b|"
    r"\b(?:hace|ha|faz) ((?:\d+|una?|uma?)\s+\w+)\b(?! (?:dia|no|na|nest[ea]|ness[ea]|em|agora)\b)"
)
"""But who "faz 6 anos dia 29" has a birthday then."""

WEEKS_ON = re.compile(
    rf"\b(?:(\d+|a) weeks? (?:from|on|after) (?=(?:next |this )?(?:{WEEKDAY}|tomorrow|today)\b))"
)
WEEK_LATER = re.compile(
    rf"\b((?:{WEEKDAY}|tomorrow|today) (?=week\b)|"
    rf"(?:{WEEKDAY}|de manana|de hoy) (?=(?:en|a) (?:8|15)\b))"
    r"(?:week|(?:en|a) (8|15)(?: dias)?)\b"
)  # "friday week", "el viernes en ocho"
HALF_PAST = re.compile(
    r"(?<![\d.])(1\d|2[0-3]|[1-9])\.5\b(?! ?(?:h|hours?|horas?|days?|dias?|weeks?|semanas?|min))"
)
MONTH_END = re.compile(
    r"\b(?:(?:end|last day) of (?:the|this) month|(?:fin|fines|final|finales|fim|fins|ultimo dia) "
    r"(?:de|do|del|deste|desse|de este) mes|"
    rf"(?:end of|last day of|(?:fin|fines|final|finales|fim|fins|ultimo dia) de) ({MONTH}))\b"
)
STREET = re.compile(
    r"\b(?:calle|rua|avenida|avda?|av|carrera|colonia|barrio|bairro|plaza|praca|estacion|estacao|"
    r"metro|parque)\.? (?:de |da |do )?"
    rf"(?:\d{{1,2}} de (?:{MONTH})|(?:{WEEKDAY})\b)|"
    r"\b(?:apt|apto|apartment|unit|flat|bloco|depto|dpto|lote|piso)\.? ?\d+/\d+|"
    rf"\b(?:{WEEKDAY}) (?=avenida|av\b)"
)
"""Streets that bear a day's name: "calle 20 de julio"."""

EXCEPT = re.compile(
    r"\b(?:any ?day|every ?day|cualquier dia|todos (?:los|os) dias|qualquer dia) "
    rf"(?:but|except|menos|salvo|exceto|excepto)(?: (?:on|el|los|na|no|a|o))? (?:{WEEKDAY})s?\b"
)
MOVED_TO = re.compile(
    r"\b((?:cambi|pas|mov|mud|troc|troqu|remarc|remarqu)\w+) (?:al|pro|para o|para el|pra o|pra) "
    r"(?=\d{1,2}\b(?! ?(?:[:h.%]|de la|da|am|pm|horas|hs)))"
)
BY_NUMBER = re.compile(
    r"(?<!\d )\b(\d{1,2}) (?:del|do)(?: mes)? (1[0-2]|0?[1-9])(?=\s*(?:$|[,.!?]))"
)  # "25 del 12"
AFTER_THAT = re.compile(
    r"\b(?:(the day|1 day|2 days) after (?!tomorrow)|"
    r"(?:el|al) (dia) (?:despues|siguiente) (?:de|a)l? |"
    r"(?:no|um|1) (dia) (?:depois|seguinte) (?:do|de|ao|a) )(?=the |el |dia |manana\b|\d|"
    rf"(?:{WEEKDAY})\b)"
)
"""It leads to the day before which it stands: "the day after the 20th"."""

MONTH_SAID = re.compile(
    rf"\b(?:in|of|en|em|de|del|para|mid) ({MONTH})(?! ?\d)\b(?! (?:pasado|passado))"
)
MONTH_NEXT = re.compile(r"\b(?:next month|mes que viene|proximo mes|mes que vem|mes proximo)\b")


def read_date(text: str, language: str, now: datetime, region: str | None = None) -> date | None:
    """Return the day that a text says; one without a year lies in the future.

    Raises NoSuchDay for one that no calendar has.

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
    timed = _without_dates(spelt)
    clock = time_of(timed, now)
    if clock is None:
        return None
    if day == now.date() and clock < now.time() and may_be_after_noon(clock, timed):
        clock = clock.replace(hour=clock.hour + 12)  # "today at 6", written at two
    if day is None:
        today = datetime.combine(now.date(), clock)
        passed = today < now.replace(tzinfo=None, second=0, microsecond=0)
        return today + timedelta(days=1) if passed else today
    if day == now.date() and clock.hour == 0 and re.search(rf"\b(?:{EVENING})\b|midnight", spelt):
        day += timedelta(days=1)
    return datetime.combine(day, clock)


def date_of(spelt: str, today: date, month_first: bool) -> date | None:
    """Return the day in a text whose numbers are digits."""
    weeks = WEEKS_ON.search(spelt)
    later = None if weeks else WEEK_LATER.search(spelt)
    if weeks or later:
        count = int(weeks[1]) if weeks and weeks[1].isdigit() else 1
        if later and later[2] == "15":
            count = 2
        rest = spelt[weeks.end() :] if weeks else WEEK_LATER.sub(r"\1", spelt)
        first = date_of(rest, today, month_first)
        return first + timedelta(weeks=count) if first else None
    if after := AFTER_THAT.search(spelt):
        first = date_of(_as_day(spelt[after.end() :]), today, month_first)
        return first + timedelta(days=2 if after[1] == "2 days" else 1) if first else None
    for read in (_iso, nth_weekday, _named, _slashed):
        found = read(spelt, today, month_first)
        if found is not None:
            return found
    for pattern, month, day in FEASTS:
        if pattern.search(spelt):
            return next_such(today, month, day)
    for pattern, days in NEAR[:3]:
        if pattern.search(spelt):
            instead = date_of(pattern.sub(" ", spelt), today, month_first) if days < 0 else None
            return instead or today + timedelta(days=days)
    return (
        _away(spelt, today)
        or weekday_of(spelt, today)
        or _near(spelt, today)
        or _loose(spelt, today)
    )


def _as_day(rest: str) -> str:
    """Write "20 …" as "dia 20 …": a number that follows "o dia depois do" is a day."""
    return f"dia {rest}" if re.match(r"\d{1,2}\b(?!/)", rest) else rest


def _spelt(text: str, language: str) -> str:
    written = GREETING.sub(" ", plain(text))
    written = feiras_named(written) if language[:2] == "pt" else written
    spelt = spell_digits(mended(written, known(language)), language)
    spelt = EXCEPT.sub(" ", STREET.sub("-", spelt))
    if language[:2] in ("es", "pt"):
        spelt = BY_NUMBER.sub(r"\1/\2", spelt)
        spelt = MOVED_TO.sub(r"\1 dia ", spelt)
    spelt = re.sub(r"\b([23])0[- ]second\b", r"\g<1>2th", spelt)
    spelt = ORDINAL.sub(lambda found: f"{ORDINALS[found[0]]}th", spelt)
    spelt = SECOND.sub(lambda found: f"{found[1] or ''}2th", spelt)
    spelt = re.sub(r"\b([23])0(?:th)? ?-?(\d)th\b", r"\1\2th", spelt)
    spelt = re.sub(
        r"\b(?:dia primeiro|el primero(?! (?:que|disponible|libre))|dia 1[oº])(?!\w)",
        "dia 1",
        spelt,
    )
    if language[:2] == "es":  # "segunda planta"
        spelt = re.sub(r"\b(?:segunda|quinta|sexta)\b(?!-| feira)", "-", spelt)
    return HALF_PAST.sub(r"\1:30", spelt)


def _without_dates(spelt: str) -> str:
    for pattern in (ISO, DAY_MONTH, MONTH_DAY, SLASHED, DAY):
        spelt = pattern.sub(" , ", spelt)
    return spelt


def _month_first(language: str, region: str | None) -> bool:
    if region:
        return region.upper() in ("US", "PH", "PR") and language[:2] == "en"
    return language[:2] == "en"


def _iso(spelt: str, _: date, __: bool) -> date | None:
    found = ISO.search(spelt)
    return sure_day(int(found[1]), int(found[2]), int(found[3])) if found else None


def _named(spelt: str, today: date, _: bool) -> date | None:
    for pattern, day_at, month_at in ((DAY_MONTH, 1, 2), (MONTH_DAY, 2, 1)):
        found = pattern.search(spelt)
        if found:
            said = found[day_at]
            day = int(said) if said.isdigit() else 1
            month = MONTHS[found[month_at]]
            if found[3]:
                return sure_day(_full_year(found[3], today), month, day)
            return next_such(today, month, day)
    return None


def _full_year(said: str, today: date) -> int:
    """Return a year in full; one of two digits lies at most so many years ahead, else long ago."""
    if not said.isdecimal():
        return today.year - 1
    year = int(said)
    if year >= 100:
        return year
    return year + (2000 if year + 2000 <= today.year + MOST_AHEAD else 1900)


MOST_AHEAD = 20  # years


def _slashed(spelt: str, today: date, month_first: bool) -> date | None:
    impossible = False
    for found in SLASHED.finditer(spelt):
        first, second = int(found[1]), int(found[3])
        if month_first and not found[4] and (first, second) == (24, 7):
            continue
        if found[2] == "." and not found[4] and not 1 <= second <= 12:
            continue
        if found[2] == "-" and not found[4] and re.search(r"\b(?:de|from|between|entre)\b", spelt):
            continue
        month, day = (first, second) if month_first else (second, first)
        if month > 12:
            month, day = day, month
        if not (1 <= month <= 12 and 1 <= day <= 31):
            continue
        try:
            if not found[4]:
                return next_such(today, month, day)
            return sure_day(_full_year(found[4], today), month, day)
        except NoSuchDay:
            impossible = True
    if impossible:
        raise NoSuchDay(spelt)
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
        return months_on(today, sign * count * (1 if months else 12))
    working = re.match(r"(\d+) (?:business|working|dias habiles|dias uteis)", said)
    if working:
        return _working_days(today, int(working[1]))
    length = length_of(said)
    if length is None or length < timedelta(days=1) or length.days > 365 * 20:
        return None
    return today + sign * timedelta(days=length.days)


def _working_days(today: date, count: int) -> date:
    while count:
        today += timedelta(days=1)
        count -= today.weekday() < 5
    return today


def _near(spelt: str, today: date) -> date | None:
    for pattern, days in NEAR:
        if pattern.search(spelt):
            return today + timedelta(days=days)
    return None


def _loose(spelt: str, today: date) -> date | None:
    if re.search(rf"\b(?:{WEEK_NEXT})\b", spelt):
        return today + timedelta(days=7)
    if end := MONTH_END.search(spelt):
        month = MONTHS[end[1]] if end[1] else today.month
        year = today.year + (month < today.month)
        return date(year, month, calendar.monthrange(year, month)[1])
    if MONTH_NEXT.search(spelt):
        day = DAY.search(spelt)
        later = months_on(today.replace(day=1), 1)
        number = int(day[1] or day[2] or day[3]) if day else today.day
        return day_or_none(
            later.year, later.month, min(number, calendar.monthrange(later.year, later.month)[1])
        )
    day = DAY.search(spelt)
    if day:
        number = int(day[1] or day[2] or day[3])
        if said := MONTH_SAID.search(spelt):
            return next_such(today, MONTHS[said[1]], number)
        for ahead in range(12):
            first = months_on(today.replace(day=1), ahead)
            made = day_or_none(first.year, first.month, number)
            if made is not None and made >= today:
                return made
    return None
