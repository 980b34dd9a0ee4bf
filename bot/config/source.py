"""config.yaml and the environment as texts with their places; no value has a type yet."""

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.config.keys import PREFIX, Reading, Written, nearest

if TYPE_CHECKING:
    from bot.language.source import Node


def read_file(reading: Reading, file: str, raw: bytes) -> dict[str, Written]:
    """Return the top table of a file. What is not plain YAML is noted as a problem."""
    from bot.language.source import Source, decode, read_yaml

    text, refused = decode(file, raw)
    if refused is not None:
        reading.problems.append(str(refused))
        return {}
    source = Source(file, text)
    node = read_yaml(source, text)
    for problem in source.problems:
        told = reading.problems if problem.severity == "error" else reading.warnings
        told.append(str(problem))
    if node is None:
        return {}
    written = _written(node)
    if isinstance(written.value, dict):
        return written.value
    reading.problem(written, "E104 the file must hold a table of keys")
    return {}


def add_environment(
    reading: Reading, found: dict[str, Written], known: tuple[str, ...]
) -> dict[str, Written]:
    """Return the table with what ``ALEXIA_A__B`` in the environment puts over it.

    A name that is none of ours may be somebody else's; one that nearly is gets a warning.
    """
    merged = dict(found)
    for name, value in sorted(reading.env.items()):
        keys = name.removeprefix(PREFIX).lower().split("__")
        if not name.startswith(PREFIX) or not all(keys):
            continue
        if keys[0] in known:
            merged = _put(merged, keys, Written(value, name))
        elif near := nearest(keys[0], known):
            meant = "__".join([near, *keys[1:]]).upper()
            reading.warnings.append(f"{name} is not read; did you mean {PREFIX}{meant}?")
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


def _written(node: "Node") -> Written:
    from bot.language.source import Items, Scalar, Table

    match node:
        case Scalar():
            return Written(node.text, str(node.place))
        case Items():
            return Written([_written(one) for one in node.nodes], str(node.place))
        case Table():
            entries = {
                name: replace(_written(entry.value), key_place=str(entry.place))
                for name, entry in node.entries.items()
            }
            return Written(entries, str(node.place))
