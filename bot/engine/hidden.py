"""What is sensitive: values that are shown nowhere but where the author of a flow puts them."""

from collections.abc import Iterable, Iterator, Mapping

from bot.domain.conversation import Frame
from bot.engine.facts import Facts
from bot.language.actions import Setting
from bot.language.flows import Flow
from bot.language.templates import Expression, Template

MESSAGE = frozenset(("text", "location", "contact", "votes", "file", "quoted"))
"""What of a message may be what was asked for."""


def reads_sensitive(facts: Facts, setting: Setting | None) -> bool:
    """Tell whether a value is worked out from something sensitive; it is so itself then."""
    return any(tells_sensitive(facts, template) for template in _templates(setting))


def sensitive_of(facts: Facts, settings: Mapping[str, Setting]) -> frozenset[str]:
    """Return the names of the values that are worked out from something sensitive."""
    return frozenset(name for name, one in settings.items() if reads_sensitive(facts, one))


def tells_sensitive(facts: Facts, reader: Template | Expression) -> bool:
    """Tell whether a template or expression reads something sensitive."""
    known = sensitive_names(facts)
    if reader.names & known:
        return True
    return any(_is_sensitive(facts, table, name, known) for table, name in reader.paths)


def _is_sensitive(facts: Facts, table: str, name: str, known: frozenset[str]) -> bool:
    match table:
        case "contact":
            return name in facts.contact.sensitive
        case "captures":
            return name in known
        case "vars":
            return name in facts.hidden_variables
        case "lead":
            return name == "fields" and facts.lead is not None and bool(facts.lead.sensitive)
        case "message":
            return name in MESSAGE and facts.conceals
        case "chat":
            return name == "last_reply" and facts.conversation.is_reply_sensitive
        case _:
            return False


def sensitive_names(facts: Facts) -> frozenset[str]:
    """Return the names of sensitive values in the frame on top."""
    return sensitive_in(facts, facts.frames[-1], facts.flow) if facts.frames else frozenset()


def sensitive_in(facts: Facts, frame: Frame, flow: Flow | None) -> frozenset[str]:
    """Return the names of sensitive values in a frame; ``flow`` is what it runs."""
    slots = flow.slots.values() if flow is not None else ()
    kept = facts.contact.sensitive
    return frame.sensitive | {
        slot.name for slot in slots if slot.sensitive or (slot.in_contact and slot.name in kept)
    }


def knows_sensitive(facts: Facts) -> bool:
    """Tell, at once, whether there is anything sensitive that could be read."""
    lead = facts.lead
    return bool(
        (facts.frames and facts.frames[-1].sensitive) or facts.contact.sensitive or facts.conceals
        or facts.hidden_variables or facts.conversation.is_reply_sensitive
        or (lead is not None and lead.sensitive)
    )  # fmt: skip


def brings_sensitive(facts: Facts, names: Iterable[str]) -> bool:
    """Tell whether one of these names, to which something is to be saved, is a sensitive slot."""
    return not sensitive_names(facts).isdisjoint(names)


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
