"""Lengths of time in what people write."""

import re
from datetime import timedelta
from decimal import Decimal

from bot.language.spoken import spell_digits

NIGHTS = r"diarias?|pernoites?|(?<!\ba )nights?|(?<!\ba )noches?|(?<!\ba )noites?"
UNITS = (
    (1, r"s|sec|secs|seconds?|segundos?|seg"),
    (60, r"m|min|mins|minutes?|minutos?|minutit[oa]s?|minutinhos?"),
    (3600, r"h|hr|hrs|hs|hours?|horas?|horinhas?|horitas?"),
    (86_400, rf"d|days?|dias?|diazinhos?|{NIGHTS}"),
    (7 * 86_400, r"w|wk|wks|weeks?|semanas?|semanitas?|semaninhas?"),
    (14 * 86_400, r"fortnights?"),
    (15 * 86_400, r"quincenas?|quinzenas?"),
    (30 * 86_400, r"months?|mes|meses|mesecitos?"),
    (90 * 86_400, r"trimestres?"),
    (180 * 86_400, r"semestres?"),
    (365 * 86_400, r"y(?!\s+\w)|yrs?|years?|anos?"),
)  # seconds; a month has 30 days, a year 365
LENGTH = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)?|\ban?\b|\buna?\b|\buma?\b|\bhalf an?\b|\bcouple of\b)"
    r"\s*(?:of |de )?(?:full |whole |more |business |working |calendar |mas |mais )?"
    r"(?:" + "|".join(f"(?P<u{at}>(?:{names})\\b)" for at, (_, names) in enumerate(UNITS)) + ")"
    r"(?P<half>\s+(?:and (?:a )?(?:half|0\.5)|y media?|y medio|y 0\.5|e meia|e meio|e 0\.5))?"
)
HOUR_AND_HALF = re.compile(
    r"(?<!\d )(?<!una )(?<!uma )(?<!un )(?<!um )"
    r"\b(hora|dia|semana|mes|ano) (?:y|e) (?:0\.5|media|meia)\b"
)
BARE = re.compile(
    r"(?<!\d )(?<!\ban )(?<!\ba )(?<!una )(?<!uma )(?<!un )(?<!um )\b(hora|hour)"
    r"(?= (?:y|e|and) (?:an? |1 |un |um )?(?:\d|cuarto|quarto|quarter|half|media|meia))"
)  # "hora y veinte"
HOUR_AND_QUARTER = re.compile(
    r"\b(horas?|hours?) (?:y|e|and) (?:a |1 |un |um )?(?:cuarto|quarto|quarter)\b"
)
HOUR_AND_QUARTERS = re.compile(
    r"\b(horas?|hours?) (?:y|e|and) (?:3|three) (?:cuartos|quartos|quarters)\b"
)
HOUR_AND_MINUTES = re.compile(
    r"(?<![a-z])(horas?|hours?|hrs?|hs?)\s*(?:(?:y|e|and)\s+)?(\d{1,2})(?=\s*(?:$|[,!?]|\.(?!\d)))"
)
RANGE = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:-|–|\bto\b|\bor\b|\ba\b|\bo\b|\bou\b)\s*\d+(?:[.,]\d+)?(?=\s*[a-z])|"
    r"\b(?:between|entre)\s+(\d+(?:[.,]\d+)?)\s+(?:and|y|e)\s+\d+(?:[.,]\d+)?(?=\s*[a-z])"
)  # the first counts: "2-3 days"
ANOTHER = re.compile(r"-|–|\b(?:to|or|a|o|ou|hasta|ate)\b")
HALF_DAY = re.compile(r"\b(?:medio|meio)[- ]?dia\b")
QUARTER = re.compile(
    r"\b(?:(?P<three>3|three) (?:quarters|cuartos|quartos)|"
    r"(?:a |un |um )?(?:quarter|cuarto|quarto))"
    r" (?:of an hour|of hour|hour|de hora)\b"
)
COLON = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(?:h|hours?|horas?|hs)?\b")
GLUED = re.compile(r"\b(\d{1,2})h(\d{2})(?:m|min)?\b")


def read_length(text: str, language: str) -> timedelta | None:
    """Return a length of time: "an hour and a half", "90 min", "1h30", "dos semanas"."""
    return length_of(spell_digits(text, language))


def unit_said(text: str, language: str) -> str | None:
    """Return the last unit of time that a text counts in, None when it counts in none."""
    found = list(LENGTH.finditer(spell_digits(text, language)))
    return next((said for said in found[-1].groups()[1:] if said), None) if found else None


def length_of(spelt: str) -> timedelta | None:
    """Return the length of time in a text whose numbers are digits; parts are added up."""
    spelt = RANGE.sub(lambda found: found[1] or found[2], spelt)
    spelt = re.sub(r"(\d)\s?['′](?![\w'])", r"\1 min", spelt)
    spelt = BARE.sub(r"1 \1", HOUR_AND_HALF.sub(r"1.5 \1", spelt))
    spelt = HOUR_AND_QUARTERS.sub(r"\1 45 min", spelt)
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
        between = spelt[end : found.start()] if end is not None else ""
        if len(between.split()) > 2 or ANOTHER.search(between):
            break
        total += _seconds(found)
        end = found.end()
    if end is not None:
        return timedelta(seconds=float(total))
    colon = COLON.search(spelt)
    if colon:
        return timedelta(hours=int(colon[1]), minutes=int(colon[2]), seconds=int(colon[3] or 0))
    return timedelta(hours=12) if HALF_DAY.search(spelt) else None


def _seconds(found: re.Match[str]) -> Decimal:
    said = found["number"]
    number = Decimal(said.replace(",", ".")) if said[0].isdigit() else Decimal(1)
    if said.startswith("half"):
        number = Decimal("0.5")
    if said.startswith("couple"):
        number = Decimal(2)
    unit = next(size for at, (size, _) in enumerate(UNITS) if found[f"u{at}"])
    return (number + (Decimal("0.5") if found["half"] else 0)) * unit
