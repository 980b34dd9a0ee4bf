"""A made-up month whose clocks change in the middle, and the report of it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from benchmarks.months import Shape, fill
from bot.reports.period import Period
from bot.reports.report import report
from bot.reports.wanted import Wanted
from bot.store.database import Database
from bot.store.reading import reading

ZONE = ZoneInfo("Europe/Madrid")  # on 25 October 2026 the clocks go back from 3 to 2
BEGIN = datetime(2026, 10, 1, tzinfo=ZONE)
END = datetime(2026, 11, 1, tzinfo=ZONE)


@pytest.fixture(scope="session")
def month(tmp_path_factory):
    """Return the file of the database; tests only read it."""
    path = tmp_path_factory.mktemp("month") / "alexia.db"
    database = Database(path)
    shape = Shape(begin=BEGIN - timedelta(days=2), days=35, zone=ZONE, talks=900, people=160)
    database.write_now(lambda db: fill(db, shape))
    database.close()
    return path


def wanted(**more):
    return Wanted(period=Period(since=BEGIN, until=END, zone=ZONE), now=END, **more)


@pytest.fixture(scope="session")
def found(month):
    with reading(month) as db:
        return report(db, "default", wanted())


@pytest.fixture
def ask(month):
    """Return what asks the database in other words than the figures do."""
    with reading(month) as db:
        yield lambda sql, *values: db.execute(sql, values).fetchall()
