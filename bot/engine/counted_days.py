"""Days that an answer counts from another one: back "a week later", "10 days after that"."""

from datetime import date

from bot.domain.values import Value
from bot.engine.draft import Draft
from bot.language.fields import limit_of
from bot.language.flows import Slot
from bot.language.shifts import counted_from
from bot.language.spoken import plain
from bot.language.weekdays import first_from

_OF_THE_CLOCK = frozenset(("today", "now"))


def day_behind(slot: Slot, text: str, draft: Draft) -> tuple[date, str] | None:
    """Return the day so long behind the one that the slot's ``min`` reads, and the other words.

    None where the answer counts nothing, or the ``min`` is no other answer's day.
    """
    if slot.type not in ("date", "datetime") or slot.least is None:
        return None
    if not slot.least.names - _OF_THE_CLOCK:
        return None
    least = draft.value(slot.least)
    return counted_from(text, draft.language, least) if isinstance(least, date) else None


def first_allowed(slot: Slot, value: Value, text: str, draft: Draft) -> Value:
    """Return a day of the week as the first that the slot's bound allows, else what was found."""
    if slot.type != "date" or slot.least is None or not isinstance(value, date):
        return value
    least = limit_of(draft.value(slot.least), value)
    return first_from(least, value, plain(text)) if isinstance(least, date) else value
