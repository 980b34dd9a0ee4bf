import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.inquiries import clauses_of, inquires, is_one, told


@pytest.mark.parametrize(
    "text",
    [
        "who directed Yesterday?", "what's the difference between small and large",
        "is the red one good?", "hi how much is the large?", "¿cuál es la grande?",
        "qual é a diferença entre a grande e a pequena?", "quanto custa a grande",
        "por qué la roja?", "can you explain the large one?",
    ],
)  # fmt: skip
def test_who_asks_about_something_does_not_choose_it(text):
    assert inquires(text)
    assert told(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "large", "large?", "what about the large one?", "how about large?", "why not the red one?",
        "is 4 ok?", "can I get the large one?", "do you have a red one?", "que sea grande",
        "qué tal la grande?", "como siempre, la grande", "tem a grande?", "when you can",
    ],
)  # fmt: skip
def test_who_asks_for_something_chooses_it(text):
    assert not inquires(text)
    assert told(text) == text


def test_a_message_is_cut_where_a_question_begins():
    parts = clauses_of("a table for 4 and what are your hours? thanks")

    assert [(one.text, one.asks) for one in parts] == [
        ("a table for 4", False), ("what are your hours?", True), ("thanks", False),
    ]  # fmt: skip


@given(
    st.lists(st.sampled_from(
        ["how much", "And", "y ", "what", "4", "é", "?", "! ", "\n", ", ", " - ", "\t", " ", "'s"]
    )).map("".join)
)  # fmt: skip
def test_what_surely_has_one_part_is_cut_nowhere(text):
    assert not is_one(text) or len(clauses_of(text)) == 1


def test_a_plain_question_surely_has_one_part():
    assert is_one("  How much is the large 1?? ")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("large - how much is it?", "large"),
        ("how much is it? large please", "large please"),
        ("two, and who is the chef?", "two"),
    ],
)
def test_what_is_asked_is_no_part_of_what_is_told(text, left):
    assert told(text) == left


def test_a_long_message_is_heard_whole():
    text = "who is there? " * 100

    assert told(text) == text
    assert len(clauses_of(text)) == 1
