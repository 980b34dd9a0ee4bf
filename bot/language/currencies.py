"""Which currency a sign, a name, a code or a word of the street stands for, and where."""

import re
from collections.abc import Callable, Mapping

from bot.language.spoken import plain

PESOS = {"MX": "MXN", "AR": "ARS", "CO": "COP", "CL": "CLP", "UY": "UYU", "DO": "DOP", "PH": "PHP",
         "CU": "CUP"}  # fmt: skip
DOLLARS = {"CA": "CAD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD"}
OWN: Mapping[str, str] = PESOS | DOLLARS | {
    "US": "USD", "PR": "USD", "EC": "USD", "SV": "USD", "PA": "USD", "GB": "GBP", "BR": "BRL",
    "IN": "INR", "PE": "PEN", "BO": "BOB", "VE": "VES", "PY": "PYG", "GT": "GTQ", "HN": "HNL",
    "CR": "CRC", "NI": "NIO", "ZA": "ZAR", "AO": "AOA", "MZ": "MZN", "CH": "CHF",
    "ES": "EUR", "PT": "EUR", "IE": "EUR", "FR": "EUR", "DE": "EUR", "IT": "EUR", "NL": "EUR",
    "BE": "EUR", "AT": "EUR", "FI": "EUR", "GR": "EUR", "LU": "EUR",
}  # fmt: skip
"""By region, the currency that nobody names."""

SIGNS = {
    "r$": "BRL", "us$": "USD", "u$s": "USD", "u$": "USD", "usd$": "USD", "€": "EUR", "£": "GBP",
    "¥": "JPY", "₹": "INR", "s/": "PEN", "mx$": "MXN", "a$": "AUD", "c$": "CAD", "ca$": "CAD",
    "q": "GTQ", "au$": "AUD", "cop$": "COP", "₡": "CRC", "₲": "PYG", "₱": "PHP", "₽": "RUB",
    "₺": "TRY",
}  # fmt: skip
SHORT = {
    "luca": {"PE": "PEN"},
    "lucas": {"PE": "PEN"},
    "rs": {"BR": "BRL", "IN": "INR"},
    "bs": {"BO": "BOB", "VE": "VES"},
    "l": {"HN": "HNL"},
}
"""Letters before a sum that are a currency in some regions only."""

NAME_LIST = """
    euro euros euritos eurillos eurinhos eur: EUR
    real reais reau reaus reias conto contos pila pilas pau paus prata pratas: BRL
    libra libras pound pounds quid: GBP
    sol soles: PEN
    yen ienes yenes: JPY
    rupee rupees rupias: INR
    boliviano bolivianos: BOB
    guarani guaranies: PYG
    quetzal quetzales: GTQ
    lempira lempiras: HNL
    colon colones: CRC
    cordoba cordobas: NIO
    bolivar bolivares: VES
    franc francs franco francos: CHF
    rand rands: ZAR
    naira nairas: NGN
    dirham dirhams: AED
    yuan yuanes rmb: CNY
    rublos rubles: RUB
    kwanza kwanzas: AOA
    metical meticais: MZN
    varo varos: MXN
    mango mangos: ARS
    pavo pavos: EUR
"""
NAMES = {
    word: code
    for names, _, code in (line.strip().partition(": ") for line in NAME_LIST.strip().splitlines())
    for word in names.split()
}
CODE_LIST = """
    usd eur gbp brl mxn ars cop clp pen uyu inr jpy cad aud chf bob pyg gtq hnl crc dop nzd cny
    sek nok dkk pln zar ngn ves nio cup php sgd hkd aed rub
"""
CODES = frozenset(CODE_LIST.split())
DOLLAR_WORDS = frozenset(("dollar", "dollars", "buck", "bucks"))
PESO_WORDS = frozenset(("peso", "pesos", "pesito", "pesitos"))
COIN = r"(?:dollars?|dolar(?:es)?|pesos?)"
OWNERS = (
    ("us|american[oa]?s?|estadounidenses?|estadunidenses?", "usd"),
    ("canadian|canadi?enses?", "cad"), ("australian[oa]?s?", "aud"), ("mexican[oa]?s?", "mxn"),
    ("argentin[oae]?s?", "ars"), ("colombian[oa]?s?", "cop"), ("chilen[oa]s?|chilean", "clp"),
    ("uruguay[oa]s?|uruguayan", "uyu"), ("dominican[oa]?s?", "dop"),
)  # fmt: skip
OWNED = tuple(
    (re.compile(rf"\b(?:(?:{owner}) {COIN}|{COIN} (?:{owner}))\b"), code) for owner, code in OWNERS
)
"""Whose dollars or pesos: "canadian dollars", "pesos mexicanos"."""

MULTIPLES: Mapping[str, tuple[int, Mapping[str, str]]] = {
    "luca": (1000, {"CL": "CLP", "AR": "ARS", "CO": "COP", "UY": "UYU"}),
    "palo": (10**6, {"CL": "CLP", "AR": "ARS", "CO": "COP", "UY": "UYU"}),
    "gamba": (100, {"CL": "CLP", "AR": "ARS"}),
}
"""Words of the street for so many pesos."""

NOTES = {"fiver": 5, "tenner": 10}


def currency_of(word: str, region: str | None) -> str | None:
    """Return the currency that a sign, a name or a code stands for in a region."""
    word = plain(word).rstrip(".")
    here = (region or "").upper()
    if word == "$":
        return PESOS.get(here) or DOLLARS.get(here) or (
            "BRL" if here == "BR" else ("USD" if here else None)
        )  # fmt: skip
    if word in PESO_WORDS:
        return PESOS.get(here)
    if word in DOLLAR_WORDS:
        return DOLLARS.get(here, "USD")
    if word in ("dolar", "dolares", "dls", "dlls"):
        return "USD"
    if word in CODES:
        return word.upper()
    return SIGNS.get(word) or NAMES.get(word) or SHORT.get(word, {}).get(here)


def in_codes(spelt: str, region: str | None) -> str:
    """Return a text in which sums that are told by whose they are, or in slang, have a code."""
    for whose, code in OWNED:
        spelt = whose.sub(code, spelt)
    here = (region or "").upper()
    for note, amount in NOTES.items():
        own = OWN.get(here, "GBP").lower()
        spelt = re.sub(rf"\ba {note}\b", f"{amount} {own}", spelt)
    for word, (times, where) in MULTIPLES.items():
        if here in where:
            spelt = re.sub(
                rf"(\d+(?:[.,]\d{{1,2}})?)\s*{word}s?\b", _worth(times, where[here]), spelt
            )
    return spelt


def _worth(times: int, currency: str) -> Callable[[re.Match[str]], str]:
    def told(found: re.Match[str]) -> str:
        return f"{round(float(found[1].replace(',', '.')) * times)} {currency.lower()}"

    return told
