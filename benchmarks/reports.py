"""The figures of a month of many messages, and the forms they are written in.

    python -m benchmarks.reports --messages 100000

Ends with 1 when the figures take over 2 s of processor time; what else runs here does not count.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.months import Shape, fill
from bot.reports.as_html import page
from bot.reports.period import Period
from bot.reports.report import Report, report
from bot.reports.showing import sections
from bot.reports.wanted import Wanted
from bot.store.opening import open_connection, prepare
from bot.store.reading import reading

TARGET = 2.0  # seconds of processor time
ZONE = ZoneInfo("America/Sao_Paulo")
BEGIN = datetime(2026, 10, 1, tzinfo=ZONE)
DAYS = 31
MESSAGES_A_TALK = 3.22  # of a made-up month, both ways


def main() -> int:
    """Run the benchmark and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="alexia-reports-") as folder:
        path = Path(folder) / "alexia.db"
        begun = time.perf_counter()
        messages = _fill(path, options.messages)
        filled = time.perf_counter() - begun
        before = _memory()
        begun, worked = time.perf_counter(), time.process_time()
        found = _report(path)
        took, worked = time.perf_counter() - begun, time.process_time() - worked
        begun = time.perf_counter()
        html = page(found, sections(found))
        wrote = time.perf_counter() - begun
    print(json.dumps({
        "benchmark": "reports", "messages": messages, "filled_s": round(filled, 1),
        "figures_s": round(took, 2), "figures_cpu_s": round(worked, 2),
        "html_ms": round(1000 * wrote, 1),
        "html_kb": len(html) // 1024,
        "memory_grew_mb": round(_memory() - before, 1),
    }))  # fmt: skip
    return int(worked > TARGET)


def _fill(path: Path, messages: int) -> int:
    db = open_connection(str(path))
    prepare(db, str(path))
    talks = round(messages / MESSAGES_A_TALK)
    db.execute("BEGIN")
    fill(db, Shape(begin=BEGIN, days=DAYS, zone=ZONE, talks=talks, people=max(10, talks // 15)))
    db.execute("COMMIT")
    row = db.execute("SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM outbox)")
    found = int(row.fetchone()[0])
    db.close()
    return found


def _report(path: Path) -> Report:
    end = BEGIN + timedelta(days=DAYS)
    period = Period(since=BEGIN, until=end, zone=ZONE)
    with reading(path) as db:
        return report(db, "default", Wanted(period=period, now=end))


def _memory() -> float:
    """Return the most memory that this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
