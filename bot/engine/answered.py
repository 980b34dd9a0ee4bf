"""The result of an awaited call goes on with the steps that wait for it."""

import re

from bot.domain.conversation import SPEAKS_FOR
from bot.domain.outgoing import Why
from bot.domain.turns import CallAnswered
from bot.domain.values import Value
from bot.engine.acted import act
from bot.engine.compiled import locate
from bot.engine.draft import Draft
from bot.engine.messages import come_back
from bot.engine.steps import Runner
from bot.language import actions as a


def call_answered(draft: Draft, runner: Runner, answered: CallAnswered) -> None:
    """Go on with what waits for this call."""
    hidden = answered.is_sensitive
    act(draft, answered.effects, f"action:{answered.name}", sensitive=hidden)
    index = next((n for n, one in enumerate(draft.frames) if one.awaiting == answered.key), None)
    if index is None:
        if not answered.effects:
            draft.trace("call", "skipped", "nobody waits for it any more")
        return
    if index == len(draft.frames) - 1:
        _go_on(draft, runner, answered)
        return
    mine = draft.frames.pop(index)  # a silent rule, which waits under what the customer is asked
    others, winner = draft.frames[:], draft.winner
    draft.frames[:] = [mine]
    _go_on(draft, runner, answered)
    draft.frames[:] = [*draft.frames, *others]
    draft.winner = winner


def _go_on(draft: Draft, runner: Runner, answered: CallAnswered) -> None:
    frame = draft.frames[-1]
    version = draft.compiled.version(frame.version)
    if version is None:
        version = draft.compiled.rulebook.flows.get(frame.flow)
    way = locate(version, frame.step) if version is not None else []
    step = way[-1][0][way[-1][1]] if way else None
    draft.top(awaiting="")
    if version is None or not isinstance(step, a.HttpStep | a.RunStep):
        runner.end(None)
        return
    draft.in_handoff = frame.in_handoff
    draft.winner = frame.flow if frame.flow.startswith("rule:") else f"flow:{frame.flow}"
    if campaign := frame.notes.get(SPEAKS_FOR):
        draft.why, draft.winner = Why.CAMPAIGN, str(campaign)
    before = list(draft.frames)
    if answered.error or answered.status >= 400:
        draft.trace(str(step.place), "failed", answered.error or f"status {answered.status}")
        if step.on_error is not None:
            _tell(draft, answered)
            runner.run_aside(version, step.path, step.on_error)
        else:
            _fail(draft, runner, answered)
    else:
        _save(runner, step, answered)
        runner.go_on(version, step.path)
    come_back(draft, runner, before)


def _fail(draft: Draft, runner: Runner, answered: CallAnswered) -> None:
    """Do what the flow does about failures, or else the nearest of those that called it."""
    at = len(draft.frames) - 1
    for index in range(at, runner.root(at) - 1, -1):
        frame = draft.frames[index]
        flow = draft.flow_of(frame)
        steps = flow.on.get("error", ()) if flow is not None else ()
        if flow is not None and steps:
            runner.drop(index + 1)
            _tell(draft, answered)
            runner.run_aside(flow, frame.step, steps)
            return
    frame = draft.frames[-1]
    version = draft.compiled.version(frame.version) or draft.flow
    if version is None:
        runner.end(None)
    else:
        runner.go_on(version, frame.step)


def _tell(draft: Draft, answered: CallAnswered) -> None:
    """Keep what went wrong, for the steps that say it."""
    frame, status = draft.frames[-1], answered.status
    told: dict[str, Value] = {
        "what": answered.error or f"status {status}", "status": status or None,
        "body": answered.body,
    }  # fmt: skip
    hidden = frozenset((a.ERROR,)) if answered.is_sensitive else frozenset()
    draft.top(saved={**frame.saved, a.ERROR: told}, sensitive=frame.sensitive - {a.ERROR} | hidden)


def _save(runner: Runner, step: a.HttpStep | a.RunStep, answered: CallAnswered) -> None:
    if isinstance(step, a.RunStep):
        if step.save:
            runner.fill(step.save, answered.body)
        return
    for name, path in step.save.items():
        runner.fill(name, pick(answered.body, path))


def pick(value: Value, path: str) -> Value:
    """Return what a path such as ``$.items[0].id`` points to, None when nothing is there."""
    for key, index, quoted in re.findall(r"\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]", path):
        if index:
            many = value if isinstance(value, (list, tuple)) else ()
            value = many[int(index)] if int(index) < len(many) else None
        else:
            value = value.get(key or quoted) if isinstance(value, dict) else None
    return value
