"""The first number that a text says, in digits or in words."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from bot.language.folding import fold
from bot.language.numbers import longest_at, number_of
from bot.language.spoken import APART, plain, spell_digits

_NUMBER = re.compile(r"-?\d[\d.,  ]*")


def read_number(text: str, language: str = "") -> Decimal | None:
    """Return the first number that a text says, in digits or in words.

    Args:
        language: The customer's, two letters.
    """
    found = _NUMBER.search(unicodedata.normalize("NFKC", text))
    if found:
        return by_shape(found[0].rstrip("., "))
    words = fold(APART.sub(" ", plain(text))).words
    for start in range(len(words)):
        for end in range(min(start + longest_at(words, start), len(words)), start, -1):
            value = number_of(words[start:end], language)
            if value is not None:
                return Decimal(str(value))
    return None


def by_shape(digits: str) -> Decimal | None:
    """Return digits as a number, its marks told by their places; None where they are none.

    Where language and region are known, `bot.language.amounts.decimal_of` tells the marks by them.
    """
    return by_marks(digits.replace(" ", ""), lambda _, groups: (
        len(groups) > 2 or (len(groups[-1]) == 3 and groups[0] not in ("0", "-0"))
    ))  # fmt: skip


def by_marks(digits: str, parts_thousands: Callable[[str, list[str]], bool]) -> Decimal | None:
    """Return digits with dots and commas as a number, None where they are none.

    Args:
        parts_thousands: Whether a mark that stands alone, with the digits that it parts, does.
    """
    dot, comma = digits.rfind("."), digits.rfind(",")
    if dot >= 0 and comma >= 0:
        thousands = "," if dot > comma else "."
        digits = digits.replace(thousands, "").replace(",", ".")
    elif dot >= 0 or comma >= 0:
        mark = "." if dot >= 0 else ","
        digits = digits.replace(mark, "" if parts_thousands(mark, digits.split(mark)) else ".")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def is_range(text: str, language: str) -> bool:
    """Tell whether a short text says several numbers and so none of them: "15-20", "two or three".

    Args:
        language: The customer's.
    """
    if len(text) > MOST_RANGE or text.isalnum():
        return False
    return _RANGE.search(spell_digits(plain(text), language)) is not None


def says_range(text: str) -> bool:
    """Tell whether a text says a range somewhere: "a table for 15-20"."""
    return _WITHIN.search(text) is not None


_WITHIN = re.compile(r"(?<![\d/.:-])\d{1,3}\s?[-–]\s?\d{1,3}(?![\d/.:-])")
MOST_RANGE = 40  # characters
_RANGE = re.compile(
    r"^(?:\D{0,20}\s)?\d{1,4}(?:\s*[-–]\s*|\s+(?:or|o|u|ou)\s+)\d{1,4}(?:\s\D*|[?.!]*)$|"
    r"\b(?:between|entre) (?:los |las )?\d{1,4} (?:and|y|e) (?:los |las )?\d{1,4}\b"
)
