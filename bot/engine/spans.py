"""Reads several values out of one message; each span of text is used once."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time

from bot.domain.data import replace
from bot.domain.values import Value
from bot.engine.called import has_calls, pieces_of
from bot.engine.choices import ORDINALS, choice_span, choices_of, offered_at, ordinal_of
from bot.engine.draft import Draft
from bot.engine.slots import NOON, Given, OutOfBounds, Read, bounded, counted_in, read_value
from bot.language.clock import without_greeting
from bot.language.flows import Slot
from bot.language.folding import Folded, fold
from bot.language.numbers import number_in_words
from bot.language.parties import is_group, without_groups
from bot.language.ranges import whole_days
from bot.language.said_days import DAY, WEEKEND, in_digits, in_digits_and_full, in_full
from bot.language.said_numbers import says_range
from bot.language.said_times import CLOCK, HALF_DAY, HOUR, LATE
from bot.language.spoken import plain

CORRECTABLE = frozenset((
    "choice", "number", "integer", "money", "date", "time", "datetime", "email",
))  # fmt: skip
ORDER = (
    "email", "url", "phone", "datetime", "date", "time", "money", "choice", "duration", "integer",
    "number", "location", "media", "list",
)  # fmt: skip
"""What is told apart surely comes first; a bare number may be many things."""

TIMED = frozenset(("time", "datetime"))
_MONEY = re.compile(
    r"(?:r\$|us\$|[$€£])\s*\d[\d.,]*(?:\s*(?:k|mil|m)\b)?"
    r"|\b\d[\d.,]*\s*[$€£]"
    r"|\b\d[\d.,]*\s*(?:k|mil|thousand|dollars?|euros?|reais|pesos|usd|eur|brl"
    r"|bucks?|quid|grand|contos?|paus|pilas?|pavos|lucas|mangos|lana)\b",
    re.IGNORECASE,
)


def value_of(slot: Slot, text: str, draft: Draft) -> Value:
    """Return the value that a text holds, None without one."""
    read = read_value(slot, text, draft)
    return read.value if isinstance(read, Given) else None


_BEHIND_PLACE = re.compile(
    rf"\s(?:{CLOCK.pattern}|{DAY.pattern}|(?:for|para|pra) (?:\d|one|two|three|four|dos|tres|dois)"
    r"|(?:now|asap|please|pls|ahora|agora|por favor|porfa)\b)",
    re.IGNORECASE,
)
_DOING = re.compile(
    r"\s*(?:go|get|be|have|book|order|take|ask|see|know|come|make|rent|travel|move|send|call|ride|"
    r"\w+[aei]r)\b",
    re.IGNORECASE,
)
"""What is done, and no place: "I need a cab to go home"."""
_SIGN = re.compile(r"^(?:r|us)?[$€£]|[$€£]$")
_CLEAR = {"date": DAY, "time": CLOCK, "money": _MONEY}


_PART_OF_DAY = re.compile(r"(?<=^esta )noche\b|(?<=to)night\b", re.IGNORECASE)
"""What the word for a day says of the hour, too."""


def is_clear(kind: str, text: str) -> bool:
    """Tell whether a text surely names a day, an hour or a sum, and not just a number."""
    return _CLEAR[kind].search(text) is not None


def without_hours(text: str, slots: Iterable[Slot]) -> str:
    """Return a text without times of day where a flow has a slot for one: "8 pm" is no count."""
    return HOUR.sub(" ", text) if any(slot.type in TIMED for slot in slots) else text


class Rest:
    """A text of which less is left with each value that is taken."""

    def __init__(self, text: str, slots: Iterable[Slot] = ()) -> None:
        """Begin with a whole text.

        Args:
            slots: A number beside the name of one of these is no other's: "4 nights".
        """
        self.text = self._whole = whole_days(without_greeting(text))
        self._slots = {slot.name: slot for slot in slots}
        self._counted = {_stem(one.name): one for one in self._slots.values() if one.type in COUNTS}
        self._pieces: dict[str, str] = {}  # what stands behind the words of slots
        self._called: dict[str, Read] | None = None if has_calls(self._slots.values()) else {}

    @staticmethod
    def order(kind: str) -> int:
        """Return when a type is read."""
        return ORDER.index(kind) if kind in ORDER else len(ORDER)

    def take(
        self, slot: Slot, draft: Draft, *, instead_of: Value = None, clearly: bool = False
    ) -> Read:  # fmt: skip
        """Read a slot's value and take its words away; what is unclear is left.

        Args:
            instead_of: A value that the text is known to replace; then a bare number may be
                money or a time as well.
            clearly: But not now.
        """
        return self.called(slot, draft) or self._take(slot, draft, instead_of, clearly=clearly)

    def _take(self, slot: Slot, draft: Draft, instead_of: Value, *, clearly: bool) -> Read:
        match slot.type:
            case "choice":
                return self._choice(slot, draft, instead_of)
            case "date" | "time" | "money" as kind:
                read = self._matched(_CLEAR[kind], slot, draft, instead_of)
                loosely = read is None and instead_of is not None and not clearly
                return self._number(slot, draft, instead_of) if loosely else read
            case "datetime":
                return self._moment(slot, draft, instead_of)
            case "integer" | "number":
                return self._number(slot, draft, instead_of)
            case "email" | "url" | "phone" | "duration":
                read = read_value(slot, self.text, draft)
                if isinstance(read, Given):
                    self.text = self.text.replace(str(read.value), " ", 1)
                return read
            case "location" | "media":
                return read_value(slot, "", draft)
            case _:
                return None

    def called(self, slot: Slot, draft: Draft) -> Read:
        """Return the value that stands behind a slot's own words; it is no other slot's."""
        if self._called is None:
            self._called = {}
            self._hear_called(draft)
        piece = self._pieces.get(slot.name)
        if piece is not None and slot.least is not None and slot.least.names & self._slots.keys():
            return Rest(piece, []).take(slot, draft)  # its least may be known by now
        return self._called.get(slot.name)

    def _hear_called(self, draft: Draft) -> None:
        """Read what stands behind the words of slots, and take it away."""
        assert self._called is not None
        folded = fold(self.text)
        left, last = "", 0
        for slot, (start, after, end) in pieces_of(folded, self._slots):
            piece = Rest(folded.between(after, end), [])
            read = piece.place(slot, draft) if slot.type == "location" else piece.take(slot, draft)
            if read is None or (slot.name in self._called and slot.type != "location"):
                continue
            self._called[slot.name] = read
            self._pieces[slot.name] = folded.between(after, end)
            left = f"{left} {folded.between(last, start)} {piece.text}"
            last = end
        if self._called:
            self.text = f"{left} {folded.between(last, len(folded.words))}".strip()

    def place(self, slot: Slot, draft: Draft) -> Read:
        """Read a place as far as a day, an hour or a count begins."""
        found = _BEHIND_PLACE.search(self.text)
        said = self.text if found is None else self.text[: found.start()]
        self.text = self.text[len(said) :]
        is_doing = _DOING.match(said) is not None
        return None if is_doing else read_value(slot, said.strip(" ,.!?"), draft)

    def _matched(
        self, wanted: re.Pattern[str], slot: Slot, draft: Draft, instead_of: Value
    ) -> Read:  # fmt: skip
        before = self.text
        found = self._search(wanted, draft)
        if found is None:
            return None
        read = self._near(slot, found[0], draft, instead_of)
        if isinstance(read, Given):
            part = _PART_OF_DAY.search(found[0]) if slot.type == "date" else None
            left = " " if part is None else f" {part[0]} "
            if WEEKEND.search(found[0]):  # which says how many nights, too
                left = found[0]
            self.text = self.text[: found.start()] + left + self.text[found.end() :]
        else:
            self.text = before
        return read

    def _search(self, wanted: re.Pattern[str], draft: Draft) -> re.Match[str] | None:
        """Look for words as they stand, with numbers in digits, and with days spelt out."""
        language = draft.language
        found = wanted.search(self.text)
        for spell in () if found is not None else (in_full, in_digits, in_digits_and_full):
            spelt = spell(self.text, language)
            found = wanted.search(spelt) if spelt != plain(self.text) else None
            if found is not None:
                self.text = spelt
                break
        return found

    def _near(self, slot: Slot, said: str, draft: Draft, instead_of: Value) -> Read:
        """Read a value; an hour as the message's part of the day or the hour before it says."""
        if slot.type != "time":
            return read_value(slot, said, draft)
        read = read_value(replace(slot, least=None, most=None), said, draft)
        if not isinstance(read, Given) or not isinstance(read.value, time):
            return read
        if HALF_DAY.search(said) is None and 0 < read.value.hour < NOON:
            late = LATE.search(self._whole) or self._is_late(slot, read.value, draft)
            read = Given(read.value.replace(hour=read.value.hour + NOON)) if late else read
        near = _nearer(read, said, instead_of)
        bound = bounded(slot, near, draft)
        return bound if isinstance(bound, Given) else read_value(slot, said, draft)

    def _is_late(self, slot: Slot, said: time, draft: Draft) -> bool:
        """Tell whether the whole message puts an hour after noon: "fri night for 3, at 8"."""
        whole = value_of(replace(slot, least=None, most=None), self._whole, draft)
        return whole == said.replace(hour=said.hour + NOON)

    def _moment(self, slot: Slot, draft: Draft, instead_of: Value) -> Read:
        """Read a day and an hour; of what is held, one of the two."""
        self._search(DAY, draft)
        spelt = in_digits(self.text, draft.language)
        if DAY.search(self.text) and not CLOCK.search(self.text) and CLOCK.search(spelt):
            self.text = spelt
        if not (DAY.search(self.text) and CLOCK.search(self.text)):
            return self._half(slot, draft, instead_of)
        read = read_value(slot, self.text, draft)
        if isinstance(read, Given):
            self.text = CLOCK.sub(" ", DAY.sub(" ", self.text, 1), 1)
        return read

    def _half(self, slot: Slot, draft: Draft, instead_of: Value) -> Read:
        """Read the day or the hour of a moment that is held: "on friday, at the same time"."""
        if not isinstance(instead_of, datetime):
            return None
        day = self._matched(DAY, replace(slot, type="date", least=None, most=None), draft, None)
        if isinstance(day, Given) and isinstance(day.value, date):
            moved = datetime.combine(day.value, instead_of.timetz())
            return bounded(slot, Given(moved), draft)
        hour = self._matched(CLOCK, replace(slot, type="time", least=None, most=None), draft,
                             instead_of.time())  # fmt: skip
        if isinstance(hour, Given) and isinstance(hour.value, time):
            moved = datetime.combine(instead_of.date(), hour.value, tzinfo=instead_of.tzinfo)
            return bounded(slot, Given(moved), draft)
        return None

    def _choice(self, slot: Slot, draft: Draft, instead_of: Value) -> Read:
        folded = fold(self.text)
        choices = choices_of(slot, draft)
        placed = ordinal_of(choices, folded.words) if instead_of is not None else None
        if placed is not None:
            self.text = ""
            return Given(placed)
        choices.pop(str(instead_of), None)
        span = choice_span(choices, folded, slot.fuzzy)
        if span is None:
            return None if instead_of is None else self._offered(slot, draft)
        name, start, size = span
        size += folded.words[start + size : start + size + 1] in (("one",), ("ones",))
        self._cut(folded, start, size)
        return Given(name)

    def _offered(self, slot: Slot, draft: Draft) -> Read:
        """Read an hour among the choices: "at half past five" of 16:00 and 17:30."""
        text = self.text if CLOCK.search(self.text) else in_digits(self.text, draft.language)
        found = CLOCK.search(text)
        if found is None:
            return None
        said = replace(slot, type="time", choices={}, choices_from=None)
        name = offered_at(choices_of(slot, draft), lambda: value_of(said, found[0], draft))
        if name is None:
            return None
        self.text = text[: found.start()] + " " + text[found.end() :]
        return Given(name)

    def named_number(self, slot: Slot) -> str | None:
        """Return the number that stands beside a slot's name, as it was written."""
        folded = fold(self.text)
        return next((folded.written[at] for at in self._numbers(folded)
                     if self._owner(folded, at) is slot), None)  # fmt: skip

    def _numbers(self, folded: Folded) -> list[int]:
        words = folded.words
        bare = [_SIGN.sub("", word) for word in words]
        return [at for at, word in enumerate(bare) if number_in_words(word) is not None]

    def _owner(self, folded: Folded, at: int) -> Slot | None:
        """Return the slot whose name stands behind a number, None without one."""
        after = _stem(" ".join(folded.words[at + 1 : at + 2]))
        same = (one for name, one in self._counted.items() if after and _is_called(after, name))
        return self._counted.get(after) or next(same, None)

    def _number(self, slot: Slot, draft: Draft, instead_of: Value) -> Read:
        if says_range(self.text):
            return None
        many = None if self._counts_groups() else counted_in(slot, self.text, draft)
        if many is not None and many != instead_of:
            self.text = without_groups(self.text)
            return bounded(slot, Given(many), draft)
        folded = fold(self.text)
        found = {at: self._owner(folded, at) for at in self._numbers(folded)}
        wanted = slot if slot in found.values() else None
        for at, owner in found.items():
            word = folded.words[at]
            if owner is not wanted:
                continue
            counts = instead_of is not None and slot.type not in CLOCKED
            if word in ARTICLES and owner is None and not (counts and not _points(folded, at)):
                continue
            if word in ARTICLES and folded.words[max(at - 1, 0)] in ORDINALS:  # "the first one"
                continue
            said = folded.written[at]
            read = self._near(slot, said, draft, instead_of)
            if isinstance(read, OutOfBounds) or (
                isinstance(read, Given) and read.value != instead_of
            ):
                self._cut(folded, at, 1)
                return read
        return None

    def _counts_groups(self) -> bool:
        """Tell whether the flow has slots of their own for adults, children, nights or weeks."""
        names = [fold(one.name.replace("_", " ")).words for one in self._slots.values()]
        return any(is_group(word) for words in names for word in words)

    def _cut(self, folded: Folded, start: int, size: int) -> None:
        words = len(folded.words)
        before, after = folded.between(0, start), folded.between(start + size, words)
        self.text = f"{before} {after}".strip()


