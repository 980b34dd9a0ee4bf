"""Times of day in what people write."""

import re
from datetime import datetime, time, timedelta
from itertools import pairwise

from bot.language.lengths import length_of
from bot.language.spoken import plain, spell_digits

NOON = re.compile(r"\b(?:noon|midday|(?<!\d del )(?<!\d de )medio ?dia|meio[- ]?dia)(?:ish)?\b")
MIDNIGHT = re.compile(r"\b(?:midnight|media ?noche|meia[- ]noite)\b")
AND_MORE = re.compile(
    r"\s+(?:e|y)\s+(0\.5|meia|media|cuarto|(?:um )?quarto|5|[1-5]\d)\b"
)  # "entre meio-dia e uma" says two hours
MORNING = (
    r"in the morning|de la manana|por la manana|(?<!pasado )a la manana|da manha|de manha|"
    r"pela manha|da matina|morning"
)
AFTERNOON = (
    r"in the afternoon|afternoon|d[ea] la tarde|por la tarde|a la tarde|x la tarde|esta tarde|"
    r"da tarde|a tarde|de tarde|"
    r"del medio ?dia|tardecita|tardinha"
)
EVENING = (
    r"in the evening|evening|(?<=tomorrow )eve|(?<=[snriu]day )eve|at night|tonight|night|"
    r"de la noche|por la noche|a la noche|x la noche|esta noche|da noite|a noite|de noite|"
    r"noitinha|nochecita"
)
DAWN = r"de la madrugada|da madruga(?:da)?|de madrugada|madrugada"
NOONTIME = r"del dia|do dia"  # "las 12 del dia"
AM = r"a\.?\s?m\b\.?"
PM = r"p\.?\s?m\b\.?"
GREETING = re.compile(
    r"\b(?:good|buen(?:os|as)?|bo[am]s?|feliz) (?:morning|afternoon|evening|night|dias?|tardes?|"
    r"noches?|noites?)\b"
)
"""It says when people write, not when they come."""


def without_greeting(text: str) -> str:
    """Return a text without the time of day by which it greets: "boa tarde, quero de manhã"."""
    told = plain(text)
    if len(told) != len(text) or GREETING.search(told) is None:
        return text
    ends = [(0, 0), *(found.span() for found in GREETING.finditer(told)), (len(text), len(text))]
    kept = (text[start:end] for (_, start), (end, _) in pairwise(ends))
    return " ".join(kept).strip(" ,.!;")


PART = re.compile(rf"\b(?:{MORNING}|{AFTERNOON}|{EVENING}|{DAWN})\b|(?<=\d) ?(?:{AM}|{PM})")
HALF = re.compile(r"\b([1-9]|1\d|2[0-4])\.5\b")
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
BETWEEN = re.compile(
    rf"\b(?:entre|de)(?: las?| as| a)? (\d{{1,2}})((?::\d\d)?) (y|e|a|as|ate|hasta)(?: las?| as)? "
    rf"(\d{{1,2}})((?::\d\d)?)\s*({AM}|{PM})"
)  # "entre 3 y 4 pm"
FIRST_OF_TWO = re.compile(
    r"(?<![\d:.])\b(?:at |as |a las )?(\d{1,2}) (?:or|o|ou) (?:at |as |a las )?\d{1,2}[:h]\d\d\b"
    rf"(?! ?(?:{AM}|{PM}))"
)  # "2 or 2:30"
FOR = re.compile(
    r"(?<!mesa )(?<![:.h])\b((?:un |1 )?cuarto|(?:um |1 )?quarto|\d{1,2})(?: minutos)? "
    r"(?:para|pras?|p/)\s?(?:las|as|la|a)? (\d{1,2})\b(?!\s*(?:pe(?:rsonas?|ssoas?)|pax|gente))"
)
PLUS = re.compile(
    r"\b(\d{1,2})(?: ?h| ?hs| horas?)? (?:y|e|con) ((?:un |1 )?cuarto|(?:um |1 )?quarto|\d{1,2})\b"
)
COUNTED = (
    r"\s*(?:people|persons?|pessoas?|personas?|adult[oa]?s?|kids?|guests?|pax|of us|nin[oa]s?|"
    r"criancas?|lugares|seats?|min(?:ute|uto)?s?|dollars?|dolar(?:es)?|euros?|soles|reais|pesos|bucks|days?|dias?|"
    r"weeks?|semanas?|months?|mes(?:es)?|years?|anos?|st|nd|rd|th)\b"
)
"""What is counted is no hour: "at 4 people"."""
CLOCK = re.compile(
    rf"(?<![\d/.,:-])(\d{{1,2}})(?:(?::|h|\.(?=\d\d(?:\b|h|[ap]\.?m\b)))(\d{{2}})|h)?(?::\d\d)?\s*"
    rf"({AM}|{PM}|o ?'?clock|hs?\b|hrs?\b|horas?\b|e[nm] punto|em ponto|sharp\b|on the dot)?"
    rf"(?![\d/%]|[.,:]\d|{COUNTED})"
)
COUNTED_HALF = re.compile(
    r"\s+(?:of |de )?(?:an? )?(?!(?:to|in|at|on|of|if|is|ok|y|e|a|o|am|pm|please|pls|"
    r"por|porfa|works|would|de la|da|do|em|en|el|la|los|na|no|pra|para|pela|hoy|hoje|today|"
    r"manana|amanha|tomorrow|tonight|esta|this|next|que|seria|estaria|me|pode|puede|thanks|"
    r"gracias|obrigad[oa]|"
    rf"h|hs|{AM}|{PM})\b)[a-z]"
)
"""What is halved is no hour: "two and a half kilos"."""

