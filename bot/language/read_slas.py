"""Reads what is promised to people who wait; what is done when it is missed becomes rules."""

from collections.abc import Mapping
from datetime import timedelta

from bot.language import triggers as t
from bot.language.desk import Desk, Scope
from bot.language.read_conditions import read_conditions
from bot.language.read_flows import content_hash
from bot.language.read_steps import read_steps
from bot.language.rules import Rule
from bot.language.slas import HANDOFF, MESSAGE, MISSED, Sla
from bot.language.source import Entry, Node, Table
from bot.language.templates import parse_template

KEYS = ("for", "within", "hours", "team", "if", "do", "escalate", "note")
LEVEL_KEYS = ("after", "do", "note")
TOLD = frozenset(("sla", "level", "team", "member", "minutes"))
"""What the steps may name: the promise, how often it was missed, who has the chat, since when."""

Values = Mapping[str, Node]


def read_sla(desk: Desk, entry: Entry) -> tuple[Sla | None, list[tuple[Rule, Scope]]]:
    """Return a promise, and the rules for each time that it is missed, with their scopes."""
    name = entry.name
    desk.paths = {}
    value = _values(desk, entry.value, KEYS, "an sla")
    if not isinstance(entry.value, Table):
        return None, []
    for key in ("for", "within"):
        if key not in value:
            desk.tell(entry.place, "E102", f"'{key}' is missing")
    waits_for = desk.one_of(value["for"], "for", (HANDOFF, MESSAGE)) if "for" in value else None
    teams = desk.words(value.get("team"))
    for team, node in zip(teams, desk.each(value.get("team")), strict=False):
        desk.refer("team", team, node.place)
    hours = desk.word(value.get("hours")) or ""
    if hours:
        desk.refer("hours", hours, value["hours"].place)
    conditions = read_conditions(desk, value.get("if"))
    levels, rules = [_span(desk, value.get("within"))], [_rule(desk, entry, value, 1)]
    for number, node in enumerate(desk.each(value.get("escalate")), 2):
        level = _values(desk, node, LEVEL_KEYS, "an escalation")
        if isinstance(node, Table) and not {"after", "do"} <= level.keys():
            lacking = "after" if "after" not in level else "do"
            desk.tell(node.place, "E102", f"'{lacking}' is missing")
        levels.append(_span(desk, level.get("after")))
        rules.append(_rule(desk, entry, level, number))
    sla = Sla(
        name=name, waits_for=waits_for or HANDOFF, levels=tuple(one for one in levels if one),
        hours=hours, teams=teams, conditions=conditions, place=entry.place,
    )  # fmt: skip
    return sla, [rule for rule in rules if rule is not None]


def _span(desk: Desk, node: Node | None) -> timedelta | None:
    span = desk.duration(node)
    if node is not None and span is not None and not span:
        desk.wrong(node, "a time that somebody can wait")
        return None
    return span


def _rule(
    desk: Desk, entry: Entry, value: Values, level: int
) -> tuple[Rule, Scope] | None:  # fmt: skip
    """Return what is done when it is missed, as the rule that it is."""
    if "do" not in value:
        return None
    rule_id = f"sla:{entry.name}" if level == 1 else f"sla:{entry.name}.{level}"
    desk.scope, desk.paths = Scope(f"rule:{rule_id}"), {}
    desk.scope.names.update(TOLD)
    place = value["do"].place
    where = {"sla": parse_template(entry.name, place), "level": parse_template(str(level), place)}
    rule = Rule(
        id=rule_id, triggers=(t.Event(name=MISSED, where=where, place=place),),
        steps=read_steps(desk, value["do"], ""), during_handoff=True, during_flow="answer",
        hash=content_hash(value["do"], rule_id), place=place,
    )  # fmt: skip
    return rule, desk.scope


def _values(desk: Desk, node: Node, keys: tuple[str, ...], what: str) -> Values:
    return {name: entry.value for name, entry in desk.table(node, keys, what).items()}
