"""A choice that is told by its place in the list, or is a day that is called otherwise."""

from collections.abc import Iterable, Mapping, Sequence

from bot.language.folding import fold
from bot.language.misspelt import mended
from bot.language.spoken import WORDS
from bot.language.weekdays import WEEKDAYS

_POINTING = frozenset(
    ("the", "number", "num", "nr", "option", "choice", "item", "please", "pls", "plz", "i", "ll",
     "want", "would", "like", "d", "take", "go", "with", "gimme", "it", "s", "is", "think", "ok",
     "el", "la", "numero", "nro", "opcion", "porfa", "porfi", "por", "favor", "quiero", "quisiera",
     "dame", "deme", "me", "quedo", "con", "es", "seria", "vale", "creo", "que", "gracias",
     "o", "a", "opcao", "pfv", "pf", "quero", "queria", "fico", "com", "e", "seria", "mesmo",
     "acho", "obrigado", "obrigada", "thanks", "mejor", "melhor", "pode", "ser", "va", "vai")
)  # fmt: skip
"""Words that may stand beside a place in a list: "la opción 4, porfa"."""
_LEADING = frozenset(
    ("the", "number", "num", "nr", "option", "choice", "el", "la", "numero", "nro", "opcion", "o",
     "a", "opcao")
)  # fmt: skip
_ARTICLES = frozenset(("un", "una", "um", "uma"))
MOST_DIGITS = 3


def placed(choices: Mapping[str, Sequence[str]], words: Sequence[str]) -> str | None:
    """Return the choice that a text points at by its number: "la 4", "number two please".

    Where a number is part of what choices are called, none tells a place.
    """
    at = [n for n, word in enumerate(words) if _number(word) is not None]
    if len(at) != 1 or not _POINTING.issuperset((*words[: at[0]], *words[at[0] + 1 :])):
        return None
    word = words[at[0]]
    leads = bool(at[0]) and words[at[0] - 1] in _LEADING
    if not word.isdecimal() and not leads and (len(words) > 1 or word in _ARTICLES):
        return None
    names = [*choices]
    spoken = (one for name, more in choices.items() for one in (name, *more))
    if any(sign.isdigit() for one in spoken for sign in one):
        return _holding(names, word)
    number = _number(word) or 0
    return names[number - 1] if 0 < number <= len(names) else None


def _number(word: str) -> int | None:
    if word.isdecimal():
        return int(word) if len(word) <= MOST_DIGITS else None
    return next((known[word] for known in WORDS.values() if word in known), None)


def _holding(names: Iterable[str], word: str) -> str | None:
    """Return the one choice of whose name a number is a word: "20" of 10 kg and 20 kg."""
    found = [name for name in names if word in fold(name).words]
    return found[0] if len(found) == 1 else None


def on_weekday(choices: Mapping[str, object], text: str, language: str) -> str | None:
    """Return the choice of the weekday that a text names: "weds" of Monday and Wednesday."""
    days = {name: day for name in choices if (day := _weekday(fold(name).words)) is not None}
    if len(days) < len(choices) or not days:
        return None
    said = {WEEKDAYS[word] for word in mended(text, language).split() if word in WEEKDAYS}
    found = [name for name, day in days.items() if day in said]
    return found[0] if len(said) == len(found) == 1 else None


def _weekday(words: Sequence[str]) -> int | None:
    return WEEKDAYS.get(words[0]) if words and words[1:] in ((), ("feira",)) else None
