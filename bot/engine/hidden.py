"""What is sensitive: values that are shown nowhere but where the author of a flow puts them."""

from collections.abc import Iterator, Mapping

from bot.engine.draft import Draft
from bot.language.actions import Setting
from bot.language.templates import Template


def reads_sensitive(draft: Draft, setting: Setting | None) -> bool:
    """Tell whether a value is worked out from something sensitive; it is so itself then."""
    known, kept = sensitive_names(draft), draft.contact.sensitive
    if not known and not kept:
        return False
    return any(
        template.names & known or any(("contact", name) in template.paths for name in kept)
        for template in _templates(setting)
    )


def sensitive_names(draft: Draft) -> frozenset[str]:
    """Return the names of sensitive values in the frame on top."""
    if not draft.frames:
        return frozenset()
    flow = draft.flow
    slots = flow.slots.values() if flow is not None else ()
    return draft.frames[-1].sensitive | {slot.name for slot in slots if slot.sensitive}


def _templates(setting: Setting | None) -> Iterator[Template]:
    match setting:
        case Template():
            yield setting
        case Mapping():
            for one in setting.values():
                yield from _templates(one)
        case tuple():
            for one in setting:
                yield from _templates(one)
        case None:
            pass
