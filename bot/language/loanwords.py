"""What people write who know other tools, and what it is called here."""

import re
from collections.abc import Collection, Mapping

FOREIGN = re.compile(r"\$\{[^}]*\}|\{\{.*?\}\}")
"""Templates of other tools, whatever they name."""
BRACED = re.compile(r"(?<![\w{$])\{(\w+)\}(?!\})|(?<![\w$])\$([^\W\d]\w+)")
"""`{name}` or `$name`, a template of other tools where it is a name that is known."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "trigger": ("when",), "triggers": ("when",), "conditions": ("if",), "condition": ("if",),
    "then": ("do",), "actions": ("do",), "action": ("do", "run"), "say": ("reply",),
    "message": ("reply",), "send": ("reply",), "utter": ("reply", "text", "bot"),
    "test_case": ("test",), "steps": ("talk", "do"), "do": ("steps", "then"),
    "else if": ("if",), "elseif": ("if",), "elif": ("if",), "otherwise": ("else",),
    "assertions": ("expect",), "assert": ("expect",),
    "slot_was_set": ("expect",), "bot_uttered": ("bot",), "active_flow": ("flow",),
    "responses": ("replies",), "question": ("ask",), "collect": ("ask",), "prompt": ("ask",),
    "options": ("choices",), "values": ("choices",), "on_fallback": ("fallback",),
    "link": ("start",), "jump": ("goto",),
    "next": ("goto",), "set_slots": ("set",), "switch": ("branch",), "foreach": ("each",),
    "for_each": ("each",), "loop": ("repeat",), "while": ("repeat",), "delay": ("wait",),
    "sleep": ("wait",), "request": ("http",), "api": ("http",), "webhook": ("http",),
    "end_flow": ("end",), "finish": ("end",), "handover": ("handoff",), "escalate": ("handoff",),
    "rejections": ("valid",), "validate": ("valid",), "validation": ("valid",),
    "initial_value": ("default",), "ask_before_filling": ("force",), "description": ("note",),
    "log": ("note",), "image": ("media",), "attachment": ("media",),
}  # fmt: skip
"""Other tools' keys, and ours: the first that may stand at the place."""

TYPES: Mapping[str, str] = {
    "string": "text", "str": "text", "boolean": "yes_no", "bool": "yes_no", "confirm": "yes_no",
    "categorical": "choice", "enum": "choice", "select": "choice", "float": "number",
    "int": "integer", "attachment": "media", "image": "media", "file": "media", "array": "list",
    "currency": "money", "amount": "money", "tel": "phone", "mail": "email",
    "option": "choice", "options": "choice", "dropdown": "choice", "radio": "choice",
    "buttons": "choice", "menu": "choice", "yes/no": "yes_no", "yesno": "yes_no",
    "decimal": "number", "numeric": "number", "day": "date", "hour": "time", "photo": "media",
    "picture": "media", "address": "location", "place": "location", "telephone": "phone",
    "link": "url", "price": "money", "fullname": "name",
}  # fmt: skip
"""Other tools' types of what is asked for."""

OWNED: Mapping[str, str] = {
    "name": "contact.name", "first_name": "contact.first_name", "firstname": "contact.first_name",
    "user_name": "contact.name", "username": "contact.name", "phone": "contact.number",
    "tags": "contact.tags", "language": "contact.language", "stage": "lead.stage",
    "score": "lead.score", "text": "message.text", "input": "message.text",
}  # fmt: skip
"""What others call what a contact, a lead or a message has, and its name here."""

NAMES: Mapping[str, str] = {
    **{name: f"write {owned}" for name, owned in OWNED.items()},
    "tag": "write has_tag('vip'), or a condition:  if: {tag: vip}",
    "hours": "write is_open('shop'), or a condition:  if: {hours: shop open}",
    "yes": "write true", "no": "write false", "null": "write none", "nil": "write none",
    "slots": "a slot is written by its name alone", "slot": "a slot is written by its name alone",
    "user": "write contact", "context": "write captures, or message.text",
    "ctx": "write message.text", "state": "write a slot's name, or contact and one of its fields",
}  # fmt: skip
"""Other tools' names in expressions."""

ENDS = frozenset(("end", "stop", "exit", "endflow", "end_flow", "finish"))
"""What others write for the end of a flow, as a step or as a place to go to."""
END = "to end the flow, write:  - end"


def ours(key: str, keys: Collection[str]) -> str:
    """Return what a key of another tool is called here, "" where nothing like it may stand."""
    return next((one for one in KEYS.get(key, ()) if one in keys), "")
