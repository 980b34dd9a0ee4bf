"""Where days stand in a text, and the text with its numbers and days spelt out."""

import re

from bot.language.misspelt import mended
from bot.language.ranges import MONTH
from bot.language.spoken import known, plain, spell_digits

_TH = r"\d{1,2}(?:st|nd|rd|th|º|ª)"
DAY = re.compile(
    rf"\b{MONTH}\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}}\b)?"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+|de\s+)?{MONTH}\b(?:,?\s+(?:de\s+)?\d{{4}}\b)?"
    rf"|\b(?:the\s+)?{_TH}\s+of\s+this\s+month\b"
    rf"|\bthe\s+{_TH}(?=\s*(?:$|[,.;!?]|(?:at|to|until|for|and|in|please|instead|through)\b))"
    r"|\b(?:d[ií]a)\s+\d{1,2}\b"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b(?:\d{1,2}/\d{1,2}|(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2]))"
    r"(?:[/.]\d{2,4})?\b(?!\s*(?:[ap]\.?m\b|h\b|d[ae] (?:la )?(?:tarde|noite|noche|ma)))"
    r"|\b(?:day after tomorrow|pasado ma[nñ]ana|depois de amanh[aã]|today|tomorrow|hoy|ma[nñ]ana"
    r"|day before yesterday|anteayer|antier|anteontem|yesterday|ayer|ontem|tonight|tmrw|tmr|hj"
    r"|esta noche|hoje|amanh[aã]"
    r"|(?:next |this |last |el |on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"(?:\s+(?:this|next)\s+week)?|lunes"
    r"|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|segunda|ter[cç]a|quarta|quinta|sexta"
    r"|(?:(?:next|this|proximo|pr[oó]ximo|este) )?(?:weekend|finde|fds|fi[nm] de semana)"
    r"(?: que vie?nem?| que vem)?)"
    r"\b(?:-feira)?(?:\s+pass?ad[oa]\b)?",
    re.IGNORECASE,
)
WEEKEND = re.compile(r"weekend|finde|fds|fi[nm] de semana", re.IGNORECASE)
_ARTICLE = re.compile(
    r"\b(una?|uma?)(?=\s+(?!de\b|da\b|y\b|e\b|menos\b|en\b|horas?\b|minut|cuarto\b|quarto\b|"
    r"m[ei]dia\b|meia\b|semana|mil\b)[^\W\d_])(?<!la una)",
    re.IGNORECASE,
)
_KEPT = "\u02bc"  # no word of any language ends so


def in_digits(text: str, language: str) -> str:
    """Return a text with its numbers in digits, but for articles: "una mesa" is no count."""
    return spell_digits(_ARTICLE.sub(rf"\1{_KEPT}", text), language).replace(_KEPT, "")


def in_full(text: str, language: str) -> str:
    """Return a text with the names of its days spelt out."""
    return mended(plain(text), known(language))


def in_digits_and_full(text: str, language: str) -> str:
    """Return a text with its numbers in digits and the names of its days spelt out."""
    return in_full(in_digits(text, language), language)
