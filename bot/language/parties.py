"""How many people a message counts, by groups or one by one: "2 adults and 1 child" are three."""

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
_KIN = (
    r"(?:wife|husband|son|daughter|mom|mum|mother|dad|father|brother|sister|friend|partner|boss|"
    r"girlfriend|boyfriend|fiancee?|kid|child|baby|toddler|grandma|grandpa|cousin|colleague|buddy|"
    r"mate|other half|mujer|mulher|espos[oa]|marido|hij[oa]|madre|mama|padre|papa|herman[oa]|"
    r"amig[oa]|novi[oa]|parej[oa]|abuel[oa]|bebe|nin[oa]|filh[oa]|mae|pai|irma|irmao|namorad[oa]|"
    r"noiv[oa]|chef[ea]|jef[ea]|vo|av[oó]|crianca|prim[oa]|ti[oa]|sogr[oa]|suegr[oa]|"
    r"sobrin[oh][oa]|companheir[oa]|companer[oa])"
)
_KINS = (
    r"(?:friends|kids|children|adults|people|sons|daughters|brothers|sisters|babies|others|more|"
    r"guests|amig[oa]s|hij[oa]s|nin[oa]s|herman[oa]s|bebes|adult[oa]?s|personas|filh[oa]s|criancas|"
    r"mates|buddies|colleagues|cousins|colegas|prim[oa]s|ti[oa]s|parents|padres|pais|"
    r"irmaos|irmas|pessoas|mas|mais|invitad[oa]s|convidad[oa]s)"
)
_ONES = (
    rf"(?P<two>(?:my|mis|meus|os meus|the|os|los) (?:parents|padres|pais|avos|abuelos|papas))\b"
    rf"|(?P<one>(?:(?:my|our|mi|nuestr[oa]|(?:[oa] )?(?:meu|minha)|the|an?|una?|el|la|uma?|[oa]) )"
    rf"(?:other |best |outr[oa] |otr[oa] )?{_KIN}"
    r"|me|myself|i|yo|mi|eu|mim)\b(?! (?:want|need|would|am|have|quiero|quero|preciso|necesito)\b)"
    rf"|(?:(?:nos|us|the|los|las|os|as|nosotr[oa]s|(?:and |y |e )?mais|mas|other|otr[oa]s|"
    r"outr[oa]s|our|my|mis|nuestr[oa]s|(?:os |as )?(?:meus|minhas)) )?"
    rf"(?P<many>\d{{1,2}})(?: (?:more|other|mas|mais|small|little) | )?"
    rf"(?:(?:{_KINS}|{_KIN})\b|(?=(?: and| y| e|,) ))"
)
_UNIT = re.compile(_ONES)
_PLAIN_ONES = re.sub(r"\?P<\w+>", "?:", _ONES)
_THEN = (
    r"(?:,? (?:and|y|e|com|con|with|plus|mas|mais) |, "
    r"| (?=(?:yo|eu|myself|(?:my|mi|minha|meu) [a-z]+)\b))"
)
_NAMES = re.compile(rf"\b(?:{_PLAIN_ONES})(?:{_THEN}(?:{_PLAIN_ONES}))+")
"""People named one by one: "me, my wife and 2 kids", "mi mujer y yo"."""
_COUNTED = re.compile(
    r"\b(?:for|para|pra|somos|seremos|we are|mesa de) \d+\b(?! ?(?:night|noche|noite|day|dia|"
    r"hour|hora|week|semana|:|h\b|[ap]m))"
    r"|\b\d+ (?:people|of us|personas|pessoas|persons|guests|pax)\b"
)
_IN_ALL = re.compile(
    r"[,;] (?:so|that s|that is|makes|which makes|o sea|ou seja|total|entonces|entao|in total|"
    r"en total|no total|al total|ao todo) (\d{1,3})(?: (?:of us|people|in total|in all|en total|"
    r"no total|ao todo|personas|pessoas))?\W*$"
)
"""How many they are in the end: "us two and the kids, so four"."""
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


