"""The largest and the smallest of choices that are sizes: "the biggest", "a menor"."""

import re
from collections.abc import Mapping, Sequence

from bot.language.folding import fold

_SIZES = (
    "mini xs pp baby individual personal",
    "small s p little pequeno pequena chico chica peq chiquito short",
    "medium m mediano mediana medio media mid regular normal standard estandar padrao",
    "large l g big grande long tall",
    "xl gg family familiar familia gigante jumbo extralarge xg king giant",
    "xxl xgg super",
)
_RANKS = {word: rank for rank, words in enumerate(_SIZES) for word in words.split()}
_MOST = re.compile(
    r"\b(?:biggest|largest|mas grandes?|mayor|maior|mais grande)\b(?! (?:que|than|do que|parte))"
)
_LEAST = re.compile(
    r"\b(?:smallest|littlest|mas (?:pequen[oa]|chic[oa]|chiquit[oa])|menor|mais pequen[oa])\b"
    r"(?! (?:que|than|do que))"
)
MOST_WORDS = 6  # of a text that asks for the largest and nothing else
LEAST_RANKED = 2  # choices that must be sizes


def extreme(choices: Mapping[str, Sequence[str]], text: str) -> str | None:
    """Return the largest or the smallest choice where a folded text asks for it.

    None where the choices are no sizes, or one of them is called so itself.
    """
    most, least = _MOST.search(text) is not None, _LEAST.search(text) is not None
    if most is least or len(text.split()) > MOST_WORDS:
        return None
    ranked = {name: rank for name in choices if (rank := _rank(name, choices[name])) is not None}
    if len(ranked) < max(LEAST_RANKED, len(choices) - 1):
        return None
    return (max if most else min)(ranked, key=lambda name: ranked[name])


def _rank(name: str, synonyms: Sequence[str]) -> float | None:
    """Return how large a choice is: by its number, or by what sizes are called."""
    number = re.match(r"\d+(?:[.,]\d+)?", name)
    if number is not None:
        return float(number[0].replace(",", "."))
    words = [word for one in (name, *synonyms) for word in fold(one).words[-1:]]
    extra = fold(name).words[:1] in (("extra",), ("super",))
    ranks = [_RANKS[word] + extra for word in words if word in _RANKS]
    return ranks[0] if ranks else None
