"""Reads which of a slot's choices a customer named."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import time
from functools import lru_cache

from bot.engine.draft import Draft
from bot.engine.placed import on_weekday, placed
from bot.engine.scale import extreme
from bot.engine.triggers import near
from bot.engine.words import FILLING, YES
from bot.language.corrections import PARTED
from bot.language.flows import Slot
from bot.language.folding import Folded, fold, fold_letters, spellings
from bot.language.inflected import is_form_of


def choices_of(slot: Slot, draft: Draft) -> dict[str, tuple[str, ...]]:
    """Return a choice's names with their synonyms, as they stand now."""
    if slot.choices_from is None:
        return dict(slot.choices)
    found = draft.value(slot.choices_from)
    if isinstance(found, Mapping):
        return {str(name): () for name in found}
    return {str(item): () for item in found} if isinstance(found, (list, tuple)) else {}


def read_choice(
    choices: Mapping[str, Sequence[str]], folded: Folded, fuzzy: int = 0, language: str = "en"
) -> str | None:
    """Return the choice that a text names: by name, synonym, number in the list or unique start."""
    words, names = folded.words, list(choices)
    if len(words) == 1 and words[0].isdecimal():
        said = {*names, *(one for synonyms in choices.values() for one in synonyms)}
        if words[0] not in said:
            return _numbered(names, words[0]) or placed(choices, words)
    span = choice_span(choices, folded, fuzzy)
    if span is not None:
        return span[0]
    if _spoken_choices(choices, folded, fuzzy):
        return None
    return (
        _around_it(choices, words)
        or placed(choices, words)
        or _unique_start(choices, words)
        or on_weekday(choices, folded.text, language)
        or _by_ordinal(names, words)
        or extreme(choices, folded.text)
        or _by_words(choices, [word for word in words if word not in FILLING])
    )


def _around_it(choices: Mapping[str, Sequence[str]], words: Sequence[str]) -> str | None:
    """Return the choice whose words stand around what they are about: "pick it up"."""
    if _OBJECTS.isdisjoint(words):
        return None
    span = choice_span(choices, fold(" ".join(one for one in words if one not in _OBJECTS)))
    return None if span is None else span[0]


_OBJECTS = frozenset(("it", "them", "this", "that"))
SEVERAL = 2  # choices that are named, of which the longest is meant
Span = tuple[str, int, int]
"""A choice, where its words begin, and how many there are."""


def choice_span(
    choices: Mapping[str, Sequence[str]], folded: Folded, fuzzy: int = 0
) -> Span | None:
    """Return the one choice that a text names, and where; None without one, or with several."""
    hits = _spoken_choices(choices, folded, fuzzy)
    hits = hits or _spoken_choices(choices, folded, fuzzy, inflected=True)
    if len(hits) < SEVERAL:
        return hits[0] if hits else None
    longest = max(size for _, _, size in hits)
    best = {name: (name, start, size) for name, start, size in hits if size == longest}
    outer = [hit for hit in hits if not any(_covers(one, hit) for one in best.values())]
    others = {name for name, _, _ in outer} - best.keys()
    return next(iter(best.values())) if len(best) == 1 and not others else None


def _covers(outer: Span, inner: Span) -> bool:
    return outer[1] <= inner[1] and inner[1] + inner[2] <= outer[1] + outer[2]


def _spoken_choices(
    choices: Mapping[str, Sequence[str]], folded: Folded, fuzzy: int, *, inflected: bool = False
) -> list[Span]:
    """Return where choices are named.

    Args:
        inflected: In another number or gender, too; names, in capitals, have one gender.
    """
    found = []
    for name, synonyms in choices.items():
        for known, is_name in _forms_of(name, tuple(synonyms)):
            if inflected:
                start = _inflected_inside(known, folded.words, is_name=is_name)
            else:
                start = _inside(known, folded.words, fuzzy)
            if start is not None and not _is_denied(folded.words, start):
                found.append((name, start, len(known)))
    return found


