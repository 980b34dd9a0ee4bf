"""A named event: a webhook, an `emit`, a schedule, an advert's click."""

from bot.domain.outgoing import Why
from bot.domain.turns import EventRaised
from bot.engine.compete import possible
from bot.engine.draft import Draft
from bot.engine.guards import is_heard, is_muted
from bot.engine.messages import speak_best
from bot.engine.question import open_question
from bot.engine.silent import run_silent, silent_candidates, state_of
from bot.engine.steps import Runner


def event_raised(draft: Draft, runner: Runner, event: EventRaised) -> None:
    """Let rules and flows hear an event: the best speaks, all silent ones run."""
    draft.why = Why.STARTED
    draft.note_heard(event.name)
    muted = is_muted(draft)
    draft.in_handoff = muted
    before, silent = state_of(draft), silent_candidates(draft)
    rules = [rule for rule in possible(draft).rules if rule.during_handoff or not muted]
    question = open_question(draft, runner) if is_heard(draft) else None
    flows = []
    if not muted and (question is None or question.flow.interrupt == "allow"):
        open_flows = {frame.flow for frame in draft.frames}
        flows = [flow for flow in possible(draft).flows if flow.name not in open_flows]
    depth = len(draft.frames)
    spoke = speak_best(draft, runner, [*rules, *flows])
    if spoke and question is not None and _answered(draft) and len(draft.frames) == depth:
        question.put_again()
    run_silent(draft, runner, silent, before)


def _answered(draft: Draft) -> bool:
    """Tell whether the winner is a rule that answers in the middle of a flow."""
    rules = draft.compiled.rulebook.rules
    return any(rule.during_flow == "answer" and draft.winner == f"rule:{rule.id}" for rule in rules)
