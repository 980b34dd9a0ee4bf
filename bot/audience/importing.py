"""A table of people is read whole before anything is stored, and then taken in batch by batch.

What was read waits in a file without a name, so that nothing of it is left over however it ends.
Each batch is one transaction, and taken in twice it changes nothing: an import that died in the
middle is repeated from its beginning.
"""

import csv
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from bot.audience.cells import Person, Reader, Refusal, Rules
from bot.audience.columns import understand
from bot.audience.formulas import safe_cell
from bot.audience.seen import Seen
from bot.audience.sheets import Cells, Reading, open_sheet
from bot.domain.data import dataclass
from bot.domain.numbers import variants

BATCH = 500  # people of a transaction
BATCH_LETTERS = 400_000  # of their JSON; the control socket takes 1,000,000 bytes a line
MOST_TOLD = 1000  # duplicates that are named one by one
TELL_EVERY = 1000  # rows between two words of progress

Told = Callable[[int], None]
"""Hears how many rows were read so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be imported, and how it is read.

    Attributes:
        columns: Columns by name, to what they hold.
    """

    path: Path
    reading: Reading
    columns: Mapping[str, str]
    rules: Rules


class Plan(AbstractContextManager["Plan"]):
    """A table that was read: who can be imported, and which rows were refused.

    Attributes:
        id: The same for the same file, options aside.
        said: How the file was read; ``notes``: what was guessed or left out.
        duplicates: Rows that tell of somebody whom an earlier row named, with that row; at most
            `MOST_TOLD` of them.
        leads: Rows that say something of a lead.
    """

    def __init__(self, asked: Asked, told: Told) -> None:
        """Read it. Raises SheetRefused or ColumnsRefused."""
        self.rows = self.accepted = self.refused = self.repeated = self.leads = 0
        self.duplicates: list[tuple[int, int]] = []
        self.header: tuple[str, ...] = ()
        self.said = ""
        self.notes: list[str] = []
        with ExitStack() as held:
            self._seen = held.enter_context(Seen())
            self._people = held.enter_context(_spool())
            self._refusals = held.enter_context(_spool())
            self.id = _digest(asked.path)
            self._read(asked, told)
            self._held = held.pop_all()

    def _read(self, asked: Asked, told: Told) -> None:
        with open_sheet(asked.path, asked.reading) as sheet:
            columns = understand(sheet.header, asked.rules.fields, asked.columns)
            self.header, self.said = sheet.header, sheet.said
            self.notes = [*sheet.doubts, *columns.ignored]
            reader = Reader(sheet.header, columns, asked.rules)
            for row in sheet.rows:
                self.rows += 1
                person, refusals = reader.read(row)
                if refusals:
                    self.refused += 1
                    self._note(row.number, row.cells, refusals)
                else:
                    self._take(person)
                if self.rows % TELL_EVERY == 0:
                    told(self.rows)
        told(self.rows)

    def _take(self, person: Person) -> None:
        """Keep somebody; what a later row says of the same person goes before an earlier one."""
        self.accepted += 1
        self.leads += "lead" in person
        number = _one_form(person)
        first = self._seen.first(number, self._people.tell())
        if first is None:
            self._people.write(json.dumps(person, ensure_ascii=False).encode() + b"\n")
            return
        earlier = self._seen.merged(number) or self._read_back(first)
        self._seen.merge(number, _both(earlier, person))
        self.repeated += 1
        if len(self.duplicates) < MOST_TOLD:
            self.duplicates.append((person["row"], earlier["row"]))

    def _read_back(self, place: int) -> Person:
        end = self._people.tell()
        self._people.seek(place)
        person: Person = json.loads(self._people.readline())
        self._people.seek(end)
        return person

    def _note(self, row: int, cells: Cells, refusals: list[Refusal]) -> None:
        told = [[one.column, one.reason, one.remedy] for one in refusals]
        line = [row, ["" if cell is None else str(cell) for cell in cells], told]
        self._refusals.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def batches(self) -> Iterator[list[Person]]:
        """Return who can be imported, each person once, in the order of the file."""
        batch: list[Person] = []
        letters = 0
        self._people.seek(0)
        for line in self._people:
            person = json.loads(line)
            person = self._seen.merged(_one_form(person)) or person
            if batch and (len(batch) == BATCH or letters + len(line) > BATCH_LETTERS):
                yield batch
                batch, letters = [], 0
            batch.append(person)
            letters += len(line)
        if batch:
            yield batch

    def refusals(self) -> Iterator[Refusal]:
        """Return every reason against a row, in the order of the file."""
        for row, _, told in self._refused_rows():
            for column, reason, remedy in told:
                yield Refusal(row=row, column=column, reason=reason, remedy=remedy)

    def write_refused(self, path: Path) -> None:
        """Write the refused rows as CSV, each with its reasons; it can be mended and imported."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            more = ("import_row", "import_reason", "import_remedy")
            writer.writerow([safe_cell(name) for name in (*self.header, *more)])
            for row, cells, told in self._refused_rows():
                filled = [*cells, *[""] * (len(self.header) - len(cells))][: len(self.header)]
                reasons = "; ".join(f"{name}: {why}" if name else why for name, why, _ in told)
                remedies = "; ".join(remedy for _, _, remedy in told)
                writer.writerow([safe_cell(cell) for cell in (*filled, row, reasons, remedies)])

    def _refused_rows(self) -> Iterator[tuple[int, list[str], list[list[str]]]]:
        self._refusals.seek(0)
        for line in self._refusals:
            row, cells, told = json.loads(line)
            yield row, cells, told

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        """Forget what was read."""
        self._held.close()


def _one_form(person: Person) -> int:
    """Return a number in the one form that all forms of it share."""
    return int(min(variants(person["number"]), key=len)[1:])


def _both(earlier: Person, later: Person) -> Person:
    """Return what two rows say of one person."""
    fields = {**earlier.get("fields", {}), **later.get("fields", {})}
    tags = list(dict.fromkeys([*earlier.get("tags", ()), *later.get("tags", ())]))
    lead = {**earlier.get("lead", {}), **later.get("lead", {})}
    kept = {"row": earlier["row"], "number": earlier["number"], "fields": fields, "tags": tags}
    kept |= {"lead": lead} if lead else {}
    return {**earlier, **later, **kept}


def _spool() -> IO[bytes]:
    return tempfile.TemporaryFile()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
