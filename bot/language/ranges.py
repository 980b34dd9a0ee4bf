"""Spans of days as they are said in short: "3 to 7 December", "December 3-7"."""

import re

MONTH = (
    r"(?:jan(?:uary|eiro)?|feb(?:ruary|rero)?|fevereiro|mar(?:ch|zo|ço|co)?|a[pb]ril|apr|may|mayo|maio"
    r"|jun[ei]?o?|jul[yi]?h?o?|junho|aug(?:ust)?|agosto|sept?(?:ember|iembre)?|setembro"
    r"|oct(?:ober|ubre)?|outubro|nov(?:ember|iembre|embro)?|dec(?:ember)?|diciembre|dezembro|enero)"
)
_DAY = r"(\d{1,2}(?:st|nd|rd|th|º|ª)?)"
_UP_TO = (
    r"(\s*[-–—]\s*|\s+(?:to|until|till?|through|al|hasta|até|ate|ao|bis)\s+)"
    r"(?:(?:the|el|d[ií]a|o|dia)\s+)?"
)
_OR_AND = _UP_TO.replace("(?:to|", "(?:to|and|a|y|e|", 1)
_DAYS_FIRST = re.compile(
    rf"\b{_DAY}{_OR_AND}{_DAY}(\s+(?:of\s+|de\s+)?{MONTH}\b(?:,?\s+(?:de\s+)?\d{{4}}\b)?)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b({MONTH}\s+(?:the\s+)?){_DAY}{_UP_TO}{_DAY}\b(?!\s*(?:[:/.]\d|[ap]\.?m\b))", re.IGNORECASE
)


def whole_days(text: str) -> str:
    """Return a text in which both days of a span have their month."""
    text = _DAYS_FIRST.sub(lambda one: _both(one[1] + one[4], one[2], one[3] + one[4]), text)
    return _MONTH_FIRST.sub(lambda one: _both(one[1] + one[2], one[3], one[1] + one[4]), text)


def _both(first: str, up_to: str, last: str) -> str:
    return f"{first} {up_to.strip()} {last}"
