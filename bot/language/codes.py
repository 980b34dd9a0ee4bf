"""A code among words: 20481 in "it's 20481, thanks"."""

import re

from bot.language.regexes import RegexPattern

LONGEST_CODE = 4  # words


def code_in(wanted: RegexPattern, text: str) -> str | None:
    """Return the one code among words: 20481 in "it's 20481, thanks"; None without, or with more.

    A code has a digit or a sign, and the words beside it have none.
    """
    words = [word.strip(AROUND) for word in text.split()]
    words = [word for word in words if word]
    for size in range(min(LONGEST_CODE, len(words)), 0, -1):
        starts = range(len(words) - size + 1)
        spans = [at for at in starts if _fits(wanted, words[at : at + size])]
        codes = [at for at in spans if not "".join(words[at : at + size]).isalpha()]
        if len(codes) == 1:
            at = codes[0]
            beside = "".join([*words[:at], *words[at + size :]])
            plain = re.sub(r"['’-]", "", beside)
            return " ".join(words[at : at + size]) if not plain or plain.isalpha() else None
        if codes:
            return None
    return None


def _fits(wanted: RegexPattern, words: list[str]) -> bool:
    return wanted.fullmatch(" ".join(words)) is not None


AROUND = " .,!?;:'\"()[]"
