"""Questions that an edit put before the place where a conversation rests: they are still owed."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from bot.domain.conversation import Frame
from bot.domain.data import replace
from bot.domain.values import Value
from bot.engine.compiled import Block, Version, ask_of, locate
from bot.engine.conditions import holds
from bot.engine.draft import Draft
from bot.language import actions as a
from bot.language.flows import Flow

OWED = " owed"
"""Under this name, which no slot can have, a frame keeps the questions that are still owed."""


def with_owed(frame: Frame, old: Flow, new: Flow) -> Frame:
    """Return a frame that was moved to ``new``, with the questions noted that it has passed.

    Only questions of slots that ``old`` never asked for count; no other step is caught up with.
    """
    owed, back = _held(frame)
    asks = [
        step.path for step in _before(new, back or frame.step)
        if step.path in owed or ask_of(old, step.slot) is None
    ]  # fmt: skip
    return _keep(frame, asks, back)


def owes(frame: Frame) -> bool:
    """Tell whether questions are owed that an edit put before the place of a frame."""
    return bool(_held(frame)[0])


def goes_back_to(frame: Frame) -> str:
    """Return the question behind which the flow goes on after what is owed, "" at its own."""
    return _held(frame)[1]


def going_back_to(frame: Frame, path: str) -> Frame:
    """Return the frame with that question where it lies now."""
    asks, back = _held(frame)
    return _keep(frame, asks, path) if back else frame


def come_from(draft: Draft, version: Version, path: str) -> tuple[str, Block]:
    """Return behind which step the frame on top goes on, and the questions to put before that.

    Args:
        path: Of the step that has just been done with.
    """
    frame = draft.frames[-1]
    asks, back = _held(frame)
    if not asks:
        return path, ()
    behind = back if back and path in asks else path
    steps = [step for one in asks if one != path and (step := _step(version, one))]
    flow = draft.flow_of(frame)
    left = [one for one in steps if flow and draft.slot_value(frame, flow, one.slot) is None]
    block = tuple(step for step in left if _is_on_the_way(draft, version, step, behind))
    draft.frames[-1] = _keep(frame, [step.path for step in left], behind)
    return behind, block


# ---------------------------------------------------------------------- what a frame keeps


def _held(frame: Frame) -> tuple[list[str], str]:
    """Return what is owed, and where the flow goes on afterwards, "" at a question of its own."""
    held = frame.saved.get(OWED)
    if held is None or not isinstance(held, Mapping):
        return [], ""
    asks = held.get("asks")
    owed = [str(one) for one in asks] if isinstance(asks, (list, tuple)) else []
    return owed, str(held["back"]) if frame.step in owed else ""


def _keep(frame: Frame, asks: list[str], back: str) -> Frame:
    if not asks:
        saved = {name: one for name, one in frame.saved.items() if name != OWED}
        return replace(frame, saved=saved)
    kept: dict[str, Value] = {"asks": list[Value](asks), "back": back}
    return replace(frame, saved={**frame.saved, OWED: kept})


# ---------------------------------------------------------------------- where questions lie


def _before(version: Version, path: str) -> list[a.AskStep]:
    """Return the questions that a conversation at ``path`` has passed, in the flow's order."""
    way = locate(version, path)
    found: list[a.AskStep] = []
    for block, index in way:
        end = index if block is way[-1][0] else index - 1
        found += _asks(block[:end])
    return found


def _asks(block: Block) -> Iterator[a.AskStep]:
    """Yield the questions of a block, those in the arms of its branches too."""
    for step in block:
        match step:
            case a.AskStep():
                yield step
            case a.BranchStep(arms=arms):
                for arm in arms:
                    yield from _asks(arm.steps)
            case _:
                pass


def _step(version: Version, path: str) -> a.AskStep | None:
    way = locate(version, path)
    step = way[-1][0][way[-1][1]] if way else None
    return step if isinstance(step, a.AskStep) else None


def _is_on_the_way(draft: Draft, version: Version, step: a.AskStep, back: str) -> bool:
    """Tell whether the branches that lead to a question, and not to ``back``, are taken now."""
    way, entered = locate(version, step.path), [block for block, _ in locate(version, back)]
    for (block, index), (inner, _) in pairwise(way):
        branch = block[index - 1]
        if not isinstance(branch, a.BranchStep) or any(inner is block for block in entered):
            continue
        if not holds(branch.condition, draft):
            return False
        taken = next((arm.steps for arm in branch.arms if holds(arm.condition, draft)), None)
        if taken is not inner:
            return False
    return True
