"""Days of the week in what people write: "next friday", "el martes 17", the third monday."""

import calendar
import re
from datetime import date, timedelta

from bot.language.calendars import MONTH, MONTHS, day_or_none, months_on

WEEKDAYS = {
    name: number
    for number, names in enumerate((
        "monday mon lunes segunda", "tuesday tue tues martes terca",
        "wednesday wed miercoles quarta", "thursday thu thur thurs jueves quinta",
        "friday fri viernes sexta", "saturday sat sabado", "sunday sun domingo",
    ))
    for name in names.split()
}  # fmt: skip
WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
AFTER_WEEKDAY = re.compile(
    r"[\s,]+(?:the |el |dia |o dia )?(\d{1,2})(?:st|nd|rd|th)?\b"
    r"(?![:h./]|\s*[ap]\.?m|\s*(?:hs|hrs?|horas?|de la|da|do|e|y|en|in|o'?clock)\b)"
)
NTH = re.compile(
    rf"\b([1-4](?:th|er|ero|ro|do|[oa])|second|primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|primeir[oa]|"
    rf"terceir[oa]|quart[oa]|last|ultim[oa]) ({WEEKDAY})(?:-feira)? "
    rf"(?:of|in|de|do|del|em|deste|de este) (?:(?:the |this )?(month|mes)|(?:the )?next month|"
    rf"proximo mes|mes que v(?:iene|em)|({MONTH}))\b"
)
COUNT = {"1": 1, "p": 1, "2": 2, "s": 2, "3": 3, "t": 3, "4": 4, "c": 4, "q": 4, "l": -1, "u": -1}
WEEK_NEXT = (
    r"next week|(?:da|de la) (?:outra|otra|siguiente) semana|sem ser ess[ae]|"
    r"(?:la )?(?:proxima semana|semana que viene|semana proxima|siguiente semana)|"
    r"(?:na |da )?(?:semana que vem|proxima semana)"
)
LAST = re.compile(r"\blast\s*$|\bultimo\s*$|\bultima\s*$")
PASSED = re.compile(r"^(?:-feira)?\s+(?:pasado|passad[oa]|(retrasad[oa]))\b")
DAY_NAME = re.compile(
    rf"(?<!\bi )(?<!\bwe )(?<!\bhe )(?<!\byou )(?<!\bthe (?=(?:sun|sat)\b))"
    rf"(?<!minha )(?<!sua )(?<!nossa )(?<!\d)\b({WEEKDAY})s?\b"
    r"(?:-feira| feira)?(?! (?:opcao|vez|opcion|parte|pessoa|via|fila|aula|dose|etapa|mao|classe|"
    r"rua|porta|loja|tentativa|unidade|parcela|casa|metade|serie|mano|planta|temporada|compra|visita|consulta)\b)"
)
FEIRA = re.compile(r"\b([2-6])(?:[ªa][- ]?feira\b|ª(?=\s*(?:$|[,.!?]|as\b|de\b|que\b|\d)))")
SOON = 3  # months within which "martes 17" lies
WEEKEND = re.compile(r"\b(?:weekend|fin de semana|finde|fim de semana|fds)\b")


def feiras_named(plain_text: str) -> str:
    """Return a plain text with "6ª feira" as "sexta feira"."""
    names = ("segunda", "terca", "quarta", "quinta", "sexta")
    return FEIRA.sub(lambda found: f"{names[int(found[1]) - 2]} feira", plain_text)


def first_from(least: date, day: date, spelt: str) -> date:
    """Return a day of the week that a plain text names without more, not before ``least``.

    Where somebody leaves on monday and comes back "on friday", the friday behind it is meant.
    """
    bare = DAY_NAME.search(spelt) is not None and not any(sign.isdigit() for sign in spelt)
    if not bare or day >= least:
        return day
    return day + timedelta(weeks=-((day - least).days // 7))


def weekday_of(spelt: str, today: date) -> date | None:
    """Read days of the week, and whole weeks and months to come."""
    found = DAY_NAME.search(spelt)
    if found:
        if (named := _numbered(spelt, found.end(), WEEKDAYS[found[1]], today)) is not None:
            return named
        weekday = WEEKDAYS[found[1]]
        ahead = (weekday - today.weekday()) % 7
        passed = PASSED.search(spelt[found.end() :])
        if passed or LAST.search(spelt[: found.start()]):
            weeks = 1 if passed and passed[1] else 0
            return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1, weeks=weeks)
        if re.search(rf"\b(?:{WEEK_NEXT})\b", spelt):
            return today + timedelta(days=7 - today.weekday() + weekday)
        if ahead == 0 and not re.search(
            r"\b(?:this|este|esta|essa|nesta|today)\s+\S*$", spelt[: found.end()]
        ):
            ahead = 7
        if re.search(r"\bafter next\b|\bem 2 semanas\b|\bnot this\b.*\bnext\b", spelt):
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
            for ahead in range(SOON)
            if (first := months_on(today.replace(day=1), ahead))
            and (made := day_or_none(first.year, first.month, int(said[1]))) is not None
            and made >= today
            and made.weekday() == weekday
        ),
        None,
    )


def nth_weekday(spelt: str, today: date, _: bool) -> date | None:
    """Read "the first monday of june", "la última semana"-less "último viernes del mes"."""
    found = NTH.search(spelt)
    if found is None:
        return None
    count, weekday = COUNT[found[1][0]], WEEKDAYS[found[2]]
    first = today.replace(day=1) if found[3] else months_on(today.replace(day=1), 1)
    for ahead in range(13):
        month = months_on(today.replace(day=1), ahead) if found[4] else months_on(first, ahead)
        if found[4] and month.month != MONTHS[found[4]]:
            continue
        last = calendar.monthrange(month.year, month.month)[1]
        days = [d for d in range(1, last + 1) if month.replace(day=d).weekday() == weekday]
        if count <= len(days):
            made = month.replace(day=days[count - 1 if count > 0 else -1])
            if made >= today:
                return made
    return None
