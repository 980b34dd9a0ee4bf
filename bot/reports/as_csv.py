"""The report for spreadsheets: one long table, or a zip with a file for each."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence

from bot.audience.formulas import safe_cell
from bot.reports.layout import Section, Table, Value

MADE = (2000, 1, 1, 0, 0, 0)  # of files in a zip: the same report is the same bytes


def as_csv(sections: Sequence[Section]) -> str:
    """Return all figures as one table: section, table, row, column, value."""
    rows: list[Sequence[Value]] = [("section", "table", "row", "column", "value")]
    for section in sections:
        rows += [(section.key, "facts", "", fact.label, fact.value) for fact in section.facts]
        for table in section.all_tables:
            rows += _long(section.key, table)
    return _written(rows)


def as_zip(sections: Sequence[Section]) -> bytes:
    """Return a zip with a CSV file for each table, and ``facts.csv``."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as files:
        facts = [(one.key, fact.label, fact.value) for one in sections for fact in one.facts]
        _put(files, "facts", [("section", "figure", "value"), *facts])
        for table in (table for one in sections for table in one.all_tables):
            _put(files, table.key, [tuple(one.title for one in table.columns), *table.rows])
    return held.getvalue()


def _long(section: str, table: Table) -> list[Sequence[Value]]:
    """Return a row for each value of a table, named by the texts that its own row begins with."""
    names = [place for place, column in enumerate(table.columns) if column.kind == "text"]
    return [
        (section, table.key, " / ".join(str(row[place]) for place in names), column.title, value)
        for row in table.rows
        for column, value in zip(table.columns, row, strict=True)
        if column.kind != "text"
    ]


def _put(files: zipfile.ZipFile, name: str, rows: Iterable[Sequence[Value]]) -> None:
    safe = re.sub(r"[^\w-]+", "_", name)
    files.writestr(zipfile.ZipInfo(f"{safe}.csv", MADE), _written(rows))


def _written(rows: Iterable[Sequence[Value]]) -> str:
    held = io.StringIO()
    csv.writer(held).writerows([_cell(value) for value in row] for row in rows)
    return held.getvalue()


def _cell(value: Value) -> Value:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    return safe_cell(value) if isinstance(value, str) else value
