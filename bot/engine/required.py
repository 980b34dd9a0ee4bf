"""Words that a text must spell for a regular expression to occur in it.

Read off the expression, and only where nothing about it is in doubt: what is not understood here
requires nothing, and is looked for in every text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import prod

from bot.domain.data import dataclass, replace
from bot.engine.gates import Anchors

MOST_SPELLINGS = 16  # of one word, where letters may be left out
LONG_S = "\u017f"  # the one other sign for s where case does not count; that for k has a small k
DOTTED_I = "\u0130"  # no sign for i, but its small form begins with one
RUN = re.compile("[a-z]+")

FLAGS = re.compile(r"\(\?[ims]+\)")
TOKEN = re.compile(
    r"(?P<edge>\\[bAz]|\^|\$)"
    r"|(?P<choice>\((?:\?:|\?P<\w+>)?(?P<words>[A-Za-z]+(?:\|[A-Za-z]+)*)\))"
    r"|(?P<letter>[A-Za-z])"
    r"|(?P<digit>\\d|[0-9]|\[(?:0-9|\\d)\])"
    r"|(?P<sign>\\[snrtf]|\\[!-/:-@\[-`{-~]|[ #,:;=@&%!\"'/<>_~`-]"
    r"|\[(?:0-9|[ \d#,:;=@&%!./_]|\\[ds.-])+-?\])"
    r"|(?P<any>\.|\\[wWSD]|\\[pP](?:\{\w+\}|[A-Z])|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\x00-\x7f])"
    r"|(?P<open>\((?:\?:|\?P<\w+>)?(?!\?))"
    r"|(?P<close>\))"
)
COUNT = re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})\??")
LACKS = re.compile(r"[*?]|\{0+[,}]")  # a count that may be none


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that an expression asks for, in its turn.

    Attributes:
        spellings: The letters that it may be, none at all among them; () for what is no letter.
        is_edge: A place where no word goes on.
        is_digit: A digit, 0 to 9.
        is_optional: Signs that may be left out.
        is_known: It is letters, an edge, or signs that are none.
    """

    spellings: tuple[str, ...] = ()
    is_edge: bool = False
    is_digit: bool = False
    is_optional: bool = False
    is_known: bool = True


UNKNOWN = Part(is_known=False)


def runs_of(text: str) -> list[str]:
    """Return the letters of a text, A to Z, that stand together, in small ones."""
    if not text.isascii():
        text = text.replace(LONG_S, "s").replace(DOTTED_I, " ")
    return RUN.findall(text.lower())


@lru_cache(maxsize=16_384)  # at an edit most expressions are those of before
def required_of(expression: str) -> Anchors | None:
    """Return the words of which a text must spell one; None when any text may do."""
    if "[:" in expression or "\\Q" in expression:
        return None
    flags = FLAGS.match(expression)
    parts = _Reader(expression[flags.end() if flags else 0 :]).parts()
    ways = tuple(way for start, end in _words(parts) if (way := _way(parts, start, end)))
    has_digit = any(part.is_digit and not part.is_optional for part in parts)
    return Anchors(ways, has_digit) if ways else None


class _Reader:
    """Reads the parts of an expression, as far as they are understood."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def parts(self) -> list[Part]:
        """Return the parts of all; behind what is not understood all is unknown."""
        found = self._sequence()
        return [UNKNOWN] if found is None else found

    def _sequence(self, depth: int = 0) -> list[Part] | None:
        """Return the parts up to the end of a group; None when it is not understood."""
        found: list[Part] = []
        while token := TOKEN.match(self._source, self._at):
            self._at = token.end()
            if token.lastgroup == "close":
                return found if depth else None
            parts = self._sequence(depth + 1) if token.lastgroup == "open" else [_part(token)]
            if parts is None:
                return None
            found += self._counted(parts)
        return found if self._at == len(self._source) and not depth else None

    def _counted(self, parts: list[Part]) -> list[Part]:
        """Return what was read, as often as the count behind it says."""
        count = COUNT.match(self._source, self._at)
        if count is None:
            return parts
        self._at = count.end()
        (part, *more) = parts or [UNKNOWN]
        if more or part.is_edge or not part.is_known:
            return [UNKNOWN]
        lacks = LACKS.match(count[0]) is not None
        if not part.spellings:
            return [replace(part, is_optional=part.is_optional or lacks)]
        return [Part((*part.spellings, ""))] if count[0] in ("?", "??") else [UNKNOWN]


def _part(token: re.Match[str]) -> Part:
    match token.lastgroup:
        case "edge":
            return Part(is_edge=True)
        case "letter":
            return Part((token[0].lower(),))
        case "choice":
            return Part(tuple(token["words"].lower().split("|")))
        case "digit":
            return Part(is_digit=True)
        case "sign":
            return Part()
        case _:
            return UNKNOWN


def _words(parts: Sequence[Part]) -> Iterator[tuple[int, int]]:
    """Yield where letters stand together, with nothing before and behind that may be a letter."""
    start = 0
    while start < len(parts):
        end = start
        while end < len(parts) and parts[end].spellings:
            end += 1
        if end > start and _is_closed(reversed(parts[:start])) and _is_closed(parts[end:]):
            yield start, end
        start = max(end, start + 1)


def _is_closed(parts: Iterable[Part]) -> bool:
    """Tell whether no letter can stand at the beginning of these."""
    for part in parts:
        if part.is_edge:
            return True
        if part.spellings or not part.is_known:
            return False
        if not part.is_optional:
            return True
    return False


def _way(parts: Sequence[Part], start: int, end: int) -> frozenset[str]:
    """Return the spellings of a word; none when they are too many, or it may be left out."""
    letters = [part.spellings for part in parts[start:end]]
    if prod(map(len, letters)) > MOST_SPELLINGS:
        return frozenset()
    found = frozenset(map("".join, product(*letters)))
    return frozenset() if "" in found else found
