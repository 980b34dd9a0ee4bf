"""Times of day in what people write."""

import re
from datetime import datetime, time, timedelta

from bot.language.lengths import length_of
from bot.language.spoken import spell_digits

NOON = re.compile(r"\b(?:noon|midday|(?<!\d del )(?<!\d de )medio ?dia|meio[- ]?dia)(?:ish)?\b")
MIDNIGHT = re.compile(r"\b(?:midnight|media ?noche|meia[- ]noite)\b")
AND_MORE = re.compile(r"\s+(?:e|y)\s+(0\.5|meia|media|cuarto|(?:um )?quarto|\d{1,2})\b")
MORNING = r"in the morning|de la manana|por la manana|da manha|de manha|pela manha|morning"
AFTERNOON = (
    r"in the afternoon|afternoon|de la tarde|por la tarde|esta tarde|da tarde|a tarde|de tarde|"
    r"del medio ?dia|tardecita|tardinha"
)
EVENING = (
    r"in the evening|evening|at night|tonight|night|de la noche|por la noche|esta noche|"
    r"da noite|a noite|de noite|noitinha|nochecita"
)
DAWN = r"de la madrugada|da madruga(?:da)?|de madrugada|madrugada"
NOONTIME = r"del dia|do dia"  # "las 12 del dia"
AM = r"a\.?\s?m\b\.?"
PM = r"p\.?\s?m\b\.?"
HALF = re.compile(r"\b(\d{1,2})\.5\b")
PAST = re.compile(
    r"\b(?:half past|0\.5 past) (\d{1,2})\b|"
    r"(?<!from )\b(5|10|15|20|25|quarter|half) (?:minutes |min )?"
    r"(past|after|to|till?|before|of) (\d{1,2})\b"
)
HALF_BEFORE = re.compile(
    r"(?<![\d.])(?:0\.5|half) ([1-9]|1[0-2])\b(?![.:%/]| ?[hk])"
)  # "half seven"
FOUR = re.compile(
    r"(?<![\d:./-])([01]\d|2[0-3])([0-5]\d)\s*(?:hs?|hrs?|hours?|horas)\b|"
    r"\b(?:at|as|a las|by) ([01]\d|2[0-3])([0-5]\d)\b(?! ?\d)"
)  # "1730 hrs", "at 0900"
MINUS = re.compile(r"\b(\d{1,2})(?: horas)? menos ((?:un |1 )?cuarto|(?:um |1 )?quarto|\d{1,2})\b")
PARTED = re.compile(
    rf"(?<![\d:./-])\b(\d{{1,2}}) ([0-5]\d)(?:\s*(?:{AM}|{PM})|\s*[?!,;.]*$|[,;]|"
    rf"\s+(?:{MORNING}|{AFTERNOON}|{EVENING}|{DAWN}|works|please|pls|tomorrow|today))"
)
SPAN = re.compile(
    r"\b(?:(?:de|das|from)(?: las?| as)? (?=\d[\d:h ]*(?:a|as|to|ate|hasta|-)\b)|"
    r"(?:entre|between)(?: las?| as)? )(\d{1,2}(?:[:h]\d\d)?h?)(?: ?h)? "
    r"(?:a|as|e|y|to|and|ate|hasta|-)(?: las?| as)? (?=\d)"
)  # "de 10 a 12 de la manana": the first counts
BOTH = re.compile(
    rf"\b(\d{{1,2}})((?::\d\d)?)\s*(-|–|to|and|or)\s*(\d{{1,2}})((?::\d\d)?)\s*({AM}|{PM})"
)  # "between 2 and 3 pm": both are in the afternoon
FOR = re.compile(
    r"(?<!mesa )\b((?:un |1 )?cuarto|(?:um |1 )?quarto|\d{1,2})(?: minutos)? "
    r"(?:para|pras?|p/)\s?(?:las|as|la|a)? (\d{1,2})\b"
)
PLUS = re.compile(
    r"\b(\d{1,2})(?: ?h| ?hs| horas?)? (?:y|e|con) ((?:un |1 )?cuarto|(?:um |1 )?quarto|\d{1,2})\b"
)
COUNTED = (
    r"\s*(?:people|persons?|pessoas?|personas?|adult[oa]?s?|kids?|guests?|pax|of us|nin[oa]s?|"
    r"criancas?|lugares|seats?|min(?:ute|uto)?s?|dollars?|euros?|reais|pesos|bucks|days?|dias?|"
    r"weeks?|semanas?|months?|mes(?:es)?|years?|anos?|st|nd|rd|th)\b"
)
"""What is counted is no hour: "at 4 people"."""
CLOCK = re.compile(
    rf"(?<![\d/.,:-])(\d{{1,2}})(?:(?::|h|\.(?=\d\d(?:\b|h)))(\d{{2}})|h)?(?::\d\d)?\s*"
    rf"({AM}|{PM}|o ?'?clock|hs?\b|hrs?\b|horas?\b|e[nm] punto|em ponto|sharp\b|on the dot)?"
    rf"(?![\d/%]|[.,:]\d|{COUNTED})"
)
BEFORE = (
    r"at|as|las|la|by|around|about|until|till|ate|after|before|from|pras|tipo|pelas|das|umas|unas|"
    r"roughly|make it|let's do|lets do|how about|maybe|pode ser|puede ser"
)
SPOKEN = re.compile(rf"\b(?:{BEFORE})\s+(\d{{1,2}}) (\d{{2}})\b")
AT = re.compile(rf"\b(?:{BEFORE}|a)\s*$")
AHEAD = re.compile(
    r"\b(?:in|en|dentro de|em|daqui a|daqui|within)\s+(?:about |unos |umas |uns |unas )?"
    r"((?:\d|an?\b|half|uma?\b|una?\b|quarter|hora\b).*)|((?:\d|an?\b|half).*?) from now\b"
)
NOW = re.compile(r"\b(?:right now|now|ahora(?: mismo)?|agora(?: mesmo)?)\b")


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
    spelt = _at_hours(spelt)
    for pattern, hour in ((NOON, 12), (MIDNIGHT, 0)):
        if named := pattern.search(spelt):
            more = AND_MORE.match(spelt[named.end() :])
            return _made(hour, _minutes(more[1]) if more else 0, spelt, settled=True)
    for pattern, make in _SPOKEN:
        found = pattern.search(spelt)
        if found and (clock := make(found)) is not None:
            return _made(*clock, spelt)
    return _best_clock(spelt) or (
        now.time().replace(second=0, microsecond=0) if NOW.search(spelt) else None
    )


