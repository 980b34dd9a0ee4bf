"""What fills a flow's slots and values: its steps, what it is given, and rules from outside."""

from bot.language import actions as a
from bot.language.blocks import every_step, flow_blocks
from bot.language.sections import Gathered


def given_to(gathered: Gathered) -> dict[str, set[str]]:
    """Return the names that `with` gives to each flow that is called or started."""
    found: dict[str, set[str]] = {}
    blocks_of = [(rule.steps,) for rule in gathered.rules]
    for whole in (*blocks_of, *(flow_blocks(flow) for flow in gathered.flows.values())):
        for block in whole:
            for step in every_step(block):
                if isinstance(step, a.CallStep | a.StartStep):
                    found.setdefault(step.flow, set()).update(step.arguments)
    return found


def set_from_outside(gathered: Gathered) -> set[str]:
    """Return the slots that rules fill in whatever flow is open."""
    return {
        name.removeprefix(a.OPEN) for rule in gathered.rules for step in every_step(rule.steps)
        if isinstance(step, a.SetStep) for name in step.values if name.startswith(a.OPEN)
    }  # fmt: skip


def names_of(step: a.Step) -> tuple[str, ...]:
    """Return the names that a step asks for, fills or empties."""
    match step:
        case a.AskStep(slot=slot):
            return (slot,)
        case a.SetStep(values=values):
            return tuple(name.removeprefix("contact.") for name in values)
        case a.UnsetStep(names=names):
            return names
        case a.HttpStep(save=save):
            return tuple(save)
        case a.CallStep(save=name) | a.RunStep(save=name):
            return (name,)
        case a.EachStep(name=name, index=index):
            return (name, index)
        case _:
            return ()
