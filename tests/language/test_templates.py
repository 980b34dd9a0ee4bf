import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.messages import Location
from bot.language import dates
from bot.language.printing import Form
from bot.language.templates import TemplateFailed, parse_expression, parse_template
from bot.language.unworkable import TemplateBroken
from bot.language.vocabulary import FILTERS

FORM = Form(
    currency="BRL", timezone="America/Sao_Paulo", now=datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
)
NAMES = {
    "x": 5, "n": None, "items": ["b", "a", "b"], "prices": [{"p": 2}, {"p": 1}],
    "contact": {"items": "X", "name": "Ana"}, "class": "k", "yes": True, "text": "hé llo",
    "total": Decimal("1234.5"), "day": date(2026, 1, 6),
    "moment": datetime(2026, 1, 5, 9, 0, tzinfo=UTC), "hour": time(8, 5),
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("$(x)", 5), ("$(-x)", -5), ("$(items)", ["b", "a", "b"]), ("$(n)", None),
        ("$(nobody)", None), ("$(x if n)", None), ("$(x if n else 1)", 1), ("$(x + n)", 5),
        ("$(n < 3)", False), ("$(n >= 0)", False), ("$('a' in n)", False), ("$('5' > 3)", True),
        ("$(1 < x < 9)", True), ("$(x not in [1])", True), ("$(x is none)", False),
        ("$(n is not defined)", True), ("$(contact.items)", "X"), ("$(contact['name'])", "Ana"),
        ("$(class)", "k"), ("$(items[0])", "b"), ("$(items[9])", None), ("$(items + ['c'])",
         ["b", "a", "b", "c"]), ("$(x if yes else 'no)')", 5), ("$(')')", ")"),
        ("$(items | without('b'))", ["a"]), ("$(items | slice(1, 5))", ["a", "b"]),
        ("$(items | unique)", ["b", "a"]), ("$(items | sort | last)", "b"),
        ("$(prices | sort('p') | first)", {"p": 1}), ("$(prices | map('p') | sum)", 3),
        ("$(items | reverse | join)", "b, a, b"), ("$('a; b' | split(';'))", ["a", "b"]),
        ("$([3, 1, 2] | max)", 3),
        ("$('3' * '2')", 6), ("$(n + [1])", [1]), ("$('7' - 2.5)", 4.5),
        ("$(x | length)", 0), ("$(items | length)", 3),
    ],
)  # fmt: skip
def test_a_lone_expression_keeps_its_type(source, value):
    assert parse_template(source).value(NAMES, FORM) == value


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("[$(n)]", "[]"), ("$$(x) is $(x)", "$(x) is 5"), ("$(x)\n", "5\n"), ("  $(x)", "  5"),
        ("$(yes)!", "yes!"), ("$(total)!", "1234.5!"), ("$(total | money)", "R$1,234.50"),
        ("$(3 | money)!", "R$3.00!"),
        ("$(1234567)!", "1234567!"), ("$(1234567 | number)", "1,234,567"), ("$(day)!",
         "Jan 6, 2026!"), ("$(moment)!", "Jan 5, 2026 06:00!"), ("$(moment | time)", "06:00"),
        ("$(hour | time)", "08:05"), ("$(moment | date)", "Jan 5, 2026"), ("$(day | relative)",
         "tomorrow"), ("$(moment | relative)!", "in 0 seconds!"),
        ("$((moment + '26h') | relative)", "tomorrow"),
        ("$((moment - '26h') | relative)", "yesterday"),
        ("$(items | menu)",
         "1. b\n2. a\n3. b"), ("$(text | title)", "Hé Llo"), ("$(text | upper)", "HÉ LLO"),
        ("$(text | capitalize)", "Hé llo"), ("$('  a ' | trim)!", "a!"), ("$('7' | int + 1)", "8"),
        ("$(7 | string ~ 1)", "71"), ("$(2.567 | round(1))!", "2.6!"), ("$(items | first)", "b"),
        ("$(n | default('-'))", "-"), ("$(text | replace('l', 'L'))", "hé LLo"),
        ("$(2 | ordinal)", "2nd"), ("$(items | pages(2) | json)", '[["b", "a"], ["b"]]'),
        ("$(([{'a': 1}, {'a': 2}] | where('a', '2') | first).a)!", "2!"),
        ("$(items | json)", '["b", "a", "b"]'), ("$(items)!", "b, a, b!"),
        ("$('3.5' | float)!", "3.5!"), ("$(text | lower)", "hé llo"),
        ("$(moment | datetime)", "Jan 5, 2026 06:00"),
    ],
)  # fmt: skip
def test_values_print_in_the_contacts_language(source, text):
    assert parse_template(source).render(NAMES, FORM) == text


