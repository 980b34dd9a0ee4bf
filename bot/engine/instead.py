"""What a message says in place of something: "no, three", "economy then", "I meant Joe"."""

import re
from itertools import pairwise

from bot.engine.words import (
    AGREEING,
    BUT,
    CORRECTING,
    CORRECTING_LAST,
    MEANT,
    NOT,
    NOT_THIS,
    POINTING,
    SIGHS,
)
from bot.language.corrections import PARTED, without_unable
from bot.language.folding import Folded, fold
from bot.language.spoken import plain
from bot.language.yes_no import says


def correcting(folded: Folded, text: str) -> str | None:
    """Return what is said beside the correcting words; None when there are none of them."""
    if _IN_THE.match(plain(text)) is not None:
        return None
    able = without_unable(text)  # "no wait, thursday I can't, friday"
    if able != text:
        text, folded = able, fold(able)
    words = folded.words
    at = _correcting_until(words)
    end = _trailing(words, at)
    if at == _sighs(words) and end == len(words) and words[at - 1 : at] not in _ONLY_BUT:
        return None
    said = folded.between(at, end)
    if at and (words[at - 1] in NOT_THIS or _denies(words, at)):
        said = _behind_denied(text, said)
    return said or None


_IN_THE = re.compile(r"^\W*no (?:dia (?:seguinte|anterior|depois)|mesm[oa]|proximo|final|fim)\b")
"""A Portuguese "no" that denies nothing: "no dia seguinte"."""


def changes_beside(text: str) -> list[str]:
    """Return the clauses of several that begin with what corrects, but for a mere no.

    What denies one thing and says another is one of them: "in blue, and it's not two, it's three".
    """
    if text.isalnum():  # a word by itself
        return []
    clauses = [one for one in _CLAUSES.split(text) if one.strip()]
    if len(clauses) < SEVERAL:
        return []
    folded = [(one, fold(one)) for one in clauses]
    denied = [
        f"{one}, {other}" for (one, words), (other, _) in pairwise(folded)
        if any(words.words[: len(no)] == no for no in _DENYING_IT)
    ]  # fmt: skip
    return denied + [
        one for one, words in folded
        if words.words[:1] not in _MERE_NO and _leading(words.words) and correcting(words, one)
    ]  # fmt: skip


SEVERAL = 2  # clauses, of which one may correct
_DENYING_IT = tuple(
    tuple(one.split()) for one in (
        "not", "it s not", "it is not", "it isn t", "no es", "no era", "no son", "nao e", "nao era",
        "nao sao",
    )
)  # fmt: skip


_CLAUSES = re.compile(
    r"[,;.!\n]+\s+(?:(?:and|but|y|pero|e|mas)\s+)?|\s(?:and|but|y|pero|e|mas)\s+", re.IGNORECASE
)
_MERE_NO = (("no",), ("not",), ("nao",), ("non",), ("nein",))


def said_then(text: str) -> str | None:
    """Return the last clause of what is no yes or no, where it says what then: "economy then"."""
    clause = [one for one in PARTED.split(text) if one.strip()][-1:]
    words = fold(clause[0]).words if clause else ()
    if len(words) < LEAST_THEN or words[-1] not in _THEN or says(text) is not None:
        return None
    return " ".join(words[:-1])


def _denies(words: tuple[str, ...], at: int) -> bool:
    """Tell whether a `no` denies what follows, by a verb: "no es para hoy, es para mañana"."""
    return words[at - 1] == "no" and words[at : at + 1] in (("es",), ("era",), ("son",))


def wanted_instead(folded: Folded) -> str | None:
    """Return what somebody wants in place of a yes: "quero a azul"."""
    words = folded.words
    size = next((len(one) for one in _WANTING if words[: len(one)] == one), 0)
    return folded.between(size, len(words)) or None if size else None


_WANTING = (("i", "want"), ("i", "d", "like"), ("i", "would", "like"), ("give", "me"), ("quero",),
            ("queria",), ("quiero",), ("dame",), ("deme",))  # fmt: skip
_THEN = ("then", "entonces", "entao", "instead")
LEAST_THEN = 2  # words, the last of which corrects


