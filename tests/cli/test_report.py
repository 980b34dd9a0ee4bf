"""`alexia report`: its period, its forms, and the files that it writes."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from benchmarks.months import Shape, fill
from bot.cli import main
from bot.store.database import Database

ZONE = ZoneInfo("America/Sao_Paulo")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("shop")
    (home / "config.yaml").write_text("timezone: America/Sao_Paulo\n", "utf-8")
    (home / "state").mkdir(mode=0o700)
    database = Database(home / "state" / "alexia.db")
    begin = datetime.now(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    shape = Shape(begin=begin - timedelta(days=10), days=10, zone=ZONE, talks=60, people=12)
    database.write_now(lambda db: fill(db, shape))
    database.close()
    return home


def run(folder, *words):
    return CliRunner().invoke(main, ["report", *words, "--config", str(folder)])


def data(folder, *words):
    done = run(folder, *words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_without_options_it_is_of_the_last_seven_whole_days(folder):
    told = data(folder)
    today = datetime.now(ZONE).date()

    assert told["since"].startswith(f"{today - timedelta(days=7)}T00:00:00")
    assert told["until"].startswith(f"{today}T00:00:00")
    assert len(told["volume"]["days"]) == 7
    assert told["volume"]["whole"]["came"] > 0


def test_who_began_today_is_told_that_today_is_not_in_it(tmp_path):
    (tmp_path / "config.yaml").write_text("timezone: America/Sao_Paulo\n", "utf-8")
    (tmp_path / "state").mkdir(mode=0o700)
    Database(tmp_path / "state" / "alexia.db").close()

    assert run(tmp_path).output.endswith("Today is none of them: --since 1d\n")
    assert "none of them" not in run(tmp_path, "--since", "1d").output


def test_a_day_is_meant_to_its_end_and_days_are_whole(folder):
    today = datetime.now(ZONE).date()
    first, last = today - timedelta(days=3), today - timedelta(days=2)
    told = data(folder, "--since", f"{first}", "--until", f"{last}")

    assert [one["day"] for one in told["volume"]["days"]] == [f"{first}", f"{last}"]
    assert data(folder, "--since", "3d")["since"].startswith(f"{first}T00:00:00")
    assert data(folder, "--since", "12h")["volume"]["days"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--since", "soon"], 2, "write 12h, 7d or 2026-11-23"),
        (["--since", "2099-01-01"], 2, "Invalid value for --since: it lies ahead"),
        (["--until", "2020-01-01"], 2, "it lies before --since"),
        (["--since", "2000-01-01"], 2, "at most 366 days"),
        (["--since", "3000d"], 2, "at most 366 days"),
        (["--tag", "nobody"], 1, "nobody wears the tag 'nobody'"),
        (["--format", "pdf"], 2, "a PDF needs --output FILE"),
        (["--output", "report.doc"], 2, "say --format, or end FILE with one of"),
        (["--output", "no/such/folder.html"], 1, "cannot be written (No such file or directory)"),
    ],
)
def test_what_cannot_be_done_is_told(folder, words, code, says):
    done = run(folder, *words)

    assert done.exit_code == code
    assert says in done.output


def test_without_a_database_it_says_what_to_do(tmp_path):
    (tmp_path / "config.yaml").touch()
    done = run(tmp_path)

    assert done.exit_code == 1
    assert "start the bot with `alexia run`" in done.output


def test_a_database_of_an_older_alexia_is_left_to_the_bot(tmp_path):
    (tmp_path / "config.yaml").touch()
    (tmp_path / "state").mkdir(mode=0o700)
    with closing(sqlite3.connect(tmp_path / "state" / "alexia.db")) as db:
        db.execute("PRAGMA user_version = 3")
    done = run(tmp_path)

    assert done.exit_code == 1
    assert "(re)start the bot once" in done.output


@pytest.mark.parametrize(
    ("name", "begins"),
    [("r.txt", b"20"), ("r.html", b"<!DOCTYPE html>"), ("r.csv", b"section,table,row"),
     ("r.zip", b"PK"), ("r.json", b"{\n")],
)  # fmt: skip
def test_a_file_has_the_form_that_it_ends_with_and_is_its_owners_alone(
    folder, tmp_path, name, begins
):
    file = tmp_path / name
    file.write_text("an older one")
    done = run(folder, "--output", str(file))

    assert done.exit_code == 0, done.output
    assert file.read_bytes().startswith(begins)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_it_works_while_the_database_is_open_and_written(folder):
    database = Database(folder / "state" / "alexia.db")
    try:
        database.write_now(lambda db: db.execute("UPDATE contacts SET name = name || '!'"))
        assert run(folder).exit_code == 0
    finally:
        database.close()


def test_a_report_without_texts_holds_none(folder):
    told = data(folder, "--since", "10d", "--no-texts")

    assert told["unanswered"]["texts"] > 0
    assert told["unanswered"]["alike"] == told["unanswered"]["rules"] == []


@pytest.mark.browser
def test_a_pdf_is_printed_in_several_pages_of_a4(folder, tmp_path):
    file = tmp_path / "r.pdf"
    done = run(folder, "--output", str(file))

    assert done.exit_code == 0, done.output
    held = file.read_bytes()
    assert held.startswith(b"%PDF-")
    assert held.count(b"MediaBox [0 0 595.") > 1


def test_each_session_may_be_told_one_by_one(tmp_path):
    text = "timezone: UTC\nsessions: [{name: default}, {name: north}]\n"
    (tmp_path / "config.yaml").write_text(text, "utf-8")
    for folder in ("state", "state/sessions/north"):
        (tmp_path / folder).mkdir(mode=0o700, parents=True)
        Database(tmp_path / folder / "alexia.db").close()

    told = data(tmp_path, "--every-session")
    shown = run(tmp_path, "--every-session", "--since", "1d").output

    assert list(told["sessions"]) == ["default", "north"]
    assert "session default" in shown
    assert "session north" in shown
    table = run(tmp_path, "--every-session", "--format", "csv").output
    assert "north-people,facts" in table
