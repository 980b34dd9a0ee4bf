"""Which words of a text carry a sum, a date and so on: slots that name an entity read those.

The words are handed on, not their value: a slot reads them in the contact's own time zone.
"""

from datetime import datetime

from bot.language.entities import ENTITY_KINDS, Place, read_entity

MOST_READ = 400  # characters of a message in which entities are looked for
ANY_DAY = datetime(2001, 1, 1, 12)  # noqa: DTZ001 - which words they are hangs on no clock


def entity_words(text: str, language: str) -> dict[str, str]:
    """Return, by kind, the fewest words of a text that hold its value."""
    place = Place(language=language, region=None, now=ANY_DAY)
    words = text[:MOST_READ].split()
    found = {}
    for kind in ENTITY_KINDS:
        carrying = _fewest(kind, words, place)
        if carrying:
            found[kind] = " ".join(carrying)
    return found


def _fewest(kind: str, words: list[str], place: Place) -> list[str]:
    """Return the words without those at either end that change nothing."""
    value = read_entity(kind, " ".join(words), place)
    if value is None:
        return []
    first, last = 0, len(words)
    while last - first > 1 and read_entity(kind, " ".join(words[first + 1 : last]), place) == value:
        first += 1
    while last - first > 1 and read_entity(kind, " ".join(words[first : last - 1]), place) == value:
        last -= 1
    return words[first:last]
