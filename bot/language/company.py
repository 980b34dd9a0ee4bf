"""How many people somebody means who counts themselves: "eu e mais 3", "my wife and I"."""

import re

from bot.language.spoken import plain, spell_digits

_OWN = r"(?:my|mi|mis|meu|minha|meus|minhas)"
_ONE = r"(?:an?|un|una|um|uma|1|another|otr[oa]|outr[oa])"
_PERSON = (
    r"(?:(?:best |dear |little |older |younger )?(?:husband|wife|partner|boyfriend|girlfriend|"
    r"fiancee?|mom|mum|mother|dad|father|son|daughter|kid|child|baby|brother|sister|friend|"
    r"grandma|grandpa|cousin|boss|colleague|buddy|mate|other half|"
    r"espos[oa]|marido|mujer|mulher|parej[oa]|novi[oa]|namorad[oa]|noiv[oa]|mae|mama|madre|pai|"
    r"papa|padre|hij[oa]|filh[oa]|nin[oa]|crianca|bebe|herman[oa]|irma|irmao|amig[oa]|av[oó]|"
    r"abuel[oa]|prim[oa]|ti[oa]|sogr[oa]|sobrin[oh][oa]|chef[ea]|companheir[oa]|companer[oa]))"
)
_SOME = (
    r"(?:friends|kids|children|people|others|more|guests|amig[oa]s|hij[oa]s|filh[oa]s|nin[oa]s|"
    r"criancas|personas|pessoas|mas|mais|invitad[oa]s|convidad[oa]s|adult[oa]?s)"
)
_OTHERS = (
    rf"(?:{_OWN}\s+{_PERSON}|{_ONE}\s+{_PERSON}|"
    rf"(?:{_OWN}\s+)?(?:mas |mais )?(\d{{1,2}})(?:\s+{_SOME})*)"
)
_AND = r"\s*(?:,|\b(?:and|plus|with|y|e|mas|mais|con|com)\b|\+|&)\s*(?:(?:mas|mais|and|y|e)\s+)?"
_ONLY = r"(?:just |only |so |solo |somos |seremos |vamos |serian |it's |its |us, )*"
_WRITER = r"\b(?:me|myself|i|eu|yo)\b"
_SELF = re.compile(_WRITER)
_FIRST = re.compile(rf"{_ONLY}{_WRITER}((?:{_AND}{_OTHERS})+)\W*")
_LAST = re.compile(rf"{_ONLY}({_OTHERS}(?:{_AND}{_OTHERS})*){_AND}{_WRITER}\W*")
_EACH = re.compile(_OTHERS)
MOST_READ = 100  # characters of a whole answer


def company_in(text: str, language: str) -> int | None:
    """Return how many people a whole answer names, the writer among them; None when it does not.

    "Me and my two kids" are three; of "me and my kids" nobody knows.
    """
    if len(text) > MOST_READ:
        return None
    folded = plain(text)
    if not _SELF.search(folded):
        return None
    said = spell_digits(folded, language).strip()
    found = _FIRST.fullmatch(said) or _LAST.fullmatch(said)
    if found is None:
        return None
    return 1 + sum(int(one[1] or 1) for one in _EACH.finditer(found[1]))
