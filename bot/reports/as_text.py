"""The report in a terminal."""

from typing import TextIO

from bot.reports.candidates import as_file
from bot.reports.layout import Section, Table, shown
from bot.telemetry import escaped

NARROWEST = 60  # columns of a terminal


def print_text(title: str, sections: tuple[Section, ...], out: TextIO, width: int | None) -> None:
    """Write tables for people.

    Args:
        width: Columns of the terminal; None to ask it.
    """
    from rich.console import Console
    from rich.text import Text

    wide = None if width is None else max(width, NARROWEST)
    console = Console(file=out, width=wide, highlight=False, markup=False, emoji=False)
    console.print(Text(title, style="bold"))
    for section in sections:
        console.print()
        console.print(Text(section.title.upper(), style="bold"))
        if section.facts:
            facts = (f"{one.label}: {shown(one.value, one.kind)}" for one in section.facts)
            console.print(Text("  ".join(facts)))
        for table in section.all_tables:
            if any(any(row[1:]) for row in table.rows):
                _print(console, table)
        if section.rules:
            console.print(Text("As rules, to be filled in:"))
            console.print(Text(as_file(section.rules)), soft_wrap=True)


def _print(console: object, table: Table) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    assert isinstance(console, Console)
    titles, *rows = _cells(table)
    lefts = [column.kind == "text" for column in table.columns]
    if _width([titles, *rows]) > console.width and len(rows) < len(titles):
        titles, *rows = map(list, zip(titles, *rows, strict=True))  # turned on its side
        lefts = [True] + [False] * len(titles)
    grid = Grid(box=box.SIMPLE_HEAD, title=Text(table.title), title_justify="left", pad_edge=False)
    for title, left in zip(titles, lefts, strict=False):
        grid.add_column(Text(title), justify="left" if left else "right", overflow="fold")
    for row in rows:
        grid.add_row(*map(Text, row))
    console.print(grid)


def _cells(table: Table) -> list[list[str]]:
    """Return the titles and rows of a table as they are shown."""
    rows = [
        [
            escaped(shown(value, column.kind))
            for column, value in zip(table.columns, row, strict=True)
        ]
        for row in table.rows
    ]
    return [[column.title for column in table.columns], *rows]


def _width(lines: list[list[str]]) -> int:
    """Return how wide a table is whose cells stay on one line."""
    return sum(max(map(len, column)) + 3 for column in zip(*lines, strict=True))
