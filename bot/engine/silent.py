"""Silent rules: they run for every message, on the state before the turn, and never speak."""

from collections.abc import Mapping

from bot.domain.contacts import Contact
from bot.domain.conversation import Conversation, Frame
from bot.domain.data import dataclass, replace
from bot.domain.leads import Lead
from bot.domain.values import Value
from bot.engine.compete import Candidate, possible, ranked
from bot.engine.draft import Draft
from bot.engine.speaking import speak
from bot.engine.steps import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a turn may change, at one moment of it."""

    contact: Contact
    lead: Lead | None
    conversation: Conversation
    frames: tuple[Frame, ...]


def state_of(draft: Draft) -> State:
    """Return the state as it stands."""
    return State(
        contact=draft.contact, lead=draft.lead, conversation=draft.conversation,
        frames=tuple(draft.frames),
    )  # fmt: skip


def silent_candidates(draft: Draft) -> list[Candidate]:
    """Return the silent rules that fit now."""
    return ranked(possible(draft).silent, draft)


def run_silent(draft: Draft, runner: Runner, found: list[Candidate], before: State) -> None:
    """Run silent rules on the state ``before`` the turn, and join what they change to the rest."""
    if not found:
        return
    after, winner, captures, why = state_of(draft), draft.winner, draft.captures, draft.why
    stopped, steps = draft.has_stopped, draft.steps_left
    draft.has_stopped, draft.steps_left = False, draft.turn.settings.steps
    put_back(draft, before)
    waiting: list[Frame] = []
    for one in found:
        draft.frames[:] = before.frames
        draft.trace(one.path, "silent")
        draft.winner = one.name
        speak(draft, runner, one)
        waiting += draft.frames[len(before.frames) :]
    draft.frames[:] = before.frames
    mine = state_of(draft)
    first_stage = draft.compiled.rulebook.leads.first_stage
    put_back(draft, _joined(before, mine, after, first_stage))
    draft.frames[:] = [*waiting, *after.frames]
    draft.winner, draft.captures, draft.why = winner, captures, why
    draft.has_stopped, draft.steps_left = stopped, steps


def put_back(draft: Draft, state: State) -> None:
    """Let a draft stand as it stood at that moment; what it asks for stays asked."""
    draft.contact, draft.lead = state.contact, state.lead
    draft.conversation, draft.frames[:] = state.conversation, state.frames


def _joined(before: State, mine: State, after: State, first_stage: str) -> State:
    """Return ``after`` with everything that ``mine`` changed since ``before``."""
    contact, own = after.contact, mine.contact
    changed = replace(
        contact,
        tags=(contact.tags | (own.tags - before.contact.tags)) - (before.contact.tags - own.tags),
        fields=_changed(before.contact.fields, own.fields, contact.fields),
        sensitive=contact.sensitive | own.sensitive,
        name=own.name if own.name != before.contact.name else contact.name,
        language=own.language if own.language != before.contact.language else contact.language,
    )
    known = before.conversation.uses
    spoken = {rule: used for rule, used in after.conversation.uses.items()
              if used != known.get(rule)}  # fmt: skip
    uses = {**after.conversation.uses, **mine.conversation.uses, **spoken}
    return State(
        contact=changed,
        lead=_joined_lead(before.lead, mine.lead, after.lead, first_stage),
        conversation=_given(
            before.conversation, mine.conversation, replace(after.conversation, uses=uses)
        ),
        frames=after.frames,
    )


def _given(before: Conversation, mine: Conversation, after: Conversation) -> Conversation:
    """Return a conversation with whom a silent rule gave the chat to."""
    if (mine.team, mine.member) == (before.team, before.member):
        return after
    handoff = after.handoff
    if handoff is not None and mine.handoff is not None:
        handoff = replace(handoff, team=mine.handoff.team)
    return replace(after, team=mine.team, member=mine.member, handoff=handoff)


def _changed(
    before: Mapping[str, Value], mine: Mapping[str, Value], after: Mapping[str, Value]
) -> dict[str, Value]:
    gone = before.keys() - mine.keys()
    new = {name: value for name, value in mine.items() if before.get(name) != value}
    return {**{name: value for name, value in after.items() if name not in gone}, **new}


def _joined_lead(
    before: Lead | None, mine: Lead | None, after: Lead | None, first_stage: str
) -> Lead | None:
    if mine is None or mine == before or after is None:
        return mine if mine != before or after is None else after
    base = before or Lead(contact_id=mine.contact_id, stage=first_stage)
    return replace(
        after,
        score=after.score + mine.score - base.score,
        stage=mine.stage if mine.stage != base.stage else after.stage,
        owner=mine.owner if mine.owner != base.owner else after.owner,
        fields=_changed(base.fields, mine.fields, after.fields),
        sensitive=after.sensitive | mine.sensitive,
        notes=(*after.notes, *mine.notes[len(base.notes) :]),
    )
