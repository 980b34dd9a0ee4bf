"""What a denied statement would affirm, and whether its denials undo one another.

Within one clause Spanish and Portuguese say one denial with several words ("no vino nadie"), so
clauses are counted and not words; verbs that deny, and what never was so good, count beside them.
"""

import re

from bot.domain.data import dataclass
from bot.nlu.denial import DENIAL, parts_of

LONGEST = 14  # words of a text whose denials are counted: a longer one says more than one thing
LEAST = 3  # words of a clause behind "que" that stands for the whole
JOIN = re.compile(r"\b(?:que|that)\b", re.IGNORECASE)
DENYING = re.compile(
    r"\b(?:neg(?:ar|o|a|amos|aria|ar[eé]|arei|ando)|nieg\w+|dud(?:o|a|ar|amos|ar[ií]a)|"
    r"duvid(?:o|a|ar|amos|aria)|falso|mentira|deny|denies|denying|doubt\w*|untrue|false)\b",
    re.IGNORECASE,
)
"""Words that deny what follows: "no niego que …" denies twice."""

NEVER_SO = re.compile(
    r"\b(?:nunca|jam[aá]s|never)\b.*\b(?:t[aã]o|tan|so|such|mejor|melhor|better)\b|"
    r"\bn(?:o|[aã]o) (?:pud|pod|pued)\w+ (?:\w+ )?(?:ser|estar|ficar|quedar|sido|estado) "
    r"(?:m[aá]i?s|mejor|melhor)\b",
    re.IGNORECASE,
)
"""What never was so good is good, and what could not be better."""

LACKING = (
    "gra[cç]i?a", "sal", "sabor", "educa[cç][aã]o", "no[cç][aã]o", "vergonha", "verg[uü]enza",
    "sentido", "gosto", "gusto", "respeto", "respeito", "palabras", "palavras", "duda",
    "d[uú]vidas?", "igual", "par", "compara[cç]i?[oó]n", "compara[cç][aã]o",
)  # fmt: skip
IDIOM = re.compile(
    rf"\b(?:sem|sin) (?:{'|'.join(LACKING)})\b|"
    r"\b(?:no tengo|n[aã]o tenho) (?:palabras|palavras)\b|\bno doubt\b",
    re.IGNORECASE,
)
"""Fixed phrases that deny nothing: "sem graça" is dull, "sin duda" is sure."""

EMPTY_LIST = """
    a aquí aqui assim así caso cierto de e era es eso está estaba estava foi foram fue fueron isso
    it lo más mais o são ser será son tanto tudo verdad verdade was is é
"""
EMPTY = frozenset(EMPTY_LIST.split())
"""Words that tell nothing by themselves: "mas não é"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undenied:
    """A denied statement without its denials."""

    said: str
    holds: bool  # the denials undo one another: it is meant as it then stands


def undenied(text: str) -> Undenied | None:
    """Return what a statement denies; None for a question, a long text, and where nothing is left.

    Of "ninguém dirá que o casaco não está lindo" that is "o casaco está lindo", and it holds.
    """
    if "?" in text or len(text.split()) > LONGEST:
        return None
    parts = parts_of(text)
    if not parts.affirmed:
        return None
    said = parts.ending or text
    clauses = JOIN.split(said)
    count = sum(_denials(clause) for clause in clauses)
    left = clauses[-1] if len(clauses[-1].split()) >= LEAST else said
    left = _without_denials(left)
    if not count or EMPTY.issuperset(re.findall(r"\w+", left.casefold())):
        return None
    return Undenied(said=left, holds=(count + bool(NEVER_SO.search(said))) % 2 == 0)


def _denials(clause: str) -> int:
    return bool(DENIAL.search(IDIOM.sub(" ", clause))) + len(DENYING.findall(clause))


def _without_denials(said: str) -> str:
    """Return a text without its denials; those of fixed phrases stay."""
    pieces, end = [], 0
    for fixed in IDIOM.finditer(said):
        pieces += [DENIAL.sub(" ", said[end : fixed.start()]), fixed[0]]
        end = fixed.end()
    pieces.append(DENIAL.sub(" ", said[end:]))
    return " ".join(" ".join(pieces).split())
