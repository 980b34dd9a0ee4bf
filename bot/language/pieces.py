"""The rules of a file as pieces of its text, so that an edit reads anew only what it touched.

What is taken for untouched stands between lines that are the same, letter for letter, and begins
and ends where YAML begins an item of `rules:`; anything out of the ordinary has no pieces, and is
read whole.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import takewhile
from operator import eq

from bot.domain.data import dataclass
from bot.language.desk import Reference, Scope
from bot.language.rules import Rule
from bot.language.source import Entry, Items, Node, Source, Table

DASH = re.compile(r"( *)- +")
COMPLEX_KEY = re.compile(r"^[ -]*\?(?:[ \t]|$)", re.MULTILINE)
"""What lets YAML give a value a place behind its item."""
DOCUMENT = re.compile(r"^(?:---|\.\.\.|%)", re.MULTILINE)
"""What begins or ends more than an item."""
HEAD = "rules:"  # stands above the changed items when they are read alone


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of `rules:`, as read; ``rule`` is None when it is none."""

    rule: Rule | None
    scopes: tuple[Scope, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the items of `rules:` begin, each on a line of its own, and where the last one ends.

    Attributes:
        indent: Blanks before their dashes.
    """

    starts: tuple[int, ...]
    end: int
    indent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The items that say something else than before.

    Attributes:
        kept: How many before them are as they were.
        behind: Which of the former ones is the first behind them.
        start: The line on which they begin.
        end: The line on which they ended, and behind which nothing changed.
        by: How many lines all behind them moved down.
        text: What they say now, with `rules:` above.
    """

    kept: int
    behind: int
    start: int
    end: int
    by: int
    text: str


def cut_of(source: Source, tree: Table) -> Cut | None:
    """Return where a file's rules can be told apart, None when they cannot."""
    found = tree.entries.get("rules")
    if found is None or not isinstance(found.value, Items) or not source.line_break:
        return None
    if COMPLEX_KEY.search("\n".join(source.lines)):
        return None
    starts, indents = _starts(source, found.value.nodes)
    end = _end(source, found, tree)
    if len(indents) != 1 or end is None or len(starts) != len(found.value.nodes):
        return None
    return Cut(tuple(starts), end, indents.pop())


def _starts(source: Source, nodes: Sequence[Node]) -> tuple[list[int], set[int]]:
    starts, indents = [], set[int]()
    for node in nodes:
        place = node.place
        dash = DASH.fullmatch(source.line(place.line)[: place.column - 1])
        if dash is not None:
            starts.append(place.line)
            indents.add(len(dash[1]))
    return starts, indents


def _end(source: Source, rules: Entry, tree: Table) -> int | None:
    """Return the line of the next section, the one behind the last when there is none."""
    behind = [one.place for one in tree.entries.values() if one.place > rules.place]
    if not behind:
        return len(source.lines) + 1
    return min(behind).line if min(behind).column == 1 else None


def find_change(before: Source, after: Source, cut: Cut) -> Change | None:
    """Return what an edit changed, None when it is more than items of `rules:`."""
    if before.line_break != after.line_break or not after.line_break:
        return None
    old, new = before.lines, after.lines
    same = _alike(old, new)
    alike = min(_alike(old[::-1], new[::-1]), len(old) - same, len(new) - same)
    kept = bisect_right(cut.starts, same) - 1
    ends = (*cut.starts, cut.end)
    behind = bisect_left(ends, len(old) - alike + 1)
    if kept < 0 or behind >= len(ends):
        return None
    start, end, by = cut.starts[kept], ends[behind], len(new) - len(old)
    lines = [HEAD, *new[start - 1 : end - 1 + by]]
    text = "\n".join(lines) + ("" if end > len(old) else "\n")
    if COMPLEX_KEY.search(text) or DOCUMENT.search(text):
        return None
    return Change(kept=kept, behind=behind, start=start, end=end, by=by, text=text)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines are the same before the first that differ."""
    return sum(1 for _ in takewhile(bool, map(eq, one, other)))


def moved_cut(cut: Cut, change: Change, inner: Cut) -> Cut:
    """Return where items begin after a change.

    Args:
        inner: Where the changed ones begin in its text.
    """
    by = change.start - 2  # the first stands on the second line of the text
    starts = (
        *cut.starts[: change.kept],
        *(line + by for line in inner.starts),
        *(line + change.by for line in cut.starts[change.behind :]),
    )
    return Cut(starts, cut.end + change.by, cut.indent)
