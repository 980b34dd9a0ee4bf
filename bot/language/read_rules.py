"""Reads keyword rules."""

import re
from datetime import timedelta

from bot.language.desk import Desk, Scope
from bot.language.durations import parse_duration
from bot.language.read_conditions import read_conditions
from bot.language.read_flows import content_hash
from bot.language.read_steps import VERBS, read_steps
from bot.language.read_triggers import KINDS, read_triggers
from bot.language.rules import Rule
from bot.language.source import Node, Table

RULE_KEYS = (
    "id", "when", "if", "do", "priority", "during_flow", "during_handoff", "then", "cooldown",
    "limit", "enabled", "note",
)  # fmt: skip

UNDER = dict.fromkeys(VERBS, "do") | dict.fromkeys(KINDS, "when")
"""What stands in a rule one level deeper, and under which key."""


def read_rule(desk: Desk, node: Node) -> Rule | None:
    """Return one rule."""
    if not isinstance(node, Table):
        desk.wrong(node, "a rule (a mapping)")
        return None
    name = node.entries["id"].value if "id" in node.entries else None
    rule_id = desk.word(name) or ""
    desk.scope, desk.paths = Scope(f"rule:{rule_id}"), {}
    entries = desk.table(node, RULE_KEYS, "a rule", UNDER)
    value = {key: entry.value for key, entry in entries.items()}
    for key in ("id", "when", "do"):
        if key not in value:
            desk.tell(node.place, "E102", f"'{key}' is missing")
    desk.filled(value.get("when"), "when", "nothing starts this rule")
    desk.filled(value.get("do"), "do", "this rule does nothing")
    triggers = read_triggers(desk, value.get("when"))
    during = desk.one_of(value["during_flow"], "during_flow", ("wait", "answer", "interrupt")) \
        if "during_flow" in value else "wait"  # fmt: skip
    then = (
        desk.one_of(value["then"], "then", ("stop", "continue", "join"))
        if "then" in value
        else "stop"
    )
    priority = desk.whole(value.get("priority"), 0, 1000)
    return Rule(
        id=rule_id,
        triggers=triggers,
        conditions=read_conditions(desk, value.get("if")),
        steps=read_steps(desk, value.get("do"), ""),
        priority=100 if priority is None else priority,
        during_flow=during or "wait",
        during_handoff=desk.flag(value.get("during_handoff")),
        goes_on=then == "continue",
        joins=then == "join",
        cooldown=desk.duration(value.get("cooldown")),
        limit=read_limit(desk, value.get("limit")),
        enabled=desk.flag(value.get("enabled"), default=True),
        hash=content_hash(node),
        place=node.place if name is None else node.entries["id"].place,
    )


def read_limit(desk: Desk, node: Node | None) -> tuple[int, timedelta] | None:
    """Return at most how many within how long, such as ``2 per 1h``."""
    if node is None:
        return None
    match = re.fullmatch(r"(\d{1,6})\s+per\s+(\S+)", desk.word(node) or "")
    window = parse_duration(match[2]) if match else None
    if match is None or window is None:
        desk.wrong(node, "a limit, such as '2 per 1h'")
        return None
    return int(match[1]), window
