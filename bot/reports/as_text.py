"""The report in a terminal."""

from typing import TextIO

from bot.reports.candidates import as_file
from bot.reports.layout import Column, Section, Table, shown
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
    grid = Grid(box=box.SIMPLE_HEAD, title=Text(table.title), title_justify="left", pad_edge=False)
    for column in table.columns:
        grid.add_column(Text(column.title), justify="left" if column.kind == "text" else "right")
    for row in table.rows:
        cells = zip(table.columns, row, strict=True)
        grid.add_row(*(Text(_cell(column, value)) for column, value in cells))
    console.print(grid)


def _cell(column: Column, value: str | int | float | None) -> str:
    return escaped(shown(value, column.kind))
