"""Reads flows and their slots."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from bot.language.actions import ERROR, Step
from bot.language.desk import Desk, Reference, Scope
from bot.language.flows import SLOT_TYPES, Check, Flow, Remind, Slot
from bot.language.read_conditions import read_conditions
from bot.language.read_steps import INTERRUPTS, VERBS, read_on_fail, read_steps
from bot.language.read_texts import read_setting, read_text
from bot.language.read_triggers import KINDS, read_triggers
from bot.language.source import Entry, Items, Node, Scalar, Table
from bot.language.templates import Template

FLOW_KEYS = (
    "title", "when", "if", "slots", "steps", "remind", "expire", "reentry", "interrupt", "resume",
    "cancels", "on_edit", "private", "on", "note",
)  # fmt: skip
SLOT_KEYS = (
    "type", "ask", "reask", "choices", "regex", "min", "max", "valid", "retries", "on_fail",
    "default", "scope", "prefill", "sensitive", "confirm", "fuzzy", "entity", "skip", "called",
    "yes", "no", "note",
)  # fmt: skip
ON_KEYS = ("cancel", "timeout", "no_match", "resume", "error")
UNDER = dict.fromkeys(ON_KEYS, "on") | dict.fromkeys(VERBS, "steps") | dict.fromkeys(KINDS, "when")
"""What stands in a flow one level deeper, and under which key."""


def content_hash(node: Node, name: str = "") -> str:
    """Return the first 12 hex digits of the sha256 of a name and what a node says, places aside."""
    said = f"{name}={_content(node)}" if name else _content(node)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _content(node: Node) -> str:
    match node:
        case Scalar(text=text):
            return f"{len(text)}:{text}"
        case Items(nodes=nodes):
            return "[" + "".join(_content(child) for child in nodes) + "]"
        case Table(entries=entries):
            parts = (f"{name}={_content(entry.value)}" for name, entry in entries.items())
            return "{" + "".join(parts) + "}"


def read_flow(desk: Desk, entry: Entry) -> Flow | None:
    """Return one flow."""
    name = entry.name
    desk.scope, desk.paths = Scope(f"flow:{name}"), {}
    entries = desk.table(entry.value, FLOW_KEYS, "a flow", UNDER)
    if not isinstance(entry.value, Table):
        return None
    value = {key: found.value for key, found in entries.items()}
    slots = _slots(desk, value.get("slots"))
    desk.scope.names.update(slots)
    triggers = read_triggers(desk, value.get("when"))
    desk.references.append(Reference("captures", name, entry.place))
    if "steps" not in value:
        desk.tell(entry.place, "E102", "'steps' is missing")
    desk.filled(value.get("steps"), "steps", "this flow ends as it begins")
    return Flow(
        name=name,
        title=desk.text(value.get("title")) or name.replace("_", " "),
        triggers=triggers,
        conditions=read_conditions(desk, value.get("if")),
        slots=slots,
        steps=read_steps(desk, value.get("steps"), ""),
        remind=_remind(desk, value.get("remind")),
        expire=desk.duration(value.get("expire")) or timedelta(hours=24),
        reentry=_one_of(desk, value, "reentry", ("ask", "resume", "restart", "ignore")),
        interrupt=_one_of(desk, value, "interrupt", INTERRUPTS),
        resume=_one_of(desk, value, "resume", ("ask", "auto", "drop")),
        cancels=_one_of(desk, value, "cancels", ("all", "this")),
        on_edit=_one_of(desk, value, "on_edit", ("safe", "pin", "restart")),
        private=desk.flag(value.get("private")),
        on=_on(desk, value.get("on")),
        hash=content_hash(entry.value, name),
        place=entry.place,
    )


def _one_of(desk: Desk, value: Mapping[str, Node], key: str, allowed: tuple[str, ...]) -> str:
    """Return the chosen word; the first of those allowed is the default."""
    return (desk.one_of(value[key], key, allowed) if key in value else None) or allowed[0]


def _remind(desk: Desk, node: Node | None) -> Remind | None:
    if node is None:
        return None
    entries = desk.table(node, ("after", "text", "times"), "a reminder")
    value = {key: found.value for key, found in entries.items()}
    for key in ("after", "text"):
        if key not in value:
            desk.tell(node.place, "E102", f"'{key}' is missing")
    after, text = desk.duration(value.get("after")), read_text(desk, value.get("text"))
    if after is None or text is None:
        return None
    return Remind(after=after, text=text, times=desk.whole(value.get("times"), 1, 10) or 1)


def _on(desk: Desk, node: Node | None) -> dict[str, tuple[Step, ...]]:
    entries = desk.table(node, ON_KEYS, "an 'on'") if node is not None else {}
    desk.scope.names.update({ERROR} & entries.keys())
    return {key: read_steps(desk, found.value, f"on.{key}") for key, found in entries.items()}


def _slots(desk: Desk, node: Node | None) -> dict[str, Slot]:
    if node is None:
        return {}
    if not isinstance(node, Table):
        desk.wrong(node, "a mapping of slots")
        return {}
    desk.scope.names.update(node.entries)
    found = {name: read_slot(desk, entry) for name, entry in node.entries.items()}
    return {name: slot for name, slot in found.items() if slot is not None}


def read_slot(desk: Desk, entry: Entry) -> Slot | None:
    """Return one slot, or one declared field of a contact."""
    if not isinstance(entry.value, Table):
        desk.wrong(entry.value, "a slot, such as {type: text, ask: Your name?}")
        return None
    entries = desk.table(entry.value, SLOT_KEYS, "a slot")
    value = {key: found.value for key, found in entries.items()}
    kind = desk.one_of(value["type"], "type", SLOT_TYPES) if "type" in value else "text"
    choices, choices_from = _choices(desk, value.get("choices"))
    if kind == "choice" and "choices" not in value:
        desk.tell(entry.place, "E102", f"the choice '{entry.name}' has no 'choices'")
    return Slot(
        name=entry.name,
        type=kind or "text",
        ask=read_text(desk, value.get("ask")),
        reask=read_text(desk, value.get("reask")),
        choices=choices,
        choices_from=choices_from,
        regex=desk.regex(value.get("regex")),
        least=desk.template(value.get("min")),
        most=desk.template(value.get("max")),
        valid=_checks(desk, value.get("valid")),
        retries=_retries(desk, value.get("retries")),
        on_fail=read_on_fail(desk, value.get("on_fail"), f"{entry.name}.on_fail") or "handoff",
        default=read_setting(desk, value.get("default")),
        in_contact=_one_of(desk, value, "scope", ("flow", "contact")) == "contact",
        prefill=desk.flag(value.get("prefill")),
        sensitive=desk.flag(value.get("sensitive")),
        confirm=desk.flag(value.get("confirm")),
        fuzzy=desk.whole(value.get("fuzzy"), 0, 2) or 0,
        entity=desk.text(value.get("entity")) or "",
        skip=desk.words(value.get("skip")),
        called=desk.words(value.get("called")),
        yes=desk.words(value.get("yes")),
        no=desk.words(value.get("no")),
        place=entry.place,
    )


def _retries(desk: Desk, node: Node | None) -> int:
    found = desk.whole(node, 0, 100)
    return 3 if found is None else found


def _checks(desk: Desk, node: Node | None) -> tuple[Check, ...]:
    found = []
    for item in desk.each(node):
        entries = desk.table(item, ("if", "else"), "a check")
        value = {key: one.value for key, one in entries.items()}
        expression = desk.expression(value.get("if"))
        if "if" not in value:
            desk.tell(item.place, "E102", "'if' is missing")
        if expression is not None:
            otherwise = read_text(desk, value.get("else"))
            found.append(Check(expression=expression, otherwise=otherwise))
    return tuple(found)


def _choices(desk: Desk, node: Node | None) -> tuple[dict[str, tuple[str, ...]], Template | None]:
    """Return fixed choices, or the template that gives them when asked."""
    if isinstance(node, Scalar):
        if node.text.startswith("@"):
            name = node.text[1:]
            desk.refer("list", name, node.place)
            return dict(desk.known.lists.get(name, {})), None
        if "$(" in node.text:
            return {}, desk.template(node)
    return read_list(desk, node), None


def read_list(desk: Desk, node: Node | None) -> dict[str, tuple[str, ...]]:
    """Return items with their synonyms: a list of words, or a mapping of names to synonyms."""
    if isinstance(node, Table):
        return {name: desk.synonyms(entry.value) for name, entry in node.entries.items()}
    return dict.fromkeys(desk.words(node), ())
