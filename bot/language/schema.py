"""The JSON Schema of rule files, for editors; made from the table of keys and the reader's words.

Every value may stand as the text that the reader sees, or as the number or truth that plain YAML
makes of it.
"""

from typing import Any

from bot.language.read_steps import BARE, VERBS
from bot.language.read_triggers import KINDS as TRIGGERS
from bot.language.shapes import SHAPES, Row, Shape

Schema = dict[str, Any]

TITLE = "Rules and flows of Alexia"
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
FLAG: Schema = {"enum": [True, False, "true", "false", "yes", "no", "on", "off"]}
DURATION: Schema = {"type": "string", "pattern": r"^(?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+s)?$"}
ANYTHING: Schema = {}


def _many(one: Schema) -> Schema:
    """Return a list, where one alone will do; told apart first, so that faults are told inside."""
    return {"if": {"type": "array"}, "then": {"items": one}, "else": one}


def _object_or(other: Schema, inside: Schema) -> Schema:
    return {"if": {"type": "object"}, "then": inside, "else": other}


def _map(one: Schema) -> Schema:
    return {"type": "object", "additionalProperties": one}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


KINDS: dict[str, Schema] = {
    "text": {"type": ["string", "number", "boolean", "null"]},
    "word": SCALAR,
    "expression": SCALAR,
    "flag": FLAG,
    "duration": DURATION,
    "limit": {"type": "string", "pattern": r"^\d{1,6}\s+per\s+\S+$"},
    "mood": {"type": "string", "pattern": r"^(below|above)\s+-?\d(\.\d+)?$"},
    "free": ANYTHING,
    "nothing": {"type": ["null", "string"], "maxLength": 0},
    "items": {"anyOf": [_many(SCALAR), _map(_many(SCALAR))]},
    "choices": {"anyOf": [_many(SCALAR), _map(_many(SCALAR))]},
    "teams": {"anyOf": [_many(SCALAR),
                        _map({"anyOf": [_many({"anyOf": [SCALAR, _ref("a member of a team")]}),
                                        _ref("a team")]})]},
    "member": _object_or(SCALAR, _ref("a member of a team")),
    "assign": _object_or(SCALAR, _ref("an assign")),
    "triggers": _many(_ref("a trigger")),
    "condition": _many(_ref("a condition")),
    "steps": _many(_ref("a step")),
    "reply": _ref("text"),
    "owner": _object_or(SCALAR, _ref("an owner")),
    "wording": _object_or(SCALAR, _ref("a wording")),
    "ask": _object_or(SCALAR, _ref("an ask")),
    "handoff": _object_or({"type": ["string", "null"]}, _ref("a handoff")),
    "emit": _object_or(SCALAR, _ref("an emit")),
    "on_fail": {"anyOf": [{"enum": ["handoff", "skip", "cancel", "default"]},
                          _many(_ref("a step"))]},
}  # fmt: skip


def rule_file_schema() -> Schema:
    """Return the schema, draft 7: what yaml-language-server reads."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": TITLE,
        **_object(SHAPES["a file"]),
        "definitions": {
            **{name: _object(shape) for name, shape in SHAPES.items() if name != "a file"},
            "a trigger": _exactly_one(SHAPES["a trigger"], tuple(TRIGGERS)),
            "a step": _object_or({"enum": list(BARE)},
                                 _exactly_one(SHAPES["a step"], tuple(VERBS))),
            "a condition": _object_or(SCALAR, _some(SHAPES["a condition"])),
            "text": _object_or(_many(_object_or(SCALAR, _ref("a wording"))), _ref("a reply")),
        },
    }  # fmt: skip


def _object(shape: Shape) -> Schema:
    made: Schema = {
        "type": "object",
        "description": shape.meaning,
        "properties": {key: _property(row) for key, row in shape.rows.items()},
        "additionalProperties": False,
    }
    if shape.required:
        made["required"] = list(shape.required)
    return made


def _exactly_one(shape: Shape, verbs: tuple[str, ...]) -> Schema:
    return {**_object(shape), "oneOf": [{"required": [verb]} for verb in verbs]}


def _some(shape: Shape) -> Schema:
    return {**_object(shape), "minProperties": 1}


def _property(row: Row) -> Schema:
    made = {**_value(row.kind), "description": row.meaning}
    if row.example:
        made["examples"] = [row.example]
    return {"allOf": [_value(row.kind)], **_told(made)} if "$ref" in made else made


def _told(made: Schema) -> Schema:
    """Return the words alone: in draft 7 nothing counts beside a $ref."""
    return {key: made[key] for key in ("description", "examples") if key in made}


def _value(kind: str) -> Schema:
    if kind in KINDS:
        return KINDS[kind]
    first, _, rest = kind.partition(" ")
    if kind.startswith("list of "):
        return _many(_value(kind.removeprefix("list of ")))
    if kind.startswith("map of "):
        return _map(_value(kind.removeprefix("map of ")))
    if kind.startswith("shape: "):
        return _ref(kind.removeprefix("shape: "))
    if kind.startswith("one of: "):
        words = kind.removeprefix("one of: ").split(", ")
        return {"enum": [*words, *(int(word) for word in words if word.isdigit())]}
    if first in ("whole", "number"):
        return _number(first, *rest.split(".."))
    raise KeyError(kind)


def _number(first: str, least: str, most: str) -> Schema:
    kind = "integer" if first == "whole" else "number"
    digits = r"^-?\d+$" if first == "whole" else r"^-?\d+(\.\d+)?$"
    return {
        "anyOf": [
            {"type": kind, "minimum": float(least), "maximum": float(most)},
            {"type": "string", "pattern": digits},
        ]
    }
