"""Reads what is done: the one step grammar."""

import re
from collections.abc import Mapping
from datetime import timedelta

from bot.language import actions as a
from bot.language.desk import NOWHERE_ELSE, Desk
from bot.language.durations import parse_duration
from bot.language.loanwords import END, ENDS
from bot.language.read_conditions import read_if
from bot.language.read_moves import MOVES
from bot.language.read_notes import NOTES
from bot.language.read_replies import REPLIES
from bot.language.read_texts import (
    TEXT_KEYS,
    read_setting,
    read_settings,
    read_templates,
    read_text,
)
from bot.language.signatures import Argument
from bot.language.source import Entry, Node, Scalar, Table
from bot.language.verbs import Base, Values, Verbs

COMMON = ("id", "if", "note")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def read_steps(desk: Desk, node: Node | None, path: str) -> tuple[a.Step, ...]:
    """Return steps in order; one alone will do. ``path`` is where they stand in the tree."""
    found = []
    for number, item in enumerate(desk.each(node)):
        step = _step(desk, item, f"{path}.{number}" if path else str(number))
        if step is not None:
            found.append(step)
    return tuple(found)


def _step(desk: Desk, node: Node, path: str) -> a.Step | None:
    if isinstance(node, Scalar) and node.text in BARE:
        node = Table({node.text: Entry(node.text, node.place, Scalar("", node.place))}, node.place)
    if not isinstance(node, Table):
        desk.wrong(node, "a step, such as {reply: Hello}", _remedy(node))
        return None
    verbs = [name for name in node.entries if name in VERBS]
    if len(verbs) != 1:
        _not_one(desk, node, verbs)
        return None
    verb = verbs[0]
    read, more = VERBS[verb]
    entries = desk.table(node, (*COMMON, verb, *more), "a step", BELOW.get(verb, NOWHERE_ELSE))
    values = {name: entry.value for name, entry in entries.items()}
    base = {
        "path": _path(desk, verb, values, path),
        "condition": read_if(desk, values.get("if")),
        "place": entries[verb].place,
    }
    return read(desk, values[verb], values, base)


_GLUED = re.compile(r"(\w+)(?::(?=\S)|\uff1a)")


def _remedy(node: Node) -> str:
    """Return what to write in place of what is no step, "" where that cannot be told."""
    if not isinstance(node, Scalar):
        return ""
    if node.text.lower() in ENDS:
        return END
    glued = _GLUED.match(node.text)
    is_step = glued is not None and glued[1] in VERBS
    return f"behind a key stands a colon and a blank:  {glued[1]}: " if glued and is_step else ""


def _path(desk: Desk, verb: str, values: Values, path: str) -> str:
    """Return the step's name in its flow: its id, its slot, or its place in the tree."""
    wanted = path
    if "id" in values:
        wanted = desk.word(values["id"]) or path
    elif verb == "ask":
        node = values["ask"]
        if isinstance(node, Table) and "slot" in node.entries:
            node = node.entries["slot"].value
        wanted = (desk.text(node) if isinstance(node, Scalar) else None) or path
    seen = desk.paths[wanted] = desk.paths.get(wanted, 0) + 1
    if seen > 1 and "id" in values:
        desk.tell(values["id"].place, "E203", f"two steps have the id '{wanted}'")
    return wanted if seen == 1 else f"{wanted}#{seen}"


def _not_one(desk: Desk, node: Table, verbs: list[str]) -> None:
    if not verbs:
        strangers = [entry for entry in node.entries.values() if entry.name not in COMMON]
        for entry in strangers:
            desk.unknown_key(entry, (*VERBS, *COMMON))
        if not strangers:
            desk.tell(node.place, "E102", "a step does exactly one thing; found none")
        return
    desk.tell(
        node.place, "E104", f"a step does exactly one thing; found {' + '.join(verbs)}. Split it"
        f" into {len(verbs)} steps",
    )  # fmt: skip


def _inner(desk: Desk, node: Node | None, base: Base, name: str) -> tuple[a.Step, ...]:
    return read_steps(desk, node, f"{base['path']}.{name}")


ASK_KEYS = (
    "slot", "text", "reask", "retries", "timeout", "on_timeout", "on_fail", "interrupt", "force",
)  # fmt: skip
INTERRUPTS = ("allow", "ask", "answer_only", "never")
ON_FAIL = ("handoff", "skip", "cancel", "default")


