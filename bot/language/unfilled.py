"""Values that a flow says or reckons with before anything has filled them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from bot.language import actions as a
from bot.language import triggers as t
from bot.language.blocks import blocks, every_step
from bot.language.filled import given_to, names_of, set_from_outside
from bot.language.flows import Flow
from bot.language.sections import Gathered
from bot.language.source import Teller
from bot.language.templates import Expression, Template, names_in

Region = tuple[int, int]
"""Steps that may come again, by their places in the order of the file."""
READY = re.compile(r"\bnone\b|\bdefault\b|\bif\b|\bor\b|\bnot\b")
"""What an expression says that is ready for nothing."""
APART = frozenset(("condition", "condition_while", "unless", "arms"))
"""Parts of a step that ask whether something is known."""


def tell_unfilled(gathered: Gathered, teller: Teller) -> None:
    """Tell W317."""
    outside = set_from_outside(gathered)
    given = given_to(gathered)
    for flow in gathered.flows.values():
        _look(flow, outside | given.get(flow.name, set()), teller)


def _look(flow: Flow, outside: set[str], teller: Teller) -> None:
    steps = [*every_step(flow.steps)]
    first: dict[str, int] = {}
    for at, step in enumerate(steps):
        for name in () if isinstance(step, a.UnsetStep) else names_of(step):
            first.setdefault(name, at)
    late = {name: at for name, at in first.items() if at and name not in outside}
    for name in {*late} & _filled_otherwise(flow):
        del late[name]
    if not late:
        return
    regions = _regions(flow, steps)
    told = set[str]()  # or asked about before it is used: `if: day`
    for at, step in enumerate(steps[: max(late.values())]):
        told |= _asked_about(step)
        for part in _parts(step, flow):
            for name in sorted(part.names & late.keys() - told):
                if late[name] > at and not _comes_again(regions, at, late[name]):
                    told.add(name)
                    line = steps[late[name]].place.line
                    teller.tell(part.place, "W317", f"nothing has filled '{name}' here: that comes"
                                f" later (line {line})", "ask for it before, or say what stands"
                                f" there without it:  $({name} | default('...'))")  # fmt: skip


def _asked_about(step: a.Step) -> frozenset[str]:
    arms = step.arms if isinstance(step, a.BranchStep) else ()
    return names_in((step.condition, *(arm.condition for arm in arms)))


def _filled_otherwise(flow: Flow) -> set[str]:
    """Return the slots that messages, or what is kept, may fill before they are asked for."""
    captured = {name for trigger in flow.triggers for name in t.captured_by(trigger)}
    return captured | {
        slot.name for slot in flow.slots.values()
        if slot.prefill or slot.called or slot.in_contact or slot.entity or slot.default is not None
    }  # fmt: skip


def _regions(flow: Flow, steps: list[a.Step]) -> list[Region]:
    """Return what may come again: loops, and what lies between a `goto` and its step before."""
    at = {step.path: number for number, step in enumerate(steps)}
    found = []
    for number, step in enumerate(steps):
        if isinstance(step, a.GotoStep) and at.get(step.target, number) < number:
            found.append((at[step.target], number))
        if isinstance(step, a.EachStep | a.RepeatStep):
            inside = sum(1 for block in blocks(step) for _ in every_step(block))
            found.append((number, number + inside))
    aside = (one for block in _blocks_aside(flow) for one in every_step(block))
    found += [
        (at[one.target], len(steps)) for one in aside
        if isinstance(one, a.GotoStep) and one.target in at
    ]  # fmt: skip
    return found


def _blocks_aside(flow: Flow) -> Iterator[tuple[a.Step, ...]]:
    yield from flow.on.values()
    for slot in flow.slots.values():
        if isinstance(slot.on_fail, tuple):
            yield slot.on_fail


def _comes_again(regions: Iterable[Region], used: int, filled: int) -> bool:
    return any(start <= used and filled <= end for start, end in regions)


def _parts(step: a.Step, flow: Flow) -> Iterator[Expression | Template]:
    """Yield what a step says and works out, its slot's question and checks too."""
    things: list[object] = [step]
    slot = flow.slots.get(step.slot) if isinstance(step, a.AskStep) else None
    if slot is not None:
        things += [slot.ask, slot.reask, slot.valid, slot.least, slot.most, slot.choices_from]
    for thing in things:
        for part in _within(thing):
            if not READY.search(part.source):
                yield part


def _within(thing: object) -> Iterator[Expression | Template]:
    match thing:
        case Expression() | Template():
            yield thing
        case Mapping():
            yield from (one for value in thing.values() for one in _within(value))
        case tuple():
            yield from (one for value in thing if not isinstance(value, a.Step)
                        for one in _within(value))  # fmt: skip
        case _ if is_dataclass(thing):
            names = (one.name for one in fields(thing) if one.name not in APART)
            yield from (one for name in names for one in _within(getattr(thing, name)))
        case _:
            return
