"""Plurals and genders of words, as English, Spanish and Portuguese form them."""

import re
from functools import lru_cache

SHORTEST = 4  # letters of a word that may have an ending


def is_form_of(word: str, known: str, *, gendered: bool = True) -> bool:
    """Tell whether two folded words are forms of one: hoodies and hoodie, rojas and rojo.

    Args:
        gendered: They may differ in their gender too; not where one is somebody's name.
    """
    if word == known:
        return True
    if min(len(word), len(known)) < SHORTEST - 1 or max(len(word), len(known)) < SHORTEST:
        return False
    if not _singulars(word).isdisjoint(_singulars(known)):
        return True
    if _bare(word) == _bare(known):
        return True
    if gendered and _large(word) == known:
        return True
    return gendered and not _neuter(word).isdisjoint(_neuter(known))


def _large(word: str) -> str:
    """Return a word without the ending that makes it small: horita, bolinho."""
    found = _SMALL.fullmatch(word)
    return found[1] + found[2] if found is not None else word


_SMALL = re.compile(r"(\w{2,})(?:it|inh)([oa])s?")


def _bare(word: str) -> str:
    """Return a Spanish or Portuguese infinitive without what hangs on it: buscarlo, retirarme."""
    found = _HANGING.fullmatch(word)
    return found[1] if found is not None else word


_HANGING = re.compile(r"(\w{2,}[aei]r)(?:(?:me|te|se|nos)?l[oae]s?|me|te|se|nos)")


@lru_cache(maxsize=8_192)
def _singulars(word: str) -> frozenset[str]:
    """Return what a word may be the plural of, and itself."""
    found = {word}
    if word.endswith("s") and not word.endswith("ss"):
        found.add(word[:-1])
        for ending, instead in _ENDINGS:
            if word.endswith(ending):
                found.add(word.removesuffix(ending) + instead)
    return frozenset(one for one in found if len(one) >= SHORTEST - 1)


_ENDINGS = (("es", ""), ("ies", "y"), ("oes", "ao"), ("aes", "ao"), ("ns", "m"), ("is", "l"),
            ("ces", "z"))  # fmt: skip


def _neuter(word: str) -> frozenset[str]:
    """Return the forms of a word with one ending for both genders."""
    return frozenset(
        one[:-1] + "o" for one in _singulars(word) if len(one) >= SHORTEST and one[-1] in "ao"
    )
