"""Words that a business owns, such as those that opt out, as messages are compared with them."""

from collections.abc import Mapping
from functools import lru_cache

from bot.language.folding import fold, spellings
from bot.language.optout_words import START, STOP
from bot.language.rulebook import Rulebook


@lru_cache(maxsize=64)
def texts_of(words: tuple[str, ...]) -> frozenset[str]:
    """Return words as messages are compared with them."""
    return frozenset(fold(form).text for word in words for form in spellings(word))


@lru_cache(maxsize=64)
def first_words(words: tuple[str, ...]) -> frozenset[str]:
    """Return what texts begin with of which a message may say one."""
    return frozenset(one.split()[0] for one in texts_of(words) if one)


def owned_by(rulebook: Rulebook) -> Mapping[str, str]:
    """Return ``stop`` or ``start`` by each text that is such a word; stop comes first."""
    found: dict[str, str] = {}
    for name, section, known in (("start", rulebook.start, START), ("stop", rulebook.stop, STOP)):
        words = section.words if section is not None and section.words else known
        found.update(dict.fromkeys(texts_of(words), name))
    return found
