"""Numbers and sums of money in what people write."""

import re
from decimal import Decimal

from bot.domain.data import dataclass
from bot.language.currencies import CODES, NAMES, OWN, PESO_WORDS, currency_of, in_codes
from bot.language.parties import company_in
from bot.language.said_numbers import by_marks
from bot.language.spoken import WORDS, plain, spell_digits

POINTED = frozenset(("US", "MX", "PR", "GT", "HN", "NI", "SV", "DO", "PA", "PE", "GB", "IE", "IN",
                     "AU", "NZ", "CA", "PH", "SG", "NG", "KE", "ZA"))  # fmt: skip
"""Regions that write 1,234.50."""

NUMBER = r"\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d{1,2})?|\d[\d.,]*\d|\d"
CENTS = re.compile(
    r"(?P<number>\d+)\s*(?:cents?|centavos?|centimos?|pence|(?<=\d)p|¢)(?![a-z])", re.IGNORECASE
)  # fmt: skip
AFTER_WHOLE = re.compile(
    r"^\s*(?:de\s+)?(?:[a-z$€£]+\s+)?(?:and|y|e|con|com|with)?\s*(?P<number>\d{1,2})\s*"
    r"(?:cents?|centavos?|centimos?|pence)?\b"
)
SUM = re.compile(
    rf"(?P<before>(?:us\$|u\$s|u\$|r\$|mx\$|ca\$|au\$|a\$|c\$|s/\.?|[$€£¥₹₡₲₱₽₺]|\bq(?=[.\s\d])\.?|"
    rf"\b(?:rs|bs|l)\b\.?|\b[a-z]{{3}}(?![a-z]))\s*)?"
    rf"(?P<number>(?:(?<!\d)-)?(?:{NUMBER}))"
    r"(?P<million>\s?m(?:m|n|i)?(?![a-z]))?"
    r"(?P<after>\s*(?:[$€£¥₹₡₲₱₽₺]|(?:de\s+)?[a-z]+(?:\$)?))?"
)
CURRENCY_WORD = "|".join(
    sorted((*NAMES, *CODES, "pesos?", "dollars?", "dolar", "dolares", "bucks?"), key=len)[::-1]
)
SPOKEN_CENTS = re.compile(r"\s(?:e|y|con|com)\s([1-9]\d)\b(?!\s*[a-z])")
CENTS_BEFORE_NAME = re.compile(
    rf"(?<![\d.,])(\d{{1,4}}) (?:e|y|con|com) ([1-9]\d)(?= (?:{CURRENCY_WORD})\b)"
)  # "29 e 90 reais"
TWO_SAID = re.compile(r"(?<![\d.,$€£] )(?<![\d.,$€£])\b(\d{1,3}) ([1-9]\d)\b(?! ?[%:/])")
AND_PART = re.compile(
    r"(?:(?<![\d.,:])(\d{1,4}) ([a-z]+)|"
    r"\b(?:an? )?(kilo|quilo|litro|metro|mes|ano|hora|dia|semana|palo|luca|pound|dollar|month))"
    r" (?:y|e|and) (?:a |an |1 |un |um )?(?:(0\.5|half)|(?:cuarto|quarto|quarter))\b"
)
"""A part said behind what is counted: "kilo y medio", "3 reais e meio"."""

