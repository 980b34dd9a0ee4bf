"""Denials and turns in a text: what it says once its denials are taken out, and how it ends."""

import re

from bot.domain.data import dataclass

# "No" in many languages. Left out where the same letters are another word in a neighbour's:
# French "plus" and "personne", Hindi "na" and "mat".
DENIALS = (
    "not", "no", "never", "nobody", "none", "nothing", "neither", "nor", "hardly", "barely",
    "without", "cannot", "cant", "dont", "doesnt", "didnt", "isnt", "wasnt", "arent", "werent",
    "aint", "wont", "wouldnt", "couldnt", "shouldnt", "hasnt", "havent", "hadnt", r"\w+n['’]t",
    "nunca", "jam[aá]s", "nadie", "nada", r"ning[uú]n\w*", "tampoco", "ni", "sin",
    "n[aã]o", "ningu[eé]m", r"nenhum\w*", "nem", "sem", "tampouco",
    "ne", "pas", "rien", "aucune?", "sans",
    "nicht", r"kein\w*", "nie", "niemals", "niemand", "nichts", "ohne",
    "non", "mai", r"nessun\w*", "niente", "nulla", "senza",
    "لا", "ليس", "ليست", "لم", "لن", "بدون", "nahi", "nahin", "nhi",
)  # fmt: skip
TURNS = (
    "but", "however", "yet", "though", "pero", "sin embargo", "mas", "por[eé]m", "contudo", "aber",
    "cependant", "ma", "per[oò]", "tuttavia", "لكن", "lekin", "magar",
)  # fmt: skip
DENIAL = re.compile(rf"\b(?:{'|'.join(DENIALS)})\b|\bn['’](?=\w)", re.IGNORECASE)
TURN = re.compile(rf"\b(?:{'|'.join(TURNS)})\b|;|[.!?,]\s", re.IGNORECASE)
LEAST = 2  # words of an end that counts
MOST = 18  # words of a text whose parts are told: a longer one says more than its end


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Two views of a text; each is empty where it would tell nothing new."""

    ending: str  # what comes after the last turn
    affirmed: str  # the ending, or else the whole, without its denials


def parts_of(text: str) -> Parts:
    """Return how a text ends, and what it would say if it denied nothing."""
    if len(text.split()) > MOST:
        return Parts(ending="", affirmed="")
    ending = ""
    for turn in TURN.finditer(text):
        rest = text[turn.end() :].strip()
        if len(rest.split()) >= LEAST:
            ending = rest
    said = " ".join((ending or text).split())
    affirmed = " ".join(DENIAL.sub(" ", said).split())
    return Parts(ending=ending, affirmed="" if affirmed == said else affirmed)
