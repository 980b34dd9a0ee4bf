"""Reads campaigns."""

from collections.abc import Mapping
from datetime import datetime

from bot.language import actions as a
from bot.language import conditions as c
from bot.language.blocks import every_step
from bot.language.campaigns import RATES, Campaign, Share
from bot.language.desk import Desk, Scope
from bot.language.problems import clipped, did_you_mean
from bot.language.read_conditions import read_conditions
from bot.language.read_flows import content_hash
from bot.language.read_rules import read_limit
from bot.language.read_steps import read_steps
from bot.language.read_triggers import read_cron
from bot.language.segments import every_part
from bot.language.source import Entry, Items, Node, Table
from bot.language.templates import Expression
from bot.language.zones import read_timezone

KEYS = (
    "audience", "exclude", "at", "timezone", "hours", "rate", "jitter", "daily_cap", "once",
    "stop_if", "variants", "do", "note",
)  # fmt: skip
SHARE_KEYS = ("name", "share", "text", "do", "note")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST_VARIANTS = len(LETTERS)
CLOSE = 0.001  # how near to 1 the shares must add up: thirds are written as 0.333

Values = Mapping[str, Node]

NOT_OF_PEOPLE: Mapping[type[c.Condition], str] = {
    c.ChatIs: "chat", c.Mentioned: "mentioned", c.SentimentIs: "sentiment", c.IntentIs: "intent",
    c.MediaIs: "media", c.LastReply: "last_reply", c.GroupIs: "group", c.AppealIs: "appeal",
}  # fmt: skip
NOT_A_TIME: Mapping[type[c.Condition], str] = {
    c.HoursAre: "hours", c.Between: "between", c.DaysAre: "days",
}  # fmt: skip


AT_ONCE: Mapping[type[a.Step], str] = {
    a.HttpStep: "http", a.RunStep: "run", a.WaitStep: "wait", a.CallStep: "call",
    a.ReactStep: "react", a.EditLastStep: "edit", a.DeleteLastStep: "delete",
    a.RerouteStep: "reroute", a.ClarifyStep: "clarify",
}  # fmt: skip


def read_campaign(desk: Desk, entry: Entry) -> Campaign | None:
    """Return one campaign."""
    name = entry.name
    desk.scope, desk.paths = Scope(f"campaign:{name}"), {}
    entries = desk.table(entry.value, KEYS, "a campaign")
    if not isinstance(entry.value, Table):
        return None
    value = {key: found.value for key, found in entries.items()}
    at, cron = _at(desk, value.get("at"))
    variants = _variants(desk, value.get("variants"))
    _missing(desk, entry, value)
    return Campaign(
        name=name,
        audience=_people(desk, value.get("audience")),
        exclude=_people(desk, value.get("exclude")),
        at=at,
        cron=cron,
        timezone=_timezone(desk, value.get("timezone")),
        hours=_hours(desk, value.get("hours")),
        rate=read_limit(desk, value.get("rate")),
        jitter=desk.duration(value.get("jitter")),
        daily_cap=desk.whole(value.get("daily_cap"), 1, 1_000_000),
        once=desk.flag(value.get("once")),
        stop_if=_stop_if(desk, value.get("stop_if")),
        variants=variants,
        steps=_steps(desk, value.get("do"), ""),
        hash=content_hash(entry.value, name),
        place=entry.place,
    )


def _missing(desk: Desk, entry: Entry, value: Values) -> None:
    if "audience" not in value:
        desk.tell(entry.place, "E102", "'audience' is missing", "say who gets it, such as"
                  " {tag: buyer}; {consent: true} is everybody who agreed")  # fmt: skip
    if "do" not in value and "variants" not in value:
        desk.tell(entry.place, "E102", "'do' is missing")


def _people(desk: Desk, node: Node | None) -> tuple[c.Condition, ...]:
    """Return conditions on people: those on a message or a moment are told."""
    found = read_conditions(desk, node)
    if isinstance(node, Items) and not node.nodes:
        desk.tell(node.place, "E104", "the list is empty")
    for one in (part for condition in found for part in every_part(condition)):
        kind = NOT_OF_PEOPLE.get(type(one))
        if kind is not None:
            desk.tell(one.place, "E104", f"'{kind}' is about a message; there is none when a"
                      " campaign looks for its people", "use tag, segment, lead, language,"
                      " contact, in_flow or an expression over contact. and lead.")  # fmt: skip
        time = NOT_A_TIME.get(type(one))
        if time is not None:
            desk.tell(one.place, "E104", f"'{time}' says when, not who",
                      "write 'at' or 'hours' beside 'audience'")  # fmt: skip
    return found