def _at_hours(spelt: str) -> str:
    """Write "8ish" as "at 8", "3p" as "3pm"."""
    spelt = re.sub(r"\b(\d{1,2}(?::\d\d)?)\s?-?ish\b", r"at \1", spelt)
    spelt = BOTH.sub(_both, spelt)
    spelt = SPAN.sub(r"at \1 , ", spelt)
    spelt = re.sub(r"(\d ?[ap]\.?m)\.?\s?-?ish\b", r"\1", spelt)
    return re.sub(r"(\d)p\b|(:\d\d)a\b", lambda m: f"{m[1]}pm" if m[1] else f"{m[2]}am", spelt)


def _both(found: re.Match[str]) -> str:
    first, last = int(found[1]) % 12, int(found[4]) % 12
    mark = f" {found[6]} " if first <= last else " "
    return f"{found[1]}{found[2]}{mark}{found[3]} {found[4]}{found[5]} {found[6]}"


def _best_clock(spelt: str) -> time | None:
    """Return the first of the times that are most clearly such."""
    best: tuple[int, int, int, bool] | None = None
    for found in CLOCK.finditer(spelt):
        marked = found[2] is not None or found[3] is not None or "h" in found[0]
        worth = 2 if marked else int(AT.search(spelt[: found.start()]) is not None)
        alone = re.fullmatch(r"\s*\d{1,2}\s*", spelt) is not None
        parted = re.search(f"{MORNING}|{AFTERNOON}|{EVENING}|{DAWN}|{NOONTIME}", spelt) is not None
        if worth + alone + parted and (best is None or worth > best[0]):
            mark = found[3] or ""
            settled = re.match(f"{AM}|{PM}", mark) is not None
            best = (worth, *_half_day(int(found[1]), int(found[2] or 0), mark), settled)
    return None if best is None else _made(best[1], best[2], spelt, settled=best[3])


def _half_day(hour: int, minute: int, mark: str) -> tuple[int, int]:
    if re.match(PM, mark) and hour < 12:
        return hour + 12, minute
    if re.match(AM, mark) and hour == 12:
        return 0, minute
    return hour, minute


def _made(hour: int, minute: int, spelt: str, *, settled: bool = False) -> time | None:
    """Return a time, moved into the part of the day that the text names.

    Args:
        settled: The hour has its own mark: it says which half of the day is meant.
    """
    if settled:
        pass
    elif (
        re.search(rf"\b(?:{AFTERNOON})\b", spelt) or re.search(rf"\d\s*{PM}", spelt)
    ) and hour < 12:
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
    if said.isdigit():
        return int(said)
    return 15 if said.endswith(("quarter", "cuarto", "quarto")) else 30


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
    (FOUR, lambda found: (int(found[1] or found[3]), int(found[2] or found[4]))),
    (HALF_BEFORE, lambda found: (int(found[1]), 30)),
    (MINUS, lambda found: _before(int(found[1]), _minutes(found[2]))),
    (FOR, lambda found: _before(int(found[2]), _minutes(found[1]))),
    (HALF, lambda found: (int(found[1]), 30)),
    (PLUS, lambda found: (int(found[1]), _minutes(found[2]))),
    (PARTED, lambda found: (int(found[1]), int(found[2]))),
    (SPOKEN, lambda found: (int(found[1]), int(found[2]))),
)
