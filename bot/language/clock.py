"""Times of day and lengths of time in what people write."""

import re
from datetime import datetime, time, timedelta
from decimal import Decimal

from bot.language.spoken import spell_digits

NOON = re.compile(r"\b(?:noon|midday|medio ?dia|meio[- ]dia)\b")
MIDNIGHT = re.compile(r"\b(?:midnight|media ?noche|meia[- ]noite)\b")
AND_HALF = re.compile(r"\s+(?:e|y)\s+(?:0\.5|meia|media)\b")
MORNING = r"in the morning|de la manana|por la manana|da manha|de manha|pela manha|morning"
AFTERNOON = (
    r"in the afternoon|afternoon|de la tarde|por la tarde|esta tarde|da tarde|a tarde|de tarde"
)
EVENING = (
    r"in the evening|evening|at night|tonight|night|de la noche|por la noche|esta noche|"
    r"da noite|a noite|de noite"
)
DAWN = r"de la madrugada|da madrugada|de madrugada|madrugada"
AM = r"a\.?\s?m\b\.?"
PM = r"p\.?\s?m\b\.?"
HALF = re.compile(r"\b(\d{1,2})\.5\b")
PAST = re.compile(
    r"\bhalf past (\d{1,2})\b|"
    r"(?<!from )\b(5|10|15|20|25|quarter|half) (?:minutes )?(past|after|to|till|before) (\d{1,2})\b"
)
MINUS = re.compile(r"\b(\d{1,2})(?: horas)? menos (\d{1,2}|cuarto)\b")
PARTED = re.compile(rf"\b(\d{{1,2}}) (\d{{2}})(?:\s*(?:{AM}|{PM})|$)")
FOR = re.compile(
    r"\b(\d{1,2}|cuarto|um quarto|quarto)(?: minutos)? "
    r"(?:para|pras?)\s?(?:las|as|la|a)? (\d{1,2})\b"
)
PLUS = re.compile(r"\b(\d{1,2})(?: horas?)? (?:y|e|con) (\d{1,2}|cuarto|um quarto)\b")
CLOCK = re.compile(
    rf"(?<![\d/.,:-])(\d{{1,2}})(?:(?::|h|\.(?=\d\d\b))(\d{{2}})|h)?(?::\d\d)?\s*"
    rf"({AM}|{PM}|o'?clock|hs?\b|hrs?\b|horas?\b|en punto)?(?![\d/]|[.,:]\d)"
)
BEFORE = r"at|as|las|la|by|around|about|until|till|ate|after|before|from|pras?|tipo|pelas"
SPOKEN = re.compile(rf"\b(?:{BEFORE})\s+(\d{{1,2}}) (\d{{2}})\b")
AT = re.compile(rf"\b(?:{BEFORE}|a)\s*$")
AHEAD = re.compile(
    r"\b(?:in|en|dentro de|em|daqui a|daqui|within)\s+(?:about |unos |umas |uns |unas )?"
    r"((?:\d|an?\b|half|uma?\b|una?\b|quarter).*)|((?:\d|an?\b|half).*?) from now\b"
)
NOW = re.compile(r"\b(?:right now|now|ahora(?: mismo)?|agora(?: mesmo)?)\b")
UNITS = (
    (1, r"s|sec|secs|seconds?|segundos?|seg"),
    (60, r"m|min|mins|minutes?|minutos?"),
    (3600, r"h|hr|hrs|hs|hours?|horas?"),
    (86_400, r"d|days?|dias?"),
    (7 * 86_400, r"w|wk|wks|weeks?|semanas?"),
    (14 * 86_400, r"fortnights?|quincenas?|quinzenas?"),
    (30 * 86_400, r"months?|mes|meses"),
    (365 * 86_400, r"y|yrs?|years?|anos?"),
)  # seconds; a month has 30 days, a year 365
LENGTH = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?|\ban?\b|\buna?\b|\buma?\b|\bhalf an?\b|\bcouple of\b)"
    r"\s*(?:of |de )?"
    r"(?:" + "|".join(f"(?P<u{at}>(?:{names})\\b)" for at, (_, names) in enumerate(UNITS)) + ")"
    r"(?P<half>\s+(?:and (?:a )?(?:half|0\.5)|y media?|y medio|y 0\.5|e meia|e meio|e 0\.5))?"
)
HOUR_AND_HALF = re.compile(
    r"(?<!\d )(?<!una )(?<!uma )(?<!un )(?<!um )"
    r"\b(hora|dia|semana|mes|ano) (?:y|e) (?:0\.5|media|meia)\b"
)
HOUR_AND_QUARTER = re.compile(r"\b(horas?) (?:y|e) (?:1 |un |um )?(?:cuarto|quarto)\b")
HOUR_AND_MINUTES = re.compile(r"\b(horas?|hours?) (?:y|e|and) (\d{1,2})(?=\s*(?:$|[,!?]|\.(?!\d)))")
QUARTER = re.compile(
    r"\b(?:(?P<three>3|three) (?:quarters|cuartos|quartos)|"
    r"(?:a |un |um )?(?:quarter|cuarto|quarto))"
    r" (?:of an hour|of hour|de hora)\b"
)
COLON = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(?:h|hours?|horas?|hs)?\b")
GLUED = re.compile(r"\b(\d{1,2})h(\d{2})(?:m|min)?\b")


def read_length(text: str, language: str) -> timedelta | None:
    """Return a length of time: "an hour and a half", "90 min", "1h30", "dos semanas"."""
    return length_of(spell_digits(text, language))


