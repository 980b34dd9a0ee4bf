"""Who may speak: rules and flow starts that fit a turn, best first."""

from collections.abc import Collection, Iterable, Sequence

from bot.domain.data import dataclass, replace
from bot.domain.values import Value
from bot.engine.conditions import hold
from bot.engine.draft import Draft
from bot.engine.facts import Possible
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
    if not group_allows(what, draft):
        return None
    hits = [hit for trigger in what.triggers if (hit := fits(trigger, draft)) is not None]
    if not hits:
        return None
    hit = hits[0] if len(hits) == 1 else min(hits, key=rank_of)
    return _held(what, hit, draft)


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
    if isinstance(what, Rule) and _rests(what, draft):
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
    if not draft.conversation.chat.endswith("@g.us"):
        return True
    if isinstance(what, Rule) and what.id in draft.compiled.silent:
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


def possible(draft: Draft) -> tuple[Rule | Flow, ...]:
    """Return the rules and flow starts that can fit the text, in the order of the rulebook."""
    return _look(draft).all


def _look(draft: Draft) -> Possible:
    """Look a text up, once."""
    if draft.looked is None:
        found = draft.compiled.index.possible(
            draft.turn.event, draft.text, draft.folded, draft.understanding
        )
        draft.looked = _sorted(found, draft.compiled.silent)
    return draft.looked


NOTHING = Possible((), (), (), ())


def _sorted(whats: tuple[Rule | Flow, ...], quiet: Collection[str]) -> Possible:
    """Return what can fit by its kind."""
    if not whats:
        return NOTHING
    rules = [what for what in whats if isinstance(what, Rule)]
    return Possible(
        whats,
        tuple([rule for rule in rules if rule.id not in quiet]),
        tuple([rule for rule in rules if rule.id in quiet]),
        tuple([what for what in whats if isinstance(what, Flow)]),
    )


def possible_rules(draft: Draft) -> tuple[Rule, ...]:
    """Return the rules among them that speak."""
    return _look(draft).rules


def possible_silent(draft: Draft) -> tuple[Rule, ...]:
    """Return the rules among them that never speak."""
    return _look(draft).silent


def possible_flows(draft: Draft) -> tuple[Flow, ...]:
    """Return the flows among them."""
    return _look(draft).flows


def ranked(whats: Sequence[Rule | Flow], draft: Draft) -> list[Candidate]:
    """Return those that fit, the best first."""
    if not whats:
        return []
    found = [one for what in whats if (one := candidate(what, draft)) is not None]
    return sorted(found, key=lambda one: one.rank) if len(found) > 1 else found
