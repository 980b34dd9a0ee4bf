"""Rulebooks made ready for turns: the tests of a run share theirs, which is compiled once."""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.turns import TurnSettings
from bot.engine.compiled import Version
from bot.inbound.book import Book, make_book
from bot.language.rulebook import Rulebook

_KEPT: deque[Book] = deque(maxlen=8)  # a run has one, and one for each edit or set of env names


def bind(
    rulebook: Rulebook, settings: TurnSettings, older: Mapping[str, Version] | None = None
) -> Book:
    """Return what `make_book` does; for a rulebook without ``older`` versions it is kept."""
    if older:
        return make_book(rulebook, settings, older)
    for known in tuple(_KEPT):
        if known.compiled.rulebook is rulebook:
            return replace(known, settings=settings)
    made = make_book(rulebook, settings)
    _KEPT.append(made)
    return made