AGED = re.compile(
    r"\b(?<!it )(?<!that )(?:is|are|i'm|he's|she's|turned|tiene|tengo|cumple|son|tem|tenho|fez|"
    r"sao)\s*$"
)
ADDRESS = re.compile(
    r"\b(?:i live|we live|street|road|rd|avenue|ave|address|calle|rua|moro|vivo|vivimos|moramos|"
    r"apartamento|apto|endereco|direccion)\b"
)
EARLY = re.compile(
    r"\b(?:early|temprano|cedo|first thing|primera hora|primeira hora|breakfast|desayuno|"
    r"cafe da manha|sunrise|dawn|amanecer|flight|airport|vuelo|aeropuerto|voo|aeroporto|"
    r"wake|morning)\b"
)
LASTING = re.compile(
    r"\b(?:tengo|llev[oa]|llevamos|hace|demor\w+|tard(?!es?\b|ec|in)[aoe]\w*|dura\w*|faz|esper\w+|takes?|took|lasts?|"
    r"wait(?:ed|ing)?|cada|every|mas de|mais de|more than|levam?|faltan?)\b|"
    r"\b(?:for|por|durante|during) (?=\d ?h)"
)
"""Beside these, hours are counted: "llevo 2 horas esperando"."""

OF_WORK = re.compile(
    r"\s*(?:de|of) (?!la\b|tarde|manha|noite|noche|madrug|hoy|hoje|manana|amanha|to)[a-z]"
)  # "three hours of cleaning"
PRICED = re.compile(
    r"[$€£]|\b(?:cost\w*|prices?|priced|each|apiece|fica|ficou|cada|paid|pay|cuesta\w*|cuestan|sale|"
    r"salen|vale|valen|valor|precio|preco|custa\w*|pagu?e\w*|pago|total)\b"
)
"""Beside these, 4.50 is a sum."""

DINNER = re.compile(r"\b(?:dinner|supper|cena|cenar|jantar|janta)\b")
DINING = re.compile(r"\b(?:table|mesa)\b")
"""Who asks for a table at seven comes in the evening; who has dinner does so at any such hour."""

EARLIEST = (6, 30)
"""Up to here nobody makes an appointment without saying that it is early: "at 5" is 17:00."""
IN_24 = re.compile(
    r"\b0\d ?[:.h]\d\d|\b0\d\b|(?:\d\d|[06-9]) ?(?:h|hs|hrs?|horas?)\b|(?:\d\d|[06-9])h\d|"
    r"(?<![\d:])(?:1[3-9]|2[0-3])[:h]"
)
"""Written as on a clock of 24 hours; but who writes "umas 4h" means the afternoon."""

BEFORE = (
    r"at|as|las|la|by|around|about|until|till|ate|after|before|from|pras|tipo|pelas|das|umas|unas|"
    r"roughly|make it|let's do|lets do|how about|maybe|pode ser|puede ser|"
    r"(?:push|mov|chang|switch|bump)(?:e|ed|ing)?(?: (?:it|that|this|mine|us|me))?"
    r"(?: back| up| forward)? to"
)
SPOKEN = re.compile(rf"\b(?:{BEFORE})\s+(\d{{1,2}}) (\d{{2}})\b")
AT = re.compile(rf"(?:\b(?:{BEFORE}|a)|@)\s*$")
THREE_DIGITS = re.compile(r"\d{3}")
UNMARKED = re.compile(
    rf"(?:\b(?:{BEFORE}|like|how'?s|a las)|^) ?(1[0-2]|[1-9])([0-5][05])"
    r"(?= ?(?:$|[?!,;]|\.(?!\d)|(?:or|o|ou|works|is|please|pls|plz|if|then|ish|ta|esta|porfa)\b))"
)  # "at 530"
AHEAD = re.compile(
    r"\b(?:in|en|dentro de|em|daqui a|daqui|within)\s+(?:about |unos |umas |uns |unas )?"
    r"((?:\d|an?\b|half|uma?\b|una?\b|quarter|hora\b).*)|((?:\d|an?\b|half).*?) from now\b"
)
NOW = re.compile(r"\b(?:right now|now|ahora(?: mismo)?|agora(?: mesmo)?)\b")


def read_time(text: str, language: str, now: datetime) -> time | None:
    """Return the time of day that a text says; ``now`` (local) serves "in two hours"."""
    spelt = spell_digits(GREETING.sub(" ", plain(text)), language)
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


def may_be_after_noon(clock: time, spelt: str) -> bool:
    """Tell whether a text leaves open which half of the day its time lies in."""
    return 1 <= clock.hour <= 11 and not _tells_half(spelt)