KILOS_AND_GRAMS = re.compile(
    r"(?<![\d.,])(\d{1,3}) ?(?:kg|kilos?|quilos?) (?:e|y|con|com|and) (\d{2,3})"
    r"(?: ?(?:g|gramas?|gramos?|grams?))?(?![\w.,]*\d|\s*[a-z])"
)  # "1 kg e 300"
ONE_COIN = re.compile(r"\ban? (buck|dollar|pound|euro|quid|peso)\b")
RANGE = re.compile(r"\s*(?:-|–|to|or|a|o|ou|ate|hasta)\s*$")
RANGE_BETWEEN = re.compile(r"\s*(?:and|y|e)\s*$")
NO_SUM_AFTER = re.compile(
    r"\s*(?:%|percent|por ?cien(?:to)?|por cento|[:/]\d|[ap]\.?m\b|h\b|hs\b|hrs?\b|o'clock|"
    r"(?:st|nd|rd|th)\b|o?clock|k[gm]\b|km\b|cm\b|gb?\b|ml\b|min|horas?|hours?|d(?:ays?|ias?)\b|nights?|noches?|noites?|"
    r"(?:large|small|big|medium|grandes?|medianas?|pequen[oa]s?|medias) |weeks?|semanas?|"
    r"months?|mes(?:es)?\b|years?|anos?\b|people|pessoas|personas|adult|"
    r"units?|unidades?|items?|pieces|piezas|pecas|pizzas?|tacos?|times\b|vezes|veces|up\b|"
    r"[-.]\d{3,})"
)
NO_SUM_BEFORE = re.compile(
    r"(?:\b(?:room|table|floor|apt|apartment|suite|flat|gate|line|bus|number|order|ref|code|"
    r"quarto|mesa|sala|andar|apto?|apartamento|bloco|linha|onibus|pedido|numero|codigo|"
    r"habitacion|cuarto|piso|depto|departamento|linea|puerta|porta|talla|tamanho|size|"
    r"version|versao|android|ios)"
    r"(?: (?:no\.?|number|is|es|e))?|"
    r"\b(?:moro|vivo|live) (?:n[oa]|en|in|at)(?: el| la| number)?|#|nº|n°|\d[/:])\s*$"
)
ANY = re.compile(rf"(?<![\w.,])-?(?:{NUMBER})|(?<=\bx)\d+\b")
BRANDS = re.compile(r"\b(?:7[- ]?up|24/7|4x4|mp3|mp4)\b")
REFUSED = re.compile(r"\b(?:not|no|nao|instead of|en vez de|em vez de)\s+(?:the\s+)?$")
TOTAL = re.compile(
    rf"(?<![\w.,])({NUMBER}) (?:[a-z]+ )?(?:in total|en total|no total|ao todo|altogether)\b|"
    rf"\b(?:in total|en total|no total|ao todo)(?: somos| son| sao| we are| its?| es)? ({NUMBER})\b"
)
FRACTION = re.compile(r"(?<![\d/])(?:(\d{1,3}) )?(\d{1,2})/(\d{1,2})(?![\d/])")
LAKHS = re.compile(r"-?\d{1,2}(?:,\d\d)+,\d{3}")  # India's "2,50,000"
NO_WHOLE = re.compile(r"(?<=[$€£])\s?\.(?=\d\d(?!\d))")  # "$.99"
EURO_CENTS = re.compile(r"(?<![\d.,])(\d{1,4}) ?€ ?(\d\d)(?![\d.,%:/])")  # "12€50"
AT_HOUR = re.compile(r"\b(?:at|a las?|as) $")
SCORES = (10, 100)  # "8/10" is an eight
GROUP = re.compile(
    rf"\b(?:un|una|um|uma) [a-z]+ (?:de|para|pra|p/) "
    rf"(?=\d|(?:{'|'.join((*WORDS['es'], *WORDS['pt']))})\b)"
)  # "una mesa para cuatro"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A sum; ``currency`` is None where the text and the region tell none."""

    amount: Decimal
    currency: str | None


def read_amount(text: str, language: str, region: str | None = None) -> Decimal | None:
    """Return the first number that a text says, in digits or words.

    One that is put aside ("not two but three") is passed over; who counts themselves and others
    ("me and my wife") says how many they are.
    """
    company = company_in(text, language)
    if company is not None:
        return Decimal(company)
    spelt = spell_digits(GROUP.sub(" ", plain(text).replace("½", " 1/2")), language)
    spelt = AND_PART.sub(_with_part, BRANDS.sub(" ", spelt))
    spelt = KILOS_AND_GRAMS.sub(lambda found: f"{int(found[1]) + int(found[2]) / 1000} kg", spelt)
    fraction = FRACTION.search(spelt)
    if fraction and int(fraction[3]) in SCORES:
        return Decimal(fraction[2])
    if fraction and int(fraction[3]):
        return Decimal(fraction[1] or 0) + Decimal(fraction[2]) / int(fraction[3])
    found = [one for one in ANY.finditer(spelt) if decimal_of(one[0], language, region) is not None]
    if total := TOTAL.search(spelt):
        return decimal_of(total[1] or total[2], language, region)
    wanted = [one for one in found if not REFUSED.search(spelt[: one.start()])] or found
    return decimal_of(wanted[0][0], language, region) if wanted else None


