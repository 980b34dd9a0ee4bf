"""The slots of the flow that waits under a rule, as the rule's steps fill and empty them."""

from collections.abc import Collection

from bot.domain.values import Value
from bot.engine.draft import Draft
from bot.engine.filling import first_refusal
from bot.engine.slots import Given, read_value, take_typed
from bot.language.flows import Flow, Slot

CHANGED = "changed"
"""Under this name a frame's notes keep which of its slots a rule has changed."""


def put_open_slot(
    draft: Draft, name: str, value: Value, by: str, *, sensitive: bool = False
) -> None:  # fmt: skip
    """Fill a slot of the open flow or, with none, empty it; what is no value of it changes nothing.

    Its question, or the first one behind it that is open, comes when the rule has ended.
    """
    at = next((n for n in reversed(range(len(draft.frames))) if draft.flow_of(draft.frames[n])), -1)
    flow = draft.flow_of(draft.frames[at]) if at >= 0 else None
    slot = None if flow is None else flow.slots.get(name)
    if flow is None or slot is None:
        draft.trace(by, "skipped", f"no open flow has a slot '{name}'")
        return
    above = draft.frames[at + 1 :]
    draft.frames[at + 1 :] = []
    _put(draft, flow, slot, value, by, sensitive=sensitive)
    draft.frames.extend(above)


def _put(
    draft: Draft, flow: Flow, slot: Slot, value: Value, by: str, *, sensitive: bool
) -> None:  # fmt: skip
    before = draft.slot_value(draft.frames[-1], flow, slot.name)
    if value is None:
        draft.unset(slot.name)
    else:
        read = read_value(slot, value, draft) if isinstance(value, str) \
            else take_typed(slot, value, draft)  # fmt: skip
        draft.conceals |= slot.sensitive
        if not isinstance(read, Given):
            draft.trace(by, "failed", f"slot {slot.name}: the value does not fit")
            return
        draft.fill(slot.name, read.value, sensitive=sensitive)
        if first_refusal(draft, slot.valid) is not None:
            draft.trace(by, "failed", f"slot {slot.name}: its checks refuse the value")
            draft.unset(slot.name) if before is None else draft.fill(slot.name, before)
            return
    notes = draft.frames[-1].notes
    changed: list[Value] = [*changed_of(notes), slot.name]
    draft.top(notes={**notes, CHANGED: changed})
    draft.trace(by, "emptied" if value is None else "filled", f"slot {slot.name}")


def changed_of(notes: object) -> Collection[str]:
    """Return the slots that a frame's notes say a rule has changed."""
    held = notes.get(CHANGED) if isinstance(notes, dict) else None
    return [str(one) for one in held] if isinstance(held, (list, tuple)) else []
