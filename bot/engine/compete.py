"""Who may speak: rules and flow starts that fit a turn, best first."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.engine.conditions import hold
from bot.engine.draft import Draft
from bot.engine.triggers import Hit, fits
from bot.language import actions as a
from bot.language.blocks import every_step
from bot.language.conditions import All, Any, ChatIs, Condition, Not
from bot.language.flows import Flow
from bot.language.rules import Rule
from bot.language.triggers import Fallback, Trigger

SILENT = (
    a.SetStep, a.UnsetStep, a.TagStep, a.LeadStep, a.HttpStep, a.NotifyStep, a.RunStep,
    a.LaterStep, a.ReactStep, a.EmitStep, a.BranchStep, a.EachStep, a.RepeatStep, a.EndStep,
    a.BreakStep, a.ContinueStep,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A rule, or a flow's start, that fits."""

    what: Rule | Flow
    hit: Hit
    rank: tuple[object, ...]

    @property
    def name(self) -> str:
        """Return ``rule:<id>`` or ``flow:<name>``."""
        return f"rule:{self.what.id}" if isinstance(self.what, Rule) else f"flow:{self.what.name}"

    @property
    def path(self) -> str:
        """Return the place and name for the trace."""
        kind, _, name = self.name.partition(":")
        return f"{self.what.place.file}:{self.what.place.line} {kind} {name}"


def is_silent(rule: Rule) -> bool:
    """Tell whether a rule only remembers and tells, and never speaks."""
    return all(isinstance(step, SILENT) for step in _spoken(rule.steps))


def _spoken(steps: tuple[a.Step, ...]) -> Iterable[a.Step]:
    """Return all steps but those that happen later."""
    inside = {
        id(inner)
        for step in every_step(steps)
        if isinstance(step, a.LaterStep)
        for inner in every_step(step.steps)
    }
    return (step for step in every_step(steps) if id(step) not in inside)


def candidate(what: Rule | Flow, draft: Draft) -> Candidate | None:
    """Return how a rule or flow start fits, None when it does not."""
    if isinstance(what, Rule) and not what.enabled:
        return None
    if not _group_allows(what, draft):
        return None
    hits = [hit for hit in (fits(trigger, draft) for trigger in what.triggers) if hit is not None]
    if not hits:
        return None
    hit = min(hits, key=lambda one: (one.kind, tuple(-part for part in one.weight)))
    return _held(what, hit, draft)


def fallback(what: Rule | Flow, draft: Draft) -> Candidate | None:
    """Return a fallback rule or flow whose conditions hold."""
    if isinstance(what, Rule) and not what.enabled:
        return None
    if not any(isinstance(trigger, Fallback) for trigger in what.triggers):
        return None
    if not _group_allows(what, draft):
        return None
    return _held(what, Hit(kind=14), draft)


def _held(what: Rule | Flow, hit: Hit, draft: Draft) -> Candidate | None:
    path = f"{what.place.file}:{what.place.line}"
    kept = draft.captures
    draft.captures = dict(hit.captures)
    try:
        if not hold(what.conditions, draft):
            draft.trace(path, "lost", "a condition does not hold")
            return None
    finally:
        draft.captures = kept
    if isinstance(what, Rule) and _rests(what, draft):
        draft.trace(path, "lost", "it rests: cooldown or limit")
        return None
    priority = what.priority if isinstance(what, Rule) else 100
    rank = (
        -priority, hit.kind, tuple(-part for part in hit.weight), -len(what.conditions),
        what.place.file, what.place.line,
    )  # fmt: skip
    return Candidate(what=what, hit=hit, rank=rank)


def _rests(rule: Rule, draft: Draft) -> bool:
    used = draft.conversation.uses.get(rule.id, ())
    now = draft.turn.now
    if rule.cooldown is not None and used and now - used[-1] < rule.cooldown:
        return True
    if rule.limit is not None:
        most, window = rule.limit
        return sum(now - moment < window for moment in used) >= most
    return False


def _group_allows(what: Rule | Flow, draft: Draft) -> bool:
    """In groups only what says `chat: group` takes part."""
    if not draft.conversation.chat.endswith("@g.us"):
        return True
    return any(_names_group(condition) for condition in what.conditions)


def _names_group(condition: Condition) -> bool:
    match condition:
        case ChatIs(group=group):
            return group
        case All(parts=parts) | Any(parts=parts):
            return any(_names_group(part) for part in parts)
        case Not(part=part):
            return isinstance(part, ChatIs) and not part.group
        case _:
            return False


def ranked(whats: Iterable[Rule | Flow], draft: Draft) -> list[Candidate]:
    """Return those that fit, the best first."""
    found = [one for one in (candidate(what, draft) for what in whats) if one is not None]
    return sorted(found, key=lambda one: one.rank)


def readers(whats: Iterable[Rule | Flow]) -> Iterable[Trigger]:
    """Return all triggers of these rules and flows."""
    return (trigger for what in whats for trigger in what.triggers)
