"""Numbers as people say them, in digits or in words."""

import re
from collections.abc import Mapping, Sequence

from bot.language.folding import is_spaceless
from bot.language.numerals import numeral_of

LONGEST_NUMBER = 6  # words that a number said in words may have
LONGEST_SIGNS = 14  # signs, where each stands for a word: Thai, Han

_SMALL: Mapping[str, int] = {
    word: value
    for value, written in enumerate((
        "zero cero null", "one un uno una um uma eins ein eine une", "two dos dois duas zwei deux",
        "three tres drei trois", "four cuatro quatro vier quatre", "five cinco funf cinq",
        "six seis sechs", "seven siete sete sieben sept", "eight ocho oito acht huit",
        "nine nueve nove neun neuf", "ten diez dez zehn dix", "eleven once onze elf",
        "twelve doce doze zwolf douze", "thirteen trece treze", "fourteen catorce quatorze",
        "fifteen quince quinze", "sixteen dieciseis dezesseis seize",
        "seventeen diecisiete dezessete",
        "eighteen dieciocho dezoito", "nineteen diecinueve dezenove",
        "twenty veinte vinte zwanzig vingt",
    ))
    for word in written.split()
}  # fmt: skip
_TENS: dict[str, int] = {
    word: value
    for value, written in (
        (20, "twenty veinte vinte zwanzig vingt"), (30, "thirty treinta trinta dreissig trente"),
        (40, "forty cuarenta quarenta vierzig quarante"),
        (50, "fifty cincuenta cinquenta funfzig cinquante"),
        (60, "sixty sesenta sessenta sechzig soixante"), (70, "seventy setenta siebzig"),
        (80, "eighty ochenta oitenta achtzig"), (90, "ninety noventa neunzig"),
        (21, "veintiun veintiuno veintiuna"), (22, "veintidos"), (23, "veintitres"),
        (24, "veinticuatro"), (25, "veinticinco"), (26, "veintiseis"), (27, "veintisiete"),
        (28, "veintiocho"), (29, "veintinueve"),
    )
    for word in written.split()
}  # fmt: skip
_TENS |= {
    one + "und" + tens: value + _SMALL[word]
    for tens, value in (
        ("zwanzig", 20), ("dreissig", 30), ("vierzig", 40), ("funfzig", 50), ("sechzig", 60),
        ("siebzig", 70), ("achtzig", 80), ("neunzig", 90),
    )
    for word in ["eins", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun"]
    for one in (word.removesuffix("s") if word == "eins" else word,)
} | {
    tens + ending: value + more
    for tens, value in (
        ("vent", 20), ("trent", 30), ("quarant", 40), ("cinquant", 50), ("sessant", 60),
        ("settant", 70), ("ottant", 80), ("novant", 90),
    )
    for more, ending in enumerate((
        "i" if value == 20 else "a", "uno", *(("i" if value == 20 else "a") + one for one in
        ("due", "tre", "quattro", "cinque", "sei", "sette")), "otto",
        ("i" if value == 20 else "a") + "nove",
    ))
}  # fmt: skip
"""German and Italian write tens and ones as one word."""
_HUNDREDS: Mapping[str, int] = {
    "hundred": 100, "cien": 100, "ciento": 100, "cem": 100, "cento": 100, "doscientos": 200,
    "duzentos": 200, "trescientos": 300, "trezentos": 300, "quinientos": 500, "quinhentos": 500,
}  # fmt: skip
_THOUSANDS = ("thousand", "mil")
_MINUS = ("minus", "menos", "moins", "meno")
_AND = ("and", "y", "e", "et")
_HALVES = ("half", "media", "medio", "meia", "meio", "demi", "demie", "mezzo", "mezza")
_POINT = ("point", "coma", "punto", "virgula", "ponto", "komma", "virgule", "virgola")
_DOZENS = frozenset((
    "dozen", "dozens", "docena", "docenas", "duzia", "duzias", "douzaine", "douzaines", "dutzend",
    "dozzina", "dozzine",
))  # fmt: skip
_OF = ("of", "de", "di", "d")
_DIGITS = re.compile(r"[-−]?\d{1,15}(?:[.,]\d{1,6})?")


def longest_at(words: Sequence[str], at: int) -> int:
    """Return how many words a number may have that begins at a place."""
    signs = at < len(words) and is_spaceless(words[at][:1])
    return LONGEST_SIGNS if signs else LONGEST_NUMBER


def number_in_words(word: str) -> float | None:
    """Return the number that a folded word says in digits or letters, None when it is none."""
    for known in (_SMALL, _TENS, _HUNDREDS):
        if word in known:
            return float(known[word])
    if not _DIGITS.fullmatch(word):
        return None
    return float(word.replace(",", ".").replace("−", "-"))


def number_of(words: Sequence[str], language: str | None = None) -> float | None:
    """Return the number that folded words say together, such as ``twenty five``; else None.

    Args:
        language: The customer's, where other words that look like numbers may stand around.
    """
    half = _before_half(words)
    if half is not None:
        whole = number_of(half, language)
        return None if whole is None else whole + 0.5
    found = _number_of(words)
    found = _dozens(words, language) if found is None else found
    if found is None:
        numeral = numeral_of(words, language)
        return None if numeral is None else float(numeral)
    return found


def _dozens(words: Sequence[str], language: str | None) -> float | None:
    """Return how many "two dozen", "half a dozen" or "una docena de" are; None for no dozens."""
    bare = words[:-1] if words[-1:] and words[-1] in _OF else words
    if not bare or bare[-1] not in _DOZENS:
        return None
    before = [word for word in bare[:-1] if word != "a"]
    if len(before) == 1 and before[0] in _HALVES:
        return 6.0
    count = number_of(before, language) if before else 1.0
    return None if count is None else 12 * count


def _before_half(words: Sequence[str]) -> Sequence[str] | None:
    """Return the words before an "and a half" at the end, None without one."""
    if len(words) < len(("two", "and", "half")) or words[-1] not in _HALVES:
        return None
    return next((words[:at] for at in (-2, -3) if words[at] in _AND and words[:at]), None)


def _number_of(words: Sequence[str]) -> float | None:
    if len(words) == 1:
        return number_in_words(words[0])
    if words and words[0] in _MINUS:
        found = number_of(words[1:])
        return None if found is None or found < 0 else -found
    point = next((at for at, word in enumerate(words) if word in _POINT and at > 0), 0)
    if point:
        return _decimal(words[:point], words[point + 1 :])
    total = part = 0
    last = "and"
    for word in words:
        kind = _kind(word)
        if not kind or (kind, last) in _CLASHES:
            return None
        match kind:
            case "small":
                part += _SMALL[word]
            case "tens":
                part += _TENS[word]
            case "hundred":
                part = part * 100 if part and word == "hundred" else part + _HUNDREDS[word]
            case "thousand":
                total, part = total + max(part, 1) * 1000, 0
            case _:
                pass
        last = kind
    return None if last == "and" else float(total + part)


def _decimal(whole: Sequence[str], digits: Sequence[str]) -> float | None:
    """Return the number that is said with its decimals one by one: ``one point five``."""
    first, rest = number_of(whole), [number_in_words(word) for word in digits]
    if first is None or not rest or any(one is None or not 0 <= one <= 9 for one in rest):
        return None
    return float(f"{first:.0f}." + "".join(f"{one:.0f}" for one in rest))


def _kind(word: str) -> str:
    if word in _TENS:
        return "tens"
    if word in _SMALL:
        return "small"
    if word in _HUNDREDS:
        return "hundred"
    if word in _THOUSANDS:
        return "thousand"
    return "and" if word in _AND else ""


_CLASHES = frozenset((
    ("small", "small"), ("tens", "tens"), ("tens", "small"), ("and", "and"),
    ("thousand", "thousand"),
))  # fmt: skip
"""(kind, kind before it) that make two numbers of it, not one."""
