"""Reads several values out of one message; each span of text is used once."""

import re

from bot.domain.values import Value
from bot.engine.choices import choice_span, choices_of
from bot.engine.draft import Draft
from bot.engine.slots import Given, OutOfBounds, Read, read_value
from bot.language.flows import Slot
from bot.language.folding import Folded, fold
from bot.language.numbers import number_in_words

CORRECTABLE = frozenset(("choice", "number", "integer", "money", "date", "time", "datetime"))
ORDER = (
    "email", "url", "phone", "datetime", "date", "time", "money", "choice", "duration", "integer",
    "number", "location", "media", "list",
)  # fmt: skip
"""What is told apart surely comes first; a bare number may be many things."""

_CLOCK = re.compile(
    r"\b(?:(?:at|a las|às|as)\s+)?\d{1,2}(?::\d{2}|\s*[ap]m\b|h\d{0,2}\b)"
    r"|\b(?:at|a las|às|as)\s+\d{1,2}\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?\b"
    r"|\b(?:day after tomorrow|pasado ma[nñ]ana|depois de amanh[aã]|today|tomorrow|hoy|ma[nñ]ana"
    r"|hoje|amanh[aã]|(?:next |this |el |on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes"
    r"|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo|segunda|ter[cç]a|quarta|quinta|sexta)"
    r"\b(?:-feira)?",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:r\$|us\$|[$€£])\s*\d[\d.,]*(?:\s*(?:k|mil|m)\b)?"
    r"|\b\d[\d.,]*\s*[$€£]"
    r"|\b\d[\d.,]*\s*(?:k|mil|thousand|dollars?|euros?|reais|pesos|usd|eur|brl)\b",
    re.IGNORECASE,
)
_CLEAR = {"date": _DAY, "time": _CLOCK, "money": _MONEY}


class Rest:
    """A text of which less is left with each value that is taken."""

    def __init__(self, text: str) -> None:
        self.text = text

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
        match slot.type:
            case "choice":
                return self._choice(slot, draft, instead_of)
            case "date" | "time" | "money" as kind:
                read = self._matched(_CLEAR[kind], slot, draft)
                loosely = read is None and instead_of is not None and not clearly
                return self._number(slot, draft, instead_of) if loosely else read
            case "datetime":
                if not (_DAY.search(self.text) and _CLOCK.search(self.text)):
                    return None
                read = read_value(slot, self.text, draft)
                if isinstance(read, Given):
                    self.text = _CLOCK.sub(" ", _DAY.sub(" ", self.text, 1), 1)
                return read
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

    def _matched(self, wanted: re.Pattern[str], slot: Slot, draft: Draft) -> Read:
        found = wanted.search(self.text)
        if found is None:
            return None
        read = read_value(slot, found[0], draft)
        if isinstance(read, Given):
            self.text = self.text[: found.start()] + " " + self.text[found.end() :]
        return read

    def _choice(self, slot: Slot, draft: Draft, instead_of: Value) -> Read:
        folded = fold(self.text)
        choices = choices_of(slot, draft)
        choices.pop(str(instead_of), None)
        span = choice_span(choices, folded, slot.fuzzy)
        if span is None:
            return None
        name, start, size = span
        self._cut(folded, start, size)
        return Given(name)

    def _number(self, slot: Slot, draft: Draft, instead_of: Value) -> Read:
        folded = fold(self.text)
        for at, word in enumerate(folded.words):
            if number_in_words(word) is None or (word in ARTICLES and instead_of is None):
                continue
            read = read_value(slot, folded.written[at], draft)
            if isinstance(read, OutOfBounds) or (
                isinstance(read, Given) and read.value != instead_of
            ):
                self._cut(folded, at, 1)
                return read
        return None

    def _cut(self, folded: Folded, start: int, size: int) -> None:
        words = len(folded.words)
        before, after = folded.between(0, start), folded.between(start + size, words)
        self.text = f"{before} {after}".strip()


ARTICLES = frozenset(("a", "an", "one", "un", "una", "uno", "um", "uma", "ein", "eine"))
"""Words that count, but seldom mean to."""
