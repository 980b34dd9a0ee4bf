"""What a `lead` step makes of a contact's lead."""

from dataclasses import replace

from bot.domain.effects import NoteLead
from bot.domain.leads import Lead, LeadChange, standing_of
from bot.domain.values import HIDDEN, Value
from bot.engine.draft import Draft
from bot.engine.hidden import sensitive_of
from bot.language import actions as a


def change_lead(draft: Draft, step: a.LeadStep, by: str) -> None:
    """Create or change the lead; its history keeps what changed of stage, score and owner."""
    before = draft.lead
    lead = before or Lead(contact_id=draft.contact.id, created_at=draft.turn.now)
    draft.told_hidden = False
    note = draft.render(step.note).strip()
    if draft.told_hidden:
        note = HIDDEN  # nothing but people reads it
    hidden = sensitive_of(draft, step.fields)
    lead = replace(
        lead,
        score=_score(lead.score, draft.render(step.score, "iso").strip()),
        stage=draft.render(step.stage).strip() or lead.stage,
        owner=draft.render(step.owner).strip() or lead.owner,
        fields={**lead.fields, **{name: draft.value(one) for name, one in step.fields.items()}},
        notes=(*lead.notes, note) if note else lead.notes,
        sensitive=(lead.sensitive - step.fields.keys()) | hidden,
    )
    draft.lead = lead
    if (was := standing_of(before)) != (now := standing_of(lead)):
        change = LeadChange(
            when=draft.turn.now, by=by, cause=draft.turn.cause, before=was, after=now, note=note
        )
        draft.effects.append(NoteLead(change=change))
    tell_change(draft, before, lead)


def tell_change(draft: Draft, before: Lead | None, lead: Lead) -> None:
    """Raise what others hear of a lead that is another now."""
    if lead == before:
        return
    was = standing_of(before)
    told: dict[str, Value] = {"stage": lead.stage, "score": lead.score, "owner": lead.owner}
    draft.raise_event("lead.created" if before is None else "lead.updated", told)
    if before is not None and lead.stage != was.stage:
        draft.raise_event("lead.stage_changed", {**told, "from": was.stage})
    if lead.score != was.score:
        draft.raise_event("lead.scored", {**told, "points": lead.score - was.score})


def _score(before: int, said: str) -> int:
    """Return a score after ``+10``, ``-5`` or ``60``; what is no number changes nothing."""
    try:
        points = round(float(said))
    except (ValueError, OverflowError):
        return before
    return before + points if said[0] in "+-" else points
