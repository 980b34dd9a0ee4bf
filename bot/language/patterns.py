"""Sentence patterns and regular expressions, compiled and bounded."""

from dataclasses import dataclass, field
from typing import Any

from bot.language.places import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A sentence pattern over the folded words of a whole message."""

    source: str
    captures: tuple[str, ...] = ()
    has_wildcard: bool = False
    place: Place = NOWHERE
    compiled: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegexPattern:
    """A regular expression on RE2: linear time, no look-around, no back-references."""

    source: str
    captures: tuple[str, ...] = ()
    place: Place = NOWHERE
    compiled: Any = field(default=None, compare=False, repr=False)
