"""Reads what is said to who writes while a business is closed: a rule that speaks once a time."""

from bot.language import actions as a
from bot.language import conditions as c
from bot.language import triggers as t
from bot.language.desk import Desk, Scope
from bot.language.read_flows import content_hash
from bot.language.read_texts import read_text
from bot.language.rules import Rule
from bot.language.source import Entry, Table

PRIORITY = 10  # what else greets goes before it


def read_away(desk: Desk, entry: Entry) -> Rule | None:
    """Return the rule that an ``away`` of hours is, None without one; its scope is the desk's."""
    found = entry.value.entries.get("away") if isinstance(entry.value, Table) else None
    if found is None:
        return None
    rule_id, place = f"away:{entry.name}", found.value.place
    desk.scope, desk.paths = Scope(f"rule:{rule_id}"), {}
    text = read_text(desk, found.value)
    closed = c.HoursAre(name=entry.name, opened=False, place=place)
    return Rule(
        id=rule_id,
        triggers=(t.Event(name="message.in", place=place),),
        conditions=(closed, c.ChatIs(group=False, place=place)),
        steps=() if text is None else (a.ReplyStep(path="0", place=place, text=text),),
        priority=PRIORITY,
        goes_on=True,
        until_open=entry.name,
        hash=content_hash(found.value, rule_id),
        place=place,
    )
