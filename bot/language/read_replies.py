"""Reads steps that say something, or mend what was said."""

from bot.language import actions as a
from bot.language.desk import Desk
from bot.language.read_texts import read_text
from bot.language.source import Node, Table
from bot.language.verbs import Base, Values, Verbs


def _reply(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    text = read_text(desk, node)
    return None if text is None else a.ReplyStep(text=text, **base)


def _react(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    emoji = desk.template(node)
    return None if emoji is None else a.ReactStep(emoji=emoji, **base)


def _clarify(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    entries = desk.table(node, ("text", "labels"), "a clarify")
    text = read_text(desk, entries["text"].value) if "text" in entries else None
    given = entries["labels"].value if "labels" in entries else None
    labels = {}
    for name, entry in given.entries.items() if isinstance(given, Table) else ():
        desk.refer("intent", name, entry.place)
        label = read_text(desk, entry.value)
        if label is not None:
            labels[name] = label
    if given is not None and not isinstance(given, Table):
        desk.wrong(given, "a mapping of intents to what they are called")
    return None if text is None else a.ClarifyStep(text=text, labels=labels, **base)


def _edit(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    entries = desk.table(node, ("last",), "an edit")
    text = read_text(desk, entries["last"].value) if "last" in entries else None
    return None if text is None else a.EditLastStep(text=text, **base)


def _delete(desk: Desk, node: Node, _: Values, base: Base) -> a.Step | None:
    desk.one_of(node, "delete", ("last",))
    return a.DeleteLastStep(**base)


REPLIES: Verbs = {
    "reply": (_reply, ()), "react": (_react, ()), "clarify": (_clarify, ()), "edit": (_edit, ()),
    "delete": (_delete, ()),
}  # fmt: skip
