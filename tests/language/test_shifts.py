from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.language.inflected import is_form_of
from bot.language.parties import nights_in, people_in
from bot.language.shifts import shift_in, shifted

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "language", "by"),
    [
        ("the day after", "en", DAY), ("two days later", "en", 2 * DAY),
        ("an hour earlier", "en", -HOUR),
        ("el día anterior", "es", -DAY), ("una hora más tarde", "es", HOUR),
        ("uma semana depois", "pt", 7 * DAY), ("no dia seguinte", "pt", DAY),
    ],
)  # fmt: skip
def test_a_moment_is_said_by_another_one(text, language, by):
    assert shift_in(text, language)[0] == by


@pytest.mark.parametrize(
    "text", ["the day after tomorrow", "the day before yesterday", "monday", "after"]
)
def test_other_moments_shift_nothing(text):
    assert shift_in(text, "en") is None


def test_only_what_a_kind_can_take_is_shifted():
    assert shifted(date(2026, 12, 31), DAY) == date(2027, 1, 1)
    assert shifted(date(2026, 12, 31), HOUR) is None
    assert shifted(time(23, 30), HOUR) is None
    assert shifted(time(20, 0), -HOUR) == time(19, 0)
    late = datetime(2026, 1, 1, 20, tzinfo=UTC)
    assert shifted(late, HOUR) == late + HOUR
    assert shifted(date.max, DAY) is None
    assert shifted("soon", DAY) is None


@pytest.mark.parametrize(
    ("text", "name", "many"),
    [
        ("2 adults and 1 child", "people", 3), ("4 people, 2 adults and 2 kids", "guests", 4),
        ("a child and two adults", "people", 3), ("2 adults and 1 child", "rooms", None),
        ("4 people", "people", None), ("two and a baby", "people", 3),
    ],
)  # fmt: skip
def test_people_are_counted_by_groups(text, name, many):
    assert people_in(text, "en", name) == many


@pytest.mark.parametrize(
    ("text", "name", "many"),
    [("two weeks", "nights", 14), ("the weekend", "nights", 2), ("a week", "people", None)],
)
def test_weeks_are_nights_where_a_slot_counts_those(text, name, many):
    assert nights_in(text, "en", name) == many


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("hoodies", "hoodie"), ("azules", "azul"), ("azuis", "azul"), ("rojas", "rojo"),
        ("boxes", "box"), ("berries", "berry"), ("limoes", "limao"), ("taco", "tacos"),
    ],
)  # fmt: skip
def test_forms_of_a_word_are_known(word, known):
    assert is_form_of(word, known)


@pytest.mark.parametrize(
    ("word", "known"), [("is", "i"), ("bus", "b"), ("less", "le"), ("red", "reds1")]
)
def test_other_words_are_no_forms(word, known):
    assert not is_form_of(word, known)


def test_a_name_has_one_gender():
    assert not is_form_of("paula", "paulo", gendered=False)
