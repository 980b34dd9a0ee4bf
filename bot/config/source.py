"""config.yaml and the environment as texts with their places; no value has a type yet."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.config.keys import PREFIX, Reading, Written

MOST_BYTES = 1_000_000
DEEPEST = 40
MOST_EVENTS = 20_000


def read_yaml(reading: Reading, file: str, raw: bytes) -> dict[str, Written]:
    """Return the top table of a file. What is not plain YAML is noted as a problem."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    start = Written("", f"{file}:1:1")
    if len(raw) > MOST_BYTES:
        reading.problem(start, f"E001 the file is larger than {MOST_BYTES:,} bytes")
        return {}
    try:
        content = raw.decode("utf-8-sig")
        if not _guarded(reading, file, yaml.parse(content, loader)):
            return {}
        node = yaml.compose(content, loader)
    except UnicodeDecodeError as failure:
        reading.problem(start, f"E001 the file is not UTF-8 text ({failure.reason})")
        return {}
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        place = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else f"{file}:1:1"
        reading.problem(Written("", place), f"E001 not valid YAML: {failure.problem}")
        return {}
    except yaml.YAMLError as failure:
        reading.problem(start, f"E001 not valid YAML: {' '.join(str(failure).split())}")
        return {}
    if node is None:
        return {}
    written = _written(reading, file, node)
    if isinstance(written.value, dict):
        return written.value
    reading.problem(written, "E104 the file must hold a table of keys")
    return {}


def add_environment(
    reading: Reading, found: dict[str, Written], known: tuple[str, ...]
) -> dict[str, Written]:
    """Return the table with what ``ALEXIA_A__B`` in the environment puts over it."""
    merged = dict(found)
    for name, value in sorted(reading.env.items()):
        keys = name.removeprefix(PREFIX).lower().split("__")
        if name.startswith(PREFIX) and keys[0] in known and all(keys):
            merged = _put(merged, keys, Written(value, name))
    return merged


def environment() -> Mapping[str, str]:
    """Return the environment of this process."""
    return dict(os.environ)


def _put(table: Mapping[str, Written], keys: list[str], value: Written) -> dict[str, Written]:
    first, *rest = keys
    if not rest:
        return {**table, first: value}
    below = table[first].value if first in table else None
    inner = _put(below if isinstance(below, dict) else {}, rest, value)
    return {**table, first: Written(inner, value.place)}


def _guarded(reading: Reading, file: str, events: Any) -> bool:  # noqa: ANN401 - PyYAML has no types for events
    """Tell whether the events are few, flat, and free of aliases and tags."""
    depth = 0
    for count, event in enumerate(events):
        kind = type(event).__name__
        depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
        at = Written("", f"{file}:{event.start_mark.line + 1}:{event.start_mark.column + 1}")
        if depth > DEEPEST or count > MOST_EVENTS:
            reading.problem(at, "E001 the file is too deep or too long")
            return False
        if kind == "AliasEvent" or getattr(event, "anchor", None):
            reading.problem(at, "E001 anchors and aliases are not used here", "quote the text")
            return False
        if getattr(event, "tag", None):
            reading.problem(at, f"E001 unknown tag {event.tag!r}", "quote the text")
            return False
    return True


def _written(reading: Reading, file: str, node: Any) -> Written:  # noqa: ANN401 - a PyYAML node
    place = f"{file}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"
    if node.id == "scalar":
        return Written(node.value, place)
    if node.id == "sequence":
        return Written([_written(reading, file, item) for item in node.value], place)
    table: dict[str, Written] = {}
    for name, value in node.value:
        at = _written(reading, file, name)
        if not isinstance(at.value, str):
            reading.problem(at, "E001 a key must be a text")
        elif at.value in table:
            reading.problem(at, f"E001 key {at.value!r} is written twice")
        else:
            table[at.value] = replace(_written(reading, file, value), key_place=at.place)
    return Written(table, place)
