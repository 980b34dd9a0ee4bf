"""Which of the models' readings a rulebook looks at."""

from collections.abc import Iterable

from bot.domain.understanding import Need
from bot.language import triggers as t
from bot.language.conditions import (
    All,
    Any,
    AppealIs,
    Condition,
    IntentIs,
    MoodIs,
    Not,
    SentimentIs,
)
from bot.language.entities import ENTITY_KINDS
from bot.language.flows import Flow, Slot
from bot.language.rules import Rule


def needs_of(whats: Iterable[Rule | Flow]) -> frozenset[Need]:
    """Return what the triggers and conditions of these rules and flows look at."""
    wanted: set[Need] = set()
    for what in whats:
        for trigger in what.triggers:
            match trigger:
                case t.Intent() | t.Unclear():
                    wanted.add(Need.INTENT)
                case t.AppealTrigger():
                    wanted.add(Need.APPEAL)
                case t.SentimentTrigger() | t.MoodTrigger():
                    wanted.add(Need.SENTIMENT)
                case _:
                    pass
        for condition in what.conditions:
            wanted |= _of_condition(condition)
        if isinstance(what, Flow) and any(_takes_entity(slot) for slot in what.slots.values()):
            wanted.add(Need.ENTITIES)
    return frozenset(wanted)


def _takes_entity(slot: Slot) -> bool:
    """Tell whether a slot is filled from an entity: the one it names, or one of its own name."""
    return bool(slot.entity) or slot.name in ENTITY_KINDS


def _of_condition(condition: Condition) -> set[Need]:
    match condition:
        case All(parts=parts) | Any(parts=parts):
            return set().union(*(_of_condition(part) for part in parts)) if parts else set()
        case Not(part=part):
            return _of_condition(part)
        case IntentIs():
            return {Need.INTENT}
        case AppealIs():
            return {Need.APPEAL}
        case SentimentIs() | MoodIs():
            return {Need.SENTIMENT}
        case _:
            return set()
