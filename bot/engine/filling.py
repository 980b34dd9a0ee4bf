"""What a flow knows from its beginning: captures, entities, and slots read from the message."""

from collections.abc import Mapping

from bot.domain.values import Value
from bot.engine.draft import Draft
from bot.engine.slots import Given, read_value, take_typed
from bot.engine.spans import Rest
from bot.language.flows import Flow, Slot
from bot.language.templates import TemplateFailed

NEVER_FROM_ELSEWHERE = ("yes_no", "text", "name", "any")
"""Types that no message fills but the answer to their own question."""


def capture(draft: Draft, flow: Flow, captures: Mapping[str, Value]) -> None:
    """Fill slots from captures of the same name; the others are kept as saved values."""
    saved = {name: value for name, value in captures.items() if name not in flow.slots}
    draft.top(saved={**draft.frames[-1].saved, **saved})
    for name, value in captures.items():
        slot = flow.slots.get(name)
        if slot is None or value is None:
            continue
        read = read_value(slot, value, draft) if isinstance(value, str) \
            else take_typed(slot, value, draft)  # fmt: skip
        if isinstance(read, Given):
            _try(draft, slot, read.value)


def prefill(draft: Draft, flow: Flow) -> None:
    """Fill slots from the models' entities, and those that want it from the message's text."""
    from_intent = draft.trigger_is_intent
    rest = Rest(draft.text)
    for slot in flow.slots.values():
        if draft.slot_value(draft.frames[-1], flow, slot.name) is not None:
            continue
        entity = draft.understanding.entities.get(slot.entity or slot.name)
        if entity is not None and (from_intent or slot.prefill):
            read = read_value(slot, entity, draft)
            if isinstance(read, Given):
                _try(draft, slot, read.value)
    wanted = [slot for slot in flow.slots.values() if slot.prefill]
    fill_from(draft, flow, wanted, rest)


def fill_from(draft: Draft, flow: Flow, slots: list[Slot], rest: Rest) -> None:
    """Fill empty slots from a text, each span of it used once."""
    for slot in sorted(slots, key=lambda one: rest.order(one.type)):
        empty = draft.slot_value(draft.frames[-1], flow, slot.name) is None
        if not empty or slot.type in NEVER_FROM_ELSEWHERE:
            continue
        read = rest.take(slot, draft)
        if isinstance(read, Given):
            _try(draft, slot, read.value)


def _try(draft: Draft, slot: Slot, value: Value) -> None:
    """Keep a value, unless the slot's own checks refuse it."""
    draft.fill(slot.name, value)
    try:
        held = all(check.expression.evaluate(draft.names(), draft.form()) for check in slot.valid)
    except TemplateFailed as failure:
        draft.fail(failure)
        held = True
    if not held:
        draft.unset(slot.name)
