"""Import 100,000 people from CSV and XLSX: seconds, peak memory, refused rows, a second time.

Run it as ``python -m benchmarks.imports [ROWS]``. Each import is a process of its own, so that its
peak of memory (``ru_maxrss``) is its own.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

RULES = """\
version: 1
fields:
  points: {type: integer, min: 0}
  born: {type: date}
  plan: {type: choice, choices: [gold, silver, bronze]}
"""
HEADER = ("Nome", "Celular", "points", "born", "plan", "tags", "consent", "consent_source",
          "consent_wording")  # fmt: skip
EVERY = 100  # rows to one that is refused
SAME = 1000  # rows to one that names somebody again
SMALL = 1000  # rows of the import against which memory is compared


def row(number: int) -> list[str]:
    """Return a row; one of a hundred has a number that is none."""
    who = number - 1 if number % SAME == 5 else number
    phone = "12" if number % EVERY == 7 else f"(11) 9{80_000_000 + who}"
    return [
        f"João {who}", phone, str(number % 500), f"{1 + number % 28:02}/0{1 + number % 9}/1980",
        ("gold", "silver", "bronze")[number % 3], "lista, novo", "sim" if number % 3 else "",
        "loja", "Aceito receber ofertas",
    ]  # fmt: skip


def write_csv(path: Path, rows: int) -> None:
    """Write a table as a Brazilian Excel would: semicolons, Windows-1252."""
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(row(number) for number in range(rows))


def write_xlsx(path: Path, rows: int) -> None:
    """Write the same as a workbook."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("people")
    sheet.append(HEADER)
    for number in range(rows):
        sheet.append(row(number))
    book.save(path)


@dataclass(frozen=True, slots=True)
class Done:
    """What an import printed and took: seconds by the clock and of the processor, MB at most."""

    told: dict[str, object]
    seconds: float
    work: float
    peak: float


def run(folder: Path, file: Path, *more: str) -> Done:
    """Import a file in a process of its own."""
    command = [sys.executable, "-m", "bot.cli", "contacts", "import", str(file), "--json",
               "--country", "BR", "--config", str(folder), *more]  # fmt: skip
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said
    work = used.ru_utime + used.ru_stime
    return Done(json.loads(said), time.perf_counter() - began, work, used.ru_maxrss / 1024)


def folder_of(path: Path) -> Path:
    """Make a business's folder that declares the fields of the table."""
    (path / "rules").mkdir(parents=True)
    (path / "config.yaml").write_text("timezone: America/Sao_Paulo\n", "utf-8")
    (path / "rules" / "fields.yaml").write_text(RULES, "utf-8")
    return path


def main(rows: int) -> None:
    """Import, and import again, from both kinds of file."""
    with tempfile.TemporaryDirectory() as name:
        for kind, write in (("csv", write_csv), ("xlsx", write_xlsx)):
            folder, other = folder_of(Path(name) / kind), folder_of(Path(name) / f"{kind}-small")
            small, file = other / f"people.{kind}", folder / f"people.{kind}"
            write(small, SMALL)
            write(file, rows)
            least = run(other, small).peak
            for turn in ("dry run", "first", "second"):
                done = run(folder, file, *(["--dry-run"] * (turn == "dry run")))
                told, refused = done.told, done.told["refused"]
                assert isinstance(refused, list)
                assert len(refused) == told["refused_rows"] == -(-(rows - 7) // EVERY)
                counts = {key: told[key] for key in ("added", "changed", "unchanged", "would_add")
                          if key in told}  # fmt: skip
                print(
                    f"{kind} {turn:8} {rows:,} rows: {done.seconds:5.1f} s,"
                    f" {done.work:5.1f} s of the processor, {done.peak:4.0f} MB"
                    f" ({SMALL:,} rows: {least:.0f} MB), {len(refused):,} refused, {counts}"
                )
                if turn == "second":
                    assert (told["added"], told["changed"]) == (0, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
