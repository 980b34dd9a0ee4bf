"""What expressions may call: functions and filters, what each takes and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature, signature

from bot.language.filters import filters
from bot.language.printing import Form

SPANS = ("plus", "minus")
"""Filters whose first argument is a length of time."""
PRINTING = frozenset((
    "date", "datetime", "join", "json", "menu", "money", "number", "ordinal", "relative", "time",
    "weekday_name",
))  # fmt: skip
"""Filters that give a text to be read, with which nothing can be reckoned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A function or filter.

    Attributes:
        takes: Its arguments; of a filter the value before the bar is the first.
        example: How it is written.
        meaning: What it gives, in words.
    """

    takes: Signature
    example: str
    meaning: str


def _function(takes: str, example: str, meaning: str) -> Word:
    """Return a function; ``takes`` names its arguments, those that may be left out with ``?``."""
    names = [(one.rstrip("?"), None if one.endswith("?") else Parameter.empty)
             for one in takes.split()]  # fmt: skip
    kind = Parameter.POSITIONAL_OR_KEYWORD
    parameters = [Parameter(name, kind, default=default) for name, default in names]
    return Word(takes=Signature(parameters), example=example, meaning=meaning)


FUNCTIONS: Mapping[str, Word] = {
    "is_open": _function("hours when?", "is_open('shop', day)",
        "whether these hours are open now, or on a day, or at a moment"),
    "next_open": _function("hours after?", "next_open('shop') | time",
        "the next moment at which these hours open; now, or the moment given, when they are open"
        " then; none when they never are within a year"),
    "open_day": _function("hours count? after?", "open_day('shop', 3)",
        "the day that so many open days lie after today, or after a day"),
    "days_between": _function("first second", "days_between(today, day)",
        "the days from one day to another, negative when the second comes first"),
    "months_between": _function("first second", "months_between(start, today) >= 3",
        "the full months from one day to another"),
    "hours_between": _function("first second", "hours_between(now, visit) < 24",
        "the full hours from one moment to another"),
    "minutes_between": _function("first second", "minutes_between(start, now)",
        "the full minutes from one moment to another"),
    "has_tag": _function("tag", "has_tag('vip')", "whether the contact has a tag"),
    "count": _function("event since?", "count('tag.added', '7d')",
        "how often an event happened in this chat, since a day, a moment or a span"),
    "random": _function("items", "random(['a', 'b'])", "one of a list, drawn"),
    "round_robin": _function("team", "round_robin('sales')",
        "the next member of a team in turn"),
}  # fmt: skip

_MEANINGS: Mapping[str, tuple[str, str]] = {
    "upper": ("name | upper", "in capitals"),
    "lower": ("name | lower", "in small letters"),
    "title": ("name | title", "each word with a capital"),
    "capitalize": ("name | capitalize", "the first letter a capital, the others small"),
    "trim": ("text | trim", "without blanks at both ends"),
    "replace": ("text | replace('a', 'b')", "with one text in place of another"),
    "split": ("'a; b' | split(';')", "a list of the parts of a text"),
    "default": ("name | default('you')", "another value in place of nothing"),
    "string": ("total | string", "as a text, as it would be printed"),
    "int": ("text | int", "a whole number; 0 when it is none"),
    "float": ("text | float", "a number; 0 when it is none"),
    "round": ("total | round(2)", "rounded, to so many digits"),
    "number": ("total | number", "printed with its thousands grouped"),
    "money": ("total | money", "printed in the config's currency"),
    "ordinal": ("place | ordinal", "printed as 1st, 2.º …"),
    "length": ("items | length", "how many there are, or how many characters"),
    "join": ("items | join(', ', ' or ')", "one text of all in a list: a, b or c"),
    "first": ("items | first", "the first of a list"),
    "last": ("items | last", "the last of a list"),
    "sort": ("items | sort('price')", "in order, or by what each has under a name"),
    "reverse": ("items | reverse", "from the last to the first"),
    "slice": ("items | slice(0, 3)", "so many of a list, from a place on; the first is 0"),
    "without": ("items | without('a')", "a list without a value"),
    "where": ("items | where('name', 'tea')", "those of a list that have a value under a name"),
    "pages": ("items | pages(5)", "a list of lists, each of so many"),
    "unique": ("items | unique", "each value once"),
    "map": ("items | map('name')", "what each has under a name"),
    "sum": ("prices | sum", "the sum of a list"),
    "min": ("prices | min", "the least of a list"),
    "max": ("prices | max", "the greatest of a list"),
    "menu": ("items | menu", "a numbered list, one a line"),
    "json": ("order | json", "as JSON"),
    "date": ("visit | date", "printed as a day in the contact's language"),
    "time": ("visit | time", "printed as a time of day"),
    "datetime": ("visit | datetime", "printed as a day and a time"),
    "relative": ("day | relative", "printed as today, tomorrow, in 3 days"),
    "weekday": ("day | weekday == 'mon'", "mon, tue, wed, thu, fri, sat or sun"),
    "weekday_name": ("day | weekday_name", "the day of the week in the contact's language"),
    "plus": ("today | plus(months=1)", "later: plus('3d'), or by years, months, weeks, days …"),
    "minus": ("visit | minus('24h')", "earlier, written as plus is"),
    "age": ("born | age >= 18", "the full years since a day: until today, or age(on=day)"),
    "day": ("today | day", "the day of the month, a number"),
    "month": ("today | month", "the month, a number from 1"),
    "year": ("today | year", "the year, a number"),
    "as_date": ("answer | as_date", "the day that a text such as 2026-12-24 says"),
    "as_datetime": ("answer | as_datetime", "the moment that a text such as 2026-12-24T09:00 says"),
}  # fmt: skip

FILTERS: Mapping[str, Word] = {
    name: Word(takes=signature(call), example=_MEANINGS[name][0], meaning=_MEANINGS[name][1])
    for name, call in filters(Form).items()
}
