"""English words that are said as one: `what's` for what is, `don't` for do not."""

import re
from collections import defaultdict
from collections.abc import Iterator

from bot.language.parts import Choice, Part, Sequence, Word, Words

_PEOPLE = ("i", "you", "he", "she", "it", "we", "they")
_ASKED = ("what", "where", "who", "how", "when", "that", "there", "here")
_DONE = (
    "is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "could", "would",
    "should",
)  # fmt: skip


def _pairs() -> Iterator[tuple[str, str]]:
    """Yield words, and how they are written as one."""
    yield from ((f"{one} is", f"{one}'s") for one in (*_ASKED, "he", "she", "it"))
    yield from (("let us", "let's"), ("i am", "i'm"))
    yield from ((f"{one} are", f"{one}'re") for one in ("you", "we", "they"))
    yield from ((f"{one} have", f"{one}'ve") for one in ("i", "you", "we", "they"))
    yield from ((f"{one} will", f"{one}'ll") for one in _PEOPLE)
    yield from ((f"{one} would", f"{one}'d") for one in _PEOPLE)
    yield from ((f"{one} not", f"{one}n't") for one in _DONE)
    yield from (("can not", "can't"), ("cannot", "can't"), ("will not", "won't"))


_SHORT = dict(_pairs())
_FULL = {short: full for full, short in _SHORT.items()}
_MEANS_MORE = frozenset((
    "he's", "she's", "it's", "we're", "i'll", "he'll", "she'll", "we'll", "i'd", "she'd", "we'd",
))  # fmt: skip
"""Without the apostrophe these are other words, or none: its, were, well, ill, shed."""
_PLAIN = {short.replace("'", ""): short for short in _FULL if short not in _MEANS_MORE}
_LAST = frozenset(full.split()[-1] for full in _SHORT)


def _either(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b".replace(" ", r"\s+"), re.ASCII | re.IGNORECASE)


_NOT_LAST = re.compile(r"\bnot\b")
_DENIES = _either({full: short for full, short in _SHORT.items() if full.endswith(" not")})
_SHORTENS, _LENGTHENS, _OPENS = _either(_SHORT), _either(_FULL), _either(_PLAIN)


def otherwise(text: str) -> tuple[str, ...]:
    """Return an English text with its contractions made, undone, and written as in a hurry."""
    plain = text.replace("’", "'").lower()
    if "'" not in plain and _LAST.isdisjoint(plain.split()):
        opened = _put(_OPENS, _PLAIN, plain)
        return () if opened == plain else (opened, _put(_LENGTHENS, _FULL, opened))
    full = _put(_LENGTHENS, _FULL, plain)
    short = _put(_SHORTENS, _SHORT, plain)
    ways = (short, _hurried(short), full)
    if not _NOT_LAST.search(full):
        return ways
    others = (_put(_SHORTENS, _SHORT, full), _put(_DENIES, _SHORT, full))  # it's not, it isn't
    return tuple(dict.fromkeys((*ways, *(one for way in others for one in (way, _hurried(way))))))


def _put(written: re.Pattern[str], meant: dict[str, str], text: str) -> str:
    return written.sub(lambda found: meant[" ".join(found[0].split())], text)


def _hurried(text: str) -> str:
    return _LENGTHENS.sub(
        lambda found: found[0] if found[0] in _MEANS_MORE else found[0].replace("'", ""), text
    )


def _groups() -> dict[Words, tuple[Words, ...]]:
    """Return two words as a message is cut into, with all that says the same."""
    alike: dict[str, list[Words]] = defaultdict(list)
    for full, short in _SHORT.items():
        alike[short].append(tuple(full.split()))
    for short, ways in alike.items():
        ways.append(tuple(short.split("'")))
        if short not in _MEANS_MORE:
            ways.append((short.replace("'", ""),))
    return {pair: tuple(ways) for ways in alike.values() for pair in ways if len(pair) == 2}


_ALIKE = _groups()


def contracted(sequence: Sequence) -> Sequence:
    """Return words of a pattern with what is said for two of them as one beside them."""
    found: list[Part] = []
    at = 0
    while at < len(sequence):
        ways, size = _ways(sequence, at)
        found.append(Choice(ways) if len(ways) > 1 else sequence[at])
        at += size
    return tuple(found)


def _ways(sequence: Sequence, at: int) -> tuple[tuple[Sequence, ...], int]:
    """Return all ways to say what begins at a part, and how many parts that is."""
    first = _ways_of_two(sequence[at : at + 2])
    if not first:
        return (), 1
    second = _ways_of_two(sequence[at + 1 : at + 3])  # it is not: it's not, it isn't
    if not second:
        return first, 2
    whole = [(*way, sequence[at + 2]) for way in first]
    whole += [(sequence[at], *way) for way in second]
    return tuple(dict.fromkeys(whole)), 3


def _ways_of_two(parts: Sequence) -> tuple[Sequence, ...]:
    match parts:
        case (Word(text=one), Word(text=two)):
            others = [way for way in _ALIKE.get((one, two), ()) if way != (one, two)]
            if not others:
                return ()
            return (parts, *(tuple(Word(word, word) for word in way) for way in others))
        case _:
            return ()
