"""What becomes of a contact's lead: by steps and actions, and by what the files say of leads."""

from collections.abc import Sequence

from bot.domain.data import replace
from bot.domain.effects import Effect, NoteLead
from bot.domain.leads import Lead, LeadChange, Standing, standing_of
from bot.domain.values import HIDDEN, Value
from bot.engine.conditions import hold
from bot.engine.draft import Draft
from bot.engine.hidden import sensitive_of
from bot.engine.teams import owner_of
from bot.language import actions as a
from bot.language.leads import Qualify

OWNER, QUALIFIED = "leads:owner", "leads:qualify"
"""Who changed a lead, where what the files say of all leads did."""


def change_lead(draft: Draft, step: a.LeadStep, by: str) -> None:
    """Create or change the lead; its history keeps what changed of stage, score and owner."""
    lead = draft.lead or new_lead(draft)
    draft.told_hidden = False
    note = draft.render(step.note).strip()
    if draft.told_hidden:
        note = HIDDEN  # nothing but people reads it
    hidden = sensitive_of(draft, step.fields)
    score, rest = _score(lead, draft.render(step.score, "iso").strip())
    lead = replace(
        lead,
        score=score,
        rest=rest,
        stage=draft.render(step.stage).strip() or lead.stage,
        owner=draft.render(step.owner).strip() or lead.owner,
        fields={**lead.fields, **{name: draft.value(one) for name, one in step.fields.items()}},
        notes=(*lead.notes, note) if note else lead.notes,
        sensitive=(lead.sensitive - step.fields.keys()) | hidden,
    )
    put_lead(draft, lead, by, note)
    _own(draft)  # the next step may tell who it is


def new_lead(draft: Draft) -> Lead:
    """Return the lead of a contact who has none yet."""
    return Lead(
        contact_id=draft.contact.id, stage=draft.compiled.rulebook.leads.first_stage,
        created_at=draft.turn.now,
    )  # fmt: skip


def put_lead(draft: Draft, lead: Lead, by: str, note: str = "") -> None:
    """Let a lead stand as it is now: a line for its history, and events that rules may hear."""
    before = draft.lead
    draft.lead = lead
    was, now = standing_of(before), standing_of(lead)
    if was != now:
        change = LeadChange(
            when=draft.turn.now, by=by, cause=draft.turn.cause, before=was, after=now, note=note
        )
        draft.effects.append(NoteLead(change=change))
    if lead == before:
        return
    told: dict[str, Value] = {"stage": lead.stage, "score": lead.score, "owner": lead.owner}
    draft.raise_event("lead.created" if before is None else "lead.updated", told)
    if before is not None and was.stage != now.stage:
        draft.raise_event("lead.stage_changed", {**told, "from": was.stage})
    if was.score != now.score:
        draft.raise_event("lead.scored", {**told, "points": now.score - was.score})
    if was.owner != now.owner:
        draft.raise_event("lead.assigned", {**told, "from": was.owner})


def settle_lead(draft: Draft) -> None:
    """At the end of a turn: a lead that nobody has gets an owner, and one that may is qualified."""
    book, lead = draft.compiled.rulebook.leads, draft.lead
    if lead is None:
        return
    if lead != draft.turn.lead:
        _own(draft)
    if book.qualify is not None and lead.qualified_at is None:
        _qualify(draft, book.qualify, book.stages)


def _own(draft: Draft) -> None:
    """Give a lead that nobody has to whoever the files name for it."""
    owners, lead = draft.compiled.rulebook.leads.owners, draft.lead
    if lead is None or lead.owner or not owners:
        return
    owner = owner_of(draft, owners)
    if owner:
        put_lead(draft, replace(lead, owner=owner), OWNER)


def _qualify(draft: Draft, qualify: Qualify, stages: Sequence[str]) -> None:
    """Qualify the lead once, if all holds; one that stands farther already keeps its stage."""
    lead = draft.lead
    if lead is None or not hold(qualify.conditions, draft):
        return
    farther = lead.stage in stages and stages.index(lead.stage) > stages.index(qualify.stage)
    owner = lead.owner or owner_of(draft, qualify.owners)
    stage = lead.stage if farther else qualify.stage
    lead = replace(lead, stage=stage, owner=owner, qualified_at=draft.turn.now)
    put_lead(draft, lead, QUALIFIED, draft.render(qualify.note).strip())
    draft.trace("leads qualify", "qualified")
    told: dict[str, Value] = {"stage": stage, "score": lead.score, "owner": owner}
    draft.raise_event("lead.qualified", told)


def in_line(effects: Sequence[Effect], start: Standing, first_stage: str) -> list[Effect]:
    """Return effects with the history of the lead in one line, each change on the one before.

    Silent rules are decided on the state before the turn, beside what speaks.
    """
    found: list[Effect] = []
    for effect in effects:
        if isinstance(effect, NoteLead):
            before, after = effect.change.before, effect.change.after
            was = before.stage or (first_stage if start.stage else "")  # created more than once
            end = Standing(
                stage=after.stage if after.stage != was else start.stage,
                score=start.score + effect.change.points,
                owner=after.owner if after.owner != before.owner else start.owner,
            )
            effect = NoteLead(change=replace(effect.change, before=start, after=end))  # noqa: PLW2901
            start = end
        found.append(effect)
    return found


def _score(lead: Lead, said: str) -> tuple[int, float]:
    """Return a score after ``+10``, ``-5`` or ``60``; what is no number changes nothing."""
    try:
        points = round(float(said))
    except (ValueError, OverflowError):
        return lead.score, lead.rest
    return (lead.score + points, lead.rest) if said[0] in "+-" else (points, 0.0)
