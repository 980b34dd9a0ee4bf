"""Who could have spoken in a turn, best first, and why each of the others did not."""

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.data import dataclass
from bot.domain.turns import Decision, Turn
from bot.engine.compete import Candidate, candidate, fallback
from bot.engine.compiled import Compiled
from bot.engine.conditions import holds
from bot.engine.decide import decide
from bot.engine.draft import Draft
from bot.engine.triggers import FALLBACK, fits
from bot.language import conditions as c
from bot.language.flows import Flow
from bot.language.places import Place
from bot.language.rules import Rule
from bot.language.silence import is_silent
from bot.language.triggers import Fallback

CLASSES = (
    "command", "exact keyword", "regex or plain pattern", "keyword", "pattern with a wildcard",
    "reaction", "media", "intent", "appeal", "sentiment", "mood", "language", "first_message",
    "after_silence", "event", "fallback",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One rule or flow start in a turn.

    Attributes:
        name: ``rule <id>`` or ``flow <name>``.
        outcome: won, silent (ran, says nothing), spoke (and left the turn), lost or no match.
        path: Where the reason stands: the condition that fails, else the rule or flow.
    """

    name: str
    outcome: str
    why: str
    path: str


def rank(turn: Turn, compiled: Compiled) -> tuple[Decision, list[Ranked]]:
    """Return what is decided, and every rule and flow start: those that fit first, best first."""
    decision = decide(turn, compiled)
    judge = _Judge(turn, compiled, decision)
    rulebook = compiled.rulebook
    flows = [flow for flow in rulebook.flows.values() if not flow.private and flow.triggers]
    whats: list[Rule | Flow] = [*rulebook.rules, *flows]
    judged = [judge.judge(what) for what in whats]
    judged.sort(key=lambda one: one[0])
    return decision, [ranked for _, ranked in judged]


class _Judge:
    """Tells of one rule or flow after another what became of it."""

    def __init__(self, turn: Turn, compiled: Compiled, decision: Decision) -> None:
        self._draft = Draft(turn, compiled)
        self._winner = decision.trace.winner
        self._best = self._winning(compiled)

    def _winning(self, compiled: Compiled) -> Candidate | None:
        whats: list[Rule | Flow] = [*compiled.rulebook.rules, *compiled.rulebook.flows.values()]
        for what in whats:
            if _name(what) == self._winner:
                return candidate(what, self._draft) or fallback(what, self._draft)
        return None

    def judge(self, what: Rule | Flow) -> tuple[tuple[object, ...], Ranked]:
        """Return the place in the order, and what became of it."""
        found = candidate(what, self._draft) or fallback(what, self._draft)
        rank: tuple[object, ...] = (2, what.place)
        if _name(what) == self._winner:
            rank, outcome, why, place = (0,), "won", self._fit(found), what.place
        elif found is not None:
            outcome, why = self._lost(what, found)
            rank, place = (1, found.rank), what.place
        else:
            outcome, why, place = self._unfit(what)
        kind = "rule" if isinstance(what, Rule) else "flow"
        name = what.id if isinstance(what, Rule) else what.name
        path = f"{place.file}:{place.line} {kind} {name}"
        return rank, Ranked(name=f"{kind} {name}", outcome=outcome, why=why, path=path)

    def _fit(self, found: Candidate | None) -> str:
        if found is None:
            return ""
        captures = ", ".join(sorted(found.hit.captures))
        told = f"{CLASSES[found.hit.kind]}"
        return f"{told}, captures {captures}" if captures else told

    def _lost(self, what: Rule | Flow, found: Candidate) -> tuple[str, str]:
        """Return what became of one that fits, and did not win."""
        if isinstance(what, Rule) and is_silent(what):
            return "silent", "it runs beside the others and says nothing"
        if isinstance(what, Rule) and what.goes_on and not self._draft.frames:
            return "spoke", "it speaks first and leaves the turn (then: continue)"
        both = (what, self._best.what if self._best is not None else None)
        if all(isinstance(one, Rule) and one.joins for one in both):
            return "spoke", "it speaks together with the winner (then: join)"
        if self._is_muted() and not (isinstance(what, Rule) and what.during_handoff):
            return "lost", "a person has this chat"
        open_flow = self._draft.flow
        if isinstance(what, Rule) and open_flow is not None and what.during_flow == "wait":
            return "lost", f"flow {open_flow.name} is open (during_flow: wait)"
        if found.hit.kind == FALLBACK and self._winner:
            return "lost", f"{self._winner} spoke, and a fallback speaks only when nobody else does"
        if self._best is None:
            return "lost", f"to {self._winner or 'nobody'}"
        return "lost", f"outranked by {self._best.name}: {_difference(found, self._best)}"

    def _is_muted(self) -> bool:
        handoff = self._draft.conversation.handoff
        return handoff is not None and handoff.until > self._draft.turn.now

    def _unfit(self, what: Rule | Flow) -> tuple[str, str, Place]:
        """Return why one does not fit: its triggers, a condition, or that it rests."""
        if isinstance(what, Rule) and not what.enabled:
            return "lost", "it is switched off (enabled: false)", what.place
        hit = any(fits(trigger, self._draft) for trigger in what.triggers)
        if not hit and not any(isinstance(trigger, Fallback) for trigger in what.triggers):
            return "no match", "no trigger fits", what.place
        for condition in what.conditions:
            failing = _failing(condition, self._draft)
            if failing is not None:
                return "lost", f"its condition {_kind(failing)} does not hold", failing.place
        if isinstance(what, Rule) and (resting := self._rest(what)):
            return "lost", resting, what.place
        return "lost", "in a group only rules with  chat: group  speak", what.place

    def _rest(self, rule: Rule) -> str:
        used = self._draft.conversation.uses.get(rule.id, ())
        now = self._draft.turn.now
        if rule.cooldown is not None and used and now - used[-1] < rule.cooldown:
            return f"it rests for {written_span(used[-1] + rule.cooldown - now)} more (cooldown)"
        if rule.until_open and used and self._draft.is_still_closed(rule.until_open, used[-1]):
            return f"it was said since {rule.until_open} closed"
        if rule.limit is not None:
            most, window = rule.limit
            if sum(now - moment < window for moment in used) >= most:
                return f"it spoke {most} times within {written_span(window)} (limit)"
        return ""


def _name(what: Rule | Flow) -> str:
    return f"rule:{what.id}" if isinstance(what, Rule) else f"flow:{what.name}"


def _failing(condition: c.Condition, draft: Draft) -> c.Condition | None:
    """Return the innermost condition that fails; None when all of it holds."""
    if holds(condition, draft):
        return None
    match condition:
        case c.All(parts=parts):
            failing = (_failing(part, draft) for part in parts)
            return next((one for one in failing if one is not None), condition)
        case _:
            return condition


def _kind(condition: c.Condition) -> str:
    """Return the word that the condition is written with."""
    match condition:
        case c.Holds(expression=expression):
            return f"'{expression.source}'"
        case c.Not(part=part):
            return f"not {_kind(part)}"
        case c.Any():
            return "any"
        case _:
            word = type(condition).__name__.removesuffix("Is").removesuffix("Are")
            words = {"HasTag": "tag", "InFlow": "in_flow", "LastReply": "last_reply"}
            return words.get(word, word.lower())


def _difference(found: Candidate, best: Candidate) -> str:
    """Return the first thing in which the better one is better."""
    return next(_steps(found, best), "it comes first in the files")


def _steps(found: Candidate, best: Candidate) -> Iterator[str]:
    mine, its = (
        one.what.priority if isinstance(one.what, Rule) else 100 for one in (found, best)
    )  # fmt: skip
    if mine != its:
        yield f"priority {mine} against {its}"
    if found.hit.kind != best.hit.kind:
        yield f"{CLASSES[found.hit.kind]} comes after {CLASSES[best.hit.kind]}"
    if found.hit.weight != best.hit.weight:
        yield "it matches fewer words or letters"
    if len(found.what.conditions) != len(best.what.conditions):
        yield "it has fewer conditions"


def written_span(span: timedelta) -> str:
    """Return a time span, to the second, as rules write it, such as 1h30m."""
    seconds = int(span.total_seconds())
    parts = []
    for letter, size in (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)):
        if seconds >= size:
            parts.append(f"{seconds // size}{letter}")
            seconds %= size
    return "".join(parts) or "0s"
