"""How values are shown: in the contact's language in texts, plainly to machines."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.domain.data import dataclass
from bot.domain.messages import Location

YES_NO = {
    "en": ("yes", "no"), "es": ("sí", "no"), "pt": ("sim", "não"), "fr": ("oui", "non"),
    "de": ("ja", "nein"), "it": ("sì", "no"),
}  # fmt: skip


class Plain(str):
    """A text of the configuration: in a url it stands as it is, not percent-encoded."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How to print: for whom, in which money, for people (`text`) or machines (`iso`, `url`)."""

    language: str = "en"
    currency: str = "USD"
    timezone: str = "UTC"
    mode: str = "text"
    now: datetime | None = None  # what `relative` counts from


def show(value: object, form: Form) -> str:
    """Return a value as text. None prints nothing."""
    plain = _show(value, form) if form.mode == "text" else _iso(value, form)
    return quote(plain, safe="") if form.mode == "url" and not isinstance(value, Plain) else plain


MOST_DIGITS = 40  # of a number that is written out; others are shown as powers of ten


def is_handy(value: object) -> bool:
    """Tell whether a number is finite and can be written out."""
    match value:
        case Decimal():
            return bool(value.is_finite()) and abs(value.adjusted()) <= MOST_DIGITS
        case float():
            return isfinite(value) and (value == 0 or 1e-40 < abs(value) < 1e40)
        case int():
            return bool(abs(value) < 10**MOST_DIGITS)
        case _:
            return False


def _show(value: object, form: Form) -> str:
    match value:
        case None:
            return ""
        case float() | Decimal() if not is_handy(value):
            return str(value)
        case bool():
            return YES_NO.get(form.language[:2], YES_NO["en"])[0 if value else 1]
        case int() | str():
            return str(value)
        case float() | Decimal():
            return _decimal(value, form)
        case datetime():
            return show_datetime(value, form)
        case date():
            return show_date(value, form)
        case time():
            return value.strftime("%H:%M")
        case timedelta():
            return _span(value)
        case _:
            return _show_many(value, form)


def _show_many(value: object, form: Form) -> str:
    match value:
        case Location(text=text, latitude=latitude, longitude=longitude):
            return text or f"{latitude}, {longitude}"
        case Mapping():
            return ", ".join(f"{name}: {_show(item, form)}" for name, item in value.items())
        case list() | tuple():
            return ", ".join(_show(item, form) for item in value)
        case _:
            return str(value)


def _iso(value: object, form: Form) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() | Decimal() if not is_handy(value):
            return str(value)
        case float() | Decimal():
            return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case timedelta():
            return str(int(value.total_seconds()))
        case _:
            return _show_many(value, form)


def show_date(value: date, form: Form) -> str:
    """Return a date such as ``Jan 5, 2026`` in the form's language."""
    from babel.dates import format_date

    return str(format_date(value, format="medium", locale=locale_of(form.language)))


def show_weekday(value: date, form: Form) -> str:
    """Return the name of a day of the week in the form's language."""
    from babel.dates import format_date

    return str(format_date(value, format="EEEE", locale=locale_of(form.language)))


def show_datetime(value: datetime, form: Form) -> str:
    """Return a moment, local to the form's time zone, in its language."""
    local = value if value.tzinfo is None else value.astimezone(ZoneInfo(form.timezone))
    return f"{show_date(local.date(), form)} {local:%H:%M}"


def show_time(value: object, form: Form) -> str:
    """Return the time of day, a moment's in the form's time zone."""
    match value:
        case datetime():
            local = value if value.tzinfo is None else value.astimezone(ZoneInfo(form.timezone))
            return f"{local:%H:%M}"
        case time():
            return f"{value:%H:%M}"
        case _:
            return show(value, form)


def show_relative(value: object, form: Form) -> str:
    """Return how far off a day or a moment is, such as ``in 3 days``, in the form's language."""
    from babel.dates import format_timedelta

    match value, form.now:
        case datetime(), datetime() as now:
            moment = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(form.timezone))
            span = moment - now
            here = ZoneInfo(form.timezone)
            days = (moment.astimezone(here).date() - now.astimezone(here).date()).days
            if abs(days) == 1 and abs(span) >= DAY:
                return _near_day(days, form)  # "tomorrow", not "in 1 day"
        case date(), datetime() as now:
            span = value - now.astimezone(ZoneInfo(form.timezone)).date()
        case timedelta(), _:
            span = value
        case _:
            return show(value, form)
    if isinstance(value, date) and not isinstance(value, datetime) and abs(span.days) <= 1:
        return _near_day(span.days, form)
    locale = locale_of(form.language)
    return str(format_timedelta(span, add_direction=True, threshold=1, locale=locale))


def _near_day(days: int, form: Form) -> str:
    return NEAR_DAYS.get(form.language[:2], NEAR_DAYS["en"])[days + 1]


DAY = timedelta(days=1)
NEAR_DAYS = {
    "en": ("yesterday", "today", "tomorrow"), "es": ("ayer", "hoy", "mañana"),
    "pt": ("ontem", "hoje", "amanhã"), "fr": ("hier", "aujourd’hui", "demain"),
    "de": ("gestern", "heute", "morgen"), "it": ("ieri", "oggi", "domani"),
}  # fmt: skip


def show_money(value: object, form: Form) -> str:
    """Return an amount with the form's currency, such as ``R$24.00``."""
    from babel.numbers import format_currency

    try:
        amount = Decimal(str(value))
    except ArithmeticError:
        return str(value)
    if not is_handy(amount):
        return str(value)
    return str(format_currency(amount, form.currency, locale=locale_of(form.language)))


def show_number(value: object, form: Form) -> str:
    """Return a number with its thousands grouped."""
    from babel.numbers import format_decimal

    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return str(value)
    if not is_handy(number):
        return str(value)
    return str(format_decimal(number, locale=locale_of(form.language)))


def locale_of(language: str) -> str:
    """Return babel's name of a language, English when it knows none."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return "en"


def _decimal(value: float | Decimal, form: Form) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    from babel.numbers import format_decimal

    return str(format_decimal(value, format="0.######", locale=locale_of(form.language)))


def _span(value: timedelta) -> str:
    minutes, seconds = divmod(int(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"