@lru_cache(maxsize=4096)  # choices are looked for in each answer
def _forms_of(name: str, synonyms: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """Return the words of a choice as people say it, each with whether it is a name."""
    spoken = dict.fromkeys((name, name.replace("_", " "), *synonyms))
    return tuple(
        (fold(form).words, form[:1].isupper()) for one in spoken for form in spellings(one)
    )


def _inside(known: tuple[str, ...], words: tuple[str, ...], fuzzy: int) -> int | None:
    """Return where known words stand in a text."""
    size = len(known)
    if not size:
        return None
    for start in range(len(words) - size + 1):
        here = words[start : start + size]
        if here == known:
            return start
        if fuzzy and all(near(one, meant, fuzzy) for one, meant in zip(here, known, strict=True)):
            return start
    return None


def _inflected_inside(
    known: tuple[str, ...], words: tuple[str, ...], *, is_name: bool
) -> int | None:
    """Return where known words stand in a text in any of their forms: "azules" of azul."""
    size = len(known)
    for start in range(len(words) - size + 1) if size else ():
        pairs = zip(words[start : start + size], known, strict=True)
        if all(_is_form(word, meant, is_name=is_name) for word, meant in pairs):
            return start
    return None


def _is_form(word: str, meant: str, *, is_name: bool) -> bool:
    if word == meant:
        return True
    return word not in YES and is_form_of(word, meant, gendered=not is_name)


def _unique_start(choices: Mapping[str, Sequence[str]], words: tuple[str, ...]) -> str | None:
    text = " ".join(words)
    if len(words) > 2 or not text:
        return None
    found = {
        name
        for name, synonyms in choices.items()
        for spoken in (name.replace("_", " "), *synonyms)
        if fold(spoken).text.startswith(text)
    }
    return found.pop() if len(found) == 1 else None


def _by_words(choices: Mapping[str, Sequence[str]], words: Sequence[str]) -> str | None:
    """Return the one choice that has all the words: "the dodgers one" of two games."""
    if not 0 < len(words) <= MOST_WORDS or max(map(len, words)) < SHORTEST_WORD:
        return None
    found = {
        name
        for name, synonyms in choices.items()
        for spoken in (name.replace("_", " "), *synonyms)
        if {*words} <= {*fold(spoken).words}
    }
    return found.pop() if len(found) == 1 else None


MOST_WORDS, SHORTEST_WORD = 3, 4  # words of an answer that names a part of a choice; letters


def chosen_of(menu: Sequence[str], text: str) -> str | None:
    """Return the entry of a menu that a whole text names: by its number, or "the second one".

    A single word is no place: "segunda" is Monday, too.
    """
    bare = fold_letters(text).strip().rstrip(".)")
    if bare.isdecimal():
        return _numbered(menu, bare)
    return ordinal_of(menu, fold(text).words)


_MOMENTS = (("a", "second"), ("un", "segundo"), ("um", "segundo"))


def offered_at(choices: Iterable[str], read: Callable[[], object]) -> str | None:
    """Return the hour among the choices that somebody names: "half past ten" of 10:00, 10:30.

    Args:
        read: Gives the time of day that the text says; asked only where hours are offered.
    """
    written = ((name, _CLOCK.fullmatch(name)) for name in choices)
    clocks = {name: (int(one[1]), int(one[2])) for name, one in written if one}
    said = read() if clocks else None
    if not isinstance(said, time):
        return None
    exact = [name for name, clock in clocks.items() if clock == (said.hour, said.minute)]
    half = [name for name, (hour, minute) in clocks.items()
            if (hour % 12, minute) == (said.hour % 12, said.minute)]  # fmt: skip
    found = exact or half
    return found[0] if len(found) == 1 else None


def offered_length(choices: Iterable[str], read: Callable[[str], object]) -> str | None:
    """Return the length of time among the choices that somebody names: "an hour" of 60 minutes.

    Args:
        read: Gives the length that a text says, the choices' own and, for "", the customer's.
    """
    lengths = {name: read(name) for name in choices if _LENGTH.search(name.lower())}
    said = read("") if len(lengths) > 1 else None
    found = [name for name, length in lengths.items() if said is not None and length == said]
    return found[0] if len(found) == 1 else None


_LENGTH = re.compile(r"\d\s*(?:min|h\b|hour|hora|day|d[ií]a|week|semana|month|mes|m[eê]s)")
_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})h?")


def place_of_one(folded: Folded) -> int | None:
    """Return which one a whole text means, counted from one: 2 of "the second one"."""
    words = folded.words
    places = [ORDINALS[word] for word in words if word in ORDINALS]
    known = FILLING | ORDINALS.keys() | _STOREYS
    is_whole = len(words) > 1 and {*words} <= known and words not in _MOMENTS
    return places[0] + 1 if is_whole and len(places) == 1 and places[0] >= 0 else None


_STOREYS = frozenset(("floor", "storey", "piso", "planta", "andar"))


