"""What people write in an expression who know other languages, and what is written here."""

import re
from collections.abc import Mapping

from bot.language.problems import did_you_mean

SAID = (
    (r"unexpected end of template.*", "a ')' is missing"),
    (r"Expected an expression, got 'end of print statement'", "it ends too early"),
    (r"unexpected 'end of print statement'", "it ends too early"),
    (r"unexpected char (.+) at \d+", r"\1 means nothing here"),
    (r"unexpected '(.)'", r"'\1' is not expected there"),
    (r"expected token .*, got (.+)", r"\1 is not expected there"),
)  # fmt: skip
"""What Jinja says, and what it means to whoever wrote the expression."""

SLIPS: Mapping[str, str] = {
    '"': "a quote is not closed", "'": "a quote is not closed",
    "&": "write 'and'", "|": "write 'or'; behind one '|' stands a filter", "!": "write 'not'",
    "?": "write:  'a' if x > 1 else 'b'", "=": "write == to compare",
    "contains": "write:  'x' in contact.tags", "includes": "write:  'x' in contact.tags",
    "eq": "write ==", "ne": "write !=", "gt": "write >", "lt": "write <", "gte": "write >=",
    "lte": "write <=", "string": "write == to compare",
    "integer": "write == to compare", "equals": "write ==", "then": "write:  'a' if x > 1 else 'b'",
}  # fmt: skip
"""Signs and words that Jinja stops at."""

CALLS: Mapping[str, str] = {
    "len": "length", "size": "length", "str": "string", "sorted": "sort", "reversed": "reverse",
    "strip": "trim", "toupper": "upper", "tolower": "lower", "strftime": "date",
}  # fmt: skip
"""Functions of other languages, and the filters that do the same."""

FILTERS: Mapping[str, str] = {
    "batch": "pages", "chunk": "pages", "selectattr": "where", "filter": "where",
    "select": "where", "find": "where", "reject": "without", "count": "length", "len": "length",
    "size": "length", "strip": "trim", "reversed": "reverse", "sorted": "sort",
    "uppercase": "upper", "lowercase": "lower", "tojson": "json", "pluck": "map",
}  # fmt: skip
"""Filters of other languages, and ours that do the same."""


def meant(message: str) -> str:
    """Return what Jinja says in the words of this language."""
    for pattern, said in SAID:
        if re.fullmatch(pattern, message):
            return re.sub(pattern, said, message)
    return message


def remedy(message: str, filters: Mapping[str, object]) -> str:
    """Return what to write instead, "" where that cannot be told from the message."""
    stopped = re.search(r"'(\W|\w+)' (?:means nothing here|is not expected there)$", message)
    if stopped is not None:
        return SLIPS.get(stopped[1].lower(), "")
    called = re.search(r"there is no function '(\w+)'|'\.(\w+)\(\)' cannot be called", message)
    if called is not None:
        name = (called[1] or called[2]).lower()
        name = CALLS.get(name, name)
        return f"write it as a filter:  x | {name}" if name in filters else ""
    filtered = re.search(r"there is no filter '(\w+)'", message)
    if filtered is not None:
        near = FILTERS.get(filtered[1].lower()) or did_you_mean(filtered[1], filters)
        return f"did you mean '{near}'?" if near else ""
    return "write:  items | slice(0, 3)" if message.startswith("slice is not allowed") else ""


_CONDITION = re.compile(
    r"(tag|segment|group|language|intent|sentiment|media|days|between|hours|chat)[ :]+(\w.*)"
)


def as_condition(expression: str) -> str:
    """Return how `tag vip` is written as a condition, "" where that was not meant."""
    found = _CONDITION.fullmatch(expression.strip())
    return f"write it as a condition:  {{{found[1]}: {found[2]}}}" if found else ""
