"""What a Python action takes, and whether a `run` step gives it that."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from bot.domain.data import dataclass
from bot.language.actions import Setting
from bot.language.places import Place
from bot.language.problems import clipped, did_you_mean
from bot.language.templates import Template

KINDS = {
    "text": "a text", "integer": "a whole number", "number": "a number", "yes_no": "true/false",
    "list": "a list", "map": "a mapping", "any": "a value",
}  # fmt: skip
"""What a parameter may be, and how messages call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One argument of an action; ``kind`` is one of `KINDS`."""

    kind: str = "any"
    required: bool = True
    optional: bool = False  # none will do


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The arguments of an action; ``is_open``: it takes others too."""

    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An argument as written: where its name and its value stand."""

    name: str
    name_at: Place
    value_at: Place
    value: Setting | None


Mistake = tuple[Place, str, str, str]  # place, code, message, help


def mistakes(
    action: str, at: Place, given: Mapping[str, Argument], takes: Signature
) -> Iterator[Mistake]:
    """Yield what is wrong with the arguments of a `run` step.

    Args:
        at: Where the action is named.
    """
    for name, argument in given.items():
        parameter = takes.parameters.get(name)
        if parameter is not None:
            if not fits(argument.value, parameter):
                shown = _shown(argument.value)
                yield (argument.value_at, "E104", f"{shown} is not {KINDS[parameter.kind]}",
                       f"'{action}' takes {name} as {KINDS[parameter.kind]}")  # fmt: skip
        elif not takes.is_open:
            near = did_you_mean(name, takes.parameters)
            known = ", ".join(takes.parameters) or "nothing"
            yield (argument.name_at, "E101", f"'{action}' takes no '{clipped(name)}'",
                   f"did you mean '{near}'?" if near else f"it takes: {known}")  # fmt: skip
    for name, parameter in takes.parameters.items():
        if parameter.required and name not in given:
            yield at, "E102", f"'{name}' is missing", f"'{action}' needs it under with:"


def fits(value: Setting | None, parameter: Parameter) -> bool:
    """Tell whether a written value may be this argument; what is worked out later always may."""
    match value:
        case Template(is_plain=False):
            return True
        case Template(source=source):
            return _plain_fits(source.strip(), parameter)
        case tuple():
            return parameter.kind in ("list", "any")
        case Mapping():
            return parameter.kind in ("map", "any")
        case _:
            return parameter.optional or parameter.kind == "any"


def _plain_fits(text: str, parameter: Parameter) -> bool:
    if parameter.optional and text in ("none", "null"):
        return True
    match parameter.kind:
        case "integer":
            return text.removeprefix("-").isdecimal()
        case "number":
            whole, _, rest = text.removeprefix("-").partition(".")
            return whole.isdecimal() and (not rest or rest.isdecimal())
        case "yes_no":
            return text in ("true", "false", "yes", "no")
        case "list" | "map":
            return False
        case _:
            return True


def _shown(value: Setting | None) -> str:
    match value:
        case Template(source=source):
            return f"'{clipped(source)}'"
        case tuple():
            return "a list"
        case Mapping():
            return "a mapping"
        case _:
            return "nothing"
