"""How expressions reckon and compare: none, numbers in texts, times beside times."""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from bot.language.dates import NoSuchTime, alike, between, moved, span_of
from bot.language.printing import Form, show

Comparison = Callable[[Any, Any], bool]


def comparisons(form: Callable[[], Form]) -> Mapping[str, Comparison]:
    """Return the comparisons by Jinja's names of their signs."""
    return {
        "lt": _ordered(operator.lt), "lteq": _ordered(operator.le),
        "gt": _ordered(operator.gt), "gteq": _ordered(operator.ge),
        "eq": _same, "ne": lambda left, right: not _same(left, right),
        "in": lambda item, many: _holds_item(item, many, form()),
        "notin": lambda item, many: not _holds_item(item, many, form()),
    }  # fmt: skip


def _same(left: Any, right: Any) -> bool:  # noqa: ANN401 - any Value
    one, other = alike(left, right)
    return bool(one == other or _exactly(one, other) == _exactly(other, one))


def _holds_item(item: Any, many: Any, form: Form) -> bool:  # noqa: ANN401 - any Value
    """Tell whether something is in a list, a mapping's names or a text; nothing is in none."""
    if isinstance(many, str):
        return item is not None and show(item, form) in many
    if isinstance(many, (list, tuple)):
        return any(_same(item, one) for one in many)
    return item in many if isinstance(many, (set, frozenset, Mapping)) else False


def _ordered(compare: Callable[[Any, Any], bool]) -> Comparison:
    """Return a comparison that is false beside none, and reads numbers in texts beside numbers."""

    def holds(left: Any, right: Any) -> bool:  # noqa: ANN401 - any Value
        if left is None or right is None:
            return False
        try:
            left, right = alike(left, right)
            return bool(compare(*same_kind(_number_in(left, right), _number_in(right, left))))
        except TypeError:
            return False

    return holds


def _number_in(value: Any, other: Any) -> Any:  # noqa: ANN401 - any Value
    """Return the number that a text says beside a number; anything else as it is."""
    if not isinstance(value, str) or isinstance(other, str):
        return value
    try:
        return Decimal(value.strip())
    except ArithmeticError:
        return value


def _exactly(value: Any, other: Any) -> Any:  # noqa: ANN401 - any Value
    """Return the number that a text spells beside a number: '3' is 3, but '03' is a code."""
    beside = isinstance(other, (int, float, Decimal)) and not isinstance(other, bool)
    return counted(value) if beside and isinstance(value, str) and _SPELT.match(value) else value


_SPELT = re.compile(r"\s*-?(?:0|[1-9]\d*)(?:\.\d+)?\s*$")


def counted(value: object) -> object:
    """Return the number that a text says, to reckon with; anything else as it is."""
    if not isinstance(value, str) or not re.fullmatch(r"\s*-?\d{1,15}(\.\d{1,9})?\s*", value):
        return value
    return Decimal(value.strip()) if "." in value else int(value)


def is_number(value: object) -> bool:
    """Tell whether a value can be reckoned with; none counts as 0."""
    return value is None or isinstance(value, (int, float, Decimal))


def same_kind(left: object, right: object) -> tuple[object, object]:
    """Return two operands that Python can reckon with: none is 0 beside a number."""
    if isinstance(left, Decimal) and isinstance(right, float):
        return left, Decimal(str(right))
    if isinstance(right, Decimal) and isinstance(left, float):
        return Decimal(str(left)), right
    return _beside(left, right), _beside(right, left)


def _beside(value: object, other: object) -> object:
    """Return a value; none is 0 beside a number and an empty list beside a list."""
    if value is not None:
        return value
    if isinstance(other, (list, tuple)):
        return []
    return 0 if is_number(other) else None


def reckon_times(sign: str, left: object, right: object) -> object:
    """Return what a sum or difference of times is; NotImplemented where it is none of times.

    Raises:
        NoSuchTime: Only a length of time can be added to a time.
    """
    if sign not in ("+", "-") or not isinstance(left, date | time | timedelta):
        return NotImplemented
    span = span_of(right)
    if isinstance(left, timedelta):
        if span is None:
            return NotImplemented
        return left + span if sign == "+" else left - span
    if span is not None:
        return moved(left, span, 1 if sign == "+" else -1)
    gone = between(right, left) if sign == "-" else None
    if gone is not None:
        return gone
    if right is None or (sign == "+" and isinstance(right, str)):
        return None if right is None else NotImplemented
    raise NoSuchTime("only a length of time such as '3d' is added to a time or taken from it")
