"""Whether a message says yes or no to a question: "sure", "with breakfast", "sem borda"."""

import re
from functools import lru_cache

from bot.engine.words import NO, YES
from bot.language.flows import Slot
from bot.language.folding import Folded, fold
from bot.language.texts import Text
from bot.language.yes_no import says


def answer_of(text: str, slot: Slot | None = None) -> bool | None:
    """Return whether a text says yes or no, None when it says neither, or both.

    Args:
        slot: Whose own words for yes and no come first.
    """
    folded = fold(text)
    if slot is not None:
        own = folded.text in _phrases(slot.yes), folded.text in _phrases(slot.no)
        if own[0] is not own[1]:
            return own[0]
        if not text.rstrip().endswith("?") and (said := _takes_up(folded, slot)) is not None:
            return said
    if text.strip() in ("👍", "✅", "👎", "❌"):
        return text.strip() in ("👍", "✅")
    found = says(text)
    if found is not None or not folded.text:
        return found
    yes, no = _begins(folded, YES), _begins(folded, NO)
    if yes is no and slot is not None:
        yes, no = _holds(folded, slot.yes), _holds(folded, slot.no)
    return None if yes is no else yes


def _holds(folded: Folded, known: tuple[str, ...]) -> bool:
    """Tell whether a text names one of a slot's own words: "I'd rather sit outside"."""
    return any(len(one) > 1 and f" {one} " in f" {folded.text} " for one in _phrases(known))


@lru_cache(maxsize=256)
def _phrases(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(one).text for one in words)


def _begins(folded: Folded, known: tuple[str, ...]) -> bool:
    phrases = _phrases(known)
    first = folded.words[0]
    return folded.text in phrases or (
        len(folded.words) <= 4 and len(first) > 1 and first in phrases  # "¿y dan garantía?"
    )


MOST_WORDS = 5  # of such an answer
LEAST_LETTERS = 4  # of a word of the question that an answer takes up
_WITH = frozenset(("with", "con", "com"))
_WITHOUT = frozenset(("without", "sin", "sem"))
_EXPRESSION = re.compile(r"\$\([^)]*\)?")


def _takes_up(folded: Folded, slot: Slot) -> bool | None:
    """Return True for "with" what a slot is about, False for "without" it, None for neither."""
    words = folded.words
    at = next((n for n, word in enumerate(words) if word in _WITH | _WITHOUT), None)
    if at is None or len(words) > MOST_WORDS or _about(slot).isdisjoint(words[at + 1 :]):
        return None
    return words[at] in _WITH


@lru_cache(maxsize=256)
def _words_of(name: str, *questions: str) -> frozenset[str]:
    asked = {word for one in questions for word in fold(one).words if len(word) >= LEAST_LETTERS}
    return frozenset(asked) | {*fold(name.replace("_", " ")).words}


def _about(slot: Slot) -> frozenset[str]:
    return _words_of(slot.name, *(_EXPRESSION.sub(" ", one) for one in _questions(slot.ask)))


def _questions(text: Text | None) -> list[str]:
    if text is None:
        return []
    inner = (one for part in text.languages.values() for one in _questions(part))
    return [*(one.template.source for one in text.variants), *inner]