def numbers_by_name(names: Iterable[str], text: str) -> tuple[dict[str, str], str]:
    """Return the number by each name where a text has several such, and the text without them.

    "5 seats and 2 rooms", "seats should be 5 and rooms 2".
    """
    folded = fold(text)
    words = folded.words
    named = {at: name for name in names for at, word in enumerate(words)
             if _is_called(_stem(word), _stem(name))}  # fmt: skip
    found: dict[str, int] = {}
    for at, word in enumerate(words):
        if word in ARTICLES or number_in_words(word) is None:
            continue
        before = max((one for one in named if one < at), default=-1)
        by = at + 1 if at + 1 in named else before
        if by in named and named[by] not in found:
            found[named[by]] = at
    if len(found) < LEAST_NAMED:
        return {}, text
    gone = {*found.values(), *(at for at, name in named.items() if name in found)}
    left = " ".join(one for at, one in enumerate(folded.written) if at not in gone)
    return {name: folded.written[at] for name, at in found.items()}, left


LEAST_NAMED = 2  # slots; one alone is found without


def _points(folded: Folded, at: int) -> bool:
    """Tell whether a `one` stands for something: "the one", "that one"."""
    return folded.words[max(at - 1, 0)] in ("the", "that", "this", "el", "la", "o", "a")


