"""Reads steps that note something about the customer, or tell the people of the business."""

import re

from bot.domain.numbers import WRITTEN
from bot.language import actions as a
from bot.language.desk import Desk
from bot.language.places import Place
from bot.language.read_texts import read_settings, read_text
from bot.language.source import Node, Scalar, Table
from bot.language.verbs import Base, Values, Verbs


def _set(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    values = read_settings(desk, node)
    desk.scope.names.update(name for name in values if "." not in name)
    if isinstance(node, Table):
        for name, entry in node.entries.items():
            _settable(desk, name, entry.place)
    return a.SetStep(values=values, **base)


def _unset(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    names = desk.words(node)
    for name in names:
        _settable(desk, name, node.place)
        if "." not in name:
            desk.refer("kept", name, node.place)
    return a.UnsetStep(names=names, **base)


def _settable(desk: Desk, name: str, place: Place) -> None:
    """See that what is set exists, and is one of the things that may be set."""
    scope, dot, key = name.partition(".")
    if name.startswith(a.OPEN):
        desk.refer("open slot", name.removeprefix(a.OPEN), place)
        return
    if scope == "vars":
        desk.refer("var", key, place)
        return
    if scope != "contact":
        if dot:
            desk.tell(place, "E104", f"'{name}' cannot be set", ELSEWHERE.get(scope, SETTABLE))
        return
    if key in GIVEN:
        desk.tell(place, "E104", f"'{name}' cannot be set", GIVEN[key])
    else:
        desk.refer("field", key, place)


GIVEN = {
    "number": "it is what WhatsApp knows the person by",
    "first_name": "set contact.name",
    "tags": "write  tag:  or  untag:",
    "first_seen": "it is when the person first wrote",
    "last_seen": "it is when the person last wrote",
    "fields": "set one of the declared fields: contact.vip",
}
"""What of a contact no step sets, and what to do instead."""


SETTABLE = "set a slot, contact.x, vars.x, or chat.slots.x of the open flow"
ELSEWHERE = {
    "lead": 'write  lead: {score: "+10"}',
    "chat": "set a slot of the open flow: chat.slots.x",
}
"""What to do instead of setting something by its dotted name."""


def _tag(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    return a.TagStep(tags=desk.all_of(node, desk.template), **base)


def _untag(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    return a.TagStep(tags=desk.all_of(node, desk.template), remove=True, **base)


def _lead(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    entries = desk.table(node, ("stage", "score", "owner", "fields", "note"), "a lead")
    values = {name: entry.value for name, entry in entries.items()}
    score = desk.template(values.get("score"))
    if score is not None and score.is_plain and not re.fullmatch(r"[+-]?\d{1,9}", score.source):
        desk.wrong(values["score"], 'a score, such as "+10", "-5" or "60"')
    stage = desk.template(values.get("stage"))
    if stage is not None and stage.is_plain and stage.plain:
        desk.refer("stage", stage.plain, values["stage"].place)
    return a.LeadStep(
        stage=stage,
        score=score,
        owner=desk.template(values.get("owner")),
        fields=read_settings(desk, values.get("fields")),
        note=desk.template(values.get("note")),
        **base,
    )


def _handoff(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    if isinstance(node, Scalar) and node.text == "none":
        return a.HandoffStep(is_over=True, **base)
    if isinstance(node, Scalar):
        return a.HandoffStep(team=desk.template(node) if node.text else None, **base)
    keys = ("team", "note", "priority", "mute", "park", "reply")
    entries = desk.table(node, keys, "a handoff")
    values = {name: entry.value for name, entry in entries.items()}
    team = desk.template(values.get("team"))
    if team is not None and team.is_plain:
        desk.refer("team", team.source, values["team"].place)
    return a.HandoffStep(
        team=team,
        note=desk.template(values.get("note")),
        priority=desk.text(values.get("priority")) or "",
        mute=desk.duration(values.get("mute")),
        park=desk.flag(values.get("park")),
        reply=read_text(desk, values.get("reply")),
        **base,
    )


def _assign(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    if isinstance(node, Scalar):
        team = None if node.text == "none" else desk.template(node)
        if team is not None and team.is_plain:
            desk.refer("team", team.source, node.place)
        return a.AssignStep(team=team, **base)
    entries = desk.table(node, ("team", "member"), "an assign")
    values = {name: entry.value for name, entry in entries.items()}
    if isinstance(node, Table) and not values:
        desk.tell(node.place, "E102", "'team' or 'member' is missing",
                  "write none to give the chat back")  # fmt: skip
    team, member = desk.template(values.get("team")), desk.template(values.get("member"))
    if team is not None and team.is_plain:
        desk.refer("team", team.source, values["team"].place)
    if member is not None and member.is_plain:
        desk.refer("member", member.source, values["member"].place)
    return a.AssignStep(team=team, member=member, **base)


def _notify(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    entries = desk.table(node, ("to", "text"), "a notify")
    values = {name: entry.value for name, entry in entries.items()}
    to, text = desk.template(values.get("to")), read_text(desk, values.get("text"))
    for key in ("to", "text"):
        if key not in values:
            desk.tell(node.place, "E102", f"'{key}' is missing")
    if to is None or text is None:
        return None
    if to.is_plain and WRITTEN.fullmatch(to.source.strip()):
        desk.phone_number(values["to"])
    elif to.is_plain:
        desk.refer("told", to.source, values["to"].place)
    return a.NotifyStep(to=to, text=text, **base)


def _optout(_: Desk, __: Node, ___: Values, base: Base) -> a.Step | None:
    return a.ConsentStep(given=False, **base)


def _optin(_: Desk, __: Node, ___: Values, base: Base) -> a.Step | None:
    return a.ConsentStep(given=True, **base)


NOTES: Verbs = {
    "set": (_set, ()), "unset": (_unset, ()), "tag": (_tag, ()), "untag": (_untag, ()),
    "lead": (_lead, ()), "handoff": (_handoff, ()), "assign": (_assign, ()),
    "notify": (_notify, ()),
    "optout": (_optout, ()), "optin": (_optin, ()),
}  # fmt: skip