def read_money(text: str, language: str, region: str | None = None) -> Money | None:
    """Return the sum that a text says, with its currency."""
    spelt = _sums(text, language, region)
    best: Money | None = None
    end = 0
    for found in SUM.finditer(spelt):
        amount = decimal_of(found["number"], language, region)
        if amount is None or CENTS.match(spelt, found.start("number")):
            continue
        if best is not None and _is_range(spelt, end, found.start()):
            return Money(amount=best.amount, currency=_currency(found, region))
        if not _named(found, region):
            if best is None and _may_be_sum(spelt, found):
                spoken = SPOKEN_CENTS.match(spelt, found.end("number"))
                cents = Decimal(spoken[1]) / 100 if spoken and amount % 1 == 0 else Decimal(0)
                best, end = Money(amount=amount + cents, currency=None), found.end("number")
            continue
        if found["million"]:
            amount *= 10**6
        elif amount == amount.to_integral_value():
            amount += _cents(spelt[found.end() :], _after(found))
        return Money(amount=amount, currency=_currency(found, region))
    coins = CENTS.search(spelt)
    if coins and best is None:
        return Money(amount=Decimal(coins["number"]) / 100, currency=_of_cents(coins[0], region))
    return best


def _sums(text: str, language: str, region: str | None) -> str:
    """Return a text with its sums in digits and its currencies in known words."""
    written = NO_WHOLE.sub("0.", EURO_CENTS.sub(r"\1.\2 €", text))
    spelt = AND_PART.sub(_with_part, re.sub(r"\s+", " ", spell_digits(written, language)))
    if not any(sign.isdigit() for sign in text):  # "nineteen ninety nine"
        spelt = TWO_SAID.sub(r"\1.\2", spelt, count=1)
    spelt = in_codes(ONE_COIN.sub(r"1 \1", spelt), region)
    if re.search(r"\b(?:between|entre)\b", spelt) is None:
        spelt = CENTS_BEFORE_NAME.sub(r"\1.\2", spelt)
    return BRANDS.sub(" ", spelt)


def _with_part(found: re.Match[str]) -> str:
    """Write "3 reais e 0.5" as "3.5 reais"."""
    return f"{found[1] or 1}.{'5' if found[4] else '25'} {found[2] or found[3]}"


def _after(found: re.Match[str]) -> str:
    return (found["after"] or "").strip().removeprefix("de ").strip()


def _currency(found: re.Match[str], region: str | None) -> str | None:
    before = (found["before"] or "").strip()
    return currency_of(before, region) or currency_of(_after(found), region)


def _named(found: re.Match[str], region: str | None) -> bool:
    """Tell whether the text says that a number is money."""
    before = (found["before"] or "").strip()
    return _currency(found, region) is not None or _after(found) in PESO_WORDS or before == "$"


def _is_range(spelt: str, end: int, start: int) -> bool:
    between = spelt[end:start]
    told = re.search(r"\b(?:between|entre)\b", spelt[:end]) is not None
    return RANGE.fullmatch(between) is not None or (
        told and RANGE_BETWEEN.fullmatch(between) is not None
    )


def _may_be_sum(spelt: str, found: re.Match[str]) -> bool:
    """Tell whether a number without a currency may be a sum: no hour, share, room or count."""
    before = spelt[: found.start("number")]
    return (
        NO_SUM_AFTER.match(spelt, found.end("number")) is None
        and NO_SUM_BEFORE.search(before) is None
        and not before[-1:].isalnum()
        and (AT_HOUR.search(before) is None or len(found["number"]) > 2)
    )


def _cents(rest: str, after: str) -> Decimal:
    found = AFTER_WHOLE.match(rest)
    if found is None or not after:
        return Decimal(0)
    said = re.match(r"^\s*(?:and|y|e|con|com|with)\s", rest)
    bare = re.fullmatch(r" [1-9]\d", re.split(r"[,.;!?]| (?:please|pls|por|max)\b", rest)[0])
    known = said or bare or "cent" in found[0]
    return Decimal(found["number"]) / 100 if known else Decimal(0)


def _of_cents(said: str, region: str | None) -> str | None:
    if "pence" in said or said.endswith("p"):
        return "GBP"
    return OWN.get((region or "").upper())


def decimal_of(digits: str, language: str, region: str | None = None) -> Decimal | None:
    """Return written digits as a number, with the marks of the language and region."""
    written = re.sub(r"[ '’]", "", digits.rstrip(".,"))

    def parts_thousands(mark: str, groups: list[str]) -> bool:
        whole = all(len(group) == 3 for group in groups[1:]) and groups[0].lstrip("-") != "0"
        whole = whole or LAKHS.fullmatch(written) is not None
        return whole and (len(groups) != 2 or mark != _decimal_mark(language, region))

    return by_marks(written, parts_thousands)


def _decimal_mark(language: str, region: str | None) -> str:
    if region:
        return "." if region.upper() in POINTED else ","
    return "," if language[:2] in ("es", "pt") else "."
