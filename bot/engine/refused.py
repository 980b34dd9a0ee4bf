"""The day or hour that was refused last, from which the next answer may count."""

import re
from datetime import date, datetime, timedelta

from bot.domain.data import replace
from bot.domain.values import Value
from bot.engine.counted_days import day_behind
from bot.engine.draft import Draft
from bot.engine.slots import Given, Read, bounded, read_value
from bot.engine.spans import Rest
from bot.engine.words import AGREEING, BESIDE, FILLING
from bot.language.flows import Slot
from bot.language.folding import fold
from bot.language.shifts import shift_in, shifted
from bot.language.spoken import plain
from bot.language.weekdays import DAY_NAME

MOVABLE = ("date", "time", "datetime")


def remember(draft: Draft, slot: Slot, value: Value) -> None:
    """Keep a moment that a check refused, until its question is answered."""
    if slot.type in MOVABLE and not slot.sensitive and value is not None:
        draft.top(saved={**draft.frames[-1].saved, _key(slot): value})


def remember_out_of_bounds(draft: Draft, slot: Slot) -> None:
    """Keep the moment of a message that a bound refuses."""
    if slot.type in MOVABLE:
        read = read_value(replace(slot, least=None, most=None), draft.text, draft)
        remember(draft, slot, read.value if isinstance(read, Given) else None)


def forget(draft: Draft, slot: Slot) -> None:
    """Forget what was refused: the question is answered."""
    saved = draft.frames[-1].saved
    if _key(slot) in saved:
        draft.top(saved={name: one for name, one in saved.items() if name != _key(slot)})


def counted(draft: Draft, slot: Slot, text: str) -> Read:
    """Read an answer that counts from what was refused: "the day after", "an hour later"."""
    before = _before(draft, slot)
    following = _following(draft, slot, text, before) if isinstance(before, date) else None
    if following is not None:
        return following
    found = None if before is None else shift_in(text, draft.language)
    if found is None or day_behind(slot, text, draft) is not None:
        return None
    by, beside = found
    if any(word not in FILLING | BESIDE | AGREEING | _ABLE for word in fold(beside).words):
        return None
    moved = shifted(before, by)
    return None if moved is None else bounded(slot, Given(moved), draft)


def _following(draft: Draft, slot: Slot, text: str, before: date) -> Read:
    """Read the next such day of the week behind the one that was refused: "o sábado seguinte"."""
    said = plain(text)
    if slot.type != "date" or not _NEXT.search(said) or not DAY_NAME.search(said):
        return None
    read = read_value(replace(slot, least=None, most=None), text, draft)
    day = read.value if isinstance(read, Given) else None
    if not isinstance(day, date) or not timedelta() <= before - day < SOON:
        return None
    weeks = (before - day).days // 7 + 1
    return bounded(slot, Given(day + timedelta(weeks=weeks)), draft)


SOON = timedelta(weeks=9)  # behind which nobody counts by the names of days
_NEXT = re.compile(r"\b(?:seguinte|siguiente|following|after)\b")


def other_half(draft: Draft, slot: Slot, text: str) -> Read:
    """Read the day or the hour alone of a moment whose other half was said before."""
    before = _before(draft, slot)
    if not isinstance(before, datetime) or slot.type != "datetime":
        return None
    return Rest(text).take(slot, draft, instead_of=before)


def _before(draft: Draft, slot: Slot) -> Value:
    return draft.frames[-1].saved.get(_key(slot)) if slot.type in MOVABLE else None


def _key(slot: Slot) -> str:
    """Return the name, which no slot can have, under which a frame keeps what was refused."""
    return f" refused {slot.name}"


_ABLE = frozenset(
    ("possible", "maybe", "how", "about", "what", "is", "are", "free", "posible", "puede", "ser",
     "podria", "y", "e", "pode", "possivel", "seria", "sera", "da", "se", "tal", "bueno", "dale",
     "entonces", "mejor", "melhor")
)  # fmt: skip
"""Words around what moves a moment: "how about the day after?"."""
