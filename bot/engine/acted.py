"""What a user's action asked for is done as if a rule had asked."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from bot.domain import acting
from bot.domain.data import replace
from bot.domain.effects import Notify
from bot.domain.values import HIDDEN
from bot.engine.draft import Draft
from bot.engine.fields import put_field, put_variable
from bot.engine.guards import is_muted
from bot.engine.leads import new_lead, put_lead
from bot.engine.replies import menu
from bot.engine.reply import Reply


def act(
    draft: Draft, effects: Iterable[acting.ActionEffect], by: str, *, sensitive: bool = False
) -> None:
    """Carry out what an action returned. ``sensitive``: it was told something that is."""
    for effect in effects:
        match effect:
            case acting.Reply():
                _reply(draft, effect, by, sensitive=sensitive)
            case acting.Notify(to=to, text=text):
                draft.effects.append(Notify(to=to, text=text, by=by, is_sensitive=sensitive))
            case acting.Tag(name=name):
                draft.tag(name.strip())
            case acting.Untag(name=name):
                draft.tag(name.strip(), remove=True)
            case acting.SetField(name=name, value=value):
                put_field(draft, name, value, by, sensitive=sensitive)
            case acting.SetVariable(name=name, value=value):
                put_variable(draft, name, value, by, sensitive=sensitive)
            case acting.ScoreLead():
                _score(draft, effect, by, sensitive=sensitive)
            case acting.Emit(event=event, data=data):
                told = dict(data) if isinstance(data, Mapping) else {}
                draft.raise_event(event, told, frozenset(told if sensitive else ()))
            case _:
                assert_never(effect)


def _reply(draft: Draft, reply: acting.Reply, by: str, *, sensitive: bool) -> None:
    if is_muted(draft):
        draft.trace(by, "skipped", "a person has this chat")
        return
    buttons = tuple(reply.buttons)
    text = "\n".join(part for part in (reply.text, menu(buttons)) if part)
    draft.speak(Reply(text=text, buttons=buttons, is_sensitive=sensitive), by)


def _score(draft: Draft, told: acting.ScoreLead, by: str, *, sensitive: bool) -> None:
    lead = draft.lead or new_lead(draft)
    note = HIDDEN if sensitive and told.note else told.note
    lead = replace(
        lead,
        score=lead.score + told.points,
        stage=told.stage or lead.stage,
        owner=told.owner or lead.owner,
        fields={**lead.fields, **told.fields},
        notes=(*lead.notes, note) if note else lead.notes,
        sensitive=lead.sensitive | frozenset(told.fields if sensitive else ()),
    )
    put_lead(draft, lead, by, note)
