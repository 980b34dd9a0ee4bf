"""Changes of one person as somebody writes them: each in its type, all of them or none."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from bot.audience.cells import read_language, read_name, read_timezone
from bot.domain.data import dataclass
from bot.domain.values import Value, hide, to_json
from bot.language.fields import Fits, Misfit, Where, fit
from bot.language.flows import Slot
from bot.language.problems import did_you_mean
from bot.store import contacts

OWN = {"name": read_name, "language": read_language, "timezone": read_timezone}
"""What every person has, beside the fields of the rule files."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be written: columns of the person, and fields in JSON; None empties one."""

    own: Mapping[str, str]
    fields: Mapping[str, object]


def read_changes(
    said: Mapping[str, Value], fields: Mapping[str, Slot], where: Where
) -> Changes | tuple[str, ...]:
    """Return what is to be changed, or every reason against it."""
    own: dict[str, str] = {}
    kept: dict[str, object] = {}
    reasons: list[str] = []
    for name, value in said.items():
        found = _read(name, value, fields, where)
        if isinstance(found, Misfit):
            reasons.append(f"{name}: {found}")
        elif name in OWN:
            own[name] = str(found.value or "")
        else:
            plain = None if found.value is None else to_json(found.value)
            hidden = plain is not None and fields[name].sensitive
            kept[name] = hide(plain) if hidden else plain
    return tuple(reasons) if reasons else Changes(own, kept)


def write_changes(db: sqlite3.Connection, contact_id: int, changes: Changes) -> dict[str, Any]:
    """Write them and return what the person has now; what was withdrawn or tagged stays."""
    row = db.execute("SELECT * FROM contacts WHERE id = ?", (contact_id,)).fetchone()
    held = {**contacts.marked_fields(db, contact_id, row["fields"]), **changes.fields}
    fields = {name: value for name, value in held.items() if value is not None}
    own = {name: changes.own.get(name, row[name]) for name in OWN}
    db.execute(
        "UPDATE contacts SET name = ?, language = ?, timezone = ?, fields = ? WHERE id = ?",
        (own["name"], own["language"] or None, own["timezone"] or None,
         contacts.sealed_fields(db, contact_id, fields),
         contact_id),
    )  # fmt: skip
    return {"contact": contact_id, "changed": sorted((*changes.own, *changes.fields))}


def _read(name: str, value: Value, fields: Mapping[str, Slot], where: Where) -> Fits | Misfit:
    if name in OWN:
        return OWN[name](value)
    if name in fields:
        return fit(fields[name], value, where)
    near = did_you_mean(name, (*OWN, *fields))
    known = ", ".join((*OWN, *fields))
    hint = f"did you mean {near!r}?" if near else f"there are: {known}"
    return Misfit("no field is called so", hint)