def counts_people(name: str) -> bool:
    """Tell whether a slot of that name may count people, and nothing else."""
    return _OWN.search(plain(name.replace("_", " "))) is None


def people_in(text: str, language: str, name: str) -> int | None:
    """Return how many people the groups of a message are together, None without groups.

    Args:
        name: Of the slot; one that counts nights, rooms or one of the groups takes no sum.
    """
    if _OWN.search(plain(name)) or len(text) > MOST_COUNTED:
        return None
    spelt = spell_digits(text, language)
    in_all = _IN_ALL.search(plain(spelt))
    if in_all is not None:
        return int(in_all[1])
    named = _named_in(plain(spelt))
    if named is not None:
        return named
    found = _PARTY.search(spelt)
    if found is None:
        return None
    many = [one for one in found.groups() if one]
    at = found.end()
    while more := _MORE.match(spelt, at):
        many.append(more[1])
        at = more.end()
    return sum(int(one) if one.isdigit() else 1 for one in many)


def _named_in(said: str) -> int | None:
    """Return how many people a message names one by one, None where it also counts them."""
    found = _NAMES.search(said)
    if found is None or _COUNTED.search(said[: found.start()] + " " + said[found.end() :]):
        return None
    units = [one.groupdict() for one in _UNIT.finditer(found[0])]
    if not any(one["one"] or one["two"] for one in units):
        return None
    return sum(int(one["many"] or 0) or (2 if one["two"] else 1) for one in units)


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


_OF_MINE = r"(?:my|mi|mis|meu|minha|meus|minhas)"
_A = r"(?:an?|un|una|um|uma|1|another|otr[oa]|outr[oa])"
_OTHERS = (
    rf"(?:{_OF_MINE}\s+(?:(?:best|dear|little|older|younger) )?{_KIN}|{_A}\s+{_KIN}|"
    rf"(?:{_OF_MINE}\s+)?(?:mas |mais )?(\d{{1,2}})(?:\s+{_KINS})*)"
)
_WITH = r"\s*(?:,|\b(?:and|plus|with|y|e|mas|mais|con|com)\b|\+|&)\s*(?:(?:mas|mais|and|y|e)\s+)?"
_ONLY = r"(?:just |only |so |solo |somos |seremos |vamos |serian |it's |its |us, )*"
_WRITER = r"\b(?:me|myself|i|eu|yo)\b"
_SELF = re.compile(_WRITER)
_FIRST = re.compile(rf"{_ONLY}{_WRITER}((?:{_WITH}{_OTHERS})+)\W*")
_LAST = re.compile(rf"{_ONLY}({_OTHERS}(?:{_WITH}{_OTHERS})*){_WITH}{_WRITER}\W*")
_EACH = re.compile(_OTHERS)
_ALONE = re.compile(
    rf"(?:(?:it's|its|sou|soy|vou|voy) )?(?:just|only|so|solo|solamente|somente|apenas) {_WRITER}"
    r"(?: (?:mesm[oa]|mism[oa]|sozinh[oa]|please|por favor))?\W*"
)
MOST_READ = 100  # characters of a whole answer


def company_in(text: str, language: str) -> int | None:
    """Return how many people a whole answer names, the writer among them; None when it does not.

    "Me and my two kids" are three, "just me" is one; of "me and my kids" nobody knows.
    """
    if len(text) > MOST_READ:
        return None
    folded = plain(text)
    if not _SELF.search(folded):
        return None
    if _ALONE.fullmatch(folded.strip()):
        return 1
    said = spell_digits(folded, language).strip()
    found = _FIRST.fullmatch(said) or _LAST.fullmatch(said)
    if found is None:
        return None
    return 1 + sum(int(one[1] or 1) for one in _EACH.finditer(found[1]))
