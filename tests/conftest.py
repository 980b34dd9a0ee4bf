from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from bot.store.cipher import Connection
from bot.store.database import Database
from tests.stored import fresh

settings.register_profile("untimed", deadline=None)  # a loaded machine fails no test
settings.load_profile("untimed")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "alexia.db")
    yield database
    database.close()


@pytest.fixture
def db() -> Iterator[Connection]:
    db = fresh()
    yield db
    db.close()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
