"""Values as a test writes them, and whether what was found is what was meant."""

import fnmatch
import re
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation

from bot.domain.messages import Location
from bot.domain.values import HIDDEN, Value
from bot.engine.free_values import free_value
from bot.language.printing import Form, show
from bot.language.source import Items, Node, Scalar, Table
from bot.testing.lines import Plain

NONE = ("none", "null")


def plain(node: Node) -> Plain:
    """Return a node as texts, lists and mappings."""
    match node:
        case Scalar(text=text):
            return text
        case Items(nodes=nodes):
            return [plain(child) for child in nodes]
        case Table(entries=entries):
            return {name: plain(entry.value) for name, entry in entries.items()}


def typed(node: Node) -> Value:
    """Return a node as data: what is not quoted is read as a number, true, false or none."""
    match node:
        case Scalar(text=text, plain=False):
            return text
        case Scalar(text=text):
            return float(text) if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", text) else free_value(text)
        case Items(nodes=nodes):
            return [typed(child) for child in nodes]
        case Table(entries=entries):
            return {name: typed(entry.value) for name, entry in entries.items()}


def shown(values: Mapping[str, object], hidden: Collection[str]) -> dict[str, object]:
    """Return values as people may see them; what the engine keeps for itself is left out."""
    return {
        name: HIDDEN if name in hidden and value is not None else value
        for name, value in values.items() if not name.startswith(" ")
    }  # fmt: skip


def many(value: Plain) -> list[Plain]:
    """Return a list; one item alone will do, and ``none`` for an empty one."""
    if isinstance(value, list):
        return value
    return [] if value in (*NONE, "") else [value]


def flag(value: Plain) -> bool:
    """Return whether a text says yes."""
    return str(value).lower() in ("true", "yes", "on")


def same(found: object, wanted: Plain) -> bool:
    """Tell whether a value is the one that a text means."""
    match found, wanted:
        case ((None | "" | ()), ("none" | "null" | "" | [])):
            return True
        case bool(), str():
            return wanted.lower() in (("true", "yes") if found else ("false", "no"))
        case Location(), Mapping():
            at = {"lat": found.latitude, "lng": found.longitude}
            has = {**at, "text": found.text, "name": found.text}
            return all(same(has.get(name), one) for name, one in wanted.items())
        case Mapping(), Mapping():
            return all(same(found.get(name), one) for name, one in wanted.items())
        case ((list() | tuple()), list()):
            return len(found) == len(wanted) and all(map(same, found, wanted))
        case ((int() | float() | Decimal()), str()):
            return _number(wanted) == Decimal(str(found)) or _shown(found, wanted)
        case _:
            return _shown(found, wanted)


def _shown(found: object, wanted: Plain) -> bool:
    return str(wanted) in (show(found, Form(mode="iso")), show(found, Form()), str(found))


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def fits_glob(text: str, glob: str) -> bool:
    """Tell whether a text is that of a glob; the text itself always fits."""
    return text == glob or fnmatch.fnmatchcase(text, glob)


def printed(value: object) -> str:
    """Return a value as a failure shows it."""
    match value:
        case str():
            return quoted(value)
        case None | () | []:
            return "none"
        case Mapping():
            inside = ", ".join(f"{name}: {_bare(one)}" for name, one in value.items())
            return f"{{{inside}}}" if inside else "none"
        case list() | tuple():
            return f"[{', '.join(_bare(one) for one in value)}]"
        case _:
            return show(value, Form(mode="iso"))


def _bare(value: object) -> str:
    return value if isinstance(value, str) and value else printed(value)


def quoted(text: str) -> str:
    """Return a text in double quotes, on one line."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
