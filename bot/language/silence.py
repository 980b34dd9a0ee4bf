"""Which rules never speak."""

from bot.language import actions as a
from bot.language.blocks import blocks
from bot.language.rules import Rule

SILENT = (
    a.SetStep, a.UnsetStep, a.TagStep, a.LeadStep, a.AssignStep,
    a.HttpStep, a.NotifyStep, a.RunStep,
    a.LaterStep, a.ReactStep, a.EmitStep, a.BranchStep, a.EachStep, a.RepeatStep, a.EndStep,
    a.BreakStep, a.ContinueStep,
)  # fmt: skip

LANGUAGE = "contact.language"
"""Who changes it lets an open question come again, in the new one."""


def is_silent(rule: Rule) -> bool:
    """Tell whether a rule only remembers and tells, and never speaks."""
    return all(map(_is_silent, rule.steps))


def _is_silent(step: a.Step) -> bool:
    """Tell whether a step, and all in it that is not done later, never speaks."""
    if not isinstance(step, SILENT) or _moves_flow(step):
        return False
    inner = () if isinstance(step, a.LaterStep) else blocks(step)
    return all(_is_silent(one) for block in inner for one in block)


def _moves_flow(step: a.Step) -> bool:
    """Tell whether a step ends the open flow, or changes what it holds or how it is asked."""
    match step:
        case a.EndStep(flow=flow, all=everything):
            return flow or everything
        case a.SetStep(values=names) | a.UnsetStep(names=names):
            return any(name.startswith(a.OPEN) or name == LANGUAGE for name in names)
        case _:
            return False
