"""Templates and expressions: `$(…)` in texts, bare in conditions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.language.places import NOWHERE, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A checked expression.

    Attributes:
        source: As written.
        names: Top-level names that it reads.
        compiled: What `evaluate` calls.
    """

    source: str
    names: frozenset[str] = frozenset()
    place: Place = NOWHERE
    compiled: Any = field(default=None, compare=False, repr=False)

    def evaluate(self, context: Mapping[str, object]) -> object:
        """Return the value under ``context``. Raises TemplateFailed."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text with `$(…)` in it.

    Attributes:
        source: As written.
        is_plain: No expression inside; `text` is then ready.
        lone: The expression, when the template is exactly one; it keeps its type.
    """

    source: str
    is_plain: bool = True
    lone: Expression | None = None
    names: frozenset[str] = frozenset()
    place: Place = NOWHERE
    compiled: Any = field(default=None, compare=False, repr=False)
