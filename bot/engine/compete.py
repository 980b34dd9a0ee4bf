"""Who may speak: rules and flow starts that fit a turn, best first."""

from collections.abc import Iterable, Sequence

from bot.domain.data import dataclass, replace
from bot.domain.values import Value
from bot.engine.conditions import hold
from bot.engine.draft import Draft
from bot.engine.possible import Possible
from bot.engine.triggers import FALLBACK, INTENT, Hit, fits, rank_of
from bot.language.conditions import All, Any, ChatIs, Condition, GroupIs, LastReply, Not
from bot.language.flows import Flow
from bot.language.rules import Rule
from bot.language.triggers import Fallback, Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A rule, or a flow's start, that fits."""

    what: Rule | Flow
    hit: Hit

    @property
    def name(self) -> str:
        """Return ``rule:<id>`` or ``flow:<name>``."""
        return f"rule:{self.what.id}" if isinstance(self.what, Rule) else f"flow:{self.what.name}"

    @property
    def path(self) -> str:
        """Return the place and name for the trace."""
        what = self.what
        named = f"rule {what.id}" if isinstance(what, Rule) else f"flow {what.name}"
        return f"{_place(what)} {named}"

    @property
    def rank(self) -> tuple[object, ...]:
        """Return what candidates are ordered by: the smaller is the better."""
        what = self.what
        priority = what.priority if isinstance(what, Rule) else 100
        return (
            -priority, *rank_of(self.hit), -sum(map(_count, what.conditions)),
            what.place.file, what.place.line,
        )  # fmt: skip


SURE = 0.8  # an intent's own `min`, from which on it interrupts questions that take any text


def is_sure(one: Candidate) -> bool:
    """Tell whether an intent fits whose trigger asks for much."""
    if one.hit.kind != INTENT:
        return False
    return any(
        isinstance(trigger, Intent) and SURE <= (trigger.least or 0) <= one.hit.weight[0]
        for trigger in one.what.triggers
    )


def _place(what: Rule | Flow) -> str:
    return f"{what.place.file}:{what.place.line}"


def candidate(what: Rule | Flow, draft: Draft) -> Candidate | None:
    """Return how a rule or flow start fits, None when it does not."""
    if isinstance(what, Rule) and not what.enabled:
        return None
    if draft.is_group and not group_allows(what, draft):
        return None
    best: Hit | None = None
    for trigger in what.triggers:
        hit = fits(trigger, draft)
        if hit is not None and (best is None or rank_of(hit) < rank_of(best)):
            best = hit
    return None if best is None else _held(what, best, draft)


def fallback(what: Rule | Flow, draft: Draft) -> Candidate | None:
    """Return a fallback rule or flow whose conditions hold."""
    if isinstance(what, Rule) and not what.enabled:
        return None
    if not any(isinstance(trigger, Fallback) for trigger in what.triggers):
        return None
    if not group_allows(what, draft):
        return None
    trigger = next(one for one in what.triggers if isinstance(one, Fallback))
    fixed = {name: draft.value(value) for name, value in trigger.captures.items()}
    return _held(what, Hit(kind=FALLBACK, captures=fixed), draft)


def _held(what: Rule | Flow, hit: Hit, draft: Draft) -> Candidate | None:
    if what.conditions:
        heard = _from_last_reply(what.conditions, draft)
        if heard:
            hit = replace(hit, captures={**heard, **hit.captures})
        kept, draft.captures = draft.captures, dict(hit.captures)
        try:
            if not hold(what.conditions, draft):
                draft.trace(_place(what), "lost", "a condition does not hold")
                return None
        finally:
            draft.captures = kept
    if isinstance(what, Rule) and what.may_rest and _rests(what, draft):
        draft.trace(_place(what), "lost", "it rests: cooldown or limit")
        return None
    return Candidate(what=what, hit=hit)


def _rests(rule: Rule, draft: Draft) -> bool:
    used = draft.conversation.uses.get(rule.id, ())
    now = draft.turn.now
    if rule.cooldown is not None and used and now - used[-1] < rule.cooldown:
        return True
    if rule.until_open and used and draft.is_still_closed(rule.until_open, used[-1]):
        return True
    if rule.limit is not None:
        most, window = rule.limit
        return sum(now - moment < window for moment in used) >= most
    return False


def _from_last_reply(conditions: Iterable[Condition], draft: Draft) -> dict[str, Value]:
    """Return what the patterns of `last_reply` captured of our last text."""
    found: dict[str, Value] = {}
    for condition in conditions:
        match condition:
            case LastReply(patterns=patterns):
                last = draft.last_said
                fits = (pattern.match(last) for pattern in patterns)
                found.update(next((one for one in fits if one is not None), {}))
            case All(parts=parts):
                found.update(_from_last_reply(parts, draft))
            case _:
                pass
    return found


def _count(condition: Condition) -> int:
    """Return how many conditions one is made of."""
    return sum(map(_count, condition.parts)) if isinstance(condition, All) else 1


def group_allows(what: Rule | Flow, draft: Draft) -> bool:
    """In groups only what says `chat: group` speaks."""
    if not draft.is_group or (isinstance(what, Rule) and what.id in draft.compiled.silent):
        return True
    return any(_names_group(condition) for condition in what.conditions)


def _names_group(condition: Condition) -> bool:
    match condition:
        case ChatIs(group=group):
            return group
        case GroupIs():
            return True
        case All(parts=parts) | Any(parts=parts):
            return any(_names_group(part) for part in parts)
        case Not(part=part):
            return isinstance(part, ChatIs) and not part.group
        case _:
            return False


def possible(draft: Draft) -> Possible:
    """Return what can fit the text; it is looked up once."""
    looked = draft.looked
    if looked is None:
        looked = draft.looked = draft.compiled.index.possible(
            draft.turn.event, draft.text, draft.folded, draft.understanding
        )
    return looked


def ranked(whats: Sequence[Rule | Flow], draft: Draft) -> list[Candidate]:
    """Return those that fit, the best first."""
    if not whats:
        return []
    found = [one for what in whats if (one := candidate(what, draft)) is not None]
    return sorted(found, key=lambda one: one.rank) if len(found) > 1 else found
