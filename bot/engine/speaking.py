"""Lets a candidate speak."""

from collections.abc import Iterable

from bot.domain.data import replace
from bot.domain.turns import EventRaised
from bot.domain.values import Value
from bot.engine.compete import Candidate
from bot.engine.draft import Draft
from bot.engine.steps import Runner
from bot.engine.triggers import BY_TEXT, INTENT, fits
from bot.language.rules import Rule
from bot.language.triggers import PatternTrigger, Regex

MOST_USES = 100  # moments that are remembered of a rule, unless its limit counts more


def speak(draft: Draft, runner: Runner, winner: Candidate) -> None:
    """Run a rule's steps, or start a flow."""
    captures = {**_captured_beside(draft, winner), **winner.hit.captures}
    draft.captures = captures
    event = draft.turn.event
    hidden = event.sensitive & captures.keys() if isinstance(event, EventRaised) else frozenset()
    if isinstance(winner.what, Rule):
        if winner.what.may_rest:
            _note_use(draft, winner.what)
        runner.run_rule(winner.what, captures, hidden)
    else:
        draft.trigger_is_intent = winner.hit.kind == INTENT
        runner.start(winner.what, captures, sensitive=hidden)
        draft.trigger_is_intent = False


def _captured_beside(draft: Draft, winner: Candidate) -> dict[str, Value]:
    """Return what other sentences of a flow capture of the text, whichever of its triggers won."""
    what = winner.what
    if isinstance(what, Rule) or winner.hit.kind not in BY_TEXT or len(what.triggers) < MORE:
        return {}
    sentences = [one for one in what.triggers if isinstance(one, PatternTrigger | Regex)]
    hits = [hit for one in reversed(sentences) if (hit := fits(one, draft)) is not None]
    return {name: value for hit in hits for name, value in hit.captures.items()}


MORE = 2  # triggers, of which one may capture what another does not


def join(draft: Draft, runner: Runner, winner: Candidate, others: Iterable[Candidate]) -> None:
    """Let the rules speak too that share their turn with the winner, as it does with them.

    Where one of them waits or begins a flow, the turn is that one's, and nobody speaks behind it.
    """
    depth = len(draft.frames)
    for other in others:
        if not share(winner, other):
            continue
        if len(draft.frames) != depth or draft.has_stopped or runner.reroutes:
            return
        draft.trace(other.path, "spoke", f"together with {winner.name}")
        speak(draft, runner, other)


def joining(draft: Draft, runner: Runner, others: Iterable[Candidate]) -> bool:
    """Let the rules that join speak beside an answer to the open question; True when one did."""
    depth, spoke = len(draft.frames), False
    for other in others:
        if not isinstance(other.what, Rule) or not other.what.joins:
            continue
        if len(draft.frames) != depth or draft.has_stopped or runner.reroutes:
            break
        draft.trace(other.path, "spoke", "beside an answer")
        speak(draft, runner, other)
        spoke = True
    return spoke


def share(winner: Candidate, other: Candidate) -> bool:
    """Tell whether two speak together: both are rules with ``then: join``."""
    return all(isinstance(one.what, Rule) and one.what.joins for one in (winner, other))


def _note_use(draft: Draft, rule: Rule) -> None:
    most = max(MOST_USES, rule.limit[0] if rule.limit else 0)
    used = (*draft.conversation.uses.get(rule.id, ()), draft.turn.now)[-most:]
    uses = {**draft.conversation.uses, rule.id: used}
    draft.conversation = replace(draft.conversation, uses=uses)
