"""Fields and shared values as steps and actions set them: in their type, or not at all."""

from bot.domain.values import Value
from bot.engine.draft import Draft
from bot.engine.slots import place_of
from bot.language.fields import Fits, Where, fit
from bot.language.flows import Slot


def put_field(
    draft: Draft, name: str, value: Value, by: str, *, sensitive: bool = False
) -> None:  # fmt: skip
    """Set something of the contact; none empties it. What does not fit is told and left as is."""
    if name == "consent":
        draft.agree(by, agreed=value is True)
        return
    declared = draft.compiled.rulebook.fields.get(name)
    if declared is not None:
        found = _fitting(draft, declared, value, (f"contact.{name}", by), sensitive=sensitive)
        if found is None:
            return
        value = found.value
    draft.set_field(name, value, sensitive=sensitive)


def put_variable(
    draft: Draft, name: str, value: Value, by: str, *, sensitive: bool = False
) -> None:  # fmt: skip
    """Set a value that all contacts share. What does not fit its type is told and left as is."""
    declared = draft.compiled.rulebook.variables.get(name)
    if declared is not None and declared.type not in _AS_GIVEN:
        slot = Slot(name=name, type=declared.type)
        found = _fitting(draft, slot, value, (f"vars.{name}", by), sensitive=sensitive)
        if found is None:
            return
        value = found.value
    draft.set_variable(name, value, sensitive=sensitive)


_AS_GIVEN = ("text", "any")  # types of a shared value that take every value as it is


def _fitting(
    draft: Draft, declared: Slot, value: Value, told: tuple[str, str], *, sensitive: bool
) -> Fits | None:  # fmt: skip
    """Return a value in its declared type; None, and say so, when it does not fit."""
    where = Where(region=place_of(draft).region or "", zone=draft.local.tzinfo or Where().zone)
    found = fit(declared, value, where)
    if isinstance(found, Fits):
        return found
    name, by = told
    shown = "a sensitive value does not fit" if sensitive else str(found)
    draft.errors.append(f"{name} is not set: {shown}")
    draft.trace(by, "failed", f"{name} is not set: the value does not fit")
    return None
