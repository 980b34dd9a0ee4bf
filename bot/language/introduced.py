"""What leads to an answer, and is no part of it: "my address is Main St 5", "my son, Leo"."""

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.language.folding import fold

_ARTICLE = r"(?:(?:the|my|our|el|la|mi|nuestr[oa]|o|a|meu|minha|nosso|nossa) )?"
_IS = r"(?:\s+(?:is|es|é|e|será|seria|would be)\b|\s*:|['’]s\b)"
_ADDRESS = re.compile(
    rf"^\s*{_ARTICLE}(?:address|direcci[oó]n|endere[cç]o){_IS}\s*(?=\S)", re.IGNORECASE
)
_THERE = re.compile(
    r"^\s*(?:(?:i|we) (?:live|am|are)|(?:i['’]m|we['’]re)|vivo|vivimos|estoy|estamos|moro|moramos|"
    r"estou|t[oô])\s+(?:at|in|on|en|em|na|no)\s+(?=\S)",
    re.IGNORECASE,
)
_KIN = (
    r"(?:wife|husband|son|daughter|mom|mum|mother|dad|father|brother|sister|friend|partner|boss|"
    r"girlfriend|boyfriend|kid|baby|mujer|esposa|esposo|marido|hij[oa]|madre|mam[aá]|padre|pap[aá]|"
    r"herman[oa]|amig[oa]|novi[oa]|jef[ea]|abuel[oa]|filh[oa]|m[aã]e|pai|irm[aã]o?|namorad[oa]|"
    r"chefe|v[oóô])"
)
_FOR_KIN = re.compile(
    r"^\s*(?:(?:it['’]?s|es|[eé]|it is)\s+)?(?:(?:for|to|para|pra|pro|a|al)\s+(?:[oa]\s+)?)?"
    rf"(?:my|our|mi|nuestr[oa]|(?:o |a )?(?:meu|minha))\s+{_KIN}\s*[,:]?\s+(?=\S)",
    re.IGNORECASE,
)
_MYSELF = re.compile(
    r"^\s*(?:me|myself|yo|yo mismo|yo misma|eu|eu mesm[oa])\s*,\s*(?=\S)", re.IGNORECASE
)


def place_of_text(text: str) -> str:
    """Return what somebody says of a place, without what leads to it: "I live at 5 Elm Road"."""
    return _THERE.sub("", _ADDRESS.sub("", text))


def without_name(text: str, names: Iterable[str]) -> str:
    """Return an answer without the name of what is asked: "the model is X3", "my address is ...".

    Args:
        names: What it may be called.
    """
    for name in names:
        found = _naming(name).match(text)
        if found is not None:
            return text[found.end() :]
    return _ADDRESS.sub("", text)


def behind_lead(text: str, called: Iterable[str]) -> str:
    """Return what stands behind words that lead to a value: "Boston" of "it goes to Boston".

    Args:
        called: Those words; what is asked for may be said behind them.
    """
    for lead in sorted(called, key=len, reverse=True):
        found = _leading(lead).match(text)
        if found is not None:
            return text[found.end() :]
    return text


@lru_cache(maxsize=1024)
def _leading(lead: str) -> re.Pattern[str]:
    words = r"\W+".join(re.escape(word) for word in lead.split())
    return re.compile(rf"^\s*(?:{_ON_THE_WAY}\s+){{0,4}}{words}\s+(?=\S)", re.IGNORECASE)


_ON_THE_WAY = (
    r"(?:it|its|it['’]s|that|goes|go|going|is|i|i['’]m|we|we['’]re|am|are|want|travel|travell?ing|"
    r"heading|coming|come|comes|leave|leaving|voy|va|vamos|viajo|viajamos|salgo|salimos|quiero|"
    r"ir|es|yo|vou|vai|sai|saio|saímos|quero|eu|é)"
)


def person_of(text: str) -> str:
    """Return a name without who that is to the one who writes: "my wife Anna", "me, Tom"."""
    return _FOR_KIN.sub("", _MYSELF.sub("", text))


@lru_cache(maxsize=1024)
def _naming(name: str) -> re.Pattern[str]:
    words = r"\W+".join(re.escape(word) for word in name.replace("_", " ").split())
    return re.compile(rf"^\s*{_ARTICLE}{words}{_IS}\s*(?=\S)", re.IGNORECASE)


def is_answer(text: str, names: Iterable[str]) -> bool:
    """Tell whether a part of a message is surely what was asked for, where any text would do.

    Args:
        names: What it may be called.
    """
    if without_name(text, names) != text or place_of_text(text) != text or person_of(text) != text:
        return True
    words = fold(text).words
    if any(char.isdigit() for char in text):
        return True
    inner = [word for word in words[1:-1] if word in _JOINING]
    said = [word for word in words if word not in _ARTICLES]
    counted = [word for word in said if word not in inner]
    return 0 < len(counted) <= LONGEST and _TALK.isdisjoint(counted)


def only_leads(text: str) -> bool:
    """Tell whether a sentence only leads to a question: "I have a doubt.", "Hola, buenos días!"."""
    words = {*fold(text).words}
    return not _LEADING.isdisjoint(words) or words <= _TALK | _ARTICLES


LONGEST = 5  # words of a bare answer beside a question: "María del Carmen López"
_JOINING = frozenset(("and", "or", "y", "ou", "of"))
"""They stand within an answer: "Vila Mariana ou Moema"."""
_ARTICLES = frozenset(("a", "an", "un", "una", "um", "uma", "one"))
_TALK_LIST = """
    moment minute second sec momento minuto segundo doubt query info help favour consulta duda
    consultita preguntita cosita inquietud curiosidad informacion ayuda detalle perguntinha
    curiosidade informacao ajuda detalhe there everyone team folks guys pessoal gente amigo amiga
    i you we they it me us ok okay hi hello hey thanks thank please sorry wait first before but
    so well oh ah hmm hm um quick question one more thing know ask tell need want have had is are
    was do does did can could will would not no yes yeah sure just also then now actually and or if
    good great fine nice cool morning evening afternoon night day something nothing idea
    hola buenas buenos tardes dias noches gracias perdon disculpa espera antes primero pero una un
    pregunta duda saber quiero quisiera necesito tengo si claro vale bueno pues y o que yo tu usted
    es son esta por favor otra cosa nada se
    oi ola bom boa dia tarde noite obrigado obrigada desculpa primeiro mas uma um pergunta duvida
    quero queria preciso tenho sim nao ta bem entao e ou eu voce vc vcs tem outra coisa sei
"""
_TALK = frozenset(_TALK_LIST.split())
_LEADING = frozenset((
    "question", "questions", "doubt", "query", "wait", "ask", "moment", "pregunta", "preguntar",
    "consulta", "duda", "espera", "momento", "saber", "pergunta", "perguntar", "duvida",
    "curiosidad", "curiosidade", "inquietud",
))  # fmt: skip
"""What a question is announced by."""
"""Words of talk around an answer; a text with any of them may be no answer."""
