"""Names of days and months as they are typed in a hurry: short forms and slips of one letter."""

import re
from collections.abc import Mapping
from functools import lru_cache

SHORT: Mapping[str, Mapping[str, str]] = {
    "en": {
        "tmrw": "tomorrow", "tmr": "tomorrow", "tmrrw": "tomorrow", "tmw": "tomorrow",
        "tmoro": "tomorrow", "tomoro": "tomorrow", "2moro": "tomorrow", "2morrow": "tomorrow",
        "tommorow": "tomorrow", "tommorrow": "tomorrow", "tomorow": "tomorrow", "tonite": "tonight",
        "tdy": "today", "2day": "today", "yest": "yesterday", "wensday": "wednesday",
        "wendsday": "wednesday", "weds": "wednesday", "wednsday": "wednesday", "mondy": "monday",
        "modnay": "monday", "munday": "monday",
        "firday": "friday", "fridy": "friday", "frday": "friday", "fryday": "friday",
        "thusday": "thursday", "tusday": "tuesday", "teusday": "tuesday", "satuday": "saturday",
        "sunady": "sunday", "sundy": "sunday", "todya": "today", "toady": "today",
        "bday": "birthday", "2nite": "tonight",
    },
    "es": {
        "mnn": "manana", "mnna": "manana", "mnana": "manana", "oy": "hoy", "juevez": "jueves",
        "juebes": "jueves", "jeuves": "jueves", "lunez": "lunes",
        "luens": "lunes", "martez": "martes", "matres": "martes", "savado": "sabado",
        "sabdo": "sabado", "sadabo": "sabado", "mna": "manana",
        "q": "que", "d": "de",
        "prox": "proximo", "sabadito": "sabado", "dominguito": "domingo", "viernesito": "viernes",
    },
    "pt": {
        "q": "que", "d": "de", "prox": "proximo", "hj": "hoje", "oje": "hoje", "sesta": "sexta",
        "sexa": "sexta", "tersa": "terca", "sabdo": "sabado",
        "savado": "sabado", "qunita": "quinta", "seguda": "segunda",
        "amnh": "amanha", "amnha": "amanha", "amanhan": "amanha", "amanham": "amanha",
        "amn": "amanha", "amnn": "amanha",
        "sabadao": "sabado", "sabadinho": "sabado", "domingao": "domingo",
        "segundona": "segunda", "tercafeira": "terca", "sextafeira": "sexta",
        "quartafeira": "quarta", "quintafeira": "quinta", "segundafeira": "segunda",
    },
}  # fmt: skip
ABBREVIATED: Mapping[str, Mapping[str, str]] = {
    "en": {},
    "es": {"lun": "lunes", "mie": "miercoles", "jue": "jueves", "vie": "viernes", "vier": "viernes",
           "mier": "miercoles", "dgo": "domingo", "sab": "sabado",
           "dom": "domingo"},
    "pt": {"seg": "segunda", "qua": "quarta", "qui": "quinta", "sex": "sexta", "sab": "sabado",
           "dom": "domingo"},
}  # fmt: skip
"""They are words of their own in longer texts, where something must say that they are days."""
NAMED_SHORT: Mapping[str, Mapping[str, str]] = {
    "en": {"mon": "monday", "tue": "tuesday", "tues": "tuesday", "wed": "wednesday",
           "thu": "thursday", "thur": "thursday", "thurs": "thursday", "fri": "friday",
           "sat": "saturday", "sun": "sunday"},
    "es": ABBREVIATED["es"], "pt": {**ABBREVIATED["pt"], "ter": "terca"},
}  # fmt: skip
_BEFORE = {
    "en": r"on|this|next|for|til|till|until|by|or|from|make it|coming",
    "es": r"el|este|para el|pa el|pal|prox|proximo|del|hasta el|o el|y el",
    "pt": r"na|no|pra|para|prox|proximo|proxima|essa|nessa|esta|nesta|esse|nesse|ate|pro",
}
_BEHIND = {
    "en": r"at|night|morning|afternoon|evening|eve|arvo|noon|lunch\w*|around|from|after|before|"
    r"please|pls|[@\d]",
    "es": r"a las?|tipo|por la|en la|de|prox\w*|que viene|como a|\d",
    "pt": r"as|a tarde|a noite|de|q(?:ue)? vem|feira|umas|meio|pela|\d",
}
_CUED = {
    language: re.compile(
        r"(?<!\bthe )(?<!\bwe )(?<!\bi )(?<!\bhe )(?<!\bthey )"
        rf"\b(?P<before>(?:{_BEFORE[language]}) )?(?P<day>{'|'.join(known)})\b(?!')"
        rf"(?P<behind>(?=,? (?:{_BEHIND[language]}))|(?= ?[,.!?;]| ?$))?"
    )
    for language, known in NAMED_SHORT.items()
}  # fmt: skip
"""A short name of a day, and what tells that it is one: "on sat", "sex às 20h"."""

BRIEF = 5  # words up to which an abbreviation is one
LONG = {
    "en": "tomorrow yesterday tuesday wednesday thursday saturday january february september"
          " october november december",
    "es": "miercoles viernes domingo septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro setembro outubro novembro dezembro domingo",
}  # fmt: skip
"""Names so long that a word one slip away is no other word."""

SHORTEST = 7  # letters of a word that is mended
WORD = re.compile(r"[^\W\d_]+|\d?[^\W\d_]+")


def mended(plain_text: str, language: str) -> str:
    """Return a plain text with the names of days and months spelt out and spelt right."""
    short = SHORT.get(language, {})
    if len(plain_text.split()) <= BRIEF:
        short = {**short, **ABBREVIATED.get(language, {})}
    if language in _CUED:
        plain_text = _CUED[language].sub(lambda found: _named_day(found, language), plain_text)

    def mend(found: re.Match[str]) -> str:
        word = found[0]
        if word in short:
            return short[word]
        return _long(word, language) if len(word) >= SHORTEST else word

    return WORD.sub(mend, plain_text)


def _named_day(found: re.Match[str], language: str) -> str:
    """Return a short name of a day in full, where something says that it is a day."""
    if found["before"] is None and found["behind"] is None:
        return found[0]
    return f"{found['before'] or ''}{NAMED_SHORT[language][found['day']]}"


@lru_cache(maxsize=4096)
def _long(word: str, language: str) -> str:
    names = LONG.get(language, "").split()
    if word in names:
        return word
    return next((name for name in names if one_slip(word, name)), word)


def one_slip(word: str, name: str) -> bool:
    """Tell whether a letter too many, too few or wrong, or two swapped, parts two words."""
    if abs(len(word) - len(name)) > 1 or word[0] != name[0]:
        return False
    at = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), None)
    if at is None:
        return len(word) != len(name)
    rest, wanted = word[at:], name[at:]
    swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:] or swapped