def _tells_half(spelt: str) -> bool:
    """Tell whether a part of the day, or writing as on a clock of 24 hours, says the half."""
    return any(one.search(spelt) for one in (IN_24, PART, EARLY))


def part_of_day(text: str) -> str | None:
    """Return the words of a text that say a part of the day, None when none do."""
    found = PART.search(plain(text))
    return found[0].strip() if found else None


def _at_hours(spelt: str) -> str:
    """Write "8ish" as "at 8", "3p" as "3pm"."""
    if THREE_DIGITS.search(spelt):
        spelt = UNMARKED.sub(r" at \1:\2", spelt)
    spelt = re.sub(r"(?<!half )(?<!0\.5 )\b(\d{1,2}(?::\d\d)?)\s?-?ish\b", r"at \1", spelt)
    spelt = FIRST_OF_TWO.sub(r"at \1 ", spelt)
    spelt = BETWEEN.sub(_both, BOTH.sub(_both, spelt))
    spelt = SPAN.sub(r"at \1 , ", spelt)
    spelt = re.sub(r"(\d ?[ap]\.?m)\.?\s?-?ish\b", r"\1", spelt)
    spelt = re.sub(r"\b(\d{1,2})h([0-5]\d) ?min(?:utos)?\b", r"\1h\2", spelt)
    spelt = re.sub(r"(?<![\d:./-])\b(\d{1,2})([0-5]\d) ?(?=[ap]\.?m\b)", r"\1:\2 ", spelt)
    return re.sub(r"(\d)p\b|(:\d\d)a\b", lambda m: f"{m[1]}pm" if m[1] else f"{m[2]}am", spelt)


def _both(found: re.Match[str]) -> str:
    first, last = int(found[1]) % 12, int(found[4]) % 12
    mark = f" {found[6]} " if first <= last else " "
    return f"{found[1]}{found[2]}{mark}{found[3]} {found[4]}{found[5]} {found[6]}"


def _best_clock(spelt: str) -> time | None:
    """Return the first of the times that are most clearly such."""
    best: tuple[int, int, int, bool] | None = None
    lives = ADDRESS.search(spelt) is not None
    for found in CLOCK.finditer(spelt):
        marked = found[2] is not None or found[3] is not None or "h" in found[0]
        introduced = AT.search(spelt[: found.start()]) is not None
        if not introduced and _is_counted(found, spelt):
            continue
        worth = 2 if marked else int(introduced and not lives)
        alone = re.fullmatch(r"\s*\d{1,2}\s*", spelt) is not None
        parted = re.search(f"{MORNING}|{AFTERNOON}|{EVENING}|{DAWN}|{NOONTIME}", spelt) is not None
        if worth + alone + parted and (best is None or worth > best[0]):
            mark = found[3] or ""
            settled = re.match(f"{AM}|{PM}", mark) is not None
            best = (worth, *_half_day(int(found[1]), int(found[2] or 0), mark), settled)
    return None if best is None else _made(best[1], best[2], spelt, settled=best[3])


def _is_counted(found: re.Match[str], spelt: str) -> bool:
    """Tell whether a number is a length of hours, or a sum with cents."""
    if found[2] is not None and "." in found[0] and found[3] is None:
        return PRICED.search(spelt) is not None
    in_hours = "h" in found[0] and found[2] is None
    return in_hours and (
        LASTING.search(spelt) is not None or OF_WORK.match(spelt, found.end()) is not None
    )


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
    elif _is_late(hour, minute, spelt) and not _tells_half(spelt):
        hour += 12
    if hour == 24:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _is_late(hour: int, minute: int, spelt: str) -> bool:
    """Tell whether an hour that says no half of the day is most likely one after noon."""
    if (1, 0) <= (hour, minute) <= EARLIEST:
        return True
    return (6 <= hour <= 8 and DINING.search(spelt) is not None) or (
        6 <= hour <= 11 and DINNER.search(spelt) is not None
    )


def _minutes(said: str) -> int:
    if said.isdigit():
        return int(said)
    return 15 if said.endswith(("quarter", "cuarto", "quarto")) else 30


def _before(hour: int, minutes: int) -> tuple[int, int]:
    return ((hour - 1) % 24 or (12 if hour == 1 else 0), 60 - minutes) if minutes else (hour, 0)


def _half(found: re.Match[str]) -> tuple[int, int] | None:
    counted = COUNTED_HALF.match(found.string, found.end())
    introduced = AT.search(found.string[: found.start()])
    aged = AGED.search(found.string[: found.start()])
    return None if aged or (counted and not introduced) else (int(found[1]), 30)


def _plus(found: re.Match[str]) -> tuple[int, int] | None:
    minutes = _minutes(found[2])
    return (int(found[1]), minutes) if minutes == 5 or minutes >= 10 else None


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
    (HALF, _half),
    (PLUS, _plus),
    (PARTED, lambda found: (int(found[1]), int(found[2]))),
    (SPOKEN, lambda found: (int(found[1]), int(found[2]))),
)
