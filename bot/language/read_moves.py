"""Reads steps that move: into a flow, to a step, out of one; and those that only pass time."""

from datetime import timedelta

from bot.language import actions as a
from bot.language.desk import Desk
from bot.language.read_texts import read_setting, read_settings
from bot.language.source import Node, Scalar, Table
from bot.language.verbs import Base, Values, Verbs

LONGEST_WAIT = timedelta(seconds=60)


def _wait(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    duration = desk.duration(node)
    if duration is not None and duration > LONGEST_WAIT:
        desk.tell(node.place, "E209", "'wait' is at most 60s", "use 'later' for longer")
        return None
    return None if duration is None else a.WaitStep(duration=duration, **base)


def _break(_: Desk, __: Node, ___: Values, base: Base) -> a.Step | None:
    return a.BreakStep(**base)


def _continue(_: Desk, __: Node, ___: Values, base: Base) -> a.Step | None:
    return a.ContinueStep(**base)


def _start(desk: Desk, node: Node, values: Values, base: Base) -> a.Step | None:
    name = desk.word(node)
    if name is None:
        return None
    desk.refer("flow", name, node.place)
    return a.StartStep(flow=name, arguments=read_settings(desk, values.get("with")), **base)


def _call(desk: Desk, node: Node, values: Values, base: Base) -> a.Step | None:
    name = desk.word(node)
    if name is None:
        return None
    desk.refer("flow", name, node.place)
    save = desk.text(values.get("save")) or ""
    desk.scope.names.update({save} - {""})
    arguments = read_settings(desk, values.get("with"))
    return a.CallStep(flow=name, arguments=arguments, save=save, **base)


def _goto(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    target = desk.word(node)
    if target is None:
        return None
    desk.refer("step", target, node.place)
    return a.GotoStep(target=target, **base)


def _end(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    if isinstance(node, Table) and set(node.entries) <= {"flow", "all"}:
        values = {name: entry.value for name, entry in node.entries.items()}
        flow, everything = desk.flag(values.get("flow")), desk.flag(values.get("all"))
        return a.EndStep(flow=flow, all=everything, **base)
    if isinstance(node, Scalar) and not node.text:
        return a.EndStep(**base)
    return a.EndStep(value=read_setting(desk, node), **base)


def _emit(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    if isinstance(node, Scalar):
        return a.EmitStep(event=desk.word(node) or "", **base)
    entries = desk.table(node, ("event", "data"), "an emit")
    values = {name: entry.value for name, entry in entries.items()}
    name = desk.word(values.get("event")) or ""
    return a.EmitStep(event=name, data=read_settings(desk, values.get("data")), **base)


def _reroute(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    text = desk.template(node)
    return None if text is None else a.RerouteStep(text=text, **base)


MOVES: Verbs = {
    "wait": (_wait, ()), "break": (_break, ()), "continue": (_continue, ()),
    "start": (_start, ("with",)), "call": (_call, ("with", "save")), "goto": (_goto, ()),
    "end": (_end, ()), "emit": (_emit, ()), "reroute": (_reroute, ()),
}  # fmt: skip
