"""Questions beside something else in a message: each is answered, then the rest is heard."""

from collections.abc import Iterable

from bot.domain.data import dataclass
from bot.engine.compete import Candidate, possible, ranked
from bot.engine.draft import Draft
from bot.engine.speaking import speak
from bot.engine.steps import Runner
from bot.engine.triggers import BY_TEXT
from bot.language import actions as a
from bot.language.blocks import every_step
from bot.language.flows import Flow
from bot.language.inquiries import Clause, clauses_of, is_one, may_ask, without
from bot.language.rules import Rule

LEAST = 2  # parts of a message that may be more than one thing


@dataclass(frozen=True, slots=True)
class Beside:
    """Questions of a message, each with the rule that answers it, and what is left without them."""

    asked: tuple[tuple[Clause, Candidate], ...]
    rest: str

    @property
    def joins(self) -> bool:
        """Tell whether a rule among them shares its turn in a way of its own."""
        return any(isinstance(one.what, Rule) and one.what.joins for _, one in self.asked)


def beside(draft: Draft, *, in_flow: bool) -> Beside | None:
    """Return the questions that stand beside something else in a message; None without any.

    Args:
        in_flow: A question is open: a question that begins another flow is no matter of a rule.
    """
    text = draft.text
    if not may_ask(text, draft.folded.words) or is_one(text):
        return None
    clauses = clauses_of(text)
    if len(clauses) < LEAST or not any(one.asks for one in clauses):
        return None
    found: dict[str, tuple[Clause, Candidate]] = {}
    heard = []
    for clause in clauses:
        best = _answering(draft, clause, in_flow=in_flow) if clause.asks else None
        if best is not None:
            heard.append(clause)
            found.setdefault(best.name, (clause, best))
    draft.hear_again(text)
    if not found:
        return None
    return Beside(tuple(found.values()), without(text, heard))


def _answering(draft: Draft, clause: Clause, *, in_flow: bool) -> Candidate | None:
    """Return the rule that knows a question by its words, and does nothing but answer it."""
    draft.hear(clause.text)
    found = possible(draft)
    whats: list[Rule | Flow] = [one for one in found.speaking if one.during_flow == "answer"]
    whats += () if in_flow else found.flows
    best = next(iter(ranked(whats, draft)), None)
    if best is None or best.hit.kind not in BY_TEXT or not _is_answer(best.what):
        return None
    return best


def _is_answer(what: Rule | Flow) -> bool:
    """Tell whether a rule does nothing but answer: it neither waits nor begins anything."""
    if not isinstance(what, Rule):
        return False
    return all(isinstance(one, ANSWERS) for one in every_step(what.steps))


ANSWERS = (a.ReplyStep, a.ReactStep, a.TagStep, a.BranchStep, a.LeadStep, a.NotifyStep)


def answer(draft: Draft, runner: Runner, asked: Iterable[tuple[Clause, Candidate]]) -> None:
    """Answer questions, in their order."""
    text, winner = draft.text, draft.winner
    for clause, one in asked:
        draft.hear(clause.text)
        draft.winner = one.name
        draft.trace(one.path, "spoke", "beside something else")
        speak(draft, runner, one)
    draft.hear_again(text)
    draft.winner = winner
