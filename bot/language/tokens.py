"""The marks and words that a pattern is written with, and where blanks stand between them."""

import re

from bot.domain.data import dataclass
from bot.language.patterns import PatternBroken

BLANK = "\0"  # stands for a blank that may be missing, `[ ]`; no file can hold it

_TOKEN = re.compile(r"\{[^{}]*\}|<[^<>]*>|[\[\]()|*;]|(?:\\[\[\](){}<>|*;\\]|[^\s\[\]()|*{}<>;])+")
_MAYBE_BLANK = re.compile(r"\[\s+\]")


@dataclass(frozen=True, slots=True)
class Token:
    """One mark or word of a pattern.

    Attributes:
        touches: No blank stands between it and the token before.
        may_stand_apart: Only ``[ ]`` stands between them.
    """

    text: str
    touches: bool
    may_stand_apart: bool = False


def tokens_of(source: str) -> list[Token]:
    """Return a pattern's tokens. Raises PatternBroken."""
    source = _MAYBE_BLANK.sub(BLANK, source)
    found: list[Token] = []
    end, blank = 0, False
    for match in _TOKEN.finditer(source):
        touches = match.start() == end
        end = match.end()
        if match[0] == BLANK and touches:
            blank = True
            continue
        found.append(Token(match[0], touches, blank and touches))
        blank = False
    left = _TOKEN.sub("", source).strip()
    if left:
        raise PatternBroken(f"{left[0]!r} has no partner")
    return found
