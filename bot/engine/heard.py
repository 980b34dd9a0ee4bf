"""An open question, and what a message says in answer to it."""

import re

from bot.engine.called import has_calls
from bot.engine.correcting import Correcting
from bot.engine.filling import same_as
from bot.engine.refused import counted, other_half
from bot.engine.slots import Read, counted_in, is_digits, is_free, read_value
from bot.engine.spans import COUNTS, Rest, without_hours
from bot.language.inquiries import asks_of_times, told

TALKED_OVER = frozenset(("choice", "list", "integer", "number", "money"))
"""Types whose values customers ask about: "is the large one enough for four?"."""


_POINTED = re.compile(
    r"\b(?:the|that|this)\s+(?!(?:first|second|third|fourth|fifth|last|only|number)\b)[a-z]+\s+"
    r"ones?\b",
    re.IGNORECASE,
)
"""Words in which `one` counts nothing: "the red one"."""


class Heard(Correcting):
    """Reads answers to the open question."""

    def _told(self) -> str:
        """Return what a message says that may be an answer, without what it only asks about."""
        slot, text = self.slot, self.draft.text
        if slot.type == "yes_no" or is_free(slot):
            return text
        if slot.type in COUNTS and self._wants_rule and asks_of_times(text):
            return ""
        return told(text) if slot.type in TALKED_OVER or self._wants_rule else text

    def _read(self) -> Read:
        """Read the answer; of several numbers the one beside the slot's name: "4 nights"."""
        text, named = self._told(), None
        if not text and self.draft.text.strip():
            return None
        same = same_as(self.draft, self.flow, self.slot)
        if same is not None:
            return same
        moved = counted(self.draft, self.slot, text)
        if moved is not None:
            return moved
        if (
            self.slot.type != "yes_no"
            and not is_free(self.slot)
            and has_calls(self.flow.slots.values())
        ):
            rest = Rest(text, self.flow.slots.values())
            called = rest.called(self.slot, self.draft)
            if called is not None:
                return called
            text = rest.text
        if self.slot.type in COUNTS and not is_digits(text):
            text = _POINTED.sub(" ", text)
            text = without_hours(text, self.flow.slots.values())
            if counted_in(self.slot, text, self.draft) is None:
                named = Rest(text, self.flow.slots.values()).named_number(self.slot)
        read = read_value(self.slot, named or text, self.draft)
        return other_half(self.draft, self.slot, text) if read is None else read
