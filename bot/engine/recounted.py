"""A number said anew by what is held: "one more", and an hour that is no count: "make it 7"."""

import re
from datetime import datetime, time

from bot.engine.draft import Draft
from bot.engine.slots import NOON, Given, OutOfBounds, bounded
from bot.engine.spans import COUNTS, TIMED
from bot.language.flows import Flow, Slot
from bot.language.spoken import plain, spell_digits

MOST_SAID = 60  # characters of such a message
_NUMBER = r"(\d{1,3}|an?|une?|una|uma?)"
_PUT = (
    r"(?:(?:and|but|y|e|mas|pero|ok|okay|oh|ah|no|sorry|actually|please|wait|add|put|make it|"
    r"give me|i want|i ll take|we need|with|agrega|agregue|anade|anada|suma|pon|ponme|quiero|"
    r"dame|deme|"
    r"coloca|coloque|bota|poe|adiciona|adicione|acrescenta|quero|me da|me ve|manda|que sean|"
    r"que sejam)\W+)*"
)
_END = r"(?:\W+(?:please|pls|por favor|porfa|porfis|then|too))?\W*$"
_MORE = re.compile(
    rf"^\W*{_PUT}(?:{_NUMBER} more|(?:another|otr[oa]|outr[oa])(?: (?:one|mas|mais))?|"
    rf"mais {_NUMBER}|{_NUMBER} (?:a )?(?:mas|mais)){_END}"
)
_FEWER = re.compile(
    rf"^\W*{_PUT}(?:{_NUMBER} (?:less|fewer|menos|a menos|de menos)|menos {_NUMBER}){_END}"
)
Recounted = tuple[Slot, Given | OutOfBounds]


def recounted(draft: Draft, flow: Flow, asked: Slot) -> Recounted | None:
    """Return the one count that a whole message makes more or fewer: "one more", *mais duas*."""
    held = _held(draft, flow, asked, COUNTS)
    if len(held) != 1 or len(draft.text) > MOST_SAID:
        return None
    said = spell_digits(plain(draft.text), draft.language)
    slot, now = held[0]
    for pattern, sign in ((_MORE, 1), (_FEWER, -1)):
        found = pattern.search(said) or pattern.search(plain(draft.text))
        if found is not None and isinstance(now, int):
            digits = next((one for one in found.groups() if one), "")
            by = int(digits) if digits.isdecimal() else 1
            return slot, bounded(slot, Given(now + sign * by), draft)
    return None


def as_hour(draft: Draft, flow: Flow, asked: Slot, said: str) -> Recounted | None:
    """Return the hour that a number means which is no count: "make it 7" of 18:00."""
    number = re.fullmatch(r"\D*(\d{1,2})\D*", spell_digits(plain(said), draft.language))
    held = _held(draft, flow, asked, TIMED)
    if number is None or not held or not 0 < int(number[1]) <= LAST_HOUR:
        return None
    slot, now = held[-1]
    hour = int(number[1])
    if isinstance(now, int):
        return None
    if hour < NOON and abs(hour + NOON - now.hour) < abs(hour - now.hour):
        hour += NOON
    read = bounded(slot, Given(now.replace(hour=hour, minute=0)), draft)
    return (slot, read) if isinstance(read, Given) and hour != now.hour else None


LAST_HOUR = 23


def _held(
    draft: Draft, flow: Flow, asked: Slot, kinds: frozenset[str]
) -> list[tuple[Slot, int | time | datetime]]:
    """Return the filled slots of some types with what they hold, the one filled last behind."""
    frame = draft.frames[-1]
    found = []
    for name in dict.fromkeys((*frame.slots, *flow.slots)):
        slot = flow.slots.get(name)
        if slot is None or slot is asked or slot.type not in kinds:
            continue
        value = draft.slot_value(frame, flow, name)
        if isinstance(value, int | time | datetime) and not isinstance(value, bool):
            found.append((slot, value))
    return found
