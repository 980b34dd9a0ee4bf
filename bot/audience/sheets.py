"""Tables of others: CSV in whatever encoding and with whatever separator, and XLSX; read as text.

Nothing in a cell is ever worked out: a formula is its text. Rows come one by one, so that a file of
a million needs no more memory than one of a hundred.
"""

import codecs
import csv
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.domain.data import dataclass
from bot.domain.errors import FileRefused
from bot.domain.values import Value

SEPARATORS = ",;\t|"
SEPARATOR_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
CHUNK = 1 << 20  # bytes read at once while the encoding is looked for
MOST_COLUMNS = 500
MOST_ROWS = 2_000_000  # more than a spreadsheet holds (1,048,576)
LONGEST_CELL = 65_536  # characters; a quote that is never closed makes one
MOST_UNPACKED = 2_000_000_000  # bytes of all parts of an XLSX
MOST_PACKED = 200  # times that a part may be larger than its packed form, once above 10 MB

Cells = tuple[Value, ...]


class SheetRefused(FileRefused):
    """A file that cannot be read as a table; nothing of it was imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file is to be read; "" means that it is found out.

    Attributes:
        encoding: As Python names it: utf-8, cp1252, latin-1, utf-16.
        sheet: Of an XLSX; the first one by default.
    """

    encoding: str = ""
    separator: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row under the header. ``number``: as a spreadsheet shows it; the header's is 1."""

    number: int
    cells: Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An open table.

    Attributes:
        rows: Those that are not blank, in order. May raise SheetRefused.
        said: How it is read, for people.
        doubts: What was guessed and should be looked at.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]
    said: str
    doubts: tuple[str, ...] = ()


@contextmanager
def open_sheet(path: Path, reading: Reading) -> Iterator[Sheet]:
    """Open a CSV or XLSX file, told apart by its content. Raises SheetRefused."""
    try:
        with path.open("rb") as file:
            begins = file.read(8)
    except OSError as reason:
        raise SheetRefused(str(path), reason.strerror or str(reason)) from reason
    if begins.startswith(b"PK\x03\x04"):
        with _workbook(path, reading) as sheet:
            yield sheet
    elif begins.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetRefused(str(path), "is an old .xls file; save it as .xlsx or .csv")
    elif not begins:
        raise SheetRefused(str(path), "is empty")
    else:
        with _text_table(path, reading) as sheet:
            yield sheet


# ---------------------------------------------------------------------- CSV


@contextmanager
def _text_table(path: Path, reading: Reading) -> Iterator[Sheet]:
    encoding, doubt = (reading.encoding, "") if reading.encoding else _encoding_of(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline(LONGEST_CELL)
            told = re.fullmatch(r"\ufeff?sep=(.)\r?\n?", first)
            separator = reading.separator or (told[1] if told else _separator_of(first))
            if not told:
                file.seek(0)
            csv.field_size_limit(LONGEST_CELL)
            lines = (line.replace("\0", "\N{REPLACEMENT CHARACTER}") for line in file)
            rows = _records(path, csv.reader(lines, delimiter=separator))
            header = next(rows, None)
            name = {"\t": "tab"}.get(separator, f"'{separator}'")
            yield Sheet(
                header=_header(path, header),
                rows=rows,
                said=f"{_named(encoding)}, separated by {name}",
                doubts=(doubt,) if doubt else (),
            )
    except UnicodeError as reason:
        raise SheetRefused(
            str(path), f"is not in {_named(encoding)} ({reason}); name another --encoding"
        ) from reason
    except LookupError:
        raise SheetRefused(
            str(path), f"no encoding is called {encoding!r}; try utf-8, cp1252 or utf-16"
        ) from None


def _encoding_of(path: Path) -> tuple[str, str]:
    """Return the encoding of a text, and what is to be doubted of it."""
    with path.open("rb") as file:
        begins = file.read(4096)
    if begins.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", ""
    if begins.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", ""
    if begins[1::2].count(0) > len(begins) // 4:
        return "utf-16-le", "it has no mark of its encoding; taken for UTF-16"
    if begins[::2].count(0) > len(begins) // 4:
        return "utf-16-be", "it has no mark of its encoding; taken for UTF-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return (
            "cp1252",
            "it is not in UTF-8; taken for Windows-1252: see whether accents are right",
        )
    return "utf-8", ""