def _nearer(read: Given, said: str, instead_of: Value) -> Given:
    """Return a time of day; "quarter to eight" in place of 19:30 is 19:45."""
    if not isinstance(read.value, time):
        return read
    if not isinstance(instead_of, time) or HALF_DAY.search(said) or not 0 < read.value.hour < 12:
        return read
    late = read.value.replace(hour=read.value.hour + 12)
    apart = [abs(_minutes(one) - _minutes(instead_of)) for one in (read.value, late)]
    return Given(late) if apart[1] < apart[0] else read


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _is_called(word: str, name: str) -> bool:
    """Tell whether a word is a name, or one with an ending: children."""
    is_longer = len(name) >= LEAST_STEM and 0 < len(word) - len(name) <= LONGEST_ENDING
    return word == name or (is_longer and word.startswith(name))


LONGEST_ENDING = 3  # letters
LEAST_STEM = 5  # letters that a name must have for that


def _stem(word: str) -> str:
    """Return the last word of a name without the ending of its plural."""
    words = fold(word.replace("_", " ")).words
    return words[-1].removesuffix("s") if words else ""


COUNTS = frozenset(("integer", "number"))
CLOCKED = frozenset(("date", "time"))
ARTICLES = frozenset(("a", "an", "one", "un", "una", "uno", "um", "uma", "ein", "eine"))
"""Words that count, but seldom mean to."""
