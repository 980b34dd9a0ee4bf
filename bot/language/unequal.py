"""Comparisons of an answer with what it never is: `size == 'smal'` where 'small' is a choice."""

import re
from collections.abc import Collection, Iterator

from bot.language import actions as a
from bot.language.blocks import every_step, flow_blocks
from bot.language.filled import given_to, names_of
from bot.language.flows import Flow, Slot
from bot.language.problems import clipped, did_you_mean
from bot.language.sections import Gathered
from bot.language.source import Teller
from bot.language.templates import Template

_COMPARED = re.compile(
    r"(?<![\w.])(?P<name>\w+) *"
    r"(?:[=!]= *(?P<one>'[^']*'|\"[^\"]*\")|(?:not +)?in *\[(?P<many>[^\]]*)\])"
)
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


def tell_unequal(gathered: Gathered, teller: Teller) -> None:
    """Tell W320: a choice is compared with what is none of its choices."""
    scopes = {scope.owner: scope for scope in gathered.scopes}
    given = given_to(gathered)
    for flow in gathered.flows.values():
        scope = scopes.get(f"flow:{flow.name}")
        choices = dict(_choices(flow, given.get(flow.name, ())))
        for expression in scope.expressions if scope is not None and choices else ():
            for name, text in _compared(expression.source):
                if name not in choices or text in choices[name]:
                    continue
                near = did_you_mean(text, choices[name])
                hint = f"did you mean '{near}'? " if near else ""
                teller.tell(
                    expression.place, "W320", f"'{name}' is never '{clipped(text)}'",
                    f"{hint}one of: {clipped(', '.join(choices[name]))}",
                )  # fmt: skip


def _compared(source: str) -> Iterator[tuple[str, str]]:
    """Yield each name that is compared with a text in quotes, and the text."""
    for found in _COMPARED.finditer(source):
        for one in _QUOTED.finditer(found["one"] or found["many"] or ""):
            yield found["name"], one[1] or one[2] or ""


def _choices(flow: Flow, given: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the slots that hold nothing but one of some written choices, and these."""
    filled = {*given, *_filled(flow)}
    for slot in flow.slots.values():
        if slot.type == "choice" and slot.choices and slot.name not in filled:
            yield slot.name, (*slot.choices, *_default(slot))


def _default(slot: Slot) -> tuple[str, ...]:
    return (slot.default.plain,) if isinstance(slot.default, Template) else ()


def _filled(flow: Flow) -> Iterator[str]:
    """Yield what steps of a flow fill themselves."""
    for block in flow_blocks(flow):
        for step in every_step(block):
            if not isinstance(step, a.AskStep | a.UnsetStep):
                yield from names_of(step)
