"""Numbers and sums of money in what people write."""

import re
from decimal import Decimal, InvalidOperation

from bot.domain.data import dataclass
from bot.language.spoken import plain, spell_digits

POINTED = frozenset(("US", "MX", "PR", "GT", "HN", "NI", "SV", "DO", "PA", "PE", "GB", "IE", "IN",
                     "AU", "NZ", "CA", "PH", "SG", "NG", "KE", "ZA"))  # fmt: skip
"""Regions that write 1,234.50."""

PESOS = {"MX": "MXN", "AR": "ARS", "CO": "COP", "CL": "CLP", "UY": "UYU", "DO": "DOP", "PH": "PHP",
         "CU": "CUP"}  # fmt: skip
DOLLARS = {"CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD"}
SIGNS = {
    "r$": "BRL", "us$": "USD", "u$s": "USD", "usd$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY",
    "₹": "INR", "s/": "PEN", "mx$": "MXN", "a$": "AUD", "c$": "CAD", "ca$": "CAD", "q": "GTQ",
    "au$": "AUD", "cop$": "COP",
}  # fmt: skip
NAMES = {
    "euro": "EUR", "euros": "EUR", "real": "BRL", "reais": "BRL", "conto": "BRL", "contos": "BRL",
    "pila": "BRL", "pilas": "BRL", "libra": "GBP", "libras": "GBP", "pound": "GBP",
    "pounds": "GBP", "quid": "GBP", "sol": "PEN", "soles": "PEN", "yen": "JPY", "ienes": "JPY",
    "yenes": "JPY", "rupees": "INR", "rupee": "INR", "rupias": "INR", "bolivianos": "BOB",
    "guaranies": "PYG", "quetzales": "GTQ", "lempiras": "HNL", "colones": "CRC", "franc": "CHF",
    "francs": "CHF", "francos": "CHF",
}  # fmt: skip
CODE_LIST = """
    usd eur gbp brl mxn ars cop clp pen uyu inr jpy cad aud chf bob pyg gtq hnl crc dop nzd
    cny
"""
CODES = frozenset(CODE_LIST.split())
DOLLAR_WORDS = frozenset(("dollar", "dollars", "buck", "bucks", "dolar", "dolares"))
PESO_WORDS = frozenset(("peso", "pesos"))
NUMBER = r"\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d{1,2})?|\d[\d.,]*\d|\d"
CENTS = re.compile(
    r"(?P<number>\d+)\s*(?:cents?|centavos?|centimos?|pence|¢)\b", re.IGNORECASE
)  # fmt: skip
AFTER_WHOLE = re.compile(
    r"^\s*(?:de\s+)?(?:[a-z$€£]+\s+)?(?:and|y|e|con|com|with)?\s*(?P<number>\d{1,2})\s*"
    r"(?:cents?|centavos?|centimos?|pence)?\b"
)
SUM = re.compile(
    rf"(?P<before>(?:us\$|u\$s|r\$|mx\$|ca\$|au\$|a\$|c\$|s/\.?|[$€£¥₹]|\b[a-z]{{3}}\b)\s*)?"
    rf"(?P<number>-?(?:{NUMBER}))"
    r"(?P<after>\s*(?:[$€£¥₹]|(?:de\s+)?[a-z]+(?:\$)?))?"
)
SPOKEN_CENTS = re.compile(r"\s(?:e|y|con|com)\s([1-9]\d)\b(?!\s*[a-z])")
ANY = re.compile(rf"(?<![\w.,])-?(?:{NUMBER})")
REFUSED = re.compile(r"\b(?:not|no|nao|instead of|en vez de|em vez de)\s+(?:the\s+)?$")
FRACTION = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A sum; ``currency`` is None where the text and the region tell none."""

    amount: Decimal
    currency: str | None


def read_amount(text: str, language: str, region: str | None = None) -> Decimal | None:
    """Return the first number that a text says, in digits or words.

    One that is put aside ("not two but three") is passed over.
    """
    spelt = spell_digits(text, language)
    fraction = FRACTION.search(spelt)
    if fraction and int(fraction[2]):
        return Decimal(fraction[1]) / int(fraction[2])
    found = [one for one in ANY.finditer(spelt) if decimal_of(one[0], language, region) is not None]
    wanted = [one for one in found if not REFUSED.search(spelt[: one.start()])] or found
    return decimal_of(wanted[0][0], language, region) if wanted else None


def read_money(text: str, language: str, region: str | None = None) -> Money | None:
    """Return the sum that a text says, with its currency."""
    spelt = re.sub(r"\s+", " ", spell_digits(text, language))
    best: Money | None = None
    for found in SUM.finditer(spelt):
        amount = decimal_of(found["number"], language, region)
        if amount is None or CENTS.match(spelt, found.start("number")):
            continue
        before = (found["before"] or "").strip()
        after = (found["after"] or "").strip().removeprefix("de ").strip()
        currency = currency_of(before, region) or currency_of(after, region)
        named = currency is not None or after in PESO_WORDS or before == "$"
        if named and amount == amount.to_integral_value():
            amount += _cents(spelt[found.end() :], after)
        money = Money(amount=amount, currency=currency)
        if named:
            return money
        spoken = SPOKEN_CENTS.match(spelt, found.end("number"))
        if spoken and amount == amount.to_integral_value():
            money = Money(amount=amount + Decimal(spoken[1]) / 100, currency=None)
        best = best or money
    cents = CENTS.search(spelt)
    if cents and best is None:
        return Money(amount=Decimal(cents["number"]) / 100, currency=_of_cents(cents[0], region))
    return best


def _cents(rest: str, after: str) -> Decimal:
    found = AFTER_WHOLE.match(rest)
    if found is None or not after:
        return Decimal(0)
    said = re.match(r"^\s*(?:and|y|e|con|com|with)\s", rest)
    return Decimal(found["number"]) / 100 if said or "cent" in found[0] else Decimal(0)


def _of_cents(said: str, region: str | None) -> str | None:
    if "pence" in said:
        return "GBP"
    return "USD" if region == "US" and "cent" in said else ("BRL" if region == "BR" else None)


def currency_of(word: str, region: str | None) -> str | None:
    """Return the currency that a sign, a name or a code stands for in a region."""
    word = plain(word).rstrip(".")
    here = (region or "").upper()
    if word == "$":
        return PESOS.get(here) or DOLLARS.get(here) or {"BR": "BRL", "US": "USD"}.get(here)
    if word in PESO_WORDS:
        return PESOS.get(here)
    if word in DOLLAR_WORDS:
        return DOLLARS.get(here, "USD") if word in ("dollar", "dollars", "buck", "bucks") else "USD"
    if word in CODES:
        return word.upper()
    return SIGNS.get(word) or NAMES.get(word)


def decimal_of(digits: str, language: str, region: str | None = None) -> Decimal | None:
    """Return written digits as a number, with the marks of the language and region."""
    written = re.sub(r"[ '’]", "", digits.rstrip(".,"))
    dot, comma = written.rfind("."), written.rfind(",")
    if dot >= 0 and comma >= 0:
        thousands = "," if dot > comma else "."
        written = written.replace(thousands, "").replace(",", ".")
    elif dot >= 0 or comma >= 0:
        mark = "." if dot >= 0 else ","
        groups = written.split(mark)
        whole = all(len(group) == 3 for group in groups[1:]) and groups[0].lstrip("-") != "0"
        if len(groups) == 2 and whole:
            whole = mark != _decimal_mark(language, region)
        written = written.replace(mark, "" if whole else ".")
    try:
        return Decimal(written)
    except InvalidOperation:
        return None


def _decimal_mark(language: str, region: str | None) -> str:
    if region:
        return "." if region.upper() in POINTED else ","
    return "," if language[:2] in ("es", "pt") else "."