def length_of(spelt: str) -> timedelta | None:
    """Return the length of time in a text whose numbers are digits; parts are added up."""
    spelt = HOUR_AND_HALF.sub(r"1.5 \1", spelt)
    spelt = HOUR_AND_QUARTER.sub(r"\1 15 min", spelt)
    spelt = HOUR_AND_MINUTES.sub(r"\1 \2 min", spelt)
    quarter = QUARTER.search(spelt)
    if quarter:
        extra = length_of(QUARTER.sub(" ", spelt)) or timedelta()
        return extra + timedelta(minutes=45 if quarter["three"] else 15)
    glued = GLUED.search(spelt)
    if glued:
        return timedelta(hours=int(glued[1]), minutes=int(glued[2]))
    total, end = Decimal(0), None
    for found in LENGTH.finditer(spelt):
        if end is not None and len(spelt[end : found.start()].split()) > 2:
            break
        total += _seconds(found)
        end = found.end()
    if end is not None:
        return timedelta(seconds=float(total))
    colon = COLON.search(spelt)
    if colon:
        return timedelta(hours=int(colon[1]), minutes=int(colon[2]), seconds=int(colon[3] or 0))
    return None


def _seconds(found: re.Match[str]) -> Decimal:
    said = found["number"]
    number = Decimal(said.replace(",", ".")) if said[0].isdigit() else Decimal(1)
    if said.startswith("half"):
        number = Decimal("0.5")
    if said.startswith("couple"):
        number = Decimal(2)
    unit = next(size for at, (size, _) in enumerate(UNITS) if found[f"u{at}"])
    return (number + (Decimal("0.5") if found["half"] else 0)) * unit


def read_time(text: str, language: str, now: datetime) -> time | None:
    """Return the time of day that a text says; ``now`` (local) serves "in two hours"."""
    spelt = spell_digits(text, language)
    ahead = moment_ahead(spelt, now)
    return ahead.time() if ahead else time_of(spelt, now)


def moment_ahead(spelt: str, now: datetime) -> datetime | None:
    """Return the moment of "in two hours", where the length is below a day; None otherwise."""
    found = AHEAD.search(spelt)
    length = length_of(found[1] or found[2]) if found else None
    if length is None or length >= timedelta(days=1):
        return None
    return (now + length).replace(second=0, microsecond=0)


def time_of(spelt: str, now: datetime) -> time | None:
    """Return the time of day in a text whose numbers are digits."""
    for pattern, hour in ((NOON, 12), (MIDNIGHT, 0)):
        if named := pattern.search(spelt):
            return time(hour, 30 if AND_HALF.match(spelt[named.end() :]) else 0)
    for pattern, make in _SPOKEN:
        found = pattern.search(spelt)
        if found and (clock := make(found)) is not None:
            return _made(*clock, spelt)
    best: tuple[int, int, int] | None = None
    for found in CLOCK.finditer(spelt):
        marked = found[2] is not None or found[3] is not None or "h" in found[0]
        worth = 2 if marked else int(AT.search(spelt[: found.start()]) is not None)
        alone = re.fullmatch(r"\s*\d{1,2}\s*", spelt) is not None
        parted = re.search(f"{MORNING}|{AFTERNOON}|{EVENING}|{DAWN}", spelt) is not None
        if worth + alone + parted and (best is None or worth > best[0]):
            best = (worth, *_half_day(int(found[1]), int(found[2] or 0), found[3] or ""))
    if best is not None:
        return _made(best[1], best[2], spelt)
    return now.time().replace(second=0, microsecond=0) if NOW.search(spelt) else None


def _half_day(hour: int, minute: int, mark: str) -> tuple[int, int]:
    if re.match(PM, mark) and hour < 12:
        return hour + 12, minute
    if re.match(AM, mark) and hour == 12:
        return 0, minute
    return hour, minute


def _made(hour: int, minute: int, spelt: str) -> time | None:
    """Return a time, moved into the part of the day that the text names."""
    if (re.search(rf"\b(?:{AFTERNOON})\b", spelt) or re.search(rf"\d\s*{PM}", spelt)) and hour < 12:
        hour += 12
    elif re.search(rf"\b(?:{EVENING})\b", spelt):
        hour = 0 if hour == 12 and re.search("noche|noite|night", spelt) else hour
        hour = hour + 12 if 4 <= hour < 12 else hour
    elif re.search(rf"\b(?:{DAWN})\b|\d\s*{AM}", spelt) and hour == 12:
        hour = 0
    if hour == 24:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _minutes(said: str) -> int:
    return {"quarter": 15, "cuarto": 15, "um quarto": 15, "quarto": 15, "half": 30}.get(
        said, int(said) if said.isdigit() else 0
    )


def _before(hour: int, minutes: int) -> tuple[int, int]:
    return ((hour - 1) % 24 or (12 if hour == 1 else 0), 60 - minutes) if minutes else (hour, 0)


def _past(found: re.Match[str]) -> tuple[int, int] | None:
    if found[1]:
        return int(found[1]), 30
    minutes, hour = _minutes(found[2]), int(found[4])
    if found[3] in ("past", "after"):
        return hour, minutes
    return _before(hour, minutes)


_SPOKEN = (
    (PAST, _past),
    (MINUS, lambda found: _before(int(found[1]), _minutes(found[2]))),
    (FOR, lambda found: _before(int(found[2]), _minutes(found[1]))),
    (HALF, lambda found: (int(found[1]), 30)),
    (PLUS, lambda found: (int(found[1]), _minutes(found[2]))),
    (PARTED, lambda found: (int(found[1]), int(found[2]))),
    (SPOKEN, lambda found: (int(found[1]), int(found[2]))),
)
