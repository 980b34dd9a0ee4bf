"""Writes what the bot says into tests that say something else; comments and layout stay."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import yaml

from bot.language.source import Loader
from bot.testing.player import Correction
from bot.testing.runs import Results

Edit = tuple[int, int, str]
"""Characters from, to, and what comes in their place."""

ITEM = re.compile(r"( *)- ")


def update(results: Results, files: Iterable[tuple[str, Path]]) -> int:
    """Rewrite the files whose tests differ; return how many texts were written.

    Args:
        files: Names as in the results, with their paths.
    """
    written = 0
    for name, path in files:
        corrections = [
            one for test in results.tests if test.file == name for one in test.corrections
        ]
        if corrections:
            text, made = corrected(path.read_bytes().decode("utf-8-sig"), corrections)
            path.write_bytes(text.encode())
            written += made
    return written


def corrected(text: str, corrections: Sequence[Correction]) -> tuple[str, int]:
    """Return a file's text with its expected texts corrected, and how many were."""
    tree = yaml.compose(text, Loader=Loader)
    nodes = {} if tree is None else dict(_nodes(tree))
    edits = [
        edit for correction in corrections if (edit := _edit(text, nodes, correction)) is not None
    ]
    parts, at = [], 0
    for start, end, new in sorted(edits, key=lambda one: one[0]):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]]), len(edits)


Nodes = dict[tuple[int, int], tuple[yaml.Node, bool]]
"""By line and column: a scalar and whether it stands inside { }; for a key its whole item."""


def _nodes(node: yaml.Node, *, inline: bool = False) -> Iterator[
    tuple[tuple[int, int], tuple[yaml.Node, bool]]
]:  # fmt: skip
    match node:
        case yaml.MappingNode():
            inside = inline or bool(node.flow_style)
            for key, value in node.value:
                yield _at(key), (node, inside)
                yield from _nodes(value, inline=inside)
        case yaml.SequenceNode():
            for child in node.value:
                yield from _nodes(child, inline=inline or bool(node.flow_style))
        case _:
            yield _at(node), (node, inline)


def _at(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _edit(text: str, nodes: Nodes, correction: Correction) -> Edit | None:
    place = correction.text_at or correction.after
    found = nodes.get((place.line, place.column)) if place is not None else None
    if found is None:
        return None
    node, inline = found
    if correction.text_at is not None:
        start, end = node.start_mark.index, _end(node)
        new = written(correction.text, inline=inline)
        return start, end, new + ("\n" if text[start:end].endswith("\n") else "")
    begin = text.rfind("\n", 0, node.start_mark.index) + 1
    item = ITEM.match(text, begin)
    if item is None:
        return None
    end = _end(node)
    if not text[:end].endswith("\n"):
        newline = text.find("\n", end)
        end = len(text) if newline < 0 else newline + 1
    before = "" if text[:end].endswith("\n") else "\n"
    return end, end, f"{before}{item[1]}- bot: {written(correction.text)}\n"


def _end(node: yaml.Node) -> int:
    """Return where a node's last written character is; a block's own end lies too far."""
    match node:
        case yaml.MappingNode(flow_style=False, value=pairs):
            return max(_end(part) for pair in pairs for part in pair)
        case yaml.SequenceNode(flow_style=False, value=children):
            return max(_end(child) for child in children)
        case _:
            return int(node.end_mark.index)


def written(text: str, *, inline: bool = False) -> str:
    """Return a text as YAML: bare where that reads back as the same, else in double quotes."""
    line = f"{{bot: {text}}}" if inline else f"bot: {text}"
    if text and text.isprintable() and _reads_back(line, text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)


def _reads_back(line: str, text: str) -> bool:
    try:
        tree = yaml.compose(line, Loader=Loader)
    except yaml.YAMLError:
        return False
    if not isinstance(tree, yaml.MappingNode) or len(tree.value) != 1:
        return False
    value = tree.value[0][1]
    plain = isinstance(value, yaml.ScalarNode) and not value.style
    return plain and value.value == text
