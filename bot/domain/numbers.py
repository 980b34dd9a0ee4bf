"""Phone numbers, however they are written, and the two forms that a Brazilian mobile has.

Brazil put a 9 before its mobile numbers in 2012–2016. WhatsApp still knows many people by the
eight digits of before, above all where the area code is 31 or higher: ``+55 31 9 8765-4321`` and
``+55 31 8765-4321`` are one person's.
"""

import re

from bot.domain.messages import ChatId

WRITTEN = re.compile(r"[+＋]?[\d\s().\-/]{5,40}")
LONG = re.compile(r"\+55(\d\d)9([6-9]\d{7})")
SHORT = re.compile(r"\+55(\d\d)([6-9]\d{7})")


def normalise(written: str, region: str = "") -> str:
    """Return a number in E.164 with ``+``, "" when what is written is none.

    Args:
        region: The country (ISO 3166, as ``BR``) whose numbers are written without its code.
    """
    plain = written.strip()
    if not WRITTEN.fullmatch(plain):
        return ""
    import phonenumbers

    for said, country in ((plain, region or None), (f"+{plain.lstrip('+＋')}", None)):
        try:
            found = phonenumbers.parse(said, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(found):
            return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))
    return ""


def variants(number: str) -> tuple[str, ...]:
    """Return the forms under which WhatsApp may know a number in E.164, the given one first."""
    if found := LONG.fullmatch(number):
        return (number, f"+55{found[1]}{found[2]}")
    if found := SHORT.fullmatch(number):
        return (number, f"+55{found[1]}9{found[2]}")
    return (number,)


def region_of(address: str) -> str:
    """Return the country of an address (``55…@c.us``) or number, "" when it tells none."""
    import phonenumbers  # large: loaded with the first number

    digits = address.partition("@")[0].lstrip("+")
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(f"+{digits}")) or ""
    except phonenumbers.NumberParseException:
        return ""


def chat_of(number: str) -> ChatId:
    """Return the private chat of a number in E.164."""
    return ChatId(f"{number.lstrip('+')}@c.us")