def rank_of(folded: Folded, name: str) -> int | None:
    """Return which one a text means where a number is asked for: 5 of "entra a quinto".

    Args:
        name: Of what is asked for, which the text may say.
    """
    words = folded.words
    places = [ORDINALS[word] for word in words if word in ORDINALS]
    known = FILLING | ORDINALS.keys() | _STOREYS | _RANKED | {*fold(name.replace("_", " ")).words}
    if len(places) != 1 or places[0] < 0 or not known.issuperset(words) or words in _MOMENTS:
        return None
    return None if len(words) == 1 and places[0] < LEAST_ALONE else places[0] + 1


LEAST_ALONE = 2  # "first" and "second" by themselves say something else
_RANKED = frozenset((
    "grade", "year", "level", "row", "class", "she", "he", "is", "s", "in", "into", "going", "goes",
    "grado", "curso", "nivel", "semestre", "fila", "entra", "va", "pasa", "esta", "al", "primaria",
    "secundaria", "ella", "serie", "ano", "turma", "vai", "passa", "entrar", "ele", "ela", "ao",
    "fundamental", "medio",
))  # fmt: skip
"""Words beside what is numbered: "she is in fifth grade"."""
MOST_DIGITS = 4  # of a number in a list; Python reads no more than 4,300 at all


def _numbered(names: Sequence[str], digits: str) -> str | None:
    """Return the choice of a number, counted from one."""
    number = int(digits) if len(digits) <= MOST_DIGITS else 0
    return names[number - 1] if 0 < number <= len(names) else None


def ordinal_of(choices: Iterable[str], words: tuple[str, ...]) -> str | None:
    """Return the choice that a text names by its place and nothing else: "take the second one"."""
    said = any(word in ORDINALS for word in words)
    is_whole = len(words) > 1 and {*words} <= FILLING | ORDINALS.keys() | _OF_A_LIST
    return _by_ordinal([*choices], words) if said and is_whole else None


_OF_A_LIST = frozenset((
    "not", "nao", "list", "lista", "menu", "option", "opcion", "opcao", "del", "on",
))  # fmt: skip


def placed_in(choices: Iterable[str], text: str) -> str | None:
    """Return the choice that a part of a text names by its place: "the second one, with cheese"."""
    names = [*choices]
    parts = (fold(part).words for part in PARTED.split(text))
    return next((one for part in parts if (one := ordinal_of(names, part)) is not None), None)


def _by_ordinal(names: Sequence[str], words: tuple[str, ...]) -> str | None:
    """Return the choice that is meant by its place: the second, la primera, o último."""
    said = [at for at, word in enumerate(words) if word in ORDINALS]
    places = [ORDINALS[words[at]] for at in said if not _is_denied(words, at)]
    if len(said) == 1 and not places and len(names) == len(EITHER):
        places = [EITHER[ORDINALS[words[said[0]]] == 0]]  # "not the first one" of two
    is_brief = len(words) <= 4 or ORDINALS.keys() | FILLING | _OF_A_LIST >= {*words}
    if len(places) != 1 or not is_brief or places[0] >= len(names):
        return None
    return names[places[0]]


EITHER = (0, 1)


def _is_denied(words: Sequence[str], at: int) -> bool:
    """Tell whether what begins at a place is not wanted: "not the red one", "no quiero el rojo"."""
    while at and words[at - 1] in _ARTICLES:
        at -= 1
    if not at or words[max(at - 2, 0) : at] == ("why", "not"):
        return False
    return any(tuple(words[max(at - len(one), 0) : at]) == one for one in _DENYING)


_ARTICLES = frozenset((
    "the", "a", "an", "el", "la", "los", "las", "un", "una", "o", "os", "as", "um", "uma", "der",
    "die", "das",
))  # fmt: skip
_DENYING = tuple(
    tuple(one.split()) for one in (
        "not", "don t want", "dont want", "do not want", "don t like", "anything but", "except",
        "no quiero", "no me gusta", "menos", "excepto", "nao quero", "nao gosto de", "exceto",
        "nicht", "kein", "keine", "pas",
    )
)  # fmt: skip


ORDINALS: Mapping[str, int] = {
    word: place
    for place, written in (
        (0, "first 1st former primero primera primer primeiro primeira"),
        (1, "second 2nd segundo segunda"), (2, "third 3rd tercero tercera terceiro terceira"),
        (3, "fourth 4th cuarto cuarta quarto quarta"), (4, "fifth 5th quinto quinta"),
        (5, "sixth 6th sexto"), (6, "seventh 7th septimo setimo"), (7, "eighth 8th octavo oitavo"),
        (8, "ninth 9th noveno nono"), (9, "tenth 10th decimo"),
        (-1, "last latter ultimo ultima"),
    )
    for word in written.split()
}  # fmt: skip
