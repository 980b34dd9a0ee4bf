"""Reads what must hold."""

import re
from collections.abc import Callable, Mapping

from bot.domain.understanding import Mood
from bot.language import conditions as c
from bot.language.cron import WEEKDAYS
from bot.language.desk import Desk
from bot.language.read_texts import read_templates
from bot.language.read_triggers import MEDIA, read_appeal, read_mood
from bot.language.source import Items, Node, Scalar, Table

Reader = Callable[[Desk, Node, Mapping[str, Node]], c.Condition | None]


def read_conditions(desk: Desk, node: Node | None) -> tuple[c.Condition, ...]:
    """Return the conditions of an `if`; all of them must hold."""
    return desk.all_of(node, lambda item: read_condition(desk, item))


def read_if(desk: Desk, node: Node | None) -> c.Condition | None:
    """Return an `if` as one condition, None without one."""
    parts = read_conditions(desk, node)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else c.All(parts=parts, place=parts[0].place)


def read_condition(desk: Desk, node: Node) -> c.Condition | None:
    """Return one condition: an expression, or a mapping."""
    match node:
        case Scalar():
            expression = desk.expression(node)
            return None if expression is None else c.Holds(expression=expression, place=node.place)
        case Items():
            return c.All(parts=read_conditions(desk, node), place=node.place)
        case Table():
            return _table(desk, node)


def _table(desk: Desk, node: Table) -> c.Condition | None:
    verbs = [name for name in node.entries if name in KINDS]
    if not verbs:
        for entry in node.entries.values():
            desk.unknown_key(entry, tuple(KINDS))
        return None
    more = {key for verb in verbs for key in MORE.get(verb, ())}
    entries = desk.table(node, {*verbs, *more}, "a condition")
    values = {name: entry.value for name, entry in entries.items()}
    found = [KINDS[verb](desk, values[verb], values) for verb in verbs]
    parts = tuple(one for one in found if one is not None)
    if len(parts) == 1:
        return parts[0]
    return c.All(parts=parts, place=node.place) if parts else None


