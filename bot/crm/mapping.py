"""Pure: what a property of another system is filled with, from a person and a lead."""

from collections.abc import Mapping

from bot.domain.contacts import Contact
from bot.domain.leads import Lead
from bot.domain.values import Value
from bot.webhook import plain

LONGEST = 60_000  # characters of a value; HubSpot takes 65,536


def filled(mapping: Mapping[str, str], contact: Contact, lead: Lead) -> dict[str, str]:
    """Return properties with their values. What is empty or sensitive is left out.

    Args:
        mapping: Property to source (`config.crm.SOURCES`, ``fields.NAME``, ``lead.NAME``).
    """
    found = {name: _text(_value(source, contact, lead)) for name, source in mapping.items()}
    return {name: value for name, value in found.items() if value}


def _value(source: str, contact: Contact, lead: Lead) -> Value:
    kind, _, name = source.partition(".")
    if kind == "fields" and name:
        return None if name in contact.sensitive else contact.fields.get(name)
    if kind == "lead" and name:
        return None if name in lead.sensitive else lead.fields.get(name)
    known: dict[str, Value] = {
        "stage": lead.stage,
        "score": lead.score,
        "owner": lead.owner,
        "name": contact.name,
        "first_name": contact.first_name,
        "last_name": " ".join(contact.name.split()[1:]),
        "number": contact.number,
        "language": contact.language,
        "tags": ";".join(sorted(contact.tags)),
        "consent": contact.consent.value,
    }
    return known.get(source)


def _text(value: Value) -> str:
    match plain(value):
        case None:
            return ""
        case bool() as said:
            return "true" if said else "false"
        case list() as items:
            return ";".join(str(one) for one in items)[:LONGEST]
        case other:
            return str(other)[:LONGEST]
