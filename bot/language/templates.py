"""Templates and expressions: `$(…)` in texts, bare in conditions.

What they may hold, and how they are worked out, is `sandbox`'s; it is loaded when it is needed.
"""

from collections.abc import Mapping
from dataclasses import field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from bot.domain.data import dataclass
from bot.domain.errors import BotError
from bot.language.places import NOWHERE, Place
from bot.language.printing import Form
from bot.language.unworkable import CannotWorkOut, TemplateBroken

if TYPE_CHECKING:
    from bot.language.sandbox import Program


@dataclass(eq=False)
class TemplateFailed(BotError):
    """An expression could not be worked out with the values at hand."""

    place: Place
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A checked expression.

    Attributes:
        source: As written.
        names: Top-level names that it reads.
        paths: Dotted names that it reads, such as ("contact", "name").
        calls: Names of functions that it calls.
        program: What works it out.
    """

    source: str
    names: frozenset[str] = frozenset()
    paths: frozenset[tuple[str, ...]] = frozenset()
    calls: frozenset[str] = frozenset()
    place: Place = NOWHERE
    program: "Program | None" = field(default=None, compare=False, repr=False)

    def evaluate(self, names: Mapping[str, object], form: Form) -> Any:  # noqa: ANN401 - any Value
        """Return the value under ``names``. Raises TemplateFailed."""
        assert self.program is not None
        try:
            return self.program.evaluate(names, form)
        except CannotWorkOut as reason:
            raise TemplateFailed(self.place, f"{self.source!r}: {reason}") from reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text with `$(…)` in it.

    Attributes:
        source: As written.
        is_plain: No expression inside.
        lone: The expression, when the template is exactly one; it keeps its type.
        program: What works it out; None for a plain one.
    """

    source: str
    is_plain: bool = True
    lone: Expression | None = None
    names: frozenset[str] = frozenset()
    paths: frozenset[tuple[str, ...]] = frozenset()
    calls: frozenset[str] = frozenset()
    place: Place = NOWHERE
    program: "Program | None" = field(default=None, compare=False, repr=False)

    @property
    def plain(self) -> str:
        """Return the text of a template without expressions."""
        return self.source.replace("$$(", "$(")

    def render(self, names: Mapping[str, object], form: Form) -> str:
        """Return the text under ``names``, at most 4,096 characters. Raises TemplateFailed."""
        if self.program is None:
            return self.plain
        try:
            return self.program.render(names, form)
        except CannotWorkOut as reason:
            raise TemplateFailed(self.place, str(reason)) from reason

    def value(self, names: Mapping[str, object], form: Form) -> Any:  # noqa: ANN401 - any Value
        """Return what the template stands for: a lone expression keeps its type."""
        return self.render(names, form) if self.lone is None else self.lone.evaluate(names, form)


def parse_expression(source: str, place: Place = NOWHERE) -> Expression:
    """Return a checked expression. Raises TemplateBroken."""
    text = source.strip()
    if not text:
        raise TemplateBroken("the expression is empty")
    from bot.language.sandbox import program_of_expression

    program = program_of_expression(text, source)
    return Expression(
        source=text,
        names=program.names,
        paths=program.paths,
        calls=program.calls,
        place=place,
        program=program,
    )


def parse_template(source: str, place: Place = NOWHERE) -> Template:
    """Return a checked template. Raises TemplateBroken."""
    if "$(" not in source.replace("$$(", ""):
        return Template(source=source, place=place)
    from bot.language.sandbox import program_of_text

    program = program_of_text(source)
    lone = parse_expression(source.strip()[2:-1], place) if program.is_lone else None
    return Template(
        source=source, is_plain=False, lone=lone, names=program.names, paths=program.paths,
        calls=program.calls, place=place, program=program,
    )  # fmt: skip


def names_in(thing: object) -> frozenset[str]:
    """Return the top-level names that the expressions of a step, or of a part of it, read."""
    match thing:
        case Expression(names=names) | Template(names=names):
            return names
        case tuple():
            return frozenset().union(*map(names_in, thing))
        case Mapping():
            return frozenset().union(*map(names_in, thing.values()))
        case _ if is_dataclass(thing):
            return frozenset().union(*(names_in(getattr(thing, one.name)) for one in fields(thing)))
        case _:
            return frozenset()
