"""What happens when a timer fires."""

import re

from bot.domain.contacts import Consent
from bot.domain.conversation import SPEAKS_FOR
from bot.domain.outgoing import Why
from bot.domain.turns import TimerFired
from bot.domain.values import Value
from bot.engine.asking import reminder
from bot.engine.compete import possible
from bot.engine.compiled import locate
from bot.engine.conditions import holds
from bot.engine.draft import Draft
from bot.engine.guards import is_heard, is_muted
from bot.engine.members import bare_key
from bot.engine.messages import come_back, speak_best
from bot.engine.moving import moved
from bot.engine.question import open_question
from bot.engine.schedules import come_round
from bot.engine.silent import run_silent, silent_candidates, state_of
from bot.engine.slas import wait_missed
from bot.engine.steps import Runner
from bot.language import actions as a
from bot.language.conditions import All, Any, Condition, Holds, HoursAre
from bot.language.flows import Flow
from bot.language.rules import Rule
from bot.language.silence import is_silent


def timer_fired(draft: Draft, runner: Runner, fired: TimerFired) -> None:
    """Do what is due."""
    draft.why = Why.STARTED
    draft.winner = f"timer:{fired.key}"
    match fired.kind:
        case "remind":
            _remind(draft, runner, fired)
        case "expire":
            _expire(draft, runner, str(fired.payload.get("flow")))
        case "ask_timeout":
            _ask_timeout(draft, runner, fired)
        case "wait":
            _wait_over(draft, runner, fired.key)
        case "later":
            _later(draft, runner, fired)
        case "silence":
            _begin(draft, runner)
        case "sla":
            wait_missed(draft, fired)
        case "schedule":
            if come_round(draft, fired):
                _begin(draft, runner)
        case _:
            draft.trace(f"timer:{fired.key}", "skipped", "nobody knows this kind")


def _remind(draft: Draft, runner: Runner, fired: TimerFired) -> None:
    old = draft.flow
    flow = None if old is None else moved(draft, runner, old)
    if flow is None or flow.remind is None or flow.name != fired.payload.get("flow"):
        return
    if is_muted(draft) and not is_heard(draft):
        draft.trace(f"flow {flow.name}", "skipped", "no reminder while a person has the chat")
        return
    if any(not draft.is_open(name) for name in sorted(hours_of(flow))):
        draft.trace(f"flow {flow.name}", "skipped", "no reminder outside its hours")
    else:
        draft.visit(flow.place, "remind")
        draft.say(flow.remind.text, f"flow:{flow.name}")
    left = int(str(fired.payload.get("left", 1))) - 1
    if left > 0:
        draft.effects.append(reminder(draft, flow.remind, left))


_OPEN = re.compile(r"is_open\(\s*['\"]([^'\"]+)['\"]\s*\)")


def hours_of(flow: Flow) -> set[str]:
    """Return the opening hours that a flow's condition names."""
    return set().union(*map(_hours, flow.conditions))


def _hours(condition: Condition) -> set[str]:
    match condition:
        case HoursAre(name=name, opened=True):
            return {name}
        case Holds(expression=expression):
            return set(_OPEN.findall(expression.source))
        case All(parts=parts) | Any(parts=parts):
            return set().union(*map(_hours, parts))
        case _:
            return set()


def _expire(draft: Draft, runner: Runner, name: str) -> None:
    """End a flow whose customer fell silent, with what was opened above it and what called it."""
    index = next((n for n, one in enumerate(draft.frames) if one.flow == name), None)
    if index is None:
        return
    root = runner.root(index)
    runner.drop(root + 1, "expired")
    flow = draft.flow
    steps = flow.on.get("timeout") if flow else None
    if flow is not None:
        draft.visit(flow.place, "timeout")
    draft.trace(f"flow {name}", "expired")
    if steps:
        runner.run_last(steps, "expired")
    else:
        runner.drop(root, "expired")


def _ask_timeout(draft: Draft, runner: Runner, fired: TimerFired) -> None:
    question = open_question(draft, runner)
    if question is None or question.step.path != fired.payload.get("step"):
        return
    if question.flow.name != fired.payload.get("flow"):
        return
    draft.visit(question.step.place, "timeout")
    draft.in_handoff = draft.frames[-1].in_handoff
    runner.run_aside(question.flow, question.step.path, question.step.on_timeout or ())


def _wait_over(draft: Draft, runner: Runner, key: str) -> None:
    if not draft.frames or draft.frames[-1].awaiting != key:
        return
    draft.why = Why.ANSWER
    frame, before = draft.frames[-1], list(draft.frames)
    version = draft.compiled.version(frame.version)
    draft.top(awaiting="")
    draft.in_handoff = frame.in_handoff
    if campaign := frame.notes.get(SPEAKS_FOR):
        draft.why, draft.winner = Why.CAMPAIGN, str(campaign)
    if version is None:
        runner.end(None)
    else:
        runner.go_on(version, frame.step)
    come_back(draft, runner, before)


def _later(draft: Draft, runner: Runner, fired: TimerFired) -> None:
    version = draft.compiled.version(str(fired.payload.get("version")))
    if version is None:
        name = str(fired.payload.get("flow", ""))
        version = draft.compiled.rulebook.flows.get(name)
    way = locate(version, str(fired.payload.get("step"))) if version is not None else []
    step = way[-1][0][way[-1][1]] if way else None
    if version is None or not isinstance(step, a.LaterStep):
        draft.trace(fired.key, "skipped", "its step is gone from the files")
        return
    values = fired.payload.get("values")
    saved: dict[str, Value] = dict(values) if isinstance(values, dict) else {}
    draft.captures = saved
    if step.unless is not None and holds(step.unless, draft):
        draft.trace(fired.key, "skipped", "its `unless` holds")
        return
    name = bare_key(fired.key).removeprefix("later:")
    rule = Rule(id=f"later:{name}", triggers=(), steps=step.steps, hash=version.hash)
    if is_muted(draft) and not is_silent(rule):
        draft.trace(fired.key, "skipped", "a person has this chat")
        return
    hidden = fired.payload.get("sensitive")
    names = hidden if isinstance(hidden, (list, tuple)) else ()
    runner.run_rule(rule, saved, frozenset(str(one) for one in names))


def _begin(draft: Draft, runner: Runner) -> None:
    """Let the rules and flows begin that wait for this silence or this schedule."""
    muted, open_flow = is_muted(draft), draft.open_flow
    draft.in_handoff = muted
    before, silent = state_of(draft), silent_candidates(draft)
    rules = [rule for rule in possible(draft).rules if rule.during_handoff or not muted]
    flows = [] if muted or open_flow else possible(draft).flows
    if draft.contact.consent is Consent.WITHDRAWN:
        draft.trace(draft.winner, "skipped", "the contact opted out of what the bot starts")
    else:
        speak_best(draft, runner, [*rules, *flows])
    run_silent(draft, runner, silent, before)
