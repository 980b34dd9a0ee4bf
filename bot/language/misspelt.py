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
"""They are words of their own in longer texts."""

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

    def mend(found: re.Match[str]) -> str:
        word = found[0]
        if word in short:
            return short[word]
        return _long(word, language) if len(word) >= SHORTEST else word

    return WORD.sub(mend, plain_text)


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
