"""How many people a message counts group by group: "2 adults and 1 child" are three."""

import re

from bot.language.lengths import read_length
from bot.language.spoken import plain, spell_digits

_GROWN = r"(?:adults?|grown[- ]?ups?|adult[oa]s?)"
_SMALL = (
    r"(?:child|children|kids?|kiddos?|bab(?:y|ies)|infants?|toddlers?|teens?|teenagers?|nin[oa]s?|"
    r"bebes?|menor(?:es)?|criancas?|chic[oa]s)"
)
_MANY = r"(\d{1,3}|an?|un|una|um|uma)"
_AND = r"\s*(?:,\s*)?(?:and|y|e|plus|mas|mais|\+|&)\s+"
_SOME = r"(?:small |little |young |our )?"
_PARTY = re.compile(
    rf"\b{_MANY}\s+{_GROWN}\b(?:{_AND}|\s*,\s*){_MANY}\s+{_SOME}{_SMALL}\b"
    rf"|\b{_MANY}\s+{_SMALL}\b(?:{_AND}|\s*,\s*){_MANY}\s+{_GROWN}\b"
    rf"|\b(\d{{1,3}})(?:\s+(?:of us|people|persons?|personas?|pessoas?))?"
    rf"{_AND}{_MANY}\s+{_SOME}{_SMALL}\b"
)
_GROUPS = re.compile(
    rf"\b\w+(?:\s+(?:{_GROWN}|people|personas|pessoas))?(?:{_AND}|\s*,\s*)\w+\s+{_SOME}"
    rf"(?:{_SMALL}|niñ[oa]s?|bebés?|crianças?)\b|\b\w+\s+{_SMALL}{_AND}\w+\s+{_GROWN}\b",
    re.IGNORECASE,
)
_WEEK_SAID = re.compile(
    r"\b\w+\s+(?:weeks?|fortnights?|semanas?|quincenas?|weekend)\b", re.IGNORECASE
)
_MORE = re.compile(rf"(?:{_AND}|\s*,\s*){_MANY}\s+{_SOME}{_SMALL}\b")
_OWN = re.compile(
    r"night|noche|noite|day|dia|room|habitac|quarto|hour|hora|week|semana|table|mesa|adult|child|"
    r"kid|nin[oa]|crianca|baby|bebe|age|edad|idade"
)
"""Names of slots that count something else, or one of the groups."""
_NIGHTS = re.compile(r"night|noche|noite|\bdays?\b|\bdias?\b")
_WEEKS = re.compile(r"\b(?:weeks?|fortnights?|semanas?|quincenas?|quinzenas?)\b")
_WEEKEND = re.compile(r"\b(?:weekend|fin de semana|finde|fim de semana)\b")
WEEKEND = 2  # nights
MOST_COUNTED = 400  # characters of a message in which people are counted


def people_in(text: str, language: str, name: str) -> int | None:
    """Return how many people the groups of a message are together, None without groups.

    Args:
        name: Of the slot; one that counts nights, rooms or one of the groups takes no sum.
    """
    if _OWN.search(plain(name)) or len(text) > MOST_COUNTED:
        return None
    spelt = spell_digits(text, language)
    found = _PARTY.search(spelt)
    if found is None:
        return None
    many = [one for one in found.groups() if one]
    at = found.end()
    while more := _MORE.match(spelt, at):
        many.append(more[1])
        at = more.end()
    return sum(int(one) if one.isdigit() else 1 for one in many)


def is_group(word: str) -> bool:
    """Tell whether a folded word names a group of people, as a slot of its own may count it."""
    return re.fullmatch(rf"{_GROWN}|{_SMALL}", word) is not None


def without_groups(text: str) -> str:
    """Return a message without its groups of people and its weeks."""
    return _WEEK_SAID.sub(" ", _MORE.sub(" ", _GROUPS.sub(" ", text)))


def nights_in(text: str, language: str, name: str) -> int | None:
    """Return how many nights or days the weeks of a message are, for a slot that counts those.

    Args:
        name: Of the slot.
    """
    said = plain(text)
    if len(text) > MOST_COUNTED or not _NIGHTS.search(plain(name.replace("_", " "))):
        return None
    if _WEEKEND.search(said):
        return WEEKEND
    length = read_length(text, language) if _WEEKS.search(said) else None
    return None if length is None else length.days
