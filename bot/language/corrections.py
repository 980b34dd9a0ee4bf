"""What people take back: "tomorrow, no wait, friday", "not two but three", "el martes no, el 8"."""

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from bot.language.spoken import plain

Value = TypeVar("Value")  # with None: nothing is said
Read = Callable[[str], object]
TAKEN_BACK = re.compile(
    r"\b(?:no,? wait|wait,? no|hold on|scratch that|i mean|i meant|or rather|make that|actually|"
    r"correction|digo|mejor dicho|perd[oó]n,|espera|en realidad|quise decir|quer dizer|ou melhor|"
    r"ali[aá]s|na verdade|quis dizer|minto|corrigindo|errei)\b[\s,:.…]*",
    re.IGNORECASE,
)
SORRY = re.compile(
    r"\b(?:sorry|oops|ops|perdon|perdón|desculpa|desculpe)\b[\s,:.…]*|"
    r"(?:^|[,;.…?!]\s*|\s)(?:no|nope|nao|não)[\s,.…]+"
    r"(?:mejor|melhor|better|make it|prefiero|prefiro)\b|"
    r"[,;.…]\s*(?:mejor|melhor|better|rather|o mejor|ou melhor)\s|"
    r"(?:[,;.…?!]\s*|\s)(?:no|nope|nao|não)[,;.…]+\s*|"
    r"[,;.…?!]+\s*(?:pon(?:me|le|[eé])?|d[eé]j[ae]l[oa] en|que sean?|make it|let['’]?s (?:say|do)|"
    r"say|put|coloca|bota|p[oõ]e|deixa|fica(?:mos)? com|vamos (?:de|com))\s+"
    r"(?=(?:(?:el|las?|los|the|a|o|at|as|às|em|en) )?[^\s,.;!?]+"
    r"(?:[\s,]+(?:por favor|porfa|please|pls|pfv|then|ent[aã]o|entonces|mejor|melhor))?\W*$)",
    re.IGNORECASE,
)
"""What stands before the better value: "a las 4, no, mejor a las 5"."""

ONCE = re.compile(
    r"\b(?:was|were|used to|before|old|antes|era|eran|eramos|éramos|tenia|tinha|foi|fue|anterior|"
    r"viejo|vieja|velho|velha|antigo|antiga|antiguo)\b",
    re.IGNORECASE,
)
NOW = re.compile(r"\b(?:now|ahora|agora|new|nuevo|nueva|novo|nova|actual|atual)\b", re.IGNORECASE)
"""What was, and what is: "antes era el 3, ahora el 5"."""

MOVING = re.compile(
    r"\b(?:mov(?:e|ed|er|emos|ing|i)|chang(?:e|ed|ing)|switch(?:ed)?|swap(?:ped)?|reschedul\w+|"
    r"push(?:ed)?|postpone\w*|p[aá]s(?:a|e|ar|ame|ala|alo|arlo|arla|amos)|pass(?:a|e|ar)|"
    r"troc(?:a|ar|amos|ou)|troque|mud(?:a|e|ar|amos|ou)|remarc\w+|remarque|transfer\w*|"
    r"c[aá]mbi\w+|reprogram\w+|adi(?:a|ar|e)|posponer|correr?)\b",
    re.IGNORECASE,
)
TO = re.compile(r"\s(?:to|al?|ao|à|às|para|pra|pras|pro|pros|por)\s", re.IGNORECASE)
"""Where "move it from the 3rd to the 5th" goes on to what is meant."""

NEAR = 60  # characters after "move" within which it says to when

PARTED = re.compile(
    r"(?<![,;.!?…\n])[,;.!?…\n]+(?=\s|$)|\s(?:but|sino|mas|pero|e sim|rather)\s", re.IGNORECASE
)
"""Where one clause ends; a row of marks is tried from its first alone, however long it is."""