def _behind_denied(text: str, said: str) -> str:
    """Return what is said behind a clause that begins with "not": "not today, friday".

    Args:
        text: The whole message.
        said: What it says behind the "not", without its signs.
    """
    clauses = [one for one in PARTED.split(text) if one.strip()]
    denied = next((n for n, one in enumerate(clauses) if _is_denying(fold(one).words)), -1)
    rest = ", ".join(clauses[denied + 1 :])
    if rest:
        return rest
    words = fold(said).words
    return said if any(find(words, one) is not None for one in _MEANT) else ""


def _is_denying(words: tuple[str, ...]) -> bool:
    return not NOT_THIS.isdisjoint(words) or (len(words) > 1 and _denies(words, 1))


def says_instead(words: tuple[str, ...]) -> bool:
    """Tell whether a message begins and ends as corrections do: "wait, can I get two instead"."""
    return _correcting_until(words) > _sighs(words) and _trailing(words, 0) < len(words)


def _correcting_until(words: tuple[str, ...]) -> int:
    """Return how many words at the start sigh and correct."""
    sighs = _sighs(words)
    return sighs + _leading(words[sighs:])


def _sighs(words: tuple[str, ...]) -> int:
    return next((n for n, word in enumerate(words) if word not in _BEFORE), 0)


def _leading(words: tuple[str, ...]) -> int:
    """Return how many words at the start do nothing but correct."""
    at = 0
    while True:
        size = max((len(one) for one in _LEADING if words[at : at + len(one)] == one), default=0)
        if not size:
            return at
        at += size


def _trailing(words: tuple[str, ...], at: int) -> int:
    for phrase in _LAST:
        if len(words) - len(phrase) > at and words[-len(phrase) :] == phrase:
            return len(words) - len(phrase)
    return len(words)


def find(words: tuple[str, ...], wanted: tuple[str, ...]) -> int | None:
    """Return where words stand among others, None where they do not."""
    size = len(wanted)
    starts = range(len(words) - size + 1) if size else range(0)
    return next((at for at in starts if words[at : at + size] == wanted), None)


def without(folded: Folded, at: int, size: int) -> str:
    """Return a text without some of its words."""
    before, after = folded.between(0, at), folded.between(at + size, len(folded.words))
    return f"{before} {after}".strip()


def instead_of(folded: Folded, old: tuple[str, ...]) -> str | None:
    """Return what stands in a message in place of an old name; None when nothing says so."""
    for no in (*((one,) for one in NOT), *_NOT_MEANT):
        at = find(folded.words, (*no, *old))
        if at is not None:
            folded = fold(without(folded, at, len(no) + len(old)))
            return _from(folded, _correcting_until(folded.words))
    at = _correcting_until(folded.words)
    meant = any(find(folded.words[:at], one) is not None for one in _MEANT)
    return _from(folded, at) if meant else None


def _from(folded: Folded, at: int) -> str:
    """Return what stands behind some words, and behind `it is` and such."""
    words = folded.words
    start = next((n for n in range(at, len(words)) if words[n] not in POINTING), len(words))
    return folded.between(start, len(words))


_ONLY_BUT = frozenset((one,) for one in BUT)
_BEFORE = SIGHS | AGREEING | frozenset(
    ("correcto", "correcta", "correct", "exacto", "exactly", "exato", "correto", "isso", "dale",
     "listo", "confirmo", "confirmado", "confirm", "confirmed", "sip", "sii", "siii", "simm",
     "obvio", "cierto", "fechado", "combinado", "deal", "yess", "yh", "yea", "mhm", "aham", "ta",
     "esta", "bien", "bom", "all", "looks", "that", "s", "sounds", "todo", "tudo", "va", "ss")
)  # fmt: skip
_LEADING = tuple(fold(one).words for one in CORRECTING)
_MEANT = tuple(fold(one).words for one in MEANT)
_NOT_MEANT = tuple(
    tuple(one.split()) for one in (
        "i didn t mean", "i did not mean", "no quise decir", "no queria decir", "nao quis dizer",
        "nao queria dizer", "no es", "nao e", "it s not", "it is not",
    )
)  # fmt: skip
_LAST = tuple(fold(one).words for one in CORRECTING_LAST)