def test_in_a_url_each_value_is_percent_encoded_and_dates_are_iso():
    template = parse_template("https://a.example/$(text)?day=$(day)&at=$(moment)&ok=$(yes)")

    assert template.render(NAMES, Form(mode="url")) == (
        "https://a.example/h%C3%A9%20llo?day=2026-01-06&at=2026-01-05T09%3A00%2B00%3A00&ok=true"
    )


@pytest.mark.parametrize("language", ["en", "es", "pt", "de", "xx"])
def test_how_far_off_is_told_in_any_language(language):
    form = Form(language=language, now=FORM.now)

    assert parse_template("$(x | relative)").render({"x": timedelta(days=3)}, form)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.decimals() | st.dates() | st.timedeltas(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


@given(value=VALUES, name=st.sampled_from(sorted(FILTERS)))
def test_no_value_makes_a_filter_raise_anything_but_a_told_failure(value, name):
    given_more = {
        "replace": "('a', 'b')",
        "slice": "(0, 2)",
        "without": "(1)",
        "where": "('a', 1)",
        "pages": "(2)",
        "plus": "(days=3, months=1)",
        "minus": "(years=2)",
    }.get(name, "")
    template = parse_template(f"x $(value | {name}{given_more})")
    with suppress(TemplateFailed):
        assert len(template.render({"value": value}, FORM)) <= 4096


@given(
    source=st.text(st.sampled_from("$()ab1+-*/%<>=![]{}'\"|.,~ \nifornotelse"), max_size=40),
    value=VALUES,
)
def test_no_template_raises_anything_but_a_told_mistake(source, value):
    names = {"a": value, "b": 2}
    with suppress(TemplateBroken, TemplateFailed):
        parse_template(source).value(names, FORM)
    with suppress(TemplateBroken, TemplateFailed):
        parse_expression(source).evaluate(names, FORM)


def test_a_value_cannot_grow_without_end():
    double = parse_expression("x ~ x")
    text = "a"
    for _ in range(40):
        text = double.evaluate({"x": text}, FORM)
    more = parse_expression("x + x")
    items = [1]
    for _ in range(40):
        items = more.evaluate({"x": items}, FORM)

    assert len(text) == 4096
    assert len(items) == 1000


BORN = {
    "born": "1990-01-06", "leap": date(2000, 2, 29), "soon": "2026-01-08",
    "span": timedelta(hours=3),
    "eve": datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Madrid")), **NAMES,
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("day + '3d'", date(2026, 1, 9)), ("day - '7d'", date(2025, 12, 30)),
        ("hour + '50m'", time(8, 55)), ("hour - '9h'", time(23, 5)), ("span + '30m'",
         timedelta(hours=3.5)), ("day - '2026-01-01'", timedelta(days=5)), ("day + n", None),
        ("(day - '2026-01-01') > '4d'", True), ("moment - '2026-01-05T07:00' < '3h'", True),
        ("day | plus('3d')", date(2026, 1, 9)), ("day | plus(weeks=1, days=1)", date(2026, 1, 14)),
        ("day | minus(months=1)", date(2025, 12, 6)), ("leap | plus(years=1)", date(2001, 2, 28)),
        ("'2026-01-31' | plus(months=1)", date(2026, 2, 28)), ("n | plus(days=1)", None),
        ("eve + '1d'", datetime(2026, 3, 29, 12, 0, tzinfo=ZoneInfo("Europe/Madrid"))),
        ("(eve + '23h') | time", "07:00"), ("(eve + '1d') | time", "07:00"),
        ("born | age", 35), ("born | age(on=day)", 36), ("leap | age('2025-02-28')", 24),
        ("leap | age('2025-03-01')", 25), ("'2030-01-01' | age", None), ("n | age", None),
        ("day | weekday", "tue"), ("moment | weekday == 'mon'", True), ("x | weekday", None),
        ("day | weekday_name", "Tuesday"), ("day | day", 6), ("day | month", 1),
        ("born | year", 1990), ("soon | as_date", date(2026, 1, 8)), ("text | as_date", None),
        ("(day | as_datetime) | time", "00:00"), ("day == '2026-01-06'", True),
        ("day != '2026-01-06'", False), ("day >= soon", False), ("moment > day", False),
        ("moment == '2026-01-05'", True), ("hour < '09:00'", True), ("day == 'x'", False),
        ("day < 5", False), ("'a' == 'a'", True), ("x == 5.0", True), ("n == none", True),
        ("'3' == 3", True), ("3 != '3'", False), ("'03' == 3", False), ("'3' in [3]", True),
        ("'3' == '3.0'", False), ("true == '1'", False), ("'1' == true", False),
    ],
)  # fmt: skip
def test_days_and_moments_can_be_reckoned_with(source, value):
    assert parse_expression(source).evaluate(BORN, FORM) == value


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("day | plus('3 days')", "'plus': '3 days' is no length of time such as 3d"),
        ("day | plus(day=3)", "'plus': got an unexpected keyword argument 'day'"),
        ("day | weekday(1)", "'weekday': too many positional arguments"),
        ("items | without", "'without': missing a required argument: 'gone'"),
        ("days_between(day)", "'days_between': missing a required argument: 'second'"),
        ("is_opened('shop')", "there is no function 'is_opened'"),
        ("day | weekdays", "there is no filter 'weekdays'"),
        ("text.upper()", "'.upper()' cannot be called"),
        ("2 * day | money", "'| money' takes only what stands right before it; put what is"),
        ("items[0]()", "only these can be called: is_open"),
    ],
)
def test_what_cannot_be_called_so_is_told_when_it_is_loaded(source, why):
    with pytest.raises(TemplateBroken, match=re.escape(why)):
        parse_expression(source)


