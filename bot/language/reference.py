"""The reference of all keys and of what expressions may call, as a page for people; made from the same table as the schema."""

from collections.abc import Mapping

from bot.language.shapes import SHAPES, Row, Shape
from bot.language.vocabulary import FILTERS, FUNCTIONS, Word

KINDS = {
    "text": "a text", "word": "a word", "expression": "an expression", "flag": "true or false",
    "duration": "a duration: 30s, 20m, 12h, 7d, 1h30m", "limit": "n per duration",
    "mood": "below or above a number", "free": "any value", "nothing": "nothing",
    "items": "words, or words with synonyms", "choices": "words, or words with synonyms",
    "teams": "names, or names with members", "triggers": "[triggers](#a-trigger)",
    "condition": "[conditions](#a-condition) or an expression", "steps": "[steps](#a-step)",
    "reply": "a text, a list of wordings, or [a reply](#a-reply)",
    "wording": "a text or [a wording](#a-wording)", "ask": "a slot or [an ask](#an-ask)",
    "member": "a number or [a member](#a-member-of-a-team)",
    "assign": "a team, none, or [an assign](#an-assign)",
    "owner": "a team or [an owner](#an-owner)",
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
EXPRESSIONS = """\
## In expressions

`and`, `or`, `not`, comparisons, `in`, arithmetic, `a.b`, `a[0]`, `x if c else y`, and what the tables below name.
Nothing else can be called; a name that nobody knows is an error when the files are loaded.

`today` and `now` are in the business's time zone (`timezone` in the config), or in the contact's own once `set: {contact.timezone: ...}` named one.
A day or moment takes a length of time: `day + '3d'`, `now - '1h30m'`; one from another gives the time between: `visit - now < '2h'`.
Days go by the calendar, over a change of the clocks too; a text such as `2026-12-24` counts as that day beside a day: `day >= '2026-12-24'`.
"""


def reference_page() -> str:
    """Return the page, in Markdown."""
    return "\n".join([HEAD, *(_section(shape) for shape in SHAPES.values()), _expressions()])


def _expressions() -> str:
    functions = _words("Function", FUNCTIONS)
    return "\n".join([EXPRESSIONS, functions, _words("Filter", dict(sorted(FILTERS.items())))])


def _words(kind: str, words: Mapping[str, Word]) -> str:
    lines = [f"| {kind.lower()} | gives | example |", "|---|---|---|"]
    for name, word in words.items():
        example = word.example.replace("|", "\\|")
        lines.append(f"| `{name}` | {word.meaning} | `{example}` |")
    return "\n".join([*lines, ""])


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
