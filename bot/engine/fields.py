"""Fields of the contact as steps and actions set them: in their declared type, or not at all."""

from bot.domain.values import Value
from bot.engine.draft import Draft
from bot.engine.slots import place_of
from bot.language.fields import Misfit, Where, fit


def put_field(
    draft: Draft, name: str, value: Value, by: str, *, sensitive: bool = False
) -> None:  # fmt: skip
    """Set something of the contact; none empties it. What does not fit is told and left as is."""
    if name == "consent":
        draft.agree(by, agreed=value is True)
        return
    declared = draft.compiled.rulebook.fields.get(name)
    if declared is not None:
        where = Where(region=place_of(draft).region or "", zone=draft.local.tzinfo or Where().zone)
        found = fit(declared, value, where)
        if isinstance(found, Misfit):
            shown = "a sensitive value does not fit" if sensitive else str(found)
            draft.errors.append(f"contact.{name} is not set: {shown}")
            draft.trace(by, "failed", f"contact.{name} is not set: the value does not fit")
            return
        value = found.value
    draft.set_field(name, value, sensitive=sensitive)