def _ask(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    if isinstance(node, Scalar):
        name = desk.word(node)
        if name is None:
            return None
        desk.refer("slot", name, node.place)
        return a.AskStep(slot=name, **base)
    entries = desk.table(node, ASK_KEYS, "an ask")
    values = {key: entry.value for key, entry in entries.items()}
    name = desk.word(values.get("slot"))
    if name is None:
        desk.tell(node.place, "E102", "'slot' is missing")
        return None
    desk.refer("slot", name, values["slot"].place)
    on_timeout = values.get("on_timeout")
    return a.AskStep(
        slot=name,
        text=read_text(desk, values.get("text")),
        reask=read_text(desk, values.get("reask")),
        retries=desk.whole(values.get("retries"), 0, 100),
        timeout=desk.duration(values.get("timeout")),
        on_timeout=None if on_timeout is None else _inner(desk, on_timeout, base, "on_timeout"),
        on_fail=read_on_fail(desk, values.get("on_fail"), f"{base['path']}.on_fail"),
        interrupt=desk.one_of(values["interrupt"], "interrupt", INTERRUPTS)
        if "interrupt" in values
        else None,
        force=desk.flag(values.get("force")),
        **base,
    )


def read_on_fail(desk: Desk, node: Node | None, path: str) -> str | tuple[a.Step, ...] | None:
    """Return what happens when all tries are used: a word, or steps."""
    if node is None:
        return None
    if isinstance(node, Scalar) and (node.text in ON_FAIL or node.text not in BARE):
        return desk.one_of(node, "on_fail", ON_FAIL)
    return read_steps(desk, node, path)


HTTP_KEYS = (
    "method", "url", "headers", "json", "form", "timeout", "retries", "save", "on_error",
)  # fmt: skip


def _http(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    entries = desk.table(node, HTTP_KEYS, "an http call")
    values = {name: entry.value for name, entry in entries.items()}
    url = desk.template(values.get("url"))
    if "url" not in values:
        desk.tell(node.place, "E102", "'url' is missing")
    method = desk.one_of(values["method"], "method", METHODS) if "method" in values else "GET"
    save = _save_paths(desk, values.get("save"))
    steps = _on_error(desk, values, base)
    if url is None:
        return None
    return a.HttpStep(
        method=method or "GET",
        url=url,
        headers=read_templates(desk, values.get("headers")),
        json=read_setting(desk, values.get("json")),
        form=read_templates(desk, values["form"]) if "form" in values else None,
        timeout=desk.duration(values.get("timeout")),
        retries=desk.whole(values.get("retries"), 0, 10),
        save=save,
        on_error=steps,
        **base,
    )


def _on_error(desk: Desk, values: Values, base: Base) -> tuple[a.Step, ...] | None:
    """Return what is done when a call fails; it knows the `error`."""
    if "on_error" not in values:
        return None
    desk.scope.names.add(a.ERROR)
    return _inner(desk, values["on_error"], base, "on_error")


def _save_paths(desk: Desk, node: Node | None) -> dict[str, str]:
    if node is None:
        return {}
    if not isinstance(node, Table):
        desk.wrong(node, "a mapping, such as {total: $.total}")
        return {}
    found: dict[str, str] = {}
    for name, entry in node.entries.items():
        path = desk.word(entry.value) or ""
        if not re.fullmatch(r"\$(\.[\w-]+|\[\d+\]|\['[^']+'\])*", path):
            desk.wrong(entry.value, "a path into the answer, such as $.total or $.items[0].id")
        found[name] = path
    desk.scope.names.update(found)
    return found


LATER_KEYS = ("in", "at", "id", "do", "unless", "cancel_on", "late")


def _later(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    entries = desk.table(node, LATER_KEYS, "a later")
    values = {name: entry.value for name, entry in entries.items()}
    if ("in" in values) == ("at" in values):
        desk.tell(node.place, "E104", "'later' has exactly one of 'in' and 'at'")
    if "do" not in values:
        desk.tell(node.place, "E102", "'do' is missing")
    name = desk.template(values.get("id"))
    cancel = (
        desk.one_of(values["cancel_on"], "cancel_on", ("reply", "never"))
        if "cancel_on" in values
        else "reply"
    )
    return a.LaterStep(
        steps=_inner(desk, values.get("do"), base, "do"),
        after=desk.duration(values.get("in")),
        at=desk.template(values.get("at")),
        name=name,
        unless=read_if(desk, values.get("unless")),
        cancel_on_reply=cancel != "never",
        late=_late(desk, values.get("late")),
        **base,
    )


def _late(desk: Desk, node: Node | None) -> timedelta | None:
    said = desk.text(node)
    if said is None:
        return timedelta(hours=1)
    if said in ("send", "drop"):
        return None if said == "send" else timedelta(0)
    found = parse_duration(said)
    if found is None and node is not None:
        desk.wrong(node, "'send', 'drop' or a duration such as 1h")
    return found


def _branch(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    arms = []
    for number, item in enumerate(desk.each(node)):
        if not isinstance(item, Table):
            desk.wrong(item, "an arm, such as {if: x > 1, then: {reply: Yes}}")
            continue
        arms.append(_arm(desk, item, f"{base['path']}.{number}"))
    return a.BranchStep(arms=tuple(arms), **base)


def _arm(desk: Desk, node: Table, path: str) -> a.Arm:
    keys = ("else",) if "else" in node.entries else ("if", "then")
    under = dict.fromkeys(VERBS, keys[-1])
    entries = desk.table(node, (*keys, "note"), "an arm", under)
    values = {name: entry.value for name, entry in entries.items()}
    if "else" in values:
        return a.Arm(condition=None, steps=read_steps(desk, values["else"], f"{path}.else"))
    for key in keys:
        if key not in values:
            desk.tell(node.place, "E102", f"'{key}' is missing")
    condition = read_if(desk, values.get("if"))
    return a.Arm(condition=condition, steps=read_steps(desk, values.get("then"), f"{path}.then"))


def _each(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    entries = desk.table(node, ("of", "as", "index", "do"), "an each")
    values = {name: entry.value for name, entry in entries.items()}
    of, name = desk.template(values.get("of")), desk.word(values.get("as")) or "item"
    index = desk.text(values.get("index")) or ""
    desk.scope.names.update({name, index} - {""})
    steps = _inner(desk, values.get("do"), base, "do")
    if "of" not in values:
        desk.tell(node.place, "E102", "'of' is missing")
    if of is None:
        return None
    return a.EachStep(of=of, name=name, index=index, steps=steps, **base)


def _repeat(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    entries = desk.table(node, ("while", "do", "max"), "a repeat")
    values = {name: entry.value for name, entry in entries.items()}
    condition = desk.expression(values.get("while"))
    if "while" not in values:
        desk.tell(node.place, "E102", "'while' is missing")
    if condition is None:
        return None
    return a.RepeatStep(
        condition_while=condition,
        steps=_inner(desk, values.get("do"), base, "do"),
        most=desk.whole(values.get("max"), 1, 1000) or 20,
        **base,
    )


def _run(desk: Desk, node: Node, values: Values, base: Base) -> a.Step | None:
    name = desk.word(node)
    save = desk.text(values.get("save")) or ""
    desk.scope.names.update({save} - {""})
    if name is None:
        return None
    written, arguments = values.get("with"), read_settings(desk, values.get("with"))
    desk.refer("action", name, node.place)
    desk.references[-1].arguments = {
        entry.name: Argument(
            name=entry.name, name_at=entry.place, value_at=entry.value.place,
            value=arguments.get(entry.name),
        )
        for entry in (written.entries.values() if isinstance(written, Table) else ())
    }  # fmt: skip
    return a.RunStep(
        action=name,
        arguments=arguments,
        save=save,
        on_error=_on_error(desk, values, base),
        **base,
    )


BELOW: Mapping[str, Mapping[str, str]] = {
    "reply": {key: f"reply: {{text: ..., {key}: ...}}" for key in TEXT_KEYS if key != "text"},
    "ask": {key: f"ask: {{slot: ..., {key}: ...}}" for key in ASK_KEYS if key != "slot"},
    "http": {key: f"http: {{url: ..., {key}: ...}}" for key in HTTP_KEYS if key != "url"},
    "later": dict.fromkeys(LATER_KEYS, "later"),
}
"""What stands below a verb and not beside it, and how that is written."""

BARE = ("break", "continue", "end", "optout", "optin", "handoff")
"""Steps that may stand as one word."""

VERBS: Verbs = {
    **REPLIES, **NOTES, **MOVES,
    "ask": (_ask, ()), "http": (_http, ()), "later": (_later, ()), "branch": (_branch, ()),
    "each": (_each, ()), "repeat": (_repeat, ()), "run": (_run, ("with", "save", "on_error")),
}  # fmt: skip
