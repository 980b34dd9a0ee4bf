"""Regular expressions on RE2, compiled and bounded."""

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any

import re2

from bot.domain.data import dataclass
from bot.language.patterns import PatternBroken
from bot.language.places import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RegexPattern:
    """A regular expression on RE2: linear time, no look-around, no back-references."""

    source: str
    captures: tuple[str, ...] = ()
    place: Place = NOWHERE
    compiled: Any = field(default=None, compare=False, repr=False)

    def search(self, text: str) -> Mapping[str, str] | None:
        """Return the named groups of the first hit anywhere in ``text``; None without one."""
        return _groups(self.compiled.search(text))

    def find(self, text: str) -> tuple[str, Mapping[str, str]] | None:
        """Return the first hit anywhere in ``text`` with its named groups; None without one."""
        found = self.compiled.search(text)
        return None if found is None else (str(found[0]), _groups(found) or {})

    def fullmatch(self, text: str) -> Mapping[str, str] | None:
        """Return the named groups when all of ``text`` fits; None when it does not."""
        return _groups(self.compiled.fullmatch(text))


def parse_regex(source: str, place: Place = NOWHERE) -> RegexPattern:
    """Return a regular expression ready to search. Raises PatternBroken."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        compiled = re2.compile(_unicode(source), options=options)
    except re2.error as reason:
        raise PatternBroken(_said(reason)) from reason
    return RegexPattern(
        source=source, captures=tuple(compiled.groupindex), place=place, compiled=compiled
    )


def _unicode(source: str) -> str:
    r"""Return the expression with ``\w`` and ``\d`` in Unicode's meaning, as authors expect.

    RE2's own ``\b`` and ``\w`` know ASCII only: ``\bol\b`` would hit in "olá". ``\b`` is kept where
    the text is ASCII and cannot be mended without look-around, so words are better matched by
    ``keyword``.
    """
    out: list[str] = []
    inside = False  # a class, in which no other may begin
    for part in _PIECES.findall(source):
        if part == r"\w":
            out.append(_LETTERS if inside else f"[{_LETTERS}]")
        elif part == r"\W" and not inside:
            out.append(f"[^{_LETTERS}]")
        else:
            inside = part != "]" if inside else part.startswith("[")
            out.append(part)
    return "".join(out)


_LETTERS = r"\pL\pN_\pM"
_PIECES = re.compile(r"\\Q.*?(?:\\E|$)|\\.|\[:\^?\w+:\]|\[\^?\]?|.", re.DOTALL)
"""An escape, a quoted part, a named class, the start of a class with a ']' that belongs to it."""


def _groups(found: Any) -> Mapping[str, str] | None:  # noqa: ANN401 - re2 has no types
    if found is None:
        return None
    return {name: value for name, value in found.groupdict().items() if value is not None}


def _said(reason: Exception) -> str:
    said = reason.args[0] if reason.args else reason
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
