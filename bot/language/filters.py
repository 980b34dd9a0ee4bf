"""The filters that expressions may use: pure, bounded, and nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sized
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.language.dates import age, day_of, moment_of, moved, weekday
from bot.language.printing import (
    Form,
    is_handy,
    show,
    show_date,
    show_datetime,
    show_money,
    show_number,
    show_relative,
    show_time,
    show_weekday,
)

MOST_TEXT = 4096  # characters of any rendered text

Filter = Callable[..., object]


def filters(form: Callable[[], Form]) -> Mapping[str, Filter]:
    """Return the filters by name; ``form`` tells for whom is being printed."""
    return {
        "upper": lambda value: _text(value).upper(),
        "lower": lambda value: _text(value).lower(),
        "title": lambda value: _text(value).title(),
        "capitalize": lambda value: _text(value).capitalize(),
        "trim": lambda value: _text(value).strip(),
        "int": _int,
        "float": _float,
        "string": lambda value: show(value, form()),
        "round": lambda value, digits=0: _round(value, _int(digits)),
        "length": lambda value: len(value) if isinstance(value, Sized) else 0,
        "join": lambda value, by=", ", last=None: _joined(
            [show(one, form()) for one in _each(value)], str(by), last
        ),
        "first": lambda value: next(iter(_each(value)), None),
        "last": lambda value: next(iter(reversed(list(_each(value)))), None),
        "sort": lambda value, attribute="": sorted(
            _each(value), key=lambda one: _sort_key(_item(one, attribute) if attribute else one)
        ),
        "reverse": lambda value: list(reversed(list(_each(value)))),
        "slice": lambda value, start, count: list(_each(value))[_int(start) :][: _int(count)],
        "without": lambda value, gone: [one for one in _each(value) if one != gone],
        "where": lambda value, attribute, wanted: [
            one for one in _each(value) if _text(_item(one, attribute)) == _text(wanted)
        ],
        "pages": lambda value, size: _pages(list(_each(value)), max(_int(size), 1)),
        "split": lambda value, by=",": [part.strip() for part in _text(value).split(str(by))],
        "sum": lambda value: sum(map(_counted, _each(value))),
        "min": lambda value: min(_each(value), key=_sort_key, default=None),
        "max": lambda value: max(_each(value), key=_sort_key, default=None),
        "unique": lambda value: _unique(_each(value)),
        "map": lambda value, attribute="": [_item(one, attribute) for one in _each(value)],
        "default": lambda value, other="": other if value in (None, "") else value,
        "replace": lambda value, old, new: _replaced(_text(value), str(old), str(new)),
        "money": lambda value: "" if value is None else show_money(value, form()),
        "number": lambda value: "" if value is None else show_number(value, form()),
        "date": lambda value: _dated(value, form()),
        "time": lambda value: show_time(value, form()),
        "datetime": lambda value: (
            show_datetime(value, form()) if isinstance(value, datetime) else show(value, form())
        ),
        "relative": lambda value: show_relative(value, form()),
        "plus": _plus,
        "minus": _minus,
        "weekday": weekday,
        "weekday_name": lambda value: _weekday_name(value, form()),
        "age": lambda value, on=None: _age(value, on, form()),
        "day": lambda value: _of_day(value, "day"),
        "month": lambda value: _of_day(value, "month"),
        "year": lambda value: _of_day(value, "year"),
        "as_date": day_of,
        "as_datetime": lambda value: moment_of(value, ZoneInfo(form().timezone)),
        "menu": lambda value: "\n".join(
            f"{number}. {show(one, form())}" for number, one in enumerate(_each(value), 1)
        ),
        "json": _json,
        "ordinal": lambda value: _ordinal(_int(value), form().language),
    }


def _joined(parts: list[str], by: str, last: object) -> str:
    """Return one text; before the last part may stand something else, such as `` or ``."""
    if last is None or len(parts) < 2:
        return by.join(parts)[:MOST_TEXT]
    return f"{by.join(parts[:-1])}{last}{parts[-1]}"[:MOST_TEXT]


def _replaced(text: str, old: str, new: str) -> str:
    """Replace within bounds: a text cannot grow beyond what may be sent."""
    if not old:
        return text
    most = MOST_TEXT // max(len(new), 1)
    return text.replace(old, new, most)[:MOST_TEXT]


def _unique(values: Iterable[object]) -> list[object]:
    found: list[object] = []
    for one in values:
        if one not in found:
            found.append(one)
    return found


def _pages(items: list[object], size: int) -> list[list[object]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _counted(value: object) -> Decimal | int:
    """Return a value as a number that can be summed, 0 when it is none."""
    if isinstance(value, int):
        return value
    try:
        number = Decimal(_text(value).strip())
    except ArithmeticError:
        return 0
    return number if is_handy(number) else 0


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _each(value: object) -> Iterable[object]:
    if value is None:
        return ()
    return value if isinstance(value, Iterable) and not isinstance(value, str) else (value,)


def _int(value: object) -> int:
    try:
        number = Decimal(_text(value).strip() or "0")
    except (ArithmeticError, ValueError):
        return 0
    return int(number) if is_handy(number) else 0


def _float(value: object) -> float:
    try:
        return float(_text(value).strip() or 0)
    except ValueError:
        return 0.0


def _round(value: object, digits: int) -> object:
    number = value if isinstance(value, (int, float, Decimal)) else _float(value)
    if not is_handy(number):
        return value
    return round(number) if digits <= 0 else round(number, min(digits, 12))


def _item(value: object, attribute: str) -> object:
    return value.get(attribute) if isinstance(value, Mapping) else None


def _sort_key(value: object) -> tuple[int, float, str]:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return 0, float(value), ""
    return 1, 0.0, _text(value)


def _plus(  # noqa: PLR0913 - each is a unit that can be named
    value: object, span: object = None, *, weeks: object = 0, days: object = 0,
    months: object = 0, years: object = 0, hours: object = 0, minutes: object = 0,
) -> object:  # fmt: skip
    parts = {"weeks": weeks, "days": days, "months": months, "years": years, "hours": hours,
             "minutes": minutes}  # fmt: skip
    return moved(value, span, 1, **parts)


def _minus(  # noqa: PLR0913 - each is a unit that can be named
    value: object, span: object = None, *, weeks: object = 0, days: object = 0,
    months: object = 0, years: object = 0, hours: object = 0, minutes: object = 0,
) -> object:  # fmt: skip
    parts = {"weeks": weeks, "days": days, "months": months, "years": years, "hours": hours,
             "minutes": minutes}  # fmt: skip
    return moved(value, span, -1, **parts)


def _age(value: object, on: object, form: Form) -> int | None:
    today = form.now and form.now.astimezone(ZoneInfo(form.timezone)).date()
    until = day_of(on) or today
    return None if until is None else age(value, until)


def _weekday_name(value: object, form: Form) -> str:
    day = day_of(value)
    return "" if day is None else show_weekday(day, form)


def _of_day(value: object, part: str) -> int | None:
    day = day_of(value)
    parts = {} if day is None else {"day": day.day, "month": day.month, "year": day.year}
    return parts.get(part)


def _dated(value: object, form: Form) -> str:
    match value:
        case datetime():
            return show_date(value.date(), form)
        case date():
            return show_date(value, form)
        case _:
            return show(value, form)


def _json(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, default=str)[:MOST_TEXT]


def _ordinal(value: int, language: str) -> str:
    if language[:2] in ("de", "fr", "it"):
        first = "er" if value == 1 else "e"
        return {"de": f"{value}.", "it": f"{value}º"}.get(language[:2], f"{value}{first}")
    if language[:2] in ("es", "pt"):
        return f"{value}.º" if language[:2] == "es" else f"{value}º"
    tail = "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{tail}"
