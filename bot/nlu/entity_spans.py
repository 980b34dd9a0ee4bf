"""Which words of a text carry a sum, a date and so on: slots that name an entity read those.

The words are handed on, not their value: a slot reads them in the contact's own time zone.
"""

from datetime import datetime

from bot.language.entities import ENTITY_KINDS, Entity, Place, read_entity

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
    step = last // 2
    while step:
        while last - first > step and _same(kind, words[first + step : last], place, value):
            first += step
        while last - first > step and _same(kind, words[first : last - step], place, value):
            last -= step
        step //= 2
    return words[first:last]


def _same(kind: str, words: list[str], place: Place, value: Entity) -> bool:
    return read_entity(kind, " ".join(words), place) == value
