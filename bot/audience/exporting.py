"""Writes tables as CSV, XLSX or JSON, row by row; no cell is a formula to a spreadsheet."""

import csv
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from bot.audience.formulas import safe_cell
from bot.audience.tables import Table, cell

FORMATS = ("csv", "xlsx", "json")
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML, and so a cell of an XLSX, cannot hold."""
LONGEST_CELL = 32_767  # characters; Excel's own limit


def format_of(path: Path | None, said: str) -> str:
    """Return the format: as said, else by the name of the file, else CSV."""
    suffix = "" if path is None else path.suffix.lower().lstrip(".")
    return said or (suffix if suffix in FORMATS else "csv")


def write_table(table: Table, form: str, path: Path | None) -> int:
    """Write a table to a file, for its owner alone, or to the standard output; return its rows.

    The file is there as a whole, or not at all. An XLSX needs a path.
    """
    if path is None:
        return _WRITERS[form](table, sys.stdout)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w+b") as raw:
            if form == "xlsx":
                written = _write_xlsx(table, raw.name if isinstance(raw.name, str) else name)
            else:
                encoding = "utf-8-sig" if form == "csv" else "utf-8"
                with open(raw.fileno(), "w", encoding=encoding, newline="", closefd=False) as file:
                    written = _WRITERS[form](table, file)
            os.fsync(raw.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return written


def _write_csv(table: Table, file: TextIO) -> int:
    writer = csv.writer(file)
    writer.writerow([safe_cell(name) for name in table.columns])
    written = 0
    for row in table.rows:
        writer.writerow([safe_cell(cell(row[name])) for name in table.columns])
        written += 1
    return written


def _write_json(table: Table, file: TextIO) -> int:
    file.write("[")
    written = 0
    for row in table.rows:
        file.write(",\n" if written else "\n")
        file.write(json.dumps(row, ensure_ascii=False))
        written += 1
    file.write("\n]\n" if written else "]\n")
    return written


def _write_xlsx(table: Table, name: str) -> int:
    """Write a workbook; every cell is a text, so that nothing is worked out or shortened."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("people")

    def text(value: str) -> object:
        fit = UNFIT.sub("\N{REPLACEMENT CHARACTER}", safe_cell(value))[:LONGEST_CELL]
        made = WriteOnlyCell(sheet, fit)
        made.data_type = "s"
        made.number_format = "@"
        return made

    sheet.append([text(name) for name in table.columns])
    written = 0
    try:
        for row in table.rows:
            sheet.append([text(cell(row[name])) for name in table.columns])
            written += 1
    except BaseException:
        sheet.close()
        raise
    book.save(name)
    return written


_WRITERS: dict[str, Callable[[Table, TextIO], int]] = {"csv": _write_csv, "json": _write_json}
