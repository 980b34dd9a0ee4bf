from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.filters import FILTER_NAMES
from bot.language.printing import Form
from bot.language.templates import TemplateBroken, TemplateFailed, parse_expression, parse_template

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
         "tomorrow"), ("$(moment | relative)!", "in 0 seconds!"), ("$(items | menu)",
         "1. b\n2. a\n3. b"), ("$(text | title)", "Hé Llo"), ("$(text | upper)", "HÉ LLO"),
        ("$(text | capitalize)", "Hé llo"), ("$('  a ' | trim)!", "a!"), ("$('7' | int + 1)", "8"),
        ("$(7 | string ~ 1)", "71"), ("$(2.567 | round(1))!", "2.6!"), ("$(items | first)", "b"),
        ("$(n | default('-'))", "-"), ("$(text | replace('l', 'L'))", "hé LLo"),
        ("$(2 | ordinal)", "2nd"), ("$(items | json)", '["b", "a", "b"]'), ("$(items)!",
         "b, a, b!"),
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


@given(value=VALUES, name=st.sampled_from(sorted(FILTER_NAMES)))
def test_no_value_makes_a_filter_raise_anything_but_a_told_failure(value, name):
    given_more = {"replace": "('a', 'b')", "slice": "(0, 2)", "without": "(1)"}.get(name, "")
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
