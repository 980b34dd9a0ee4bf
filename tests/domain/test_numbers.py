import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.numbers import chat_of, normalise, region_of, variants


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("+55 (11) 98765-4321", "", "+5511987654321"),
        ("(11) 98765-4321", "BR", "+5511987654321"),
        ("011 98765 4321", "BR", "+5511987654321"),
        ("5511987654321", "BR", "+5511987654321"),
        ("5511987654321", "", "+5511987654321"),
        ("00 49 30 901820", "DE", "+4930901820"),
        ("415 555 2671", "US", "+14155552671"),
        ("+1 415 555 2671", "BR", "+14155552671"),
        ("98765", "", ""),
        ("Ana Souza", "BR", ""),
        ("", "BR", ""),
        ("5511987654321@c.us", "BR", ""),
        ("9" * 200, "BR", ""),
    ],
)
def test_a_number_is_read_however_it_is_written(written, region, number):
    assert normalise(written, region) == number


@pytest.mark.parametrize(
    ("number", "forms"),
    [
        ("+5531987654321", ("+5531987654321", "+553187654321")),
        ("+553187654321", ("+553187654321", "+5531987654321")),
        ("+553133334444", ("+553133334444",)),
        ("+14155552671", ("+14155552671",)),
    ],
)
def test_a_brazilian_mobile_has_two_forms(number, forms):
    assert variants(number) == forms


@given(st.from_regex(r"\+55\d\d9?[6-9]\d{7}", fullmatch=True))
def test_each_form_leads_to_the_other(number):
    assert all(set(variants(form)) == set(variants(number)) for form in variants(number))


@given(st.text(max_size=60), st.sampled_from(["", "BR", "US", "DE"]))
def test_whatever_is_written_gives_a_number_or_nothing(written, region):
    number = normalise(written, region)
    assert number == "" or normalise(number) == number


def test_an_address_tells_its_country():
    assert region_of("5511900000001@c.us") == "BR"
    assert region_of("+4930901820") == "DE"
    assert region_of("77700011122233@lid") in ("", "KZ", "RU")
    assert region_of("x") == ""
    assert chat_of("+5511987654321") == "5511987654321@c.us"
