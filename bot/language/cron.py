"""Cron lines: five fields, weekdays by their names."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
)  # fmt: skip
BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
FIELDS = ("a minute", "an hour", "a day of the month", "a month", "a weekday")
EXAMPLES = ("0, */15", "9, 8-18", "1, 1-7", "12, jan-mar", "mon, mon-fri")
WEEKDAY, MONTH, DAY = 4, 3, 2  # places in a line
LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of each month, in leap years


def parse_field(text: str, place: int) -> frozenset[int] | None:
    """Return the numbers that one field of a cron line names, None when it cannot be read."""
    low, high = BOUNDS[place]
    found: set[int] = set()
    for part in text.lower().split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        begin = low if first == "*" else _number(first, place)
        end = high if first == "*" or (step and not last) else _number(last or first, place)
        stride = _number(step, 0) if step else 1
        if begin is None or end is None or not stride or not low <= begin <= high:
            return None
        if end > high or (end < begin and place != WEEKDAY):
            return None
        if end < begin:
            found.update(number % 7 for number in range(begin, end + 8, stride))
        else:
            found.update(range(begin, end + 1, stride))
    return frozenset(found)


def has_day(days: str, months: str) -> bool:
    """Tell whether any of these months has any of these days; both are fields that can be read."""
    first = min(parse_field(days, DAY) or {1})
    return any(first <= LONGEST[month - 1] for month in parse_field(months, MONTH) or ())


def _number(text: str, place: int) -> int | None:
    if place == WEEKDAY and text in WEEKDAYS:
        return WEEKDAYS.index(text)
    if place == MONTH and text in MONTHS:
        return MONTHS.index(text) + 1
    return int(text) if text.isdecimal() and len(text) < 4 else None
