"""A cell is a value of its field as a whole, or refused with a reason and a remedy."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Location
from bot.domain.values import from_json, to_json
from bot.language.fields import Fits, Misfit, Where, fit
from bot.language.reading import read_rulebook

ZONE = timezone(timedelta(hours=-3))
BRAZIL, STATES = Where(region="BR", zone=ZONE), Where(region="US", zone=ZONE)
DECLARED = """\
version: 1
fields:
  text: {type: text, max: 20}
  name: {type: text}
  number: {type: number, min: -5, max: 2000}
  integer: {type: integer}
  money: {type: money}
  vip: {type: yes_no, yes: [claro]}
  plan: {type: choice, choices: {gold: [ouro], silver_card: []}}
  date: {type: date, min: 1900-01-01}
  time: {type: time}
  datetime: {type: datetime}
  email: {type: email}
  phone: {type: phone}
  url: {type: url}
  who: {type: name}
  length: {type: duration}
  place: {type: location}
  likes: {type: list, choices: [tea, coffee]}
  words: {type: list}
  code: {type: text, regex: '[A-Z]\\d+'}
  any: {type: any}
""".replace("  name: {type: text}\n", "").replace("  number:", "  amount:")


@pytest.fixture(scope="module")
def fields():
    book, problems = read_rulebook({"rules/a.yaml": DECLARED})
    assert book is not None, problems
    return book.fields


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("text", " Ana ", "Ana"), ("text", 12, "12"), ("text", "  ", None),
        ("amount", "1.234,5", 1234.5), ("amount", "1.234", 1234), ("amount", "12.5", 12.5),
        ("amount", "12,50", 12.5), ("amount", "-4", -4), ("amount", 1.234, 1.234),
        ("integer", "1.000.000", 1000000), ("integer", 7.0, 7), ("integer", "+5", 5),
        ("money", "R$ 1.234,50", Decimal("1234.50")), ("money", "1234.5 BRL", Decimal("1234.5")),
        ("vip", "Sim", True), ("vip", "claro", True), ("vip", "não", False), ("vip", True, True),
        ("plan", "OURO", "gold"), ("plan", "silver card", "silver_card"),
        ("date", "24/12/2026", date(2026, 12, 24)), ("date", "2026-12-24", date(2026, 12, 24)),
        ("date", "2026-12-24T00:00:00", date(2026, 12, 24)), ("date", "1.2.2026", date(2026, 2, 1)),
        ("date", datetime(2026, 12, 24, tzinfo=UTC), date(2026, 12, 24)),
        ("time", "9:05", time(9, 5)), ("time", "23:59:59", time(23, 59, 59)),
        ("datetime", "2026-12-24 18:30", datetime(2026, 12, 24, 18, 30, tzinfo=ZONE)),
        ("datetime", "24/12/2026 18:30", datetime(2026, 12, 24, 18, 30, tzinfo=ZONE)),
        ("datetime", "2026-12-24T18:30Z", datetime(2026, 12, 24, 18, 30, tzinfo=UTC)),
        ("email", "ana@example.com", "ana@example.com"),
        ("url", "casa.example/x", "casa.example/x"),
        ("phone", "(11) 98765-4321", "+5511987654321"), ("who", "Ana Souza", "Ana Souza"),
        ("length", "1h30m", timedelta(minutes=90)), ("words", "a; b,c", ["a", "b", "c"]),
        ("place", "-23.5, -46.6", Location(latitude=-23.5, longitude=-46.6)),
        ("place", "Rua A, 5", Location(text="Rua A, 5")),
        ("likes", "Tea, coffee", ["tea", "coffee"]),
        ("code", "A12", "A12"), ("any", 5, 5),
    ],
)  # fmt: skip
def test_a_value_is_read_in_the_type_of_its_field(fields, name, written, value):
    assert fit(fields[name], written, BRAZIL) == Fits(value)


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [("date", "12/24/2026", date(2026, 12, 24)), ("amount", "1,234", 1234),
     ("amount", "1.234", 1.234), ("phone", "(202) 456-1111", "+12024561111")],
)  # fmt: skip
def test_marks_and_days_are_read_as_the_country_writes_them(fields, name, written, value):
    assert fit(fields[name], written, STATES) == Fits(value)


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        ("text", "x" * 21, "'xxxxxxxxxxxxxxxxxxxxx' is out of bounds; 'text' is at most 20"),
        ("amount", "5 cars", "'5 cars' is no number; write digits, such as 1234.5"),
        ("amount", "2001", "'2001' is out of bounds; 'amount' is at least -5 and at most 2000"),
        ("amount", "1.2.3", "'1.2.3' is no number; write digits, such as 1234.5"),
        ("amount", "1,2,345", "'1,2,345' is no number; write digits, such as 1234.5"),
        ("integer", "7,5", "'7,5' is no whole number; write a whole number of at most 15 digits"),
        ("integer", "1" * 16, f"'{'1' * 16}' is no whole number; write a whole number of at most"
         " 15 digits"),
        ("integer", True, "'true' is no whole number; write digits, such as 1234.5"),
        ("money", "much", "'much' is no sum of money; write digits, such as 1234.5"),
        ("vip", "maybe", "'maybe' is no yes or no; write yes or no"),
        ("plan", "bronze", "'bronze' is no choice of this field; one of: gold, silver_card"),
        ("likes", "tea, beer", "'tea, beer' is no list; one of: tea, coffee"),
        ("date", "12/24/2026", "'12/24/2026' is no date; there is no such day; write it as"
         " 2026-12-31"),
        ("date", "tomorrow", "'tomorrow' is no date; write it as 2026-12-31"),
        ("date", "1.2.26", "'1.2.26' is no date; write it as 2026-12-31"),
        ("date", "1899-12-31", "'1899-12-31' is out of bounds; 'date' is at least 1900-01-01"),
        ("time", "25:00", "'25:00' is no time of day; write it as 18:30"),
        ("datetime", "soon", "'soon' is no moment; write it as 2026-12-31"),
        ("email", "ana@", "'ana@' is no e-mail address; write it as ana@example.com"),
        ("phone", "123", "'123' is no number; write it with its country, such as"
         " +55 11 98765-4321"),
        ("url", "a b", "'a b' is no web address; write it as https://example.com/"),
        ("who", "123", "'123' is no name; write a name of at most 80 letters"),
        ("length", "an hour", "'an hour' is no length of time; write it as 30m, 12h or 7d"),
        ("code", "12", "'12' does not have the form of 'code'; write it as its regex asks"),
        ("any", "x" * 4097, "longer than 4096 characters; shorten it"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused_with_a_remedy(fields, name, written, told):
    found = fit(fields[name], written, BRAZIL)

    assert isinstance(found, Misfit)
    assert str(found) == told


@given(
    st.text(max_size=30) | st.integers() | st.floats() | st.booleans() | st.dates()
    | st.datetimes(timezones=st.just(UTC)) | st.decimals(),
    st.sampled_from([BRAZIL, STATES, Where()]),
)  # fmt: skip
def test_any_value_fits_or_not_and_what_fits_stays_itself(written, where):
    book, _ = read_rulebook({"rules/a.yaml": DECLARED})
    for field in book.fields.values():
        found = fit(field, written, where)
        if isinstance(found, Fits):
            assert fit(field, found.value, where) == found
            assert from_json(to_json(found.value)) == found.value


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("fields: {points: {type: integer, default: many}}",
         "E104 the default of 'points': 'many' is no whole number"),
        ("fields: {name: {type: text}}", "E104 every contact has 'name' already"),
        ("rules: [{id: a, when: {keyword: a}, do: {set: {contact.pionts: 5}}}]",
         "E210 there is no field 'pionts'"),
        ("rules: [{id: a, when: {keyword: a}, do: {unset: contact.pionts}}]",
         "E210 there is no field 'pionts'"),
        ("rules: [{id: a, when: {keyword: a}, do: {set: {contact.tags: x}}}]",
         "E104 'contact.tags' cannot be set"),
        ("rules: [{id: a, when: {keyword: a}, if: {contact: {vpi: true}}, do: {reply: x}}]",
         "E210 there is no field 'vpi'"),
        ("fields: {born: {type: date}}\n"
         "rules: [{id: a, when: {keyword: a}, do: {set: {contact.born: soon}}}]",
         "E104 'contact.born': 'soon' is no date"),
    ],
)  # fmt: skip
def test_fields_are_checked_when_the_files_are_loaded(rules, told):
    book, problems = read_rulebook({"rules/a.yaml": f"version: 1\n{rules}\n"})

    assert book is None
    assert told in str(problems[0])