def _all(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    return c.All(parts=read_conditions(desk, node), place=node.place)


def _any(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    return c.Any(parts=read_conditions(desk, node), place=node.place)


def _not(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition | None:
    part = read_if(desk, node)
    return None if part is None else c.Not(part=part, place=node.place)


def _tag(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    return c.HasTag(tags=desk.words(node), place=node.place)


def _chat(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition | None:
    kind = desk.one_of(node, "chat", ("private", "group"))
    return None if kind is None else c.ChatIs(group=kind == "group", place=node.place)


def _mentioned(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    return c.Mentioned(value=desk.flag(node), place=node.place)


def _hours(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition | None:
    said = (desk.word(node) or "").split()
    if not said or len(said) > 2 or (len(said) == 2 and said[1] not in ("open", "closed")):
        desk.wrong(node, "hours, such as 'shop open' or 'shop closed'")
        return None
    desk.refer("hours", said[0], node.place)
    opened = len(said) == 1 or said[1] == "open"
    return c.HoursAre(name=said[0], opened=opened, place=node.place)


def parse_span(text: str) -> tuple[int, int] | None:
    """Return a span such as 09:00-18:00 in minutes from midnight, None when it is none."""
    match = re.fullmatch(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)", text.strip())
    if match is None:
        return None
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in match.groups())
    if start_hour > 23 or end_hour > 24 or start_minute > 59 or end_minute > 59:
        return None
    return start_hour * 60 + start_minute, end_hour * 60 + end_minute


def parse_days(text: str) -> frozenset[int] | None:
    """Return weekdays such as ``mon-fri`` or ``sat``, 0 is Monday; None when they are none."""
    first, _, last = text.strip().lower().partition("-")
    if first not in WEEKDAYS or (last and last not in WEEKDAYS):
        return None
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    span = range(start, end + 1) if end >= start else [*range(start, 7), *range(end + 1)]
    return frozenset(span)


def _between(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition | None:
    span = parse_span(desk.word(node) or "")
    if span is None:
        desk.wrong(node, "a span of time, such as 09:00-18:00")
        return None
    return c.Between(start=span[0], end=span[1], place=node.place)


def _days(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    found: set[int] = set()
    for item in desk.each(node):
        days = parse_days(desk.word(item) or "")
        if days is None:
            desk.wrong(item, "weekdays, such as mon-fri or sat")
        else:
            found |= days
    return c.DaysAre(days=frozenset(found), place=node.place)


def _lead(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    entries = desk.table(node, ("stage", "score", "owner"), "a lead")
    values = {name: entry.value for name, entry in entries.items()}
    stages = desk.words(values.get("stage"))
    for stage, place in zip(stages, desk.each(values.get("stage")), strict=False):
        desk.refer("stage", stage, place.place)
    return c.LeadIs(
        stages=stages,
        score=_compared(desk, values.get("score")),
        owner=desk.text(values.get("owner")),
        place=node.place,
    )


def _compared(desk: Desk, node: Node | None) -> tuple[str, float] | None:
    if node is None:
        return None
    match = re.fullmatch(r"\s*(>=|<=|==|>|<)?\s*(-?\d+(?:\.\d+)?)\s*", desk.word(node) or "")
    if match is None:
        desk.wrong(node, "a comparison, such as '>= 30'")
        return None
    return match[1] or "==", float(match[2])


def _in_flow(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition | None:
    name = desk.word(node)
    if name is None:
        return None
    if name not in ("any", "none"):
        desk.refer("flow", name, node.place)
    return c.InFlow(flow=name, place=node.place)


def _language(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    return c.LanguageIs(codes=desk.words(node), place=node.place)


def _appeal(desk: Desk, node: Node, values: Mapping[str, Node]) -> c.Condition:
    least = desk.number(values.get("min"), 0, 1)
    return c.AppealIs(kinds=read_appeal(desk, node), least=least, place=node.place)


def _sentiment(desk: Desk, node: Node, values: Mapping[str, Node]) -> c.Condition | None:
    label = desk.one_of(node, "sentiment", list(Mood))
    if label is None:
        return None
    least = desk.number(values.get("min"), 0, 1) or 0.0
    over = desk.whole(values.get("over"), 1, 20) or 1
    return c.SentimentIs(label=Mood(label), least=least, over=over, place=node.place)


def _mood(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    below, above = read_mood(desk, node)
    return c.MoodIs(below=below, above=above, place=node.place)


def _intent(desk: Desk, node: Node, values: Mapping[str, Node]) -> c.Condition:
    least = desk.number(values.get("min"), 0, 1)
    return c.IntentIs(names=desk.words(node), least=least, place=node.place)


def _media(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    kinds = desk.all_of(node, lambda item: desk.one_of(item, "media", MEDIA))
    return c.MediaIs(kinds=kinds, place=node.place)


def _consent(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    return c.ConsentIs(value=desk.flag(node), place=node.place)


def _last_reply(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    return c.LastReply(patterns=desk.all_of(node, desk.pattern), place=node.place)


def _contact(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    if isinstance(node, Table):
        for name, entry in node.entries.items():
            desk.refer("field", name, entry.place)
    return c.ContactIs(fields=read_templates(desk, node), place=node.place)


def _segment(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    names = desk.words(node)
    for name in names:
        desk.refer("segment", name, node.place)
    return c.InSegment(names=names, place=node.place)


def _group(desk: Desk, node: Node, _: Mapping[str, Node]) -> c.Condition:
    return c.GroupIs(id=desk.word(node) or "", place=node.place)


MORE = {"sentiment": ("min", "over"), "intent": ("min",), "appeal": ("min",)}
KINDS: Mapping[str, Reader] = {
    "all": _all, "any": _any, "not": _not, "tag": _tag, "chat": _chat, "mentioned": _mentioned,
    "hours": _hours, "between": _between, "days": _days, "lead": _lead, "in_flow": _in_flow,
    "language": _language, "sentiment": _sentiment, "mood": _mood, "intent": _intent,
    "media": _media, "consent": _consent, "last_reply": _last_reply, "contact": _contact,
    "group": _group, "segment": _segment, "appeal": _appeal,
}  # fmt: skip
