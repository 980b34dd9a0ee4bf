"""Where the questions of a flow lie, and from which of them it goes on."""

from collections.abc import Collection, Iterable

from bot.engine.compiled import all_blocks
from bot.language.actions import AskStep, HttpStep, RunStep
from bot.language.blocks import every_step
from bot.language.flows import Flow, Slot
from bot.language.templates import names_in


def asked_before(flow: Flow, step: AskStep, answered: Collection[str]) -> AskStep | None:
    """Return the last ask before a step, in the flow's order, for a slot that is answered."""
    found: AskStep | None = None
    for block in all_blocks(flow):
        for one in every_step(block):
            if one is step:
                return found
            if isinstance(one, AskStep) and one.slot in answered and one.slot != step.slot:
                found = one
    return found


def is_last(flow: Flow, step: AskStep) -> bool:
    """Tell whether no other question stands behind one, in the flow's order."""
    asks = [
        one for block in all_blocks(flow) for one in every_step(block) if isinstance(one, AskStep)
    ]  # fmt: skip
    return bool(asks) and asks[-1] is step


def back_to(flow: Flow, corrected: Iterable[Slot], here: str) -> str | None:
    """Return the path of the first step, in the flow's order, that what was corrected matters to.

    That is its question or, for a slot that no step asks for, the call that is made with it.

    Args:
        here: The path of the open question, behind which nothing is looked for.
    """
    steps = [step for block in all_blocks(flow) for step in every_step(block)]
    asked = {step.slot for step in steps if isinstance(step, AskStep)}
    wanted = {slot.name for slot in corrected}
    for step in steps:
        if step.path == here or (isinstance(step, AskStep) and step.slot in wanted):
            return step.path
        if isinstance(step, HttpStep | RunStep) and (wanted - asked) & names_in(step):
            return step.path
    return None


def ask_of(flow: Flow, slot: Slot) -> AskStep | None:
    """Return the first step that asks for a slot."""
    steps = (step for block in all_blocks(flow) for step in every_step(block))
    asks = (step for step in steps if isinstance(step, AskStep))
    return next((step for step in asks if step.slot == slot.name), None)
