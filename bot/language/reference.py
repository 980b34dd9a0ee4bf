"""The reference of all keys, as a page for people; made from the same table as the schema."""

from bot.language.filters import FILTER_NAMES, FUNCTIONS
from bot.language.shapes import SHAPES, Row, Shape

KINDS = {
    "text": "a text", "word": "a word", "expression": "an expression", "flag": "true or false",
    "duration": "a duration: 30s, 20m, 12h, 7d, 1h30m", "limit": "n per duration",
    "mood": "below or above a number", "free": "any value", "nothing": "nothing",
    "items": "words, or words with synonyms", "choices": "words, or words with synonyms",
    "teams": "names, or names with members", "triggers": "[triggers](#a-trigger)",
    "condition": "[conditions](#a-condition) or an expression", "steps": "[steps](#a-step)",
    "reply": "a text, a list of wordings, or [a reply](#a-reply)",
    "wording": "a text or [a wording](#a-wording)", "ask": "a slot or [an ask](#an-ask)",
    "handoff": "a team or [a handoff](#a-handoff)", "emit": "a name or [an emit](#an-emit)",
    "on_fail": "handoff, skip, cancel, default, or [steps](#a-step)",
}  # fmt: skip
HEAD = """\
# Reference

Every key of the files under `rules/` and `flows/`.
This page is made by `alexia schema --reference`; do not edit it by hand.

Where a list stands, one item alone will do.
Every value is read as the text that you wrote: `no`, `18:30` and `0123` stay as they are.
A text may hold expressions: `$(contact.name)`; in `if`, `while` and `stop_if` an expression stands bare.
"""


def reference_page() -> str:
    """Return the page, in Markdown."""
    functions = ", ".join(f"`{name}`" for name in FUNCTIONS)
    names = ", ".join(f"`{name}`" for name in sorted(FILTER_NAMES))
    tail = f"## In expressions\n\nFunctions: {functions}.\n\nFilters: {names}.\n"
    return "\n".join([HEAD, *(_section(shape) for shape in SHAPES.values()), tail])


def _section(shape: Shape) -> str:
    lines = [f"## {shape.name}", "", shape.meaning, "", "| key | value | meaning | example |",
             "|---|---|---|---|"]  # fmt: skip
    return "\n".join([*lines, *(_line(row, shape) for row in shape.rows.values()), ""])


def _line(row: Row, shape: Shape) -> str:
    needed = " (required)" if row.key in shape.required else ""
    example = row.example.replace("|", "\\|")
    shown = f"`{row.key}: {example}`" if example else f"`{row.key}`"
    return f"| `{row.key}`{needed} | {_kind(row.kind)} | {row.meaning} | {shown} |"


def _kind(kind: str) -> str:
    if kind in KINDS:
        return KINDS[kind]
    for start, said in (("list of ", "one or more: "), ("map of ", "by name: ")):
        if kind.startswith(start):
            return said + _kind(kind.removeprefix(start))
    if kind.startswith("shape: "):
        name = kind.removeprefix("shape: ")
        anchor = "".join(sign for sign in name.replace(" ", "-") if sign.isalnum() or sign == "-")
        return f"[{name}](#{anchor})"
    first, _, rest = kind.partition(" ")
    least, _, most = rest.partition("..")
    if first in ("whole", "number"):
        return f"a {'whole ' if first == 'whole' else ''}number from {least} to {most}"
    return kind