def _steps(desk: Desk, node: Node | None, path: str) -> tuple[a.Step, ...]:
    """Return steps that can be done at once: what comes later would leave outside the pace."""
    steps = read_steps(desk, node, path)
    later = {
        id(inner) for step in every_step(steps) if isinstance(step, a.LaterStep)
        for inner in every_step(step.steps)
    }  # fmt: skip
    for step in every_step(steps):
        verb = AT_ONCE.get(type(step))
        if verb is not None and id(step) not in later:
            desk.tell(step.place, "E104", f"'{verb}' cannot stand in a campaign",
                      "nobody wrote, and nothing can be waited for; put it into a 'later', or"
                      " into a flow that an answer starts")  # fmt: skip
    return steps


def _at(desk: Desk, node: Node | None) -> tuple[datetime | None, str]:
    """Return the one moment, or the cron line, at which a campaign begins."""
    said = desk.word(node)
    if said is None or node is None:
        return None, ""
    if len(said.split()) == 5:
        return None, read_cron(desk, node, said) or ""
    try:
        moment = datetime.fromisoformat(said.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None or len(said.strip()) < len("2026-12-01 10:00"):
        desk.wrong(node, "a time such as 2026-12-01 10:00, or five fields of cron, such as"
                   " '30 9 * * mon'")  # fmt: skip
        return None, ""
    return moment, ""


def _timezone(desk: Desk, node: Node | None) -> str:
    said = desk.text(node)
    return said if said == "contact" else read_timezone(desk, node)


def _hours(desk: Desk, node: Node | None) -> str:
    said = desk.word(node)
    if said is None or node is None:
        return ""
    desk.refer("hours", said, node.place)
    return said


def _stop_if(desk: Desk, node: Node | None) -> Expression | None:
    """Return when it stops by itself; only its own figures are known there."""
    scope, desk.scope = desk.scope, Scope("stop_if")  # not among those that are checked later
    found = desk.expression(node)
    desk.scope = scope
    for name in sorted(found.names - set(RATES)) if found is not None else ():
        near = did_you_mean(name, RATES)
        hint = f"did you mean '{near}'? " if near else ""
        assert found is not None
        desk.tell(found.place, "E207", f"nothing is called '{clipped(name)}' in 'stop_if'",
                  f"{hint}known: {', '.join(RATES)}")  # fmt: skip
    return found


def _variants(desk: Desk, node: Node | None) -> tuple[Share, ...]:
    nodes = desk.each(node)
    if node is not None and len(nodes) > MOST_VARIANTS:
        desk.tell(node.place, "E104", f"a campaign has at most {MOST_VARIANTS} variants")
        return ()
    read = [_variant(desk, one, number) for number, one in enumerate(nodes)]
    found = [one for one in read if one is not None]
    if not found or node is None:
        return ()
    _tell_twins(desk, node, [name for name, _, _ in found])
    given = [share for _, share, _ in found if share is not None]
    silent = len(found) - len(given)
    rest = 1 - sum(given)
    if (silent and rest <= 0) or (not silent and abs(rest) > CLOSE):
        desk.tell(node.place, "E104", f"the shares add up to {sum(given):g}, not to 1",
                  "leave them out, and all get the same")  # fmt: skip
    return tuple(
        Share(name=name, share=max(rest, 0) / silent if share is None else share, steps=steps)
        for name, share, steps in found
    )


def _variant(
    desk: Desk, node: Node, number: int
) -> tuple[str, float | None, tuple[a.Step, ...]] | None:
    """Return a variant's name, its share if one is written, and its steps."""
    if not isinstance(node, Table):
        node = Table({"text": Entry("text", node.place, node)}, node.place)
    entries = desk.table(node, SHARE_KEYS, "a variant")
    value = {key: found.value for key, found in entries.items()}
    if ("text" in value) == ("do" in value):
        desk.tell(node.place, "E104", "a variant has exactly one of 'text' and 'do'")
        return None
    said = value.get("do")
    if "text" in value:
        said = Table({"reply": Entry("reply", entries["text"].place, value["text"])}, node.place)
    steps = _steps(desk, said, f"variants.{number}")
    name = desk.word(value.get("name")) or LETTERS[number]
    return name, desk.number(value.get("share"), 0, 1), steps


def _tell_twins(desk: Desk, node: Node, names: list[str]) -> None:
    for name in sorted({one for one in names if names.count(one) > 1}):
        desk.tell(node.place, "E203", f"two variants are called '{clipped(name)}'",
                  "give one of them another name")  # fmt: skip
