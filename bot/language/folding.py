"""How texts are compared: folded words, with what the customer wrote kept beside them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache

from bot.domain.data import dataclass
from bot.language.contractions import otherwise

EDGES = ".,!?;:\"'“”‘’«»()[]{}…¡¿*_~`،؛؟。！？、，：；「」『』（）【】《》·।"
"""Dropped at the edges of words: punctuation, quotes, WhatsApp's marks."""

_SPACELESS = (
    "\u0e00-\u0e4f\u0e5a-\u0ecf\u0eda-\u0eff"  # Thai, Lao, but for their digits
    "\u1000-\u103f\u104a-\u109f\u1780-\u17df\u17ea-\u17ff"  # Burmese, Khmer
    "\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # kana, Han
    "\uff66-\uff9f\U00020000-\U0003ffff"
)
_PICTURES = "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_TONES = "\U0001f3fb-\U0001f3ff"  # of skin
_PICTURE = f"[{_PICTURES}][\ufe0e\ufe0f{_TONES}]*"
_WORD = re.compile(
    rf"(?:(?<![^\s(])[-−](?=\d)[^\s\-‐-―'’%°{_SPACELESS}]+)"  # a number below zero
    rf"|{_PICTURE}(?:\u200d{_PICTURE})*|[\U0001f1e6-\U0001f1ff]{{1,2}}"
    rf"|[{_SPACELESS}][\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\uff9e\uff9f]*"
    rf"|[%°]|[^\s\-‐-―'’%°{_SPACELESS}{_PICTURES}]+"
)
"""One word: hyphens and apostrophes cut; % and ° stand alone, as do signs without blanks and
pictures."""

_SPACELESS_SIGN = re.compile(f"[{_SPACELESS}]")

_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u200b-\u200f\u2060\ufe0e\ufe0f\u20e3"
    f"{_TONES}]+"
)
"""Accents, vowel points of Hebrew and Arabic, tones of skin, keys around digits, unseen signs."""

_LETTERS = str.maketrans({
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d",
    "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك",  # as Arabic and Persian are written in a hurry
})  # fmt: skip
_WIDTHS = re.compile("[\uff01-\uffef]+")  # letters of full and half width
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})

SHORT = 64  # characters of a text whose folding is remembered


@dataclass(frozen=True, slots=True)
class Folded:
    """A text ready to be matched.

    Attributes:
        words: Folded words: no case, no accents.
        written: The same words as the customer wrote them.
        exact: The same words without case, accents kept.
        text: ``words`` joined by one blank.
        gaps: What stood before each word: a blank, a hyphen, an apostrophe or nothing.
    """

    words: tuple[str, ...]
    written: tuple[str, ...]
    exact: tuple[str, ...]
    text: str = field(default="", compare=False)
    gaps: tuple[str, ...] = field(default=(), compare=False)

    def between(self, start: int, end: int) -> str:
        """Return the words from ``start`` to before ``end`` as the customer wrote them."""
        rest = zip(self.gaps[start + 1 : end], self.written[start + 1 : end], strict=True)
        if start >= end:
            return ""
        return "".join((*self.written[start : start + 1], *(gap + word for gap, word in rest)))


def fold_letters(text: str) -> str:
    """Return ``text`` without case and accents."""
    if text.isascii():
        return text.lower()
    even = _WIDTHS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    plain = _MARKS.sub("", unicodedata.normalize("NFD", even.casefold()))
    return unicodedata.normalize("NFC", plain.translate(_LETTERS))


@lru_cache(maxsize=4096)  # choices are looked for in each answer
def spellings(text: str) -> tuple[str, ...]:
    """Return what is written also as other people type it: `whats` for `what's`, `ue` for `ü`."""
    plain = text.casefold()
    if plain.isascii() and "'" not in plain:
        return (text, *dict.fromkeys(one for one in otherwise(text) if one != plain))
    closed = _APOSTROPHE.sub("", plain)
    spelt = unicodedata.normalize("NFC", plain).translate(_SPELT_OUT)
    forms = (one for one in (closed, spelt, *otherwise(text)) if one != plain)
    return (text, *dict.fromkeys(forms))


_APOSTROPHE = re.compile(r"(?<=[^\W\d])['’](?=[^\W\d])")

fold_word = lru_cache(maxsize=8_192)(fold_letters)
"""Words are folded again and again; a whole message hardly is."""


def fold(text: str, substitutions: Mapping[str, str] | None = None) -> Folded:
    """Return a text cut into words and folded.

    Args:
        substitutions: Folded words to what is meant by them; what was written stays as it was.
    """
    folded = _fold_short(text) if len(text) <= SHORT else _fold(text)
    return _substitute(folded, substitutions) if substitutions else folded


