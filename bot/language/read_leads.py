"""Reads the section about leads. A way to score is a rule that gives points and says nothing."""

from collections.abc import Mapping

from bot.domain.leads import Decay
from bot.language import actions as a
from bot.language import conditions as c
from bot.language.desk import Desk, Scope
from bot.language.leads import Owner, Qualify
from bot.language.read_conditions import read_conditions
from bot.language.read_flows import content_hash
from bot.language.read_rules import read_limit
from bot.language.read_triggers import read_triggers
from bot.language.rules import Rule
from bot.language.segments import ABOUT_PEOPLE, every_part
from bot.language.source import Node, Scalar, Table
from bot.language.templates import parse_expression, parse_template

KEYS = ("stages", "owner", "decay", "scores", "qualify", "note")
SCORE_KEYS = ("id", "when", "if", "points", "cooldown", "limit", "enabled", "note")
OWNER_KEYS = ("if", "team", "name", "note")
QUALIFY_KEYS = ("score", "if", "stage", "owner", "note")
DECAY_KEYS = ("half_life", "points", "every", "note")
MOST_POINTS = 1_000_000

Values = Mapping[str, Node]


def read_score(desk: Desk, node: Node) -> Rule | None:
    """Return a way to score as the rule that it is."""
    if not isinstance(node, Table):
        desk.wrong(node, "a score (a mapping)")
        return None
    name = node.entries["id"].value if "id" in node.entries else None
    rule_id = desk.word(name) or ""
    desk.scope, desk.paths = Scope(f"rule:{rule_id}"), {}
    value = _values(desk, node, SCORE_KEYS, "a score")
    for key in ("id", "when", "points"):
        if key not in value:
            desk.tell(node.place, "E102", f"'{key}' is missing")
    points = desk.whole(value.get("points"), -MOST_POINTS, MOST_POINTS) or 0
    step = a.LeadStep(
        path="0", place=node.place, score=parse_template(f"{points:+d}", node.place),
        note=desk.template(value.get("note")),
    )  # fmt: skip
    return Rule(
        id=rule_id,
        triggers=read_triggers(desk, value.get("when")),
        conditions=read_conditions(desk, value.get("if")),
        steps=(step,),
        cooldown=desk.duration(value.get("cooldown")),
        limit=read_limit(desk, value.get("limit")),
        enabled=desk.flag(value.get("enabled"), default=True),
        hash=content_hash(node),
        place=node.place if name is None else node.entries["id"].place,
    )


def read_owners(desk: Desk, node: Node | None) -> tuple[Owner, ...]:
    """Return who takes a lead, the first that fits."""
    return desk.all_of(node, lambda one: _owner(desk, one))


def _owner(desk: Desk, node: Node) -> Owner | None:
    if isinstance(node, Scalar):
        team = desk.word(node)
        if team is not None:
            desk.refer("team", team, node.place)
        return None if team is None else Owner(team=team)
    value = _values(desk, node, OWNER_KEYS, "an owner")
    if value and ("team" in value) is ("name" in value):
        desk.tell(node.place, "E102", "an owner is a 'team' or a 'name': write one of them")
    team, name = desk.word(value.get("team")), desk.word(value.get("name"))
    if team is not None:
        desk.refer("team", team, value["team"].place)
    return Owner(conditions=_people(desk, value.get("if")), team=team or "", name=name or "")


def read_qualify(desk: Desk, node: Node) -> Qualify:
    """Return what qualifies a lead."""
    value = _values(desk, node, QUALIFY_KEYS, "a qualification")
    conditions = _people(desk, value.get("if"))
    least = desk.whole(value.get("score"), -MOST_POINTS, MOST_POINTS)
    if least is not None:
        enough = parse_expression(f"lead.score >= {least}", value["score"].place)
        conditions = (c.Holds(expression=enough, place=value["score"].place), *conditions)
    if isinstance(node, Table) and not {"if", "score"} & value.keys():
        desk.tell(node.place, "E102", "'score' is missing: what qualifies a lead?",
                  "write score: 60, or an 'if'")  # fmt: skip
    stage = desk.word(value.get("stage")) or "qualified"
    desk.refer("stage", stage, value["stage"].place if "stage" in value else node.place)
    return Qualify(
        conditions=conditions, stage=stage, owners=read_owners(desk, value.get("owner")),
        note=desk.template(value.get("note")), place=node.place,
    )  # fmt: skip


def read_decay(desk: Desk, node: Node) -> Decay | None:
    """Return how scores fade."""
    value = _values(desk, node, DECAY_KEYS, "a decay")
    half, every = desk.duration(value.get("half_life")), desk.duration(value.get("every"))
    points = desk.whole(value.get("points"), 1, MOST_POINTS)
    wanted = value.keys() - {"note"}
    if isinstance(node, Table) and wanted not in ({"half_life"}, {"points", "every"}):
        desk.tell(node.place, "E102", "a decay is a 'half_life', or 'points' and 'every'",
                  "write {half_life: 30d}, or {points: 5, every: 7d}")  # fmt: skip
        return None
    if half is not None and half:
        return Decay(half_life=half)
    if points is not None and every is not None and every:
        return Decay(points=points, every=every)
    for key, span in (("half_life", half), ("every", every)):
        if span is not None:
            desk.wrong(value[key], "a time in which something can fade")
    return None


def _people(desk: Desk, node: Node | None) -> tuple[c.Condition, ...]:
    """Return conditions that tell people apart."""
    conditions = read_conditions(desk, node)
    for part in (part for one in conditions for part in every_part(one)):
        if not isinstance(part, ABOUT_PEOPLE):
            desk.tell(part.place, "E104", "this is about a message or a moment; here it is asked"
                      " who somebody is", "leave it to a rule")  # fmt: skip
    return conditions


def _values(desk: Desk, node: Node, keys: tuple[str, ...], what: str) -> Values:
    return {name: entry.value for name, entry in desk.table(node, keys, what).items()}
