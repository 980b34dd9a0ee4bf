"""The steps inside steps."""

from collections.abc import Iterator

from bot.language import actions as a
from bot.language.flows import Flow


def blocks(step: a.Step) -> tuple[tuple[a.Step, ...], ...]:
    """Return the blocks of steps inside a step."""
    match step:
        case a.BranchStep(arms=arms):
            return tuple(arm.steps for arm in arms)
        case a.EachStep(steps=steps) | a.RepeatStep(steps=steps) | a.LaterStep(steps=steps):
            return (steps,)
        case a.HttpStep(on_error=error) | a.RunStep(on_error=error):
            return (error or (),)
        case a.AskStep(on_timeout=timeout, on_fail=fail):
            return (timeout or (), fail if isinstance(fail, tuple) else ())
        case _:
            return ()


def every_step(steps: tuple[a.Step, ...]) -> Iterator[a.Step]:
    """Yield all steps, those inside others too."""
    for step in steps:
        yield step
        for block in blocks(step):
            yield from every_step(block)


def flow_blocks(flow: Flow) -> tuple[tuple[a.Step, ...], ...]:
    """Return the outermost blocks of a flow: its steps, those of `on`, those of slots."""
    fails = (slot.on_fail for slot in flow.slots.values())
    return (flow.steps, *flow.on.values(), *(one for one in fails if isinstance(one, tuple)))