def _fold(text: str) -> Folded:
    if text.isascii() and (folded := _fold_plainly(text)) is not None:
        return folded
    written, gaps = _cut(unicodedata.normalize("NFC", text))
    exact = tuple(word.casefold() for word in written)
    words = tuple(fold_word(word) for word in written)
    return Folded(words, written, exact, " ".join(words), gaps)


_PLAIN = bytes(code for code in range(128) if chr(code).isalnum() or chr(code).isspace())
_CUTTING = b"-'%"  # what cuts words, of ASCII, beside blanks


def _fold_plainly(text: str) -> Folded | None:
    """Fold a text without accents four to eight times as fast; None where signs cut its words."""
    signs = text.encode().translate(None, _PLAIN)
    if signs and any(sign in signs for sign in _CUTTING):
        return None
    pieces = text.split()
    written = tuple([word for one in pieces if (word := one.strip(EDGES))] if signs else pieces)
    folded = " ".join(written).lower()
    words = tuple(folded.split())
    gaps = ("",) + (" ",) * (len(words) - 1) if words else ()
    return Folded(words, written, words, folded, gaps)


_fold_short = lru_cache(maxsize=2_048)(_fold)
"""Keywords, words and choices are folded again and again; they are short and few.

What customers write fills it too, at about 1 KB each, so it is kept small.
"""

fold_keyword = lru_cache(maxsize=65_536)(_fold)
"""What rules wait for is folded for each check of it and for the index, and again at each edit."""


def _cut(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a text, and what stood before each."""
    words: list[str] = []
    gaps: list[str] = []
    end = 0
    for found in _WORD.finditer(text):
        word = found[0].strip(EDGES)
        if not fold_word(word):
            continue
        between = text[end : found.start()] if words else ""
        end = found.end()
        gaps.append(between if between in _KEPT_GAPS else " ")
        words.append(word)
    return tuple(words), tuple(gaps)


def apart(found: Folded) -> Folded | None:
    """Return a text with numbers cut from the signs they touch, `5kg` or `#7`; None without any."""
    if not any(is_mixed(word) for word in found.words):
        return None
    cut = []
    rows = (found.words, found.written, found.exact, found.gaps)
    for word, written, exact, gap in zip(*rows, strict=True):
        size = len(_MIXED.split(word, 1)[0]) if is_mixed(word) and len(written) == len(word) else 0
        if size and len(exact) == len(word):
            cut.append((word[:size], written[:size], exact[:size], gap))
            cut.append((word[size:], written[size:], exact[size:], ""))
        else:
            cut.append((word, written, exact, gap))
    words, written_, exact_, gaps = zip(*cut, strict=True)
    return Folded(words, written_, exact_, " ".join(words), gaps)


@lru_cache(maxsize=8_192)
def pieces(word: str) -> tuple[str, ...]:
    """Return a number and what touches it, or what touches a number and it; () without both."""
    return tuple(_MIXED.split(word, 1)) if is_mixed(word) else ()


def is_spaceless(sign: str) -> bool:
    """Tell whether a sign is of a script without blanks, where each is a word by itself."""
    return _SPACELESS_SIGN.match(sign) is not None


def is_mixed(word: str) -> bool:
    """Tell whether a word is a number and other signs, one behind the other."""
    return (word[0].isdigit() or word[-1].isdigit()) and _ONE_AND_OTHER.fullmatch(word) is not None


_MIXED = re.compile(r"(?<=\d)(?=[^\d.,:/])|(?<=[^\d.,:/])(?=\d)")
_ONE_AND_OTHER = re.compile(r"\d[\d.,]*[^\d.,:/]+|[^\d.,:/]+\d[\d.,]*")

_KEPT_GAPS = ("", "-", "‐", "‑", "'", "’")


def _substitute(found: Folded, substitutions: Mapping[str, str]) -> Folded:
    """Replace words by what is meant; the longest replacement wins."""
    longest = max(key.count(" ") + 1 for key in substitutions)
    kept: list[tuple[str, str, str, str]] = []
    at = 0
    while at < len(found.words):
        size, meant = _meant(found.words, at, longest, substitutions)
        if meant is None:
            kept.append((found.words[at], found.written[at], found.exact[at], found.gaps[at]))
        else:
            seen = found.between(at, at + size)
            for number, one in enumerate(meant.split()):
                kept.append((fold_word(one), "" if number else seen, one.casefold(),
                             "" if number else found.gaps[at]))  # fmt: skip
        at += size
    if not kept:
        return Folded((), (), ())
    words, written, exact, gaps = zip(*kept, strict=True)
    return Folded(words, written, exact, " ".join(words), gaps)


def _meant(
    words: tuple[str, ...], at: int, longest: int, substitutions: Mapping[str, str]
) -> tuple[int, str | None]:
    for size in range(min(longest, len(words) - at), 0, -1):
        meant = substitutions.get(" ".join(words[at : at + size]))
        if meant is not None:
            return size, meant
    return 1, None
