"""The tables that expressions read: the contact, the message, the chat and such."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.contacts import Consent
from bot.domain.values import Value
from bot.engine.facts import Facts
from bot.engine.free_values import free_value
from bot.engine.hidden import sensitive_in
from bot.language.printing import Plain
from bot.language.templates import Template


def _contact(facts: Facts) -> dict[str, Any]:
    contact = facts.contact
    declared = {name: slot.default for name, slot in facts.compiled.rulebook.fields.items()}
    defaults = {
        name: free_value(value.source) if isinstance(value, Template) else None
        for name, value in declared.items()
    }
    return {
        **defaults, **contact.fields, "name": contact.name or contact.number,
        "first_name": contact.first_name, "number": contact.number,
        "language": facts.language, "tags": sorted(contact.tags),
        "consent": contact.consent is Consent.GIVEN, "timezone": contact.timezone,
        "first_seen": contact.first_seen, "last_seen": contact.last_seen,
    }  # fmt: skip


def _chat(facts: Facts) -> dict[str, Any]:
    conversation = facts.conversation
    return {
        "id": conversation.chat, "group": conversation.chat.endswith("g.us"),
        "last_reply": conversation.last_reply, "flow": facts.open_flow, "slot": facts.asked_slot,
        "slots": _slots(facts), "tries": _tries(facts),
        "team": conversation.team or None, "member": conversation.member or None,
    }  # fmt: skip


def _tries(facts: Facts) -> int:
    """Return how many wrong answers the open question got, the one at hand among them."""
    frame = next((one for one in reversed(facts.frames) if facts.flow_of(one)), None)
    return facts.wrong + (frame.retries if frame is not None else 0)


def _slots(facts: Facts) -> dict[str, Value]:
    """Return what the open flow holds, but nothing sensitive: rules answer in the middle of it."""
    frame = next((one for one in reversed(facts.frames) if facts.flow_of(one)), None)
    flow = None if frame is None else facts.flow_of(frame)
    if frame is None or flow is None:
        return {}
    values = {name: facts.known_value(frame, flow, name) for name in flow.slots}
    hidden = sensitive_in(facts, frame, flow)
    known = {**values, **frame.saved, **frame.slots}
    return {name: one for name, one in known.items() if name not in hidden}


def _lead(facts: Facts) -> dict[str, Any]:
    lead = facts.lead
    if lead is None:
        return {"stage": None, "score": None, "owner": None, "fields": {}, "notes": []}
    return {
        "stage": lead.stage, "score": lead.score, "owner": lead.owner or None,
        "fields": dict(lead.fields), "notes": list(lead.notes),
    }  # fmt: skip


def _message(facts: Facts) -> dict[str, Any]:
    message = facts.message
    if message is None:
        return {"text": "", "media": None, "type": None, "time": None, "from": None}
    return {
        "text": facts.text, "media": message.media.kind.value if message.media else None,
        "type": message.kind.value, "time": message.sent_at, "chat": message.chat,
        "from": facts.contact.number, "reaction": message.reaction, "votes": message.votes,
        "quoted": message.quoted_text, "location": message.location,
        "contact": message.card and {"name": message.card.name, "number": message.card.number},
        "file": message.media.filename if message.media else None,
        "mentioned": message.mentioned,
        "view_once": message.view_once,
    }  # fmt: skip


def _variables(facts: Facts) -> dict[str, Any]:
    known: dict[str, Value] = {}
    for name, variable in facts.compiled.rulebook.variables.items():
        reads = variable.type != "text"
        known[name] = _typed(variable.default) if reads else variable.default
    return {**known, **facts.variables}


def _typed(value: Value) -> Value:
    """Return a value as written with its texts read as what they say."""
    match value:
        case str():
            return free_value(value)
        case list():
            return [_typed(one) for one in value]
        case dict():
            return {name: _typed(one) for name, one in value.items()}
        case _:
            return value


TABLES: Mapping[str, Callable[[Facts], Any]] = {
    "contact": _contact,
    "lead": _lead,
    "message": _message,
    "chat": _chat,
    "captures": lambda facts: facts.captures,
    "bot": lambda facts: dict(facts.turn.bot),
    "vars": _variables,
    "lists": lambda facts: {
        name: list(items) for name, items in facts.compiled.rulebook.lists.items()
    },
    "env": lambda facts: {key: Plain(value) for key, value in facts.turn.settings.env.items()},
    "now": lambda facts: facts.local,
    "today": lambda facts: facts.local.date(),
    "choices": lambda _: [],
}
"""Names of our own that expressions may read beside slots, captures and functions."""