UNABLE = re.compile(
    r"\b(?:i|we) (?:can t|cant|cannot|can not|couldn t)$|\b(?:doesn t|doesnt|won t|wont) work\b|"
    r"\b(?:no puedo|no podemos|no me (?:va|viene)(?: bien)?|nao posso|nao podemos|nao da|"
    r"nao consigo)$"
)
"""A clause that ends so refuses what it names: "thursday I can't"."""
DENIED = re.compile(
    r"\b(?:not|no|nao|não|ni|nem|neither|n|cannot|cant|dont|doesnt|wont|\w+n['’]t|instead of|"
    r"en vez de|em vez de)\b"
    r"(?!\s+(?:later|more|less|earlier|before|after|mas|mais|menos|antes|despues))"
    r"(?<!\bno(?=\s+(?:total|dia|s[aá]bado|domingo|fim|final|come[cç]o|in[ií]cio|m[eê]s|ano|natal|"
    r"almo[cç]o|jantar|hor[aá]rio|feriado|pix|cart[aã]o|dinheiro|boleto|d[eé]bito|cr[eé]dito|"
    r"m[aá]ximo|m[ií]nimo|meu|seu|outro|centro|balc[aã]o|n[uú]mero|zap)\b))",
    re.IGNORECASE,
)


def without_unable(text: str) -> str:
    """Return a text without the clauses that name what is impossible, itself without any."""
    clauses = PARTED.split(text)
    left = [one for one in clauses if not UNABLE.search(plain(one).replace("'", " ").strip())]
    return text if len(left) in (0, len(clauses)) else ", ".join(left)


def amended(text: str, holds: Read) -> tuple[str, str] | None:
    """Return what a text says first and what it says instead; None where it takes nothing back.

    Args:
        holds: Returns None where a clause has nothing that could be taken back.
    """
    for marks in (TAKEN_BACK, SORRY):
        found = list(marks.finditer(text))
        before, after = (text[: found[-1].start()], text[found[-1].end() :]) if found else ("", "")
        if before.strip() and _found(holds, after):
            return before, after
    for cut in _turns(text):
        before, after = text[: cut.start()], _clause(text[cut.end() :])
        if _found(holds, before) and _found(holds, after):
            return before, after
    return None


def _turns(text: str) -> Iterator[re.Match[str]]:
    """Yield the places where what was ends and what is begins."""
    once = ONCE.search(text)
    now = NOW.search(text, once.end()) if once else None
    if now:
        yield now
    moving = MOVING.search(text)
    if moving:
        yield from TO.finditer(text, moving.end(), moving.end() + NEAR)


def _clause(text: str) -> str:
    return next((one for one in PARTED.split(text) if one.strip()), "")


def kept(text: str, read: Callable[[str], Value], holds: Read) -> Value:
    """Return the first value of a text that stands in no clause that denies it.

    Args:
        read: Returns the value that a text holds, None when it holds none.
        holds: Returns None where a clause has nothing that could be denied.
    """
    if not DENIED.search(text):
        return read(text)
    clauses = [one for one in PARTED.split(text) if one.strip()]
    denied = [one for one in clauses if DENIED.search(one)]
    if denied and len(clauses) > len(denied) and any(_found(holds, one) for one in denied):
        for clause in clauses:
            if clause not in denied and (kept_one := read(clause)) is not None:
                return kept_one
    return read(text)


def first_kept(text: str, read: Callable[[str], Value], holds: Read) -> Value:
    """Return the first value of a text that its writer does not take back.

    Args:
        read: Returns the value that a text holds, None when it holds none.
        holds: Returns None where a clause has nothing that could be taken back.
    """
    if text.isalnum():  # one word takes nothing back
        return read(text)
    instead = amended(text, holds)
    later = kept(instead[1], read, holds) if instead else None
    return kept(text, read, holds) if later is None else later


def _found(holds: Read, clause: str) -> bool:
    try:
        return holds(clause) is not None
    except ValueError:
        return False
