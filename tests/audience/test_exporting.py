"""Tables that are written: true in time, harmless in a spreadsheet, and read back as they were."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.audience import tables
from bot.audience.cells import Rules
from bot.audience.exporting import format_of, write_table
from bot.audience.importing import Asked, Plan
from bot.audience.sheets import Reading
from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.leads import Lead
from bot.domain.messages import Location
from bot.domain.values import hide, to_json
from bot.language.fields import Where
from bot.language.reading import read_rulebook
from bot.store import consents, contacts, inbox, leads
from bot.store.imports import take_in
from bot.store.people import WantedPeople, find_people
from tests.make import ANA, BO, NOW, message
from tests.stored import fresh

ZONE = ZoneInfo("America/Sao_Paulo")
FIELDS = """\
version: 1
fields:
  note: {type: text}
  weight: {type: number}
  sum: {type: money}
  vip: {type: yes_no}
  born: {type: date}
  at: {type: time}
  seen: {type: datetime}
  likes: {type: list}
  span: {type: duration}
  place: {type: location}
  pin: {type: text, sensitive: true}
"""
VALUES = {
    "note": "=HYPERLINK(\"x\")", "weight": 1.234, "sum": Decimal("1234.500"), "vip": False,
    "born": date(1980, 12, 24), "at": time(9, 30), "seen": datetime(2026, 1, 5, 12, tzinfo=UTC),
    "likes": ["tea, green", "cof;fee"], "span": timedelta(days=1, minutes=90),
    "place": Location(latitude=-23.5, longitude=-46.6),
}  # fmt: skip


def settle(db, *, name="Ana 👨‍👩‍👧", fields=VALUES, tags=("vip", "a,b", "=x"), wording="-Offers?"):
    ana = contacts.meet(db, ANA, name, NOW)
    stored = {one: to_json(value) for one, value in fields.items()}
    db.execute(
        "UPDATE contacts SET fields = ?, language = 'pt-BR', timezone = 'America/Recife'",
        (json.dumps(stored),),
    )
    for tag in tags:
        contacts.tag(db, ana.id, tag, NOW, on=True)
    entry = ConsentEntry(when=NOW, state=ConsentState.GRANTED, source="@shop", wording=wording,
                         proof="+1", who="me")  # fmt: skip
    consents.record(db, ana.id, entry)
    return ana


def import_back(path, db):
    book, _ = read_rulebook({"rules/a.yaml": FIELDS})
    where = Where(region="BR", zone=ZONE)
    rules = Rules(fields=book.kept, where=where, now=NOW + timedelta(days=1))
    with Plan(Asked(path=path, reading=Reading(), columns={}, rules=rules), lambda _: None) as read:
        assert list(read.refusals()) == []
        assert read.notes == []
        for batch in read.batches():
            take_in(db, batch, "import:1", NOW)


def known(db):
    """Return people with their entries, as they are to come back."""
    return [
        (
            replace(contacts.find(db, row["identities"][0]), id=0, sensitive=frozenset()),
            [(one.when, one.state, one.source, one.wording, one.proof)
             for one in consents.history(db, row["id"])],
        )
        for row in find_people(db, WantedPeople())
    ]  # fmt: skip


def export(db, path):
    return write_table(tables.people(db, ZONE, WantedPeople()), format_of(path, ""), path)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_is_imported_as_it_was(db, tmp_path, kind):
    settle(db)
    contacts.meet(db, BO, "", NOW)
    path, other = tmp_path / f"people.{kind}", fresh()

    assert export(db, path) == 2
    import_back(path, other)

    assert known(other) == known(db)
    assert other.execute("SELECT timezone FROM contacts").fetchone()[0] == "America/Recife"
    before = known(other)
    import_back(path, other)
    assert known(other) == before
    other.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=20),
    note=st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20).map(str.strip),
    weight=st.floats(-1e9, 1e9).map(lambda x: round(x, 4)) | st.integers(-(10**9), 10**9),
    likes=st.lists(st.text(st.characters(categories=["L", "P"]), min_size=1, max_size=5),
                   min_size=1, max_size=3),
)  # fmt: skip
def test_whatever_people_are_called_and_noted_comes_back(tmp_path, name, note, weight, likes):
    db, other = fresh(), fresh()
    fields = {"weight": weight, "likes": likes} | ({"note": note} if note else {})
    settle(db, name=name, fields=fields)

    export(db, tmp_path / "people.csv")
    import_back(tmp_path / "people.csv", other)

    assert known(other) == known(db)
    db.close()
    other.close()


def test_no_cell_is_a_formula_and_moments_are_in_the_business_time(db, tmp_path, capsys):
    settle(db)
    write_table(tables.people(db, ZONE, WantedPeople()), "csv", None)
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))

    assert row["number"] == "'+5511987654321"
    assert row["note"] == '\'=HYPERLINK("x")'
    assert row["consent_wording"] == "'-Offers?"
    assert row["consent_when"] == row["first_seen"] == "2026-01-05T06:00:00-03:00"
    assert row["tags"] == '["=x", "a,b", "vip"]'
    assert row["weight"] == "1.2340"


def test_an_xlsx_holds_texts_only(db, tmp_path):
    from openpyxl import load_workbook

    settle(db, name="bell \a rings")
    export(db, tmp_path / "a.xlsx")

    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert all(cell.value is None for row in sheet.iter_rows() for cell in row
               if cell.data_type == "n")  # fmt: skip
    assert sheet["C2"].value == "bell \N{REPLACEMENT CHARACTER} rings"


def test_a_sensitive_value_is_not_exported(db, tmp_path, capsys):
    settle(db, fields={})
    db.execute("UPDATE contacts SET fields = ?", (json.dumps({"pin": hide("4711")}),))
    write_table(tables.people(db, ZONE, WantedPeople()), "json", None)

    assert json.loads(capsys.readouterr().out)[0]["pin"] is None


def test_the_ledger_leads_and_messages_are_tables_too(db, capsys):
    ana = settle(db)
    leads.keep(db, Lead(contact_id=ana.id, stage="won", score=7, fields={"area": "=N"}), NOW)
    inbox.record_all(db, [message("=cmd()")], NOW)
    told = []
    for table in (tables.ledger(db, ZONE), tables.leads(db, ZONE), tables.messages(db, ZONE, None)):
        write_table(table, "csv", None)
        told += csv.DictReader(io.StringIO(capsys.readouterr().out))

    entry, lead, said = told
    assert (entry["name"], entry["state"], entry["who"]) == ("Ana 👨‍👩‍👧", "granted", "me")
    assert (lead["stage"], lead["score"], lead["area"]) == ("won", "7", "'=N")
    assert (said["text"], said["t"]) == ("'=cmd()", "2026-01-05T06:00:00-03:00")


def test_a_file_is_there_as_a_whole_or_not_at_all(db, tmp_path):
    def rows():
        yield {"a": 1}
        raise OSError("the disk is full")

    for kind in ("csv", "xlsx", "json"):
        with pytest.raises(OSError, match="full"):
            write_table(tables.Table(("a",), rows()), kind, tmp_path / f"x.{kind}")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_for_its_owner_alone(db, tmp_path):
    export(db, tmp_path / "people.json")

    assert (tmp_path / "people.json").stat().st_mode & 0o077 == 0
    assert json.loads((tmp_path / "people.json").read_text("utf-8")) == []