def _named(encoding: str) -> str:
    return {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp1252": "Windows-1252"}.get(
        encoding.lower(), encoding.upper()
    )


def _separator_of(line: str) -> str:
    """Return the separator that stands most often in the header, outside of quotes."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(SEPARATORS, key=bare.count)


def _records(path: Path, reader: Any) -> Iterator[Row]:  # noqa: ANN401 - csv has no name for it
    number = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as reason:
            raise SheetRefused(
                str(path), f"row {number + 1} cannot be read ({reason}); is a quote left open?"
            ) from reason
        number += 1
        _count(path, number)
        if any(cell.strip() for cell in record):
            yield Row(number, tuple(record))


# ---------------------------------------------------------------------- XLSX


@contextmanager
def _workbook(path: Path, reading: Reading) -> Iterator[Sheet]:
    from openpyxl import load_workbook

    _see_that_it_unpacks(path)
    try:
        book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    except Exception as reason:
        raise SheetRefused(str(path), f"is no .xlsx that can be read ({reason})") from reason
    try:
        names = book.sheetnames
        if reading.sheet and reading.sheet not in names:
            raise SheetRefused(
                str(path), f"has no sheet {reading.sheet!r}; it has: {', '.join(names)}"
            )
        name = reading.sheet or names[0]
        sheet = book[name]
        sheet.reset_dimensions()  # what a file says of its size is often wrong
        rows = _sheet_rows(path, sheet)
        yield Sheet(header=_header(path, next(rows, None)), rows=rows, said=f"sheet {name!r}")
    finally:
        book.close()


def _see_that_it_unpacks(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError) as reason:
        raise SheetRefused(str(path), f"is no .xlsx that can be read ({reason})") from reason
    bomb = any(
        one.file_size > 10_000_000 and one.file_size > MOST_PACKED * max(one.compress_size, 1)
        for one in parts
    )
    if bomb or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise SheetRefused(str(path), "unpacks to more than a table of people can need")


def _sheet_rows(path: Path, sheet: Any) -> Iterator[Row]:  # noqa: ANN401 - openpyxl is untyped
    number = 0
    try:
        for cells in sheet.iter_rows(values_only=True):
            number += 1
            _count(path, number)
            values = tuple(_plain(cell) for cell in cells)
            if any(value is not None and value != "" for value in values):
                yield Row(number, values)
    except SheetRefused:
        raise
    except Exception as reason:
        raise SheetRefused(str(path), f"cannot be read behind row {number} ({reason})") from reason


def _plain(cell: object) -> Value:
    """Return a cell as a value: whole numbers without a point, what else there is as text."""
    match cell:
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return int(cell)
        case None | bool() | int() | float() | str() | datetime() | date() | time():
            return cell
        case _:
            return str(cell)


# ---------------------------------------------------------------------- both


def _count(path: Path, number: int) -> None:
    if number > MOST_ROWS + 1:
        raise SheetRefused(str(path), f"has more than {MOST_ROWS:,} rows; split it")


def _header(path: Path, row: Row | None) -> tuple[str, ...]:
    if row is None:
        raise SheetRefused(str(path), "has no header: the first row names the columns")
    names = tuple("" if cell is None else " ".join(str(cell).split()) for cell in row.cells)
    if len(names) > MOST_COLUMNS:
        raise SheetRefused(str(path), f"has more than {MOST_COLUMNS} columns")
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise SheetRefused(str(path), f"has two columns {min(twice)!r}; rename one")
    return names