@pytest.mark.parametrize(
    "source",
    ["day + '5h'", "day + 3", "day | plus(text)", "day + day", "day | plus(days=99999999)",
     "moment | plus(years=9999)", "hour | plus(months=1)"],
)  # fmt: skip
def test_what_is_no_length_of_time_is_not_added(source):
    with pytest.raises(TemplateFailed):
        parse_expression(source).evaluate(NAMES, FORM)


@given(
    day=st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)), hour=st.times(),
    days=st.integers(-3000, 3000), minutes=st.integers(-3000, 3000),
)  # fmt: skip
def test_days_keep_the_time_of_day_and_minutes_pass(day, hour, days, minutes):
    start = datetime.combine(day, hour, tzinfo=ZoneInfo("Europe/Madrid"))
    later = dates.moved(start, days=days)
    passed = dates.moved(start.astimezone(UTC), minutes=minutes)

    assert dates.days_between(start, later) == days
    assert (later.hour, later.minute) == (start.hour, start.minute)
    assert (passed - start.astimezone(UTC)) == timedelta(minutes=minutes)


def test_a_place_has_its_words_and_its_degrees():
    place = {"here": Location(latitude=-23.5, longitude=-46.6, text="My house")}

    said = "$(here.text): $(here.lat), $(here.lng)$(here.other)$(here)"
    assert parse_template(said).render(place, FORM) == "My house: -23.5, -46.6My house"
