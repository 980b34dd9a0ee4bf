"""Tables of people: read as they come, refused with reason and remedy, taken in once."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.audience.cells import Consenting, Rules
from bot.audience.columns import ColumnsRefused
from bot.audience.formulas import RISKY, as_it_was, safe_cell
from bot.audience.importing import BATCH, Asked, Plan
from bot.audience.sheets import Reading, SheetRefused
from bot.domain.consents import ConsentEntry, ConsentState
from bot.domain.contacts import Consent
from bot.language.fields import Where
from bot.language.reading import read_rulebook
from bot.store import consents, contacts, lead_history, leads
from bot.store.imports import take_in
from tests.make import ANA, NOW

FIELDS = """\
version: 1
fields:
  points: {type: integer, min: 0}
  born: {type: date}
  plan: {type: choice, choices: {gold: [ouro], silver: []}}
  pin: {type: text, sensitive: true}
"""
GIVEN = Consenting(source="shop", wording="Offers?")


def rules(**more):
    book, _ = read_rulebook({"rules/a.yaml": FIELDS})
    return Rules(fields=book.fields, where=Where(region="BR"), now=NOW, **more)


def plan(tmp_path, content, *, columns=None, reading=None, **more):
    path = tmp_path / "people.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    asked = Asked(
        path=path, reading=reading or Reading(), columns=columns or {}, rules=rules(**more)
    )
    return Plan(asked, lambda _: None)


def people(of):
    with of as read:
        return [one for batch in read.batches() for one in batch]


def refused(of):
    with of as read:
        return [(one.row, one.column, one.reason, one.remedy) for one in read.refusals()]


def load(db, of, who="import:1", **more):
    with of as read:
        return [take_in(db, batch, who, NOW, **more) for batch in read.batches()]


TEXT = "Nome;Celular\nJoão;(11) 98765-4321\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.encode("utf-8"), "UTF-8, separated by ';'"),
        (TEXT.encode("utf-8-sig"), "UTF-8, separated by ';'"),
        (TEXT.encode("utf-16"), "UTF-16, separated by ';'"),
        (TEXT.encode("utf-16-le"), "UTF-16-LE, separated by ';'"),
        (TEXT.encode("utf-16-be"), "UTF-16-BE, separated by ';'"),
        (TEXT.encode("cp1252"), "Windows-1252, separated by ';'"),
        (TEXT.replace(";", ",").encode(), "UTF-8, separated by ','"),
        (TEXT.replace(";", "\t").encode(), "UTF-8, separated by tab"),
        (TEXT.replace(";", "|").encode(), "UTF-8, separated by '|'"),
        (b"sep=,\r\n" + TEXT.replace(";", ",").encode(), "UTF-8, separated by ','"),
        (TEXT.replace("\n", "\r\n").encode(), "UTF-8, separated by ';'"),
    ],
)
def test_a_text_is_read_in_its_encoding_and_with_its_separator(tmp_path, content, said):
    with plan(tmp_path, content) as read:
        assert read.said == said
        (batch,) = read.batches()
    assert [(one["name"], one["number"]) for one in batch] == [("João", "+5511987654321")]


def test_a_guessed_encoding_is_said(tmp_path):
    with plan(tmp_path, TEXT.encode("cp1252")) as read:
        assert read.notes == [
            "it is not in UTF-8; taken for Windows-1252: see whether accents are right"
        ]


@pytest.mark.parametrize(
    ("content", "reading", "reason"),
    [
        (b"", {}, "is empty"),
        (b"\n\n", {}, "has no header: the first row names the columns"),
        (b"\xd0\xcf\x11\xe0\xa1", {}, "is an old .xls file; save it as .xlsx or .csv"),
        (b"PK\x03\x04 broken", {}, "is no .xlsx that can be read"),
        (TEXT.encode("cp1252"), {"encoding": "utf-8"}, "is not in UTF-8"),
        (TEXT.encode(), {"encoding": "utf-9"}, "no encoding is called 'utf-9'; try utf-8"),
        (b"phone,phone\n1,2\n", {}, "has two columns 'phone'; rename one"),
        (b"phone\n" + b"1" * 70_000, {}, "row 2 cannot be read (field larger than field limit"),
        (b"," * 600, {}, "has no header"),
        (b"phone," + b"x," * 600, {}, "has more than 500 columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(tmp_path, content, reading, reason):
    with pytest.raises(SheetRefused) as failure:
        plan(tmp_path, content, reading=Reading(**reading))

    assert reason in str(failure.value)


def test_a_file_that_breaks_in_its_middle_is_refused_as_a_whole(tmp_path):
    content = "phone\n" + "11987654321\n" * 3000
    with pytest.raises(SheetRefused, match="is not in UTF-8"):
        plan(tmp_path, content.encode() + b"\xff\xfe\n", reading=Reading(encoding="utf-8"))


@pytest.mark.parametrize(
    ("header", "columns", "places"),
    [
        ("Nome;Celular", {}, {"name": 0, "number": 1}),
        ("First Name;last_name;WhatsApp", {}, {"first_name": 0, "last_name": 1, "number": 2}),
        ("Teléfono;Pontos", {"Pontos": "points"}, {"number": 0, "points": 1}),
        ("phone;mobile", {"mobile": "number"}, {"number": 1}),
        ("phone;name", {"name": "-"}, {"number": 0}),
    ],
)
def test_columns_are_known_by_their_names_or_as_said(tmp_path, header, columns, places):
    from bot.audience.columns import understand

    found = understand(header.split(";"), rules().fields, columns)

    assert found.places == places


@pytest.mark.parametrize(
    ("header", "columns", "told"),
    [
        ("name", {}, "no column holds the numbers; say which with --map COLUMN=number"
         " (there are: name)"),
        ("phone", {"phones": "number"},
         "--map: there is no column 'phones'; did you mean 'phone'?"),
        ("phone;x", {"x": "pionts"}, "--map: no field is called 'pionts'; did you mean 'points'?"),
        ("phone;x", {"x": "zzz"}, "--map: no field is called 'zzz'; declare it under fields:"
         " of a rule file"),
        ("a;b", {"a": "number", "b": "number"}, "two columns are number: 'a' and 'b'"),
    ],
)  # fmt: skip
def test_columns_that_cannot_be_understood_are_told(tmp_path, header, columns, told):
    with pytest.raises(ColumnsRefused) as failure:
        plan(tmp_path, header + "\n1;2\n", columns=columns)

    assert str(failure.value) == told


def test_a_column_that_nothing_is_known_of_is_left_out_and_told(tmp_path):
    with plan(tmp_path, "phone,pont,zzz,id\n11987654321,1,2,3\n") as read:
        assert read.notes == [
            "column 'pont' is not imported: no field is called so; did you mean --map"
            " 'pont'=points?",
            "column 'zzz' is not imported: no field is called so",
        ]


@pytest.mark.parametrize(
    ("header", "row", "column", "reason", "remedy"),
    [
        ("phone", " ", "phone", None, None),
        ("phone,name", ",Ana", "phone", "there is no number", "fill it in, or take the row out"),
        ("phone", "abc", "phone", "'abc' is no phone number",
         "write it with its country, such as +5511961234567"),
        ("phone", "5.51199E+12", "phone", "'5.51199E+12' was shortened by a spreadsheet",
         "format the column as text and write the number again"),
        ("phone", "00000000000", "phone",
         "'00000000000' (+550000000000) is of no range that is given out",
         "correct it; --possible-numbers takes such numbers"),
        ("phone", "=A1+1", "phone", "'=A1+1' is no phone number",
         "write it with its country, such as +5511961234567"),
        ("phone,points", "11987654321,=1+1", "points", "'=1+1' is no whole number",
         "write digits, such as 1234.5"),
        ("phone,points", "11987654321,-1", "points", "'-1' is out of bounds",
         "'points' is at least 0"),
        ("phone,plan", "11987654321,bronze", "plan", "'bronze' is no choice of this field",
         "one of: gold, silver"),
        ("phone,language", "11987654321,klingon!", "language", "'klingon!' is no language",
         "write its code: en, es, pt, pt-BR"),
        ("phone,timezone", "11987654321,Rio", "timezone", "'Rio' is no time zone",
         "write it as America/Sao_Paulo"),
        ("phone,name", f"11987654321,{'x' * 201}", "name",
         "the name is longer than 200 characters", "shorten it"),
        ("phone,tags", f"11987654321,{'x' * 61}", "tags",
         "more than 50 tags, or one above 60 characters", "separate tags with commas"),
        ("phone,consent", "11987654321,perhaps", "consent", "'perhaps' is no consent",
         "write yes or no"),
        ("phone,consent", "11987654321,yes", "", "a consent without its source",
         "fill in a column consent_source, or say --consent-source"),
        ("phone,consent,consent_source", "11987654321,yes,shop", "",
         "a consent without its wording",
         "fill in a column consent_wording, or say --consent-wording"),
        ("phone,consent,consent_when", "11987654321,no,soon", "consent_when",
         "'soon' is no moment", "write it as 2026-12-31"),
        ("phone,consent,consent_when", "11987654321,no,2027-01-01", "consent_when",
         "that moment lies in the future", "write when it was"),
    ],
)  # fmt: skip
def test_a_row_is_refused_with_its_number_column_reason_and_remedy(
    tmp_path, header, row, column, reason, remedy
):
    found = refused(plan(tmp_path, f"{header}\n\n{row}\n"))

    assert found == ([] if reason is None else [(3, column, reason, remedy)])


def test_every_reason_against_a_row_is_told_at_once(tmp_path):
    found = refused(plan(tmp_path, "phone,points,born\nx,y,z\n"))

    assert [column for _, column, _, _ in found] == ["phone", "points", "born"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("(11) 98765-4321", "+5511987654321"), ("+55 11 98765-4321", "+5511987654321"),
        ("5511987654321", "+5511987654321"), ("31 8765-4321", "+553187654321"),
        ("+351 912 345 678", "+351912345678"), ("'+5511987654321", "+5511987654321"),
        ("11987654321.0", "+5511987654321"),
    ],
)  # fmt: skip
def test_numbers_are_normalised(tmp_path, written, number):
    assert [one["number"] for one in people(plan(tmp_path, f"phone\n{written}\n"))] == [number]


def test_a_row_becomes_a_person(tmp_path):
    content = (
        "phone,first name,last name,language,timezone,tags,points,born,plan,pin,consent\n"
        '11987654321,Ana,Souza,português,America/Sao_Paulo,"vip, new",5,24/12/1980,OURO,77,sim\n'
    )
    (one,) = people(plan(tmp_path, content, tags=("list",), consent=GIVEN))

    assert one == {
        "row": 2, "number": "+5511987654321", "name": "Ana Souza", "language": "pt",
        "timezone": "America/Sao_Paulo", "tags": ["list", "vip", "new"],
        "fields": {"points": 5, "born": {"$": "date", "v": "1980-12-24"}, "plan": "gold",
                   "pin": {"$": "hidden", "v": "77"}},
        "consent": {"state": "granted", "source": "shop", "wording": "Offers?", "proof": "",
                    "when": ""},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row", "state"),
    [
        ("phone", "11987654321", "granted"), ("phone,consent", "11987654321,", None),
        ("phone,consent", "11987654321,no", "withdrawn"),
        ("phone,consent", "11987654321,unknown", None),
    ],
)  # fmt: skip
def test_a_column_of_consent_goes_before_what_is_said_of_everybody(tmp_path, header, row, state):
    (one,) = people(plan(tmp_path, f"{header}\n{row}\n", consent=GIVEN))

    assert (one["consent"]["state"] if "consent" in one else None) == state


def test_rows_of_one_person_are_merged_whatever_form_the_number_has(tmp_path):
    content = (
        "phone,name,points,tags\n31987654321,Eva,5,a\n11912345678,Bo,,\n+55 31 8765-4321,,7,b\n"
    )
    with plan(tmp_path, content) as read:
        assert (read.accepted, read.repeated, read.duplicates) == (3, 1, [(4, 2)])
        (batch,) = read.batches()

    assert [(one["number"], one.get("name"), one["fields"], one["tags"]) for one in batch[:1]] == [
        ("+5531987654321", "Eva", {"points": 7}, ["a", "b"])
    ]
    assert [one["name"] for one in batch] == ["Eva", "Bo"]


def test_an_xlsx_is_read_as_text_and_nothing_in_it_is_worked_out(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["phone", "name", "points", "born"])
    book.active.append([5511987654321, "=1+1", 5.0, datetime(1980, 12, 24)])  # noqa: DTZ001
    book.active.append([])
    book.active.append(["(11) 91234-5678", "#N/A", "=2+2", None])
    book.save(tmp_path / "x.xlsx")
    asked = Asked(path=tmp_path / "x.xlsx", reading=Reading(), columns={}, rules=rules())

    with Plan(asked, lambda _: None) as read:
        (batch,) = read.batches()
        found = [(one.row, one.column, one.reason) for one in read.refusals()]

    assert (read.said, found) == ("sheet 'Sheet'", [(4, "points", "'=2+2' is no whole number")])
    assert [(one["number"], one["name"]) for one in batch] == [("+5511987654321", "=1+1")]
    assert batch[0]["fields"] == {"points": 5, "born": {"$": "date", "v": "1980-12-24"}}
    with pytest.raises(SheetRefused, match="has no sheet 'other'; it has: Sheet"):
        Plan(Asked(path=asked.path, reading=Reading(sheet="other"), columns={}, rules=rules()),
             lambda _: None)  # fmt: skip


def test_the_refused_rows_can_be_mended_and_imported(tmp_path, db):
    with plan(tmp_path, "phone,name,points\n12,=Ana,3\n11987654321,Bo,x\n") as read:
        read.write_refused(tmp_path / "rejects.csv")
    text = (tmp_path / "rejects.csv").read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))

    assert rows[0] == ["phone", "name", "points", "import_row", "import_reason", "import_remedy"]
    assert rows[1][:5] == ["12", "'=Ana", "3", "2", "phone: '12' is no phone number"]
    mended = text.replace("12,", "11912345678,", 1).replace("Bo,x", "Bo,4")
    with plan(tmp_path, mended) as again:
        assert (again.refused, again.notes) == (0, [])
        (batch,) = again.batches()
    assert [(one["name"], one["fields"]["points"]) for one in batch] == [("=Ana", 3), ("Bo", 4)]


def test_who_is_known_gets_what_the_file_says_and_keeps_the_rest(tmp_path, db):
    ana = contacts.meet(db, ANA, "Ana", NOW)
    db.execute("UPDATE contacts SET fields = '{\"plan\": \"gold\"}', language = 'pt'")
    content = "phone,name,points,language\n11987654321,Ana Souza,5,\n"

    (counts,) = load(db, plan(tmp_path, content))
    (again,) = load(db, plan(tmp_path, content))

    assert (counts.added, counts.changed) == (0, 1)
    assert (again.changed, again.unchanged) == (0, 1)
    found = contacts.find(db, ANA)
    assert (found.id, found.name, found.language) == (ana.id, "Ana Souza", "pt")
    assert found.fields == {"plan": "gold", "points": 5}


def test_keep_fills_in_only_what_is_not_known(tmp_path, db):
    contacts.meet(db, ANA, "Ana", NOW)

    load(db, plan(tmp_path, "phone,name,language\n11987654321,X,pt\n"), keep=True)

    found = contacts.find(db, ANA)
    assert (found.name, found.language) == ("Ana", "pt")


def test_a_withdrawal_outlives_every_import(tmp_path, db):
    ana = contacts.meet(db, ANA, "Ana", NOW).id
    stop = ConsentEntry(when=NOW, state=ConsentState.WITHDRAWN, source="word:stop")
    consents.record(db, ana, stop)
    content = "phone,consent,consent_when\n11987654321,yes,2026-01-05\n11912345678,yes,\n"

    (counts,) = load(db, plan(tmp_path, content, consent=GIVEN))

    assert (counts.added, counts.still_withdrawn) == (1, 1)
    assert contacts.find(db, ANA).consent is Consent.WITHDRAWN
    assert len(consents.consenting(db)) == 1


def test_the_ledger_names_the_import(tmp_path, db):
    load(db, plan(tmp_path, "phone\n11987654321\n", consent=GIVEN), who="import:abc")

    (entry,) = consents.history(db, 1)
    assert (entry.who, entry.source, entry.when) == ("import:abc", "shop", NOW)


def test_who_writes_under_the_other_form_is_who_was_imported(tmp_path, db):
    load(db, plan(tmp_path, "phone,name\n31 98765-4321,Eva\n"))

    eva = contacts.meet(db, "553187654321@c.us", "eva 🌸", NOW)

    assert (eva.id, eva.name, eva.number, eva.is_new) == (1, "Eva", "+553187654321", True)
    (counts,) = load(db, plan(tmp_path, "phone,name\n31 98765-4321,Eva\n"))
    assert (counts.added, counts.changed) == (0, 0)


def test_an_import_that_died_is_repeated_without_doubles(tmp_path, db):
    content = "phone,tags\n" + "".join(f"119{80000000 + n},a\n" for n in range(2 * BATCH + 10))
    with plan(tmp_path, content, consent=GIVEN) as read:
        batches = list(read.batches())
    take_in(db, batches[0], "import:1", NOW)
    take_in(db, batches[1], "import:1", NOW)  # and here it died

    counts = load(db, plan(tmp_path, content, consent=GIVEN))

    assert [(one.added, one.unchanged) for one in counts] == [(0, 500), (0, 500), (10, 0)]
    for table, many in (("contacts", 1010), ("consents", 1010), ("tags", 1010)):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == many


@given(st.text(alphabet=st.characters() | st.sampled_from(RISKY + "'")))
def test_a_made_safe_cell_comes_back_as_it_was(text):
    safe = safe_cell(text)

    assert as_it_was(safe) == text
    assert not safe[:1] or safe[0] not in RISKY


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    try:
        with plan(folder, b"phone,name\n" + content) as read:
            json.dumps([*read.batches()])
            list(read.refusals())
    except SheetRefused:
        pass


def test_the_moment_of_a_consent_is_kept_in_utc(tmp_path):
    content = "phone,consent,consent_when\n11987654321,no,2026-01-02 09:00\n"
    (one,) = people(plan(tmp_path, content))

    assert datetime.fromisoformat(one["consent"]["when"]) == datetime(2026, 1, 2, 9, tzinfo=UTC)


def test_what_is_sensitive_is_sealed_at_rest_and_a_second_import_changes_nothing(tmp_path, db):
    content = "phone,pin,points\n11987654321,77,5\n"
    load(db, plan(tmp_path, content))
    (again,) = load(db, plan(tmp_path, content))

    assert again.unchanged == 1
    assert "77" not in db.execute("SELECT fields FROM contacts").fetchone()[0]
    assert contacts.find(db, ANA).fields == {"pin": "77", "points": 5}


LEADS = "name,number,stage,owner,score\nAna,+55 11 98765-4321,hot,Bea,40\n"


def lead_of(db):
    person = contacts.find(db, ANA)
    lead = leads.load(db, person.id, NOW)
    told = [(one.by, one.points) for one in lead_history.of(db, person.id)]
    return (lead.stage, lead.score, lead.owner), told


def test_a_lead_is_taken_in_once_and_its_history_says_by_what(db, tmp_path):
    for _ in range(2):
        load(db, plan(tmp_path, LEADS))
    assert lead_of(db) == (("hot", 40, "Bea"), [("import:1", 40)])

    load(db, plan(tmp_path, LEADS.replace("hot,Bea,40", ",,0")))
    assert lead_of(db) == (("hot", 0, "Bea"), [("import:1", 40), ("import:1", -40)])


def test_what_is_known_of_a_lead_is_kept_where_that_is_said(db, tmp_path):
    load(db, plan(tmp_path, LEADS.replace("Bea", "")))
    load(db, plan(tmp_path, LEADS.replace("hot,Bea,40", "cold,Carl,7")), keep=True)
    assert lead_of(db)[0] == ("hot", 40, "Carl")

    load(db, plan(tmp_path, LEADS.replace("hot,Bea,40", "cold,Dora,7")), keep=True)
    assert lead_of(db)[0] == ("hot", 40, "Carl")


def test_a_new_lead_begins_at_the_first_stage(db, tmp_path):
    load(db, plan(tmp_path, LEADS.replace("hot", ""), stages=("fresh", "hot")))
    assert lead_of(db)[0] == ("fresh", 40, "Bea")


def test_two_rows_about_one_person_say_one_thing_of_the_lead(tmp_path):
    more = LEADS + "Ana,+55 11 98765-4321,cold,,\n"
    with plan(tmp_path, more) as read:
        assert read.leads == 2
        assert [one["lead"] for batch in read.batches() for one in batch] == [
            {"stage": "cold", "owner": "Bea", "score": 40}
        ]


def test_what_is_none_of_a_lead_is_refused(tmp_path):
    wrong = LEADS.replace("hot,Bea,40", f"hoot,{'B' * 61},many")
    told = refused(plan(tmp_path, wrong, stages=("fresh", "hot")))
    assert told == [
        (2, "stage", "'hoot' is no stage", "one of: fresh, hot"),
        (2, "owner", "the owner is longer than 60 characters", "shorten it"),
        (2, "score", "'many' is no whole number", "write digits, such as 1234.5"),
    ]
